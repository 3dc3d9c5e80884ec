package org.cytolake.colocalization;

import java.util.Arrays;
import org.cytolake.histogram.Histogram;

/** The mean rank, from 1, of the pixels that have a value. */
final class Ranks {
  /** Values that are whole and no further apart than this, times their number, are looked up. */
  private static final double SPARSEST = 4.0;

  /** Likewise of single pixels, whose values would have to be sorted otherwise. */
  private static final double SPARSEST_PIXELS = 32.0;

  private final double[] values; // of the ranks, or null: they are all whole numbers from a first
  private final double first;
  private final double[] ranks;

  Ranks(Histogram histogram) {
    int n = histogram.size();
    boolean whole = n > 0 && histogram.max() - histogram.min() < SPARSEST * n;
    for (int i = 0; i < n && whole; i++) {
      whole = histogram.value(i) == Math.rint(histogram.value(i));
    }
    first = whole ? histogram.min() : 0;
    values = whole ? null : new double[n];
    ranks = new double[whole ? (int) (histogram.max() - first) + 1 : n];
    long before = 0;
    for (int i = 0; i < n; i++) {
      double value = histogram.value(i);
      if (!whole) {
        values[i] = value;
      }
      ranks[whole ? (int) (value - first) : i] = before + (histogram.count(i) + 1) / 2.0;
      before += histogram.count(i);
    }
  }

  private Ranks(double first, double[] ranks) {
    this.values = null;
    this.first = first;
    this.ranks = ranks;
  }

  /**
   * Of the values of pixels.
   *
   * @param pixels finite values
   */
  static Ranks of(double[] pixels) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    boolean whole = true;
    for (double value : pixels) {
      least = Math.min(least, value);
      most = Math.max(most, value);
      whole &= value == Math.rint(value);
    }
    if (pixels.length == 0 || !whole || most - least >= SPARSEST_PIXELS * pixels.length) {
      return new Ranks(Histogram.ofSamples(pixels));
    }
    double[] ranks = new double[(int) (most - least) + 1]; // first, how many have the value
    for (double value : pixels) {
      ranks[(int) (value - least)]++;
    }
    double before = 0;
    for (int i = 0; i < ranks.length; i++) {
      double count = ranks[i];
      ranks[i] = before + (count + 1) / 2;
      before += count;
    }
    return new Ranks(least, ranks);
  }

  /** The rank of a value that is there; -0 is 0. */
  double of(double value) {
    return ranks[values == null ? (int) (value - first) : Arrays.binarySearch(values, value + 0.0)];
  }
}
