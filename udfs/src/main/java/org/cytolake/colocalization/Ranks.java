package org.cytolake.colocalization;

import java.util.Arrays;
import org.cytolake.histogram.Histogram;

/** The mean rank, from 1, of the pixels that have a value. */
final class Ranks {
  private final double[] values;
  private final double[] ranks;

  Ranks(Histogram histogram) {
    values = new double[histogram.size()];
    ranks = new double[histogram.size()];
    long before = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = histogram.value(i);
      ranks[i] = before + (histogram.count(i) + 1) / 2.0;
      before += histogram.count(i);
    }
  }

  /** The rank of a value of the histogram. */
  double of(double value) {
    return ranks[Arrays.binarySearch(values, value)];
  }
}
