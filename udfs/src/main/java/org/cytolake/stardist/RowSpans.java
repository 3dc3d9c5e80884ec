package org.cytolake.stardist;

import java.util.Arrays;

/**
 * A star's border, row by row: where it enters and leaves the strip between two whole rows. The
 * vertices are integers, so in a strip all edges are straight. Where more than two edges pass
 * through one, or two that cross, the strip is tangled, and only its outermost places are known.
 */
final class RowSpans {
  /** Taller stars are not looked at. */
  private static final int TALLEST = 1 << 12;

  private int top;
  private int rows;
  private double[] leftAbove = new double[64];
  private double[] leftBelow = new double[64];
  private double[] rightAbove = new double[64];
  private double[] rightBelow = new double[64];
  private int[] edges = new int[64];
  private boolean[] tangled = new boolean[64];

  /**
   * Becomes that of a star.
   *
   * @return false if it is too tall, and this is of no use
   */
  boolean set(StarPolygon star) {
    rows = star.maxY - star.minY;
    if (rows > TALLEST) {
      return false;
    }
    top = star.minY;
    if (rows > edges.length) {
      int length = Math.max(rows, 2 * edges.length);
      leftAbove = new double[length];
      leftBelow = new double[length];
      rightAbove = new double[length];
      rightBelow = new double[length];
      edges = new int[length];
      tangled = new boolean[length];
    }
    Arrays.fill(edges, 0, rows, 0);
    Arrays.fill(tangled, 0, rows, false);
    for (int k = 0, before = star.xs.length - 1; k < star.xs.length; before = k++) {
      if (star.ys[before] < star.ys[k]) {
        add(star.xs[before], star.ys[before], star.xs[k], star.ys[k]);
      } else {
        add(star.xs[k], star.ys[k], star.xs[before], star.ys[before]);
      }
    }
    return true;
  }

  private void add(int x0, int y0, int x1, int y1) {
    double slope = ((double) x1 - x0) / (y1 - y0); // level edges pass no strip
    for (int y = y0; y < y1; y++) {
      int row = y - top;
      double above = x0 + slope * (y - y0);
      double below = x0 + slope * (y + 1 - y0);
      edges[row]++;
      if (edges[row] == 1) {
        leftAbove[row] = above;
        leftBelow[row] = below;
      } else if (edges[row] == 2) {
        second(row, above, below);
      } else {
        tangled[row] = true;
        widen(row, above, below);
      }
    }
  }

  private void second(int row, double above, double below) {
    double firstAbove = leftAbove[row];
    double firstBelow = leftBelow[row];
    if ((firstAbove - above) * (firstBelow - below) < 0) {
      tangled[row] = true;
    }
    if (firstAbove + firstBelow <= above + below) {
      rightAbove[row] = above;
      rightBelow[row] = below;
    } else {
      leftAbove[row] = above;
      leftBelow[row] = below;
      rightAbove[row] = firstAbove;
      rightBelow[row] = firstBelow;
    }
    if (tangled[row]) {
      widen(row, firstAbove, firstBelow);
      widen(row, above, below);
    }
  }

  /** Of a tangled strip the two sides are upright. */
  private void widen(int row, double above, double below) {
    double left = Math.min(Math.min(leftAbove[row], leftBelow[row]), Math.min(above, below));
    double right = Math.max(Math.max(rightAbove[row], rightBelow[row]), Math.max(above, below));
    leftAbove[row] = left;
    leftBelow[row] = left;
    rightAbove[row] = right;
    rightBelow[row] = right;
  }

  /**
   * Whether the area in common with another star is surely above a limit, or surely not.
   *
   * @param limit square pixels
   * @param margin by which the area that counts may differ from the true one, square pixels
   * @return 1 above, -1 not above, 0 not known
   */
  int compare(RowSpans other, double limit, double margin) {
    int from = Math.max(top, other.top);
    int to = Math.min(top + rows, other.top + other.rows);
    double least = 0;
    double most = 0;
    for (int y = from; y < to; y++) {
      int i = y - top;
      int j = y - other.top;
      double above =
          Math.min(rightAbove[i], other.rightAbove[j]) - Math.max(leftAbove[i], other.leftAbove[j]);
      double below =
          Math.min(rightBelow[i], other.rightBelow[j]) - Math.max(leftBelow[i], other.leftBelow[j]);
      boolean clear = !tangled[i] && !other.tangled[j];
      if (clear && above >= 0 && below >= 0) {
        // the width is concave, so above its chord, and its mean no more than that of each side
        least += 0.5 * (above + below);
        most +=
            mean(rightAbove, rightBelow, i, other.rightAbove, other.rightBelow, j, 1)
                + mean(leftAbove, leftBelow, i, other.leftAbove, other.leftBelow, j, -1);
      } else {
        double widest =
            Math.min(
                    Math.max(rightAbove[i], rightBelow[i]),
                    Math.max(other.rightAbove[j], other.rightBelow[j]))
                - Math.max(
                    Math.min(leftAbove[i], leftBelow[i]),
                    Math.min(other.leftAbove[j], other.leftBelow[j]));
        most += Math.max(0, clear ? widest : 2 * widest); // a hole counts as much as what it lacks
      }
    }
    return least - margin > limit ? 1 : most + margin < limit ? -1 : 0;
  }

  /** The smaller of two mean places of a side, times 1 or -1. */
  private static double mean(
      double[] above,
      double[] below,
      int i,
      double[] otherAbove,
      double[] otherBelow,
      int j,
      int sign) {
    return 0.5 * Math.min(sign * (above[i] + below[i]), sign * (otherAbove[j] + otherBelow[j]));
  }
}
