package org.cytolake.stardist;

import java.util.Arrays;

/**
 * Area of the intersection of two polygons with integer vertices that may cross themselves; inside
 * is where the winding number is not zero. Points where edges cross are rounded to integers, half
 * away from zero, as in the Clipper library (A. Johnson, after B. R. Vatti 1992), by which {@code
 * stardist} computes overlaps: on nuclei of a few pixels the rounding decides some of them.
 *
 * <p>Every edge is cut where it meets others. A piece bounds the intersection where exactly one of
 * its sides is inside both polygons; the area is half the sum of the cross products of the rounded
 * ends of those pieces (Green's theorem).
 */
final class PolygonIntersection {
  private static final double ASIDE = 1e-6;

  // a crossing halfway between integers must not fall below for lack of digits
  private static final double HALF = 0.5 + 1e-9;

  private final int[] ax; // edges of both polygons: from a to b
  private final int[] ay;
  private final int[] bx;
  private final int[] by;
  private final int first; // number of edges of the first polygon
  private final double minX;
  private final double maxX;
  private final double minY;
  private final double maxY;

  private PolygonIntersection(StarPolygon a, StarPolygon b) {
    first = a.xs.length;
    int n = first + b.xs.length;
    ax = new int[n];
    ay = new int[n];
    bx = new int[n];
    by = new int[n];
    add(a, 0);
    add(b, first);
    minX = Math.max(min(a.xs), min(b.xs));
    maxX = Math.min(max(a.xs), max(b.xs));
    minY = Math.max(min(a.ys), min(b.ys));
    maxY = Math.min(max(a.ys), max(b.ys));
  }

  private void add(StarPolygon polygon, int from) {
    int n = polygon.xs.length;
    for (int k = 0; k < n; k++) {
      int next = k + 1 == n ? 0 : k + 1;
      ax[from + k] = polygon.xs[k];
      ay[from + k] = polygon.ys[k];
      bx[from + k] = polygon.xs[next];
      by[from + k] = polygon.ys[next];
    }
  }

