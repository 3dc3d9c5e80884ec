package org.cytolake.secondary;

import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.SampleKind;

/**
 * The threshold of least cross-entropy between an image and its segmentation: C. H. Li, P. K. S.
 * Tam 1998, "An iterative algorithm for minimum cross entropy thresholding", as {@code
 * skimage.filters.threshold_li} with CellProfiler's tolerance: half the least step between
 * intensities, or half of one in 65536 where that is more.
 */
final class MinimumCrossEntropy {
  private static final double LEAST_TOLERANCE = 0.5 / 65536;

  private MinimumCrossEntropy() {}

  static double threshold(Histogram intensities, SampleKind kind) {
    int n = intensities.size();
    double least = intensities.min();
    double[] values = new double[n];
    long[] counts = new long[n + 1]; // of all before
    double[] sums = new double[n + 1];
    double step = Double.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      values[i] = kind.round(intensities.value(i) - least);
      counts[i + 1] = counts[i] + intensities.count(i);
      sums[i + 1] = sums[i] + values[i] * intensities.count(i);
      if (i > 0) {
        step = Math.min(step, kind.round(intensities.value(i) - intensities.value(i - 1)));
      }
    }
    double tolerance = Math.max(step / 2, LEAST_TOLERANCE);
    double next = sums[n] / counts[n];
    double current = -2 * tolerance;
    while (Math.abs(next - current) > tolerance) {
      current = next;
      int split = above(values, current);
      double back = sums[split] / counts[split];
      double fore = (sums[n] - sums[split]) / (counts[n] - counts[split]);
      if (back == 0) {
        break;
      }
      next = (back - fore) / (Math.log(back) - Math.log(fore));
    }
    return next + least;
  }

  /** The first of ascending values that is larger. */
  private static int above(double[] values, double than) {
    int low = 0;
    int high = values.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[middle] > than) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
