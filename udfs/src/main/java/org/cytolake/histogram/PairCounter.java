package org.cytolake.histogram;

import java.util.Arrays;

/**
 * Counts the pairs of grey levels of two channels of a plane. Where the product of their ranges is
 * small, in a table over all pairs; else the samples of the second channel are sorted into the
 * levels of the first by counting, and each level's are counted in a table that stays in the
 * processor's first cache.
 *
 * <p>Keeps its tables from plane to plane; not thread-safe.
 */
public final class PairCounter {
  private static final int DENSE = 1 << 18;
  private static final int FEW = 32;

  private int[] table = {};
  private final long[] present = new long[1 << 10]; // a bit for each level of the second channel
  private int[] next = {};
  private char[] sorted = {};
  private double[] xs = new double[1 << 12];
  private double[] ys = new double[1 << 12];
  private long[] counts = new long[1 << 12];
  private int size;

  /**
   * The pairs of the first {@code n} samples.
   *
   * @param ofX the levels of {@code x}'s first {@code n} samples
   * @param ofY likewise
   */
  public JointHistogram count(int[] x, GreyLevels ofX, int[] y, GreyLevels ofY, int n) {
    size = 0;
    long cells = (long) ofX.range() * ofY.range();
    if (cells <= DENSE) {
      clear((int) cells);
      int stride = ofY.range();
      int origin = ofX.min() * stride + ofY.min(); // may wrap round, as the sums below then do too
      for (int i = 0; i < n; i++) {
        table[x[i] * stride + y[i] - origin]++;
      }
      fromTable(ofX.min(), ofX.range(), ofY.min(), stride);
    } else {
      clear(ofY.range());
      sortByX(x, ofX, y, ofY.min(), n);
      int from = 0;
      for (int level = 0; level < ofX.range(); level++) {
        int to = next[level];
        if (to - from < Math.max(FEW, ofY.range() >> 8)) {
          sortLevel(from, to, ofX.min() + level, ofY.min());
        } else {
          countLevel(from, to, ofX.min() + level, ofY.min());
        }
        from = to;
      }
    }
    return result();
  }

  /** The pairs of the first {@code n} samples, unsigned ones of 8 bits. */
  public JointHistogram count(byte[] x, byte[] y, int n) {
    size = 0;
    clear(1 << 16);
    for (int i = 0; i < n; i++) {
      table[((x[i] & 0xff) << 8) | (y[i] & 0xff)]++;
    }
    fromTable(0, 1 << 8, 0, 1 << 8);
    return result();
  }

  private void clear(int cells) {
    if (table.length < cells) {
      table = new int[cells];
    }
    Arrays.fill(table, 0, cells, 0);
  }

  private void fromTable(int minX, int rangeX, int minY, int rangeY) {
    int cell = 0;
    for (int i = 0; i < rangeX; i++) {
      for (int j = 0; j < rangeY; j++) {
        int count = table[cell++];
        if (count > 0) {
          add(minX + i, minY + j, count);
        }
      }
    }
  }

  /** Afterwards {@code next} has, for each level of x, where its samples of y end. */
  private void sortByX(int[] x, GreyLevels ofX, int[] y, int minY, int n) {
    if (next.length < ofX.range()) {
      next = new int[ofX.range()];
    }
    if (sorted.length < n) {
      sorted = new char[n];
    }
    for (int level = 0, at = 0; level < ofX.range(); level++) {
      next[level] = at;
      at += ofX.count(level);
    }
    int minX = ofX.min();
    for (int i = 0; i < n; i++) {
      sorted[next[x[i] - minX]++] = (char) (y[i] - minY);
    }
  }

  private void sortLevel(int from, int to, int x, int minY) {
    Arrays.sort(sorted, from, to);
    for (int i = from; i < to; ) {
      int first = i;
      while (i < to && sorted[i] == sorted[first]) {
        i++;
      }
      add(x, minY + sorted[first], i - first);
    }
  }

  private void countLevel(int from, int to, int x, int minY) {
    int low = Character.MAX_VALUE;
    int high = 0;
    for (int i = from; i < to; i++) {
      int y = sorted[i];
      table[y]++;
      present[y >> 6] |= 1L << y;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    for (int word = low >> 6; word <= high >> 6; word++) {
      for (long bits = present[word]; bits != 0; bits &= bits - 1) {
        int y = (word << 6) + Long.numberOfTrailingZeros(bits);
        add(x, minY + y, table[y]);
        table[y] = 0;
      }
      present[word] = 0;
    }
  }

  private void add(int x, int y, int count) {
    if (size == counts.length) {
      xs = Arrays.copyOf(xs, 2 * size);
      ys = Arrays.copyOf(ys, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    xs[size] = x;
    ys[size] = y;
    counts[size++] = count;
  }

  private JointHistogram result() {
    return JointHistogram.ascending(
        new double[][] {Arrays.copyOf(xs, size), Arrays.copyOf(ys, size)},
        Arrays.copyOf(counts, size));
  }
}
