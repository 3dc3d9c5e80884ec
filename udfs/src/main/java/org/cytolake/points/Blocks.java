package org.cytolake.points;

import java.util.Arrays;

/**
 * Points in blocks of equally many, as loops take them that the compiler makes vectors of: plain
 * arrays of one length, each channel's of a block its own. The last block is filled up with its
 * first point, without pixels.
 *
 * @param columns {@code [channel][block][point]}
 * @param spreads covariances within what a point stands for, {@code [pair][block][point]} in the
 *     order 00, 10, 11, 20, ...; without any element where a point is one tuple
 * @param pixels {@code [block][point]}
 * @param size number of points
 * @param weight number of pixels
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Blocks(
    double[][][] columns, double[][][] spreads, double[][] pixels, int size, long weight) {
  /** Points at a time: the arrays of some components stay in the nearest cache. */
  public static final int LENGTH = 128;

  public Blocks {
    if (spreads.length > 0 && spreads.length != columns.length * (columns.length + 1) / 2) {
      throw new IllegalArgumentException(
          spreads.length + " covariances for " + columns.length + " channels");
    }
  }

  public static Blocks of(WeightedPoints points) {
    return of(points, new double[0][]);
  }

  /**
   * Of points that stand for several tuples each.
   *
   * @param spreads {@code [pair][point]}
   */
  public static Blocks of(WeightedPoints points, double[][] spreads) {
    double[][][] columns = new double[points.channels()][][];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = cut(points.column(c));
    }
    double[][] pixels = cut(Arrays.stream(points.weights()).asDoubleStream().toArray());
    int beyond = points.size() % LENGTH;
    if (beyond > 0) {
      Arrays.fill(pixels[pixels.length - 1], beyond, LENGTH, 0);
    }
    double[][][] cutSpreads = Arrays.stream(spreads).map(Blocks::cut).toArray(double[][][]::new);
    return new Blocks(columns, cutSpreads, pixels, points.size(), points.weight());
  }

  private static double[][] cut(double[] values) {
    double[][] blocks = new double[(values.length + LENGTH - 1) / LENGTH][LENGTH];
    for (int b = 0; b < blocks.length; b++) {
      int n = Math.min(LENGTH, values.length - b * LENGTH);
      System.arraycopy(values, b * LENGTH, blocks[b], 0, n);
      Arrays.fill(blocks[b], n, LENGTH, values[b * LENGTH]);
    }
    return blocks;
  }

  public int channels() {
    return columns.length;
  }

  public int count() {
    return pixels.length;
  }

  /** Points in a block that have pixels. */
  public int size(int block) {
    return Math.min(LENGTH, size - block * LENGTH);
  }
}
