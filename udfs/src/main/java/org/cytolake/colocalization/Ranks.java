package org.cytolake.colocalization;

import java.util.Arrays;
import org.cytolake.histogram.Histogram;

/** The mean rank, from 1, of the pixels that have a value. */
final class Ranks {
  /** Values that are whole and no further apart than this, times their number, are looked up. */
  private static final double SPARSEST = 4.0;

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

  /** The rank of a value of the histogram. */
  double of(double value) {
    return ranks[values == null ? (int) (value - first) : Arrays.binarySearch(values, value)];
  }
}
