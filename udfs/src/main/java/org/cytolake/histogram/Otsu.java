package org.cytolake.histogram;

import java.util.NoSuchElementException;

/**
 * Otsu's threshold (N. Otsu 1979, "A threshold selection method from gray-level histograms"), as
 * {@code skimage.filters.threshold_otsu} computes it: pixels strictly above it are foreground.
 */
public final class Otsu {
  private static final int FLOAT_BINS = 256;

  private Otsu() {}

  /**
   * The threshold that maximises the variance between the two classes; the lowest one where several
   * do. Integer samples have one bin per integer between minimum and maximum, so that the threshold
   * is one of their values; floating-point samples have 256 bins, and it is the centre of one.
   *
   * <p>A histogram of a single value has that value as its threshold.
   *
   * @throws NoSuchElementException if the histogram is empty
   */
  public static double threshold(Histogram histogram, SampleKind kind) {
    double first = histogram.min();
    if (histogram.size() == 1) {
      return first;
    }
    if (kind == SampleKind.INTEGER) {
      // A bin without pixels repeats the variance of the bin before it, so only values that occur
      // can be the first maximum.
      double[] centres = new double[histogram.size()];
      long[] counts = new long[histogram.size()];
      for (int i = 0; i < centres.length; i++) {
        centres[i] = histogram.value(i);
        counts[i] = histogram.count(i);
      }
      return threshold(centres, counts, kind);
    }
    Bins bins = Bins.of(histogram, FLOAT_BINS, kind);
    double[] centres = new double[bins.size()];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = kind.round(kind.round(bins.lower(i) + bins.upper(i)) / 2);
    }
    return threshold(centres, bins.counts(), kind);
  }

  /** The reference keeps counts in 32-bit floating point whatever the image is; so does this. */
  private static double threshold(double[] centres, long[] counts, SampleKind kind) {
    int n = centres.length;
    float[] weightAbove = new float[n];
    double[] meanAbove = new double[n];
    float weight = 0;
    double sum = 0;
    for (int i = n - 1; i >= 0; i--) {
      weight += counts[i];
      sum = kind.round(sum + kind.round((float) counts[i] * centres[i]));
      weightAbove[i] = weight;
      meanAbove[i] = kind.round(sum / weight);
    }
    weight = 0;
    sum = 0;
    int best = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n - 1; i++) {
      weight += counts[i];
      sum = kind.round(sum + kind.round((float) counts[i] * centres[i]));
      double difference = kind.round(kind.round(sum / weight) - meanAbove[i + 1]);
      float weights = weight * weightAbove[i + 1];
      double variance = kind.round(weights * kind.round(difference * difference));
      if (variance > largest) {
        largest = variance;
        best = i;
      }
    }
    return centres[best];
  }
}
