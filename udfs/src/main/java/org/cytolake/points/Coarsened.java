package org.cytolake.points;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Fewer tuples in place of many: the range of every channel is cut into 2^(16 - bits) steps, and
 * tuples that fall into the same ones become their mean.
 *
 * @param points the tuples that are left, in the order in which the first of each came
 * @param cells for every tuple before, which of those it fell into
 * @param droppedBits how many bits of 16 were dropped; 0 where nothing was to be done
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Coarsened(WeightedPoints points, int[] cells, int droppedBits)
    implements Serializable {
  private static final int LEVEL_BITS = 16;

  /** Tuples that are looked at together. */
  private static final int CHUNK = 1 << 12;

  public Coarsened {
    for (int cell : cells) {
      if (cell < 0 || cell >= points.size()) {
        throw new IllegalArgumentException("cell " + cell + " of " + points.size());
      }
    }
  }

  /**
   * Drops as few bits as needed.
   *
   * @param most tuples that may be left, at least 1
   * @throws IllegalArgumentException if none may be left
   */
  public static Coarsened of(WeightedPoints points, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("at least one tuple must be left, not " + most);
    }
    int[] cells = new int[points.size()];
    if (points.size() <= most) {
      Arrays.setAll(cells, i -> i);
      return new Coarsened(points, cells, 0);
    }
    int[][] finest = levels(points);
    for (int bits = 1; ; bits++) {
      int n = cells(finest, bits, most, cells);
      if (n <= most) {
        return new Coarsened(means(points, cells, n), cells, bits);
      }
    }
  }

  /** By channel and tuple: in which of 2^16 steps of its range a value lies. */
  private static int[][] levels(WeightedPoints points) {
    int steps = 1 << LEVEL_BITS;
    int[][] levels = new int[points.channels()][];
    for (int c = 0; c < levels.length; c++) {
      double[] column = points.column(c);
      double low = Arrays.stream(column).min().orElse(0);
      double step = (Arrays.stream(column).max().orElse(0) - low) / steps;
      levels[c] =
          Arrays.stream(column)
              .mapToInt(v -> step > 0 ? (int) Math.min(steps - 1, (v - low) / step) : 0)
              .toArray();
    }
    return levels;
  }

  /** Numbers the cells that tuples fall into; the number of them, or more than so many. */
  private static int cells(int[][] finest, int bits, int most, int[] cells) {
    int[] sizes = new int[finest.length];
    Arrays.fill(sizes, Math.max(1, 1 << Math.max(0, LEVEL_BITS - bits)));
    TupleNumbers numbers = new TupleNumbers(sizes);
    int[][] levels = new int[finest.length][CHUNK];
    for (int from = 0; from < cells.length && numbers.size() <= most; from += CHUNK) {
      int n = Math.min(CHUNK, cells.length - from);
      for (int c = 0; c < levels.length; c++) {
        for (int i = 0; i < n; i++) {
          levels[c][i] = finest[c][from + i] >> bits;
        }
      }
      for (int i = 0; i < n; i++) {
        cells[from + i] = numbers.number(levels, i);
      }
    }
    return numbers.size();
  }

  private static WeightedPoints means(WeightedPoints points, int[] cells, int n) {
    double[][] values = new double[points.channels()][n];
    long[] weights = new long[n];
    for (int i = 0; i < cells.length; i++) {
      weights[cells[i]] += points.weight(i);
    }
    for (int c = 0; c < values.length; c++) {
      for (int i = 0; i < cells.length; i++) {
        values[c][cells[i]] += points.value(c, i) * ((double) points.weight(i) / weights[cells[i]]);
      }
    }
    return new WeightedPoints(values, weights);
  }

  /** What is so for the tuples that are left, for all tuples before. */
  public int[] spread(int[] labels) {
    return Arrays.stream(cells).map(cell -> labels[cell]).toArray();
  }
}
