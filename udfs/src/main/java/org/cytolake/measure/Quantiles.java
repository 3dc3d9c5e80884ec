package org.cytolake.measure;

import java.util.Arrays;

/** Quantiles of a sample, as {@code numpy.quantile} with its default, linear interpolation. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * Quantiles.
   *
   * @param values in any order, none of them NaN; not changed
   * @param shares 0 (the smallest) to 1 (the largest)
   * @return as many as shares, NaN where there are no values
   * @throws IllegalArgumentException where a share is outside 0 to 1
   */
  public static double[] of(double[] values, double... shares) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Arrays.stream(shares).map(share -> at(sorted, share)).toArray();
  }

  private static double at(double[] sorted, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a quantile lies between 0 and 1, not at " + share);
    }
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    double from = sorted[below];
    double to = sorted[Math.min(sorted.length - 1, below + 1)];
    double t = place - below;
    // from both ends, as numpy, so that quantiles never lie beyond their neighbours
    return t < 0.5 ? from + (to - from) * t : to - (to - from) * (1 - t);
  }
}
