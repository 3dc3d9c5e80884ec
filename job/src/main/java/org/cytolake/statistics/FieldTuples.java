package org.cytolake.statistics;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;

/**
 * How often which intensities occur in one field of view and in the regions of it.
 *
 * @param keys a row that begins with the key columns
 * @param regions by name, the whole image first
 */
record FieldTuples(Row keys, Map<String, Region> regions) {

  /**
   * @param channels exact distribution of every channel
   * @param means exact mean of each channel that is binned, else null
   * @param stddevs exact population standard deviation of each channel that is binned, else null
   * @param pairs distribution of the channels of every pair of {@link PixelTuples#pairs}
   * @param droppedBits low bits that were dropped from each pair
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Region(
      List<Histogram> channels,
      Double[] means,
      Double[] stddevs,
      List<JointHistogram> pairs,
      int[] droppedBits) {}
}
