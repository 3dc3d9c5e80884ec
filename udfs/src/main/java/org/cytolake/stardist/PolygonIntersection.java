package org.cytolake.stardist;

import java.util.Arrays;

/**
 * Area of the intersection of two polygons with integer vertices that may cross themselves; inside
 * is where the winding number is not zero.
 *
 * <p>The plane is cut into horizontal slabs at every vertex and every crossing of two edges (J. L.
 * Bentley, T. A. Ottmann 1979, without their sweep: a star has some 32 edges). Inside a slab edges
 * do not cross, so that between two neighbouring edges the winding numbers are constant, and the
 * areas are trapezoids.
 */
final class PolygonIntersection {
  private static final double SAME = 1e-9;

  private final int edges;
  private final double[] x0; // at the upper end
  private final double[] y0;
  private final double[] x1;
  private final double[] y1;
  private final int[] direction; // +1 down, -1 up
  private final boolean[] ofFirst;

  private PolygonIntersection(StarPolygon a, StarPolygon b, double top, double bottom) {
    int most = a.xs.length + b.xs.length;
    x0 = new double[most];
    y0 = new double[most];
    x1 = new double[most];
    y1 = new double[most];
    direction = new int[most];
    ofFirst = new boolean[most];
    int n = add(a, true, 0, top, bottom);
    edges = add(b, false, n, top, bottom);
  }

  /** Square pixels, exact but for rounding. */
  static double area(StarPolygon a, StarPolygon b) {
    double top = Math.max(min(a.ys), min(b.ys));
    double bottom = Math.min(max(a.ys), max(b.ys));
    return top >= bottom ? 0 : new PolygonIntersection(a, b, top, bottom).area(top, bottom);
  }

  private static int min(int[] values) {
    int min = values[0];
    for (int v : values) {
      min = Math.min(min, v);
    }
    return min;
  }

  private static int max(int[] values) {
    int max = values[0];
    for (int v : values) {
      max = Math.max(max, v);
    }
    return max;
  }

  /** Adds the edges that reach between the two rows; level ones bound nothing. */
  private int add(StarPolygon polygon, boolean first, int from, double top, double bottom) {
    int n = from;
    for (int k = 0; k < polygon.xs.length; k++) {
      int next = k + 1 == polygon.xs.length ? 0 : k + 1;
      int ya = polygon.ys[k];
      int yb = polygon.ys[next];
      if (ya == yb || Math.max(ya, yb) <= top || Math.min(ya, yb) >= bottom) {
        continue;
      }
      boolean down = ya < yb;
      x0[n] = polygon.xs[down ? k : next];
      y0[n] = Math.min(ya, yb);
      x1[n] = polygon.xs[down ? next : k];
      y1[n] = Math.max(ya, yb);
      direction[n] = down ? 1 : -1;
      ofFirst[n++] = first;
    }
    return n;
  }

  private double x(int edge, double y) {
    return x0[edge] + (x1[edge] - x0[edge]) * ((y - y0[edge]) / (y1[edge] - y0[edge]));
  }

  private double area(double top, double bottom) {
    double[] cuts = cuts(top, bottom);
    double sum = 0;
    int[] active = new int[edges];
    double[] middle = new double[edges];
    for (int c = 0; c + 1 < cuts.length; c++) {
      double upper = cuts[c];
      double lower = cuts[c + 1];
      if (lower - upper < SAME) {
        continue;
      }
      double y = (upper + lower) / 2;
      int n = 0;
      for (int e = 0; e < edges; e++) {
        if (y0[e] < y && y < y1[e]) {
          double x = x(e, y);
          int at = n++;
          while (at > 0 && middle[at - 1] > x) {
            middle[at] = middle[at - 1];
            active[at] = active[at - 1];
            at--;
          }
          middle[at] = x;
          active[at] = e;
        }
      }
      sum += width(active, middle, n) * (lower - upper);
    }
    return sum;
  }

  /** Length at mid-height of what is inside both. */
  private double width(int[] active, double[] middle, int n) {
    int first = 0;
    int second = 0;
    double width = 0;
    for (int i = 0; i + 1 < n; i++) {
      if (ofFirst[active[i]]) {
        first += direction[active[i]];
      } else {
        second += direction[active[i]];
      }
      if (first != 0 && second != 0) {
        width += middle[i + 1] - middle[i];
      }
    }
    return width;
  }

  private double[] cuts(double top, double bottom) {
    double[] cuts = new double[2 * edges + 2 + edges * (edges - 1) / 2];
    int n = 0;
    cuts[n++] = top;
    cuts[n++] = bottom;
    for (int e = 0; e < edges; e++) {
      cuts[n++] = Math.max(top, y0[e]);
      cuts[n++] = Math.min(bottom, y1[e]);
      for (int f = e + 1; f < edges; f++) {
        double from = Math.max(top, Math.max(y0[e], y0[f]));
        double to = Math.min(bottom, Math.min(y1[e], y1[f]));
        if (from >= to) {
          continue;
        }
        double before = x(e, from) - x(f, from);
        double after = x(e, to) - x(f, to);
        if ((before < 0 && after > 0) || (before > 0 && after < 0)) {
          cuts[n++] = from + (to - from) * (before / (before - after));
        }
      }
    }
    double[] sorted = Arrays.copyOf(cuts, n);
    Arrays.sort(sorted);
    return sorted;
  }
}
