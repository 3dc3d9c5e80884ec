package org.cytolake.histogram;

import java.util.Arrays;

/**
 * How many samples of a plane have each grey level from the smallest to the largest, counted in one
 * pass. For samples of 8 or 16 bits, signed or not: levels from -32768 to 65535, at most 65536
 * apart.
 */
public final class GreyLevels {
  private static final int LOWEST = Short.MIN_VALUE;
  private static final int LEVELS = (1 << 16) - LOWEST;

  private final int min;
  private final int[] counts;

  private GreyLevels(int min, int[] counts) {
    this.min = min;
    this.counts = counts;
  }

  /**
   * Of samples of 8 or 16 bits.
   *
   * @param samples the first {@code n} of them are counted
   * @throws IllegalArgumentException if one does not fit 16 bits
   */
  public static GreyLevels of(int[] samples, int n) {
    int[] table = new int[LEVELS];
    for (int i = 0; i < n; i++) {
      int level = samples[i] - LOWEST;
      if (level < 0 || level >= LEVELS) {
        throw new IllegalArgumentException("a sample of 16 bits cannot be " + samples[i]);
      }
      table[level]++;
    }
    return trimmed(table, LOWEST);
  }

  /** Of unsigned samples of 8 bits. */
  public static GreyLevels of(byte[] samples, int n) {
    int[] table = new int[1 << 8];
    for (int i = 0; i < n; i++) {
      table[samples[i] & 0xff]++;
    }
    return trimmed(table, 0);
  }

  private static GreyLevels trimmed(int[] table, int lowest) {
    int from = 0;
    while (from < table.length && table[from] == 0) {
      from++;
    }
    int to = table.length;
    while (to > from && table[to - 1] == 0) {
      to--;
    }
    if (to - from > 1 << 16) {
      throw new IllegalArgumentException(
          "samples of 16 bits cannot reach from " + (lowest + from) + " to " + (lowest + to - 1));
    }
    return new GreyLevels(lowest + from, Arrays.copyOfRange(table, from, to));
  }

  /** The smallest level. */
  int min() {
    return min;
  }

  /** Levels from the smallest to the largest; 0 without samples. */
  int range() {
    return counts.length;
  }

  /** Samples of the level {@code min() + i}. */
  int count(int i) {
    return counts[i];
  }

  /** The levels that samples have. */
  public Histogram histogram() {
    double[] values = new double[counts.length];
    long[] kept = new long[counts.length];
    int size = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        values[size] = min + i;
        kept[size++] = counts[i];
      }
    }
    return Histogram.ascending(Arrays.copyOf(values, size), Arrays.copyOf(kept, size));
  }
}
