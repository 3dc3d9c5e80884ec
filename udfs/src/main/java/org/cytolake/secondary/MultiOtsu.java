package org.cytolake.secondary;

import org.cytolake.histogram.Bins;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;

/**
 * Otsu's thresholds between three classes, as {@code skimage.filters.threshold_multiotsu(image,
 * classes=3, nbins=128)} of a floating-point image computes them, in its precision (P.-S. Liao,
 * T.-S. Chen, P.-C. Chung 2001, "A fast algorithm for multilevel thresholding").
 */
final class MultiOtsu {
  private static final int BINS = 128;

  private final float[] mass = new float[BINS]; // of the bins up to each
  private final float[] moment = new float[BINS];

  private MultiOtsu(float[] prob) {
    mass[0] = prob[0];
    moment[0] = prob[0]; // as the reference has it
    for (int i = 1; i < BINS; i++) {
      mass[i] = mass[i - 1] + prob[i];
      moment[i] = moment[i - 1] + i * prob[i];
    }
  }

  /**
   * Both thresholds: centres of bins. Where fewer than three bins have pixels, twice the threshold
   * between two classes, as CellProfiler does.
   */
  static double[] thresholds(Histogram intensities, SampleKind kind) {
    Bins bins = Bins.of(intensities, BINS, kind);
    float[] prob = new float[BINS];
    int[] occupied = new int[BINS];
    int n = 0;
    for (int i = 0; i < BINS; i++) {
      prob[i] = (float) ((double) bins.count(i) / intensities.count());
      if (prob[i] != 0) {
        occupied[n++] = i;
      }
    }
    if (n < 3) {
      double between = Otsu.threshold(intensities, kind);
      return new double[] {between, between};
    }
    int[] best = n == 3 ? occupied : new MultiOtsu(prob).best();
    return new double[] {centre(bins, best[0], kind), centre(bins, best[1], kind)};
  }

  private static double centre(Bins bins, int bin, SampleKind kind) {
    return kind.round(kind.round(bins.lower(bin) + bins.upper(bin)) / 2);
  }

  private int[] best() {
    int[] best = new int[2];
    float largest = 0;
    for (int a = 0; a < BINS - 2; a++) {
      for (int b = a + 1; b < BINS - 1; b++) {
        float sum = variance(0, a) + variance(b + 1, BINS - 1);
        sum += variance(a + 1, b);
        if (sum > largest) {
          largest = sum;
          best[0] = a;
          best[1] = b;
        }
      }
    }
    return best;
  }

  /** Between classes, of the class of bins {@code i} to {@code j}. */
  private float variance(int i, int j) {
    if (j == 0) {
      return 0; // the reference leaves it out
    }
    float within = i == 0 ? mass[j] : mass[j] - mass[i - 1];
    if (!(within > 0)) {
      return 0;
    }
    float first = i == 0 ? moment[j] : moment[j] - moment[i - 1];
    return first * first / within;
  }
}
