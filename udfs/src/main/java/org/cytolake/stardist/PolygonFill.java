package org.cytolake.stardist;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * Fills polygons by the rule of {@code skimage.draw.polygon}: a pixel belongs to the polygon where
 * its centre lies inside (even-odd), on an edge or on a vertex (K. Hormann, A. Agathos 2001, "The
 * point in polygon problem for arbitrary polygons").
 */
final class PolygonFill {
  private static final double EPSILON = 1e-12;

  /**
   * Pixels that are nearer to an edge are looked at one by one. Rounding moves no crossing by more
   * than 1e-6: columns are below {@link #FARTHEST} and a double has 53 bits.
   */
  private static final double NEAR = 1e-3;

  private static final double FARTHEST = 1 << 30;

  private final float[] rows;
  private final float[] columns;
  private final int[] edges; // that touch or cross the row at hand, by their second vertex
  private final double[] crossings; // where they do, if that is known
  private int count; // of the edges
  private int y; // the row

  private PolygonFill(float[] rows, float[] columns) {
    this.rows = rows;
    this.columns = columns;
    this.edges = new int[rows.length];
    this.crossings = new double[rows.length];
  }

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
    PolygonFill polygon = new PolygonFill(rows, columns);
    for (int y = bounds.top(); y < bounds.bottom(); y++) {
      int start = (y - window.top()) * window.width() - window.left(); // index of column 0
      polygon.look(y);
      if (polygon.cross()) {
        polygon.fillSpans(bounds, label, image.labels(), start);
      } else {
        for (int x = bounds.left(); x < bounds.right(); x++) {
          polygon.fillPixel(x, label, image.labels(), start);
        }
      }
    }
  }

  /** Finds the edges that touch or cross a row. */
  private void look(int row) {
    y = row;
    count = 0;
    for (int k = 0; k < rows.length; k++) {
      double from = rows[before(k)] - (double) y;
      double to = rows[k] - (double) y;
      boolean crosses = (to > 0) != (from > 0) || (to < 0) != (from < 0);
      if (crosses || Math.abs(to) < EPSILON) {
        edges[count++] = k;
      }
    }
  }

  private int before(int vertex) {
    return vertex == 0 ? rows.length - 1 : vertex - 1;
  }

  /**
   * Finds where edges cross the row, to much less than {@link #NEAR}, in ascending order.
   *
   * @return false where a vertex lies in the row, or where it is not known so exactly
   */
  private boolean cross() {
    for (int e = 0; e < count; e++) {
      int k = edges[e];
      double x0 = columns[k];
      double x1 = columns[before(k)];
      double y0 = rows[k] - (double) y;
      double y1 = rows[before(k)] - (double) y;
      crossings[e] = x0 + (x1 - x0) * (y0 / (y0 - y1));
      boolean known =
          Math.abs(y0) >= EPSILON
              && Math.abs(y1) >= EPSILON
              && Math.abs(x0) < FARTHEST
              && Math.abs(x1) < FARTHEST;
      if (!known) {
        return false;
      }
    }
    Arrays.sort(crossings, 0, count);
    return count % 2 == 0;
  }

  /**
   * Pixels that are not near a crossing lie inside where an odd number of these lies to the right.
   */
  private void fillSpans(Window bounds, int label, int[] labels, int start) {
    for (int c = 0; c < count; c += 2) {
      int from = (int) Math.max(bounds.left(), Math.ceil(crossings[c] + NEAR));
      int to = (int) Math.min(bounds.right(), Math.floor(crossings[c + 1] - NEAR) + 1);
      if (from < to) {
        Arrays.fill(labels, start + from, start + to, label);
      }
    }
    for (int c = 0; c < count; c++) {
      int x = (int) Math.rint(crossings[c]);
      boolean near = Math.abs(x - crossings[c]) <= NEAR;
      if (near && x >= bounds.left() && x < bounds.right()) {
        fillPixel(x, label, labels, start);
      }
    }
  }

  private void fillPixel(int x, int label, int[] labels, int start) {
    if (contains(x)) {
      labels[start + x] = label;
    }
  }

  private boolean contains(int x) {
    int rightCrossings = 0;
    int leftCrossings = 0;
    for (int e = 0; e < count; e++) {
      int k = edges[e];
      double x0 = columns[k] - (double) x;
      double y0 = rows[k] - (double) y;
      if (Math.abs(x0) < EPSILON && Math.abs(y0) < EPSILON) {
        return true;
      }
      double x1 = columns[before(k)] - (double) x;
      double y1 = rows[before(k)] - (double) y;
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
