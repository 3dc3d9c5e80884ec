package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.bioformats.Samples;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.measure.LabelledPixels;
import org.cytolake.tables.ColocalizationRow;

/**
 * Co-localisation within nuclei, or within the rings around them: rows of the table {@code
 * colocalization} behind its keys.
 */
final class NucleusColocalization {
  private final PaintedNuclei nuclei;
  private final List<String> channels;
  private final List<Samples> samples;

  /**
   * @param samples of every channel, for each pixel of the label image
   */
  NucleusColocalization(PaintedNuclei nuclei, List<String> channels, List<Samples> samples) {
    this.nuclei = nuclei;
    this.channels = channels;
    this.samples = samples;
  }

  /**
   * One row for every nucleus to be measured that has pixels, and every pair of channels.
   *
   * @param region the region's name
   * @param thresholds of the whole image for every pair, in order; null for one without pixels
   */
  List<Row> rows(String region, List<Colocalization.Thresholds> thresholds) {
    LabelledPixels pixels = nuclei.pixels();
    List<Row> rows = new ArrayList<>();
    int pair = 0;
    for (int a = 0; a < channels.size(); a++) {
      for (int b = a + 1; b < channels.size(); b++) {
        Colocalization.Thresholds ofPair = thresholds.get(pair++);
        for (int label = 1; ofPair != null && label <= pixels.largest(); label++) {
          int count = pixels.count(label);
          if (count > 0 && nuclei.isOwn(label)) {
            double[][] values = new double[2][count];
            pixels.read(label, samples.get(a), values[0]);
            pixels.read(label, samples.get(b), values[1]);
            long[] ones = new long[count];
            Arrays.fill(ones, 1);
            JointHistogram tuples = JointHistogram.of(values, ones);
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
