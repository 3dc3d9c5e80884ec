package org.cytolake.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * What the table {@code image_quality} says of a field in one channel, as far as flags look at it.
 * A measure is NaN where the table has NULL.
 *
 * @param groups values of the pattern's groups, in order; some may be null
 */
record FieldQuality(
    String image,
    List<String> groups,
    int series,
    int z,
    int t,
    String channel,
    double powerSlope,
    double mean,
    double stddev,
    double max,
    double percentMaximal,
    double maximalSpike,
    double saturatedFraction)
    implements Serializable {
  /** The columns of the measures. */
  static final List<String> MEASURES =
      List.of(
          "power_log_log_slope",
          "mean",
          "stddev",
          "max",
          "percent_maximal",
          "maximal_spike",
          "saturated_fraction");

  /** The field of a row with the key, {@code channel} and the measures. */
  static FieldQuality of(Row row, List<String> groupNames) {
    List<String> groups = new ArrayList<>();
    groupNames.forEach(name -> groups.add(row.getAs(name)));
    return new FieldQuality(
        row.getAs("image"),
        groups,
        row.getAs("series"),
        row.getAs("z"),
        row.getAs("t"),
        row.getAs("channel"),
        measure(row, "power_log_log_slope"),
        measure(row, "mean"),
        measure(row, "stddev"),
        measure(row, "max"),
        measure(row, "percent_maximal"),
        measure(row, "maximal_spike"),
        measure(row, "saturated_fraction"));
  }

  private static double measure(Row row, String column) {
    Number value = row.getAs(column);
    return value == null ? Double.NaN : value.doubleValue();
  }

  /** Whether all pixels are equal. */
  boolean isBlank() {
    return stddev == 0;
  }
}
