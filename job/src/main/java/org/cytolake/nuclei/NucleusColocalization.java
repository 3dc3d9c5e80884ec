package org.cytolake.nuclei;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.ObjectPairs;
import org.cytolake.image.Plane;
import org.cytolake.measure.LabelledPixels;
import org.cytolake.tables.ColocalizationRow;
import org.cytolake.tables.RowByName;

/**
 * Co-localisation within nuclei, or within what lies around them: rows of the table {@code
 * colocalization}.
 */
public final class NucleusColocalization {
  private final PaintedNuclei nuclei;
  private final List<String> channels;
  private final List<Plane> samples;
  private final RowByName row;

  /**
   * @param samples of every channel, for each pixel of the label image
   * @param row of the table, in which the key is set
   */
  public NucleusColocalization(
      PaintedNuclei nuclei, List<String> channels, List<Plane> samples, RowByName row) {
    this.nuclei = nuclei;
    this.channels = channels;
    this.samples = samples;
    this.row = row;
  }

  /**
   * Hands on the rows of all pairs.
   *
   * @param region the region's name
   * @param pairs indices of the channels of pairs
   * @param thresholds of the whole plane for each of those; empty for one without pixels
   */
  public void all(
      String region,
      List<int[]> pairs,
      List<Optional<Colocalization.Thresholds>> thresholds,
      Consumer<InternalRow> to) {
    for (int p = 0; p < pairs.size(); p++) {
      if (thresholds.get(p).isPresent()) {
        each(region, pairs.get(p)[0], pairs.get(p)[1], thresholds.get(p).get(), to);
      }
    }
  }

  /**
   * Hands on one row for every nucleus to be measured that has pixels which are finite in both.
   *
   * @param region the region's name
   * @param x index of the first channel; likewise {@code y}
   * @param thresholds of the whole plane
   */
  private void each(
      String region, int x, int y, Colocalization.Thresholds thresholds, Consumer<InternalRow> to) {
    LabelledPixels pixels = nuclei.pixels();
    for (int label = 1; label <= pixels.largest(); label++) {
      if (pixels.count(label) > 0 && nuclei.isOwn(label)) {
        ObjectPairs pairs = pairs(label, x, y);
        if (pairs.size() == 0) {
          continue;
        }
        to.accept(
            ColocalizationRow.ofNucleus(
                row,
                region,
                nuclei.number(label),
                channels.get(x),
                channels.get(y),
                Colocalization.of(pairs, thresholds),
                thresholds));
      }
    }
  }

  /** The pixels that are finite in both. */
  private ObjectPairs pairs(int label, int x, int y) {
    LabelledPixels pixels = nuclei.pixels();
    int count = pixels.count(label);
    double[] ofX = new double[count];
    double[] ofY = new double[count];
    pixels.read(label, samples.get(x), ofX);
    pixels.read(label, samples.get(y), ofY);
    int finite = 0;
    for (int i = 0; i < count; i++) {
      if (Double.isFinite(ofX[i]) && Double.isFinite(ofY[i])) {
        ofX[finite] = ofX[i];
        ofY[finite++] = ofY[i];
      }
    }
    return finite == count
        ? new ObjectPairs(ofX, ofY)
        : new ObjectPairs(Arrays.copyOf(ofX, finite), Arrays.copyOf(ofY, finite));
  }
}
