package org.cytolake.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.output.ColocalizationRow;
import org.cytolake.source.Samples;

/**
 * Co-localisation within nuclei, or within the rings around them: rows of the table {@code
 * colocalization} behind its keys.
 */
final class NucleusColocalization {
  private final List<String> channels;
  private final double[][][] values; // by channel and label
  private final PaintedNuclei nuclei;

  /**
   * @param samples of every channel, for each pixel of the label image
   */
  NucleusColocalization(PaintedNuclei nuclei, List<String> channels, List<Samples> samples) {
    this.channels = channels;
    this.nuclei = nuclei;
    int[] labels = nuclei.labels().labels();
    int[] sizes = new int[nuclei.stars().size() + 1];
    for (int label : labels) {
      sizes[label]++;
    }
    values = new double[channels.size()][sizes.length][];
    for (double[][] ofChannel : values) {
      for (int label = 1; label < sizes.length; label++) {
        ofChannel[label] = new double[nuclei.isOwn(label) ? sizes[label] : 0];
      }
    }
    int[] next = new int[sizes.length];
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      if (label > 0 && nuclei.isOwn(label)) {
        for (int c = 0; c < values.length; c++) {
          values[c][label][next[label]] = samples.get(c).at(i);
        }
        next[label]++;
      }
    }
  }

  /**
   * One row for every nucleus to be measured that has pixels, and every pair of channels.
   *
   * @param region the region's name
   * @param thresholds of the whole image for every pair, in order; null for one without pixels
   */
  List<Row> rows(String region, List<Colocalization.Thresholds> thresholds) {
    List<Row> rows = new ArrayList<>();
    int pair = 0;
    for (int a = 0; a < channels.size(); a++) {
      for (int b = a + 1; b < channels.size(); b++) {
        Colocalization.Thresholds ofPair = thresholds.get(pair++);
        for (int label = 1; ofPair != null && label < values[0].length; label++) {
          int pixels = values[a][label].length;
          if (pixels > 0) {
            long[] ones = new long[pixels];
            Arrays.fill(ones, 1);
            JointHistogram tuples =
                JointHistogram.of(new double[][] {values[a][label], values[b][label]}, ones);
            rows.add(
                ColocalizationRow.of(
                    region,
                    nuclei.number(label),
                    channels.get(a),
                    channels.get(b),
                    Colocalization.of(tuples, ofPair),
                    ofPair));
          }
        }
      }
    }
    return rows;
  }
}
