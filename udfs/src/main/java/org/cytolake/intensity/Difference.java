package org.cytolake.intensity;

import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;

/** The difference of two normalised channels, as numpy computes it on unsigned bytes. */
public final class Difference {
  private Difference() {}

  /**
   * The distribution of the second channel minus the first, modulo 256.
   *
   * @param normalized joint histogram of integers from 0 to 255
   * @param first channel to subtract
   * @param second channel to subtract from
   * @throws IllegalArgumentException if a value is no integer from 0 to 255
   */
  public static Histogram of(JointHistogram normalized, int first, int second) {
    double[] values = new double[256];
    long[] counts = new long[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    for (int i = 0; i < normalized.size(); i++) {
      int difference = toByte(normalized.value(second, i)) - toByte(normalized.value(first, i));
      counts[difference & 0xff] += normalized.count(i);
    }
    return Histogram.of(values, counts);
  }

  private static int toByte(double value) {
    if (!(value >= 0 && value <= 255 && value == Math.rint(value))) {
      throw new IllegalArgumentException(
          "a normalised value is an integer from 0 to 255, not " + value);
    }
    return (int) value;
  }
}
