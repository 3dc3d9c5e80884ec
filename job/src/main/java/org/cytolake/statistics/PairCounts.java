package org.cytolake.statistics;

import java.util.Arrays;
import org.cytolake.histogram.JointHistogram;

/** Counts pairs of codes. */
final class PairCounts {
  /** The code of a pixel that does not count. */
  static final int ABSENT = Integer.MIN_VALUE;

  private static final long MOST_DENSE = 1 << 22;

  private PairCounts() {}

  /** How often which codes come together, where both are there. */
  static JointHistogram of(int[] a, int[] b) {
    int[] rangeA = range(a);
    int[] rangeB = range(b);
    long width = (long) rangeB[1] - rangeB[0] + 1;
    long size = ((long) rangeA[1] - rangeA[0] + 1) * width;
    if (rangeA[0] > rangeA[1] || rangeB[0] > rangeB[1]) {
      return JointHistogram.empty(2);
    }
    return size <= MOST_DENSE
        ? dense(a, b, rangeA[0], rangeB[0], (int) width, (int) size)
        : sorted(a, b);
  }

  private static int[] range(int[] codes) {
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int code : codes) {
      if (code != ABSENT) {
        min = Math.min(min, code);
        max = Math.max(max, code);
      }
    }
    return new int[] {min, max};
  }

  private static JointHistogram dense(int[] a, int[] b, int lowA, int lowB, int width, int size) {
    int[] counts = new int[size];
    int distinct = 0;
    for (int i = 0; i < a.length; i++) {
      if (a[i] != ABSENT && b[i] != ABSENT && counts[(a[i] - lowA) * width + b[i] - lowB]++ == 0) {
        distinct++;
      }
    }
    double[][] values = new double[2][distinct];
    long[] pixels = new long[distinct];
    int n = 0;
    for (int at = 0; at < size; at++) {
      if (counts[at] > 0) {
        values[0][n] = lowA + at / width;
        values[1][n] = lowB + at % width;
        pixels[n++] = counts[at];
      }
    }
    return JointHistogram.of(values, pixels);
  }

  private static JointHistogram sorted(int[] a, int[] b) {
    long[] keys = new long[a.length];
    int n = 0;
    for (int i = 0; i < a.length; i++) {
      if (a[i] != ABSENT && b[i] != ABSENT) {
        keys[n++] = ((long) a[i] << 32) | ((b[i] ^ 0x80000000L) & 0xffffffffL);
      }
    }
    Arrays.sort(keys, 0, n);
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      distinct += i == 0 || keys[i] != keys[i - 1] ? 1 : 0;
    }
    double[][] values = new double[2][distinct];
    long[] pixels = new long[distinct];
    for (int i = 0, at = -1; i < n; i++) {
      if (i == 0 || keys[i] != keys[i - 1]) {
        at++;
        values[0][at] = (int) (keys[i] >> 32);
        values[1][at] = (int) (keys[i] ^ 0x80000000L);
      }
      pixels[at]++;
    }
    return JointHistogram.of(values, pixels);
  }
}