  private static int min(int[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static int max(int[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  /** Square pixels. */
  static double area(StarPolygon a, StarPolygon b) {
    return new PolygonIntersection(a, b).area();
  }

  private double area() {
    double sum = 0;
    double[] cuts = new double[ax.length * 2 + 2];
    for (int e = 0; e < ax.length; e++) {
      if ((ax[e] == bx[e] && ay[e] == by[e]) || isBeside(e)) {
        continue;
      }
      int n = cuts(e, cuts);
      for (int i = 0; i + 1 < n; i++) {
        if (cuts[i + 1] > cuts[i]) {
          sum += piece(e, cuts[i], cuts[i + 1]);
        }
      }
    }
    return Math.abs(sum) / 2;
  }

  /** Whether an edge cannot bound the intersection because it lies outside of a bounding box. */
  private boolean isBeside(int e) {
    return Math.max(ax[e], bx[e]) < minX
        || Math.min(ax[e], bx[e]) > maxX
        || Math.max(ay[e], by[e]) < minY
        || Math.min(ay[e], by[e]) > maxY;
  }

  /** Where along an edge, 0 to 1, others meet it; sorted, with both ends. */
  private int cuts(int e, double[] cuts) {
    int n = 0;
    cuts[n++] = 0;
    cuts[n++] = 1;
    long dx = (long) bx[e] - ax[e];
    long dy = (long) by[e] - ay[e];
    for (int f = 0; f < ax.length; f++) {
      long a = dx * (ay[f] - ay[e]) - dy * (ax[f] - ax[e]); // sides of f's ends
      long b = dx * (by[f] - ay[e]) - dy * (bx[f] - ax[e]);
      if (f == e || (a > 0 && b > 0) || (a < 0 && b < 0)) {
        continue;
      }
      if (a == 0) { // an end on the line; the other end is an end of the next edge
        double t = along(e, ax[f], ay[f]);
        if (t > 0 && t < 1) {
          cuts[n++] = t;
        }
      } else if (b != 0) {
        double s = (double) a / (a - b);
        double t = along(e, ax[f] + s * (bx[f] - ax[f]), ay[f] + s * (by[f] - ay[f]));
        if (t > 0 && t < 1) {
          cuts[n++] = t;
        }
      }
    }
    Arrays.sort(cuts, 0, n);
    return n;
  }

  private double along(int e, double x, double y) {
    int dx = bx[e] - ax[e];
    int dy = by[e] - ay[e];
    return Math.abs(dx) >= Math.abs(dy) ? (x - ax[e]) / dx : (y - ay[e]) / dy;
  }

  /** The cross product of a piece's ends, or 0 where it bounds nothing. */
  private double piece(int e, double from, double to) {
    double middle = (from + to) / 2;
    double dx = bx[e] - ax[e];
    double dy = by[e] - ay[e];
    double x = ax[e] + middle * dx;
    double y = ay[e] + middle * dy;
    if (isDoubled(e, x, y)) {
      return 0;
    }
    double scale = ASIDE / Math.hypot(dx, dy);
    boolean left = isInside(x - scale * dy, y + scale * dx);
    boolean right = isInside(x + scale * dy, y - scale * dx);
    if (left == right) {
      return 0;
    }
    long x0 = roundedX(e, from);
    long y0 = round(ay[e] + from * dy);
    long x1 = roundedX(e, to);
    long y1 = round(ay[e] + to * dy);
    // about a corner of what can be common: a piece lost to rounding then matters least
    long left0 = (long) minX;
    long top0 = (long) minY;
    long cross = (x0 - left0) * (y1 - top0) - (x1 - left0) * (y0 - top0);
    return left ? cross : -cross;
  }

  /**
   * The column of a point of an edge. In an integer row, where others are level, it is rounded
   * relative to the end with the larger row, as Clipper follows its edges.
   */
  private long roundedX(int e, double t) {
    double y = ay[e] + t * ((double) by[e] - ay[e]);
    double row = Math.rint(y);
    if (ay[e] == by[e]) {
      return meetingX(e, t);
    }
    if (Math.abs(y - row) < 1e-9) {
      return columnInRow(e, row);
    }
    return round(ax[e] + t * ((double) bx[e] - ax[e]));
  }

  private long columnInRow(int e, double row) {
    boolean bIsBottom = by[e] > ay[e];
    int bottomX = bIsBottom ? bx[e] : ax[e];
    int bottomY = bIsBottom ? by[e] : ay[e];
    double slope = ((double) bx[e] - ax[e]) / ((double) by[e] - ay[e]);
    return bottomX + round(slope * (row - bottomY));
  }

  /** Of a level edge: where the edge that crosses it there is said to be. */
  private long meetingX(int e, double t) {
    double x = ax[e] + t * ((double) bx[e] - ax[e]);
    double row = ay[e];
    if (Math.abs(x - Math.rint(x)) < 1e-9) {
      return (long) Math.rint(x);
    }
    for (int f = 0; f < ax.length; f++) {
      if (ay[f] <= row != by[f] <= row) {
        double at = ax[f] + (bx[f] - ax[f]) * ((row - ay[f]) / ((double) by[f] - ay[f]));
        if (Math.abs(at - x) < 1e-9) {
          return columnInRow(f, row);
        }
      }
    }
    return round(x);
  }

  /** Whether an edge looked at before runs along the same piece. */
  private boolean isDoubled(int e, double x, double y) {
    long dx = (long) bx[e] - ax[e];
    long dy = (long) by[e] - ay[e];
    for (int f = 0; f < e; f++) {
      if (dx * (ay[f] - ay[e]) == dy * (ax[f] - ax[e])
          && dx * (by[f] - ay[e]) == dy * (bx[f] - ax[e])
          && x >= Math.min(ax[f], bx[f])
          && x <= Math.max(ax[f], bx[f])
          && y >= Math.min(ay[f], by[f])
          && y <= Math.max(ay[f], by[f])) {
        return true;
      }
    }
    return false;
  }

  private boolean isInside(double x, double y) {
    return winding(0, first, x, y) != 0 && winding(first, ax.length, x, y) != 0;
  }

  private int winding(int from, int to, double x, double y) {
    int winding = 0;
    for (int f = from; f < to; f++) {
      if (ay[f] <= y != by[f] <= y) {
        double at = ax[f] + (bx[f] - ax[f]) * ((y - ay[f]) / (by[f] - ay[f]));
        if (at > x) {
          winding += ay[f] < by[f] ? 1 : -1;
        }
      }
    }
    return winding;
  }

  private static long round(double value) {
    return (long) (value < 0 ? value - HALF : value + HALF);
  }
}
