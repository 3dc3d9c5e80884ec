package org.cytolake.measure;

import java.util.Arrays;

/** Distances of points to their nearest other point, exact, by a grid of square cells. */
public final class NearestNeighbours {
  private static final int MOST_CELLS_A_SIDE = 1 << 12;

  private final double[] ys;
  private final double[] xs;
  private final double minY;
  private final double minX;
  private final double side;
  private final int rows;
  private final int columns;
  private final int[] first; // by cell: where its points begin
  private final int[] points; // by cell

  private NearestNeighbours(double[] ys, double[] xs) {
    this.ys = ys;
    this.xs = xs;
    minY = Arrays.stream(ys).min().orElse(0);
    minX = Arrays.stream(xs).min().orElse(0);
    double height = Arrays.stream(ys).max().orElse(0) - minY;
    double width = Arrays.stream(xs).max().orElse(0) - minX;
    double aboutOneEach = Math.sqrt(height * width / ys.length);
    double fewEnough = Math.max(height, width) / MOST_CELLS_A_SIDE;
    double wished = Math.max(Math.max(aboutOneEach, fewEnough), Double.MIN_NORMAL);
    rows = (int) (height / wished) + 1;
    columns = (int) (width / wished) + 1;
    side = wished;
    first = new int[rows * columns + 1];
    points = new int[ys.length];
    for (int i = 0; i < ys.length; i++) {
      first[cell(i) + 1]++;
    }
    for (int c = 0; c < rows * columns; c++) {
      first[c + 1] += first[c];
    }
    int[] next = first.clone();
    for (int i = 0; i < ys.length; i++) {
      points[next[cell(i)]++] = i;
    }
  }

  /**
   * The mean over all points of the distance to the nearest other one.
   *
   * @param ys coordinates, finite; likewise {@code xs}
   * @return in the coordinates' unit, 0 or more; NaN where there are fewer than two points
   * @throws IllegalArgumentException where there are not as many of both, or one is not finite
   */
  public static double meanDistance(double[] ys, double[] xs) {
    if (ys.length != xs.length) {
      throw new IllegalArgumentException(ys.length + " rows, but " + xs.length + " columns");
    }
    for (int i = 0; i < ys.length; i++) {
      if (!Double.isFinite(ys[i]) || !Double.isFinite(xs[i])) {
        throw new IllegalArgumentException("no point: " + ys[i] + ", " + xs[i]);
      }
    }
    if (ys.length < 2) {
      return Double.NaN;
    }
    NearestNeighbours grid = new NearestNeighbours(ys, xs);
    double sum = 0;
    for (int i = 0; i < ys.length; i++) {
      sum += Math.sqrt(grid.nearest(i));
    }
    return sum / ys.length;
  }

  private int row(int i) {
    return Math.min(rows - 1, (int) ((ys[i] - minY) / side));
  }

  private int column(int i) {
    return Math.min(columns - 1, (int) ((xs[i] - minX) / side));
  }

  private int cell(int i) {
    return row(i) * columns + column(i);
  }

  /** Squared distance to the nearest other point: rings of cells, from the own one outwards. */
  private double nearest(int i) {
    int row = row(i);
    int column = column(i);
    double best = Double.POSITIVE_INFINITY;
    int most = Math.max(rows, columns);
    for (int ring = 0; ring <= most; ring++) {
      // whatever lies in this ring is farther than the rings within are wide
      double least = (ring - 1) * side * (1 - 1e-9);
      if (ring > 1 && least * least > best) {
        break;
      }
      int top = Math.max(0, row - ring);
      int bottom = Math.min(rows - 1, row + ring);
      for (int r = top; r <= bottom; r++) {
        boolean edge = r == row - ring || r == row + ring;
        int step = edge || ring == 0 ? 1 : 2 * ring;
        for (int c = column - ring; c <= column + ring; c += step) {
          if (c >= 0 && c < columns) {
            best = Math.min(best, nearestIn(r * columns + c, i));
          }
        }
      }
    }
    return best;
  }

  private double nearestIn(int cell, int i) {
    double best = Double.POSITIVE_INFINITY;
    for (int k = first[cell]; k < first[cell + 1]; k++) {
      int j = points[k];
      if (j != i) {
        double dy = ys[j] - ys[i];
        double dx = xs[j] - xs[i];
        best = Math.min(best, dy * dy + dx * dx);
      }
    }
    return best;
  }
}
