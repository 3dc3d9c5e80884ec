package org.cytolake.measure;

import java.util.Arrays;

/**
 * Pixels of an object's convex hull, as {@code skimage.morphology.convex_hull_image} with its
 * defaults: the hull of the middles of all pixel edges; a pixel belongs to it where its centre lies
 * inside or on the border. Coordinates are doubled, so that all arithmetic is in whole numbers.
 * Hull: A. M. Andrew 1979, monotone chain.
 */
final class ConvexHull {
  private ConvexHull() {}

  static long pixels(LabelledPixels pixels, int label) {
    int firstRun = pixels.firstRun(label);
    int endOfRuns = pixels.endOfRuns(label);
    int top = pixels.row(firstRun);
    int rows = 2 * (pixels.row(endOfRuns - 1) - top) + 3; // doubled, half a pixel beyond each end
    long[] first = new long[rows];
    long[] last = new long[rows];
    Arrays.fill(first, Long.MAX_VALUE);
    Arrays.fill(last, Long.MIN_VALUE);
    for (int run = firstRun; run < endOfRuns; run++) {
      int row = 2 * (pixels.row(run) - top) + 1;
      long x0 = 2L * pixels.column(run);
      long x1 = x0 + 2L * (pixels.length(run) - 1);
      widen(first, last, row, x0 - 1, x1 + 1);
      widen(first, last, row - 1, x0, x1);
      widen(first, last, row + 1, x0, x1);
    }
    int[] lefts = chain(first, -1);
    int[] rights = chain(last, 1);
    long count = 0;
    int l = 0;
    int r = 0;
    for (int row = 1; row < rows; row += 2) {
      while (lefts[l + 1] < row) {
        l++;
      }
      while (rights[r + 1] < row) {
        r++;
      }
      long from = ceil(first, lefts[l], lefts[l + 1], row);
      long to = floor(last, rights[r], rights[r + 1], row);
      count += Math.max(0, Math.floorDiv(to, 2) - Math.floorDiv(from + 1, 2) + 1);
    }
    return count;
  }

  private static void widen(long[] first, long[] last, int row, long from, long to) {
    first[row] = Math.min(first[row], from);
    last[row] = Math.max(last[row], to);
  }

  /** Rows of the hull's vertices on one side, ascending. */
  private static int[] chain(long[] x, int side) {
    int[] hull = new int[x.length];
    int n = 0;
    for (int row = 0; row < x.length; row++) {
      if (x[row] == Long.MAX_VALUE || x[row] == Long.MIN_VALUE) {
        continue;
      }
      while (n > 1 && !turnsOut(x, hull[n - 2], hull[n - 1], row, side)) {
        n--;
      }
      hull[n++] = row;
    }
    return Arrays.copyOf(hull, n);
  }

  private static boolean turnsOut(long[] x, int a, int b, int c, int side) {
    long cross = (x[b] - x[a]) * (c - a) - (x[c] - x[a]) * (b - a);
    return side * cross > 0;
  }

  private static long ceil(long[] x, int a, int b, int row) {
    return x[a] - Math.floorDiv(-(x[b] - x[a]) * (row - a), b - a);
  }

  private static long floor(long[] x, int a, int b, int row) {
    return x[a] + Math.floorDiv((x[b] - x[a]) * (row - a), b - a);
  }
}
