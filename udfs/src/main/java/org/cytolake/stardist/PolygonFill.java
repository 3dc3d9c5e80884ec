package org.cytolake.stardist;

import org.cytolake.image.LabelImage;

/**
 * Fills polygons by the rule of {@code skimage.draw.polygon}: a pixel belongs to the polygon where
 * its centre lies inside (even-odd), on an edge or on a vertex (K. Hormann, A. Agathos 2001, "The
 * point in polygon problem for arbitrary polygons").
 */
final class PolygonFill {
  private static final double EPSILON = 1e-12;

  private PolygonFill() {}

  /**
   * The smallest window that holds all pixels of the polygon that lie in a plane; null where there
   * are none.
   */
  static Window bounds(float[] rows, float[] columns, int height, int width) {
    return bounds(rows, columns, Window.whole(height, width));
  }

  private static Window bounds(float[] rows, float[] columns, Window within) {
    double minRow = Double.POSITIVE_INFINITY;
    double maxRow = Double.NEGATIVE_INFINITY;
    double minColumn = Double.POSITIVE_INFINITY;
    double maxColumn = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < rows.length; k++) {
      minRow = Math.min(minRow, rows[k]);
      maxRow = Math.max(maxRow, rows[k]);
      minColumn = Math.min(minColumn, columns[k]);
      maxColumn = Math.max(maxColumn, columns[k]);
    }
    int top = (int) Math.max(within.top(), minRow);
    int bottom = (int) Math.min(within.bottom() - 1, Math.ceil(maxRow));
    int left = (int) Math.max(within.left(), minColumn);
    int right = (int) Math.min(within.right() - 1, Math.ceil(maxColumn));
    return bottom < top || right < left
        ? null
        : new Window(top, left, bottom - top + 1, right - left + 1);
  }

  /**
   * Sets the label of all pixels of the polygon that lie in the window.
   *
   * @param image of the window
   */
  static void fill(float[] rows, float[] columns, int label, LabelImage image, Window window) {
    Window bounds = bounds(rows, columns, window);
    if (bounds == null) {
      return;
    }
    int[] edges = new int[rows.length];
    for (int y = bounds.top(); y < bounds.bottom(); y++) {
      int count = edgesAt(rows, y, edges);
      for (int x = bounds.left(); count > 0 && x < bounds.right(); x++) {
        if (contains(rows, columns, edges, count, y, x)) {
          image.set(y - window.top(), x - window.left(), label);
        }
      }
    }
  }

  /** Edges, numbered by their second vertex, that touch or cross a row. */
  private static int edgesAt(float[] rows, int y, int[] edges) {
    int count = 0;
    for (int k = 0; k < rows.length; k++) {
      double from = rows[k == 0 ? rows.length - 1 : k - 1] - (double) y;
      double to = rows[k] - (double) y;
      boolean crosses = (to > 0) != (from > 0) || (to < 0) != (from < 0);
      if (crosses || Math.abs(to) < EPSILON) {
        edges[count++] = k;
      }
    }
    return count;
  }

  private static boolean contains(
      float[] rows, float[] columns, int[] edges, int count, int y, int x) {
    int rightCrossings = 0;
    int leftCrossings = 0;
    for (int e = 0; e < count; e++) {
      int k = edges[e];
      int before = k == 0 ? rows.length - 1 : k - 1;
      double x0 = columns[k] - (double) x;
      double y0 = rows[k] - (double) y;
      if (Math.abs(x0) < EPSILON && Math.abs(y0) < EPSILON) {
        return true;
      }
      double x1 = columns[before] - (double) x;
      double y1 = rows[before] - (double) y;
      // of (x0 * y1 - x1 * y0) / (y1 - y0), where the edge crosses the row, only the sign counts
      double cross = x0 * y1 - x1 * y0;
      boolean isRight = cross > 0 == y1 > y0;
      if ((y0 > 0) != (y1 > 0) && cross != 0 && isRight) {
        rightCrossings++;
      }
      if ((y0 < 0) != (y1 < 0) && cross != 0 && !isRight) {
        leftCrossings++;
      }
    }
    boolean onEdge = (rightCrossings & 1) != (leftCrossings & 1);
    return onEdge || (rightCrossings & 1) == 1;
  }
}
