package org.cytolake.stardist;

/**
 * A star's border with integer vertices, as it is compared during suppression: the coordinates of
 * {@code stardist}'s C++ code in 32-bit floating point, truncated towards zero.
 */
final class StarPolygon {
  private static final int MOST_ROWS = 1 << 16;

  final int[] xs;
  final int[] ys;
  private final float minX;
  private final float maxX;
  private final float minY;
  private final float maxY;
  private final float area;

  // for every row between two integers: what the polygon at most and at least covers
  private final int firstRow;
  private float[] outer; // left, right
  private float[] inner;

  private StarPolygon(int[] xs, int[] ys, float minX, float maxX, float minY, float maxY) {
    this.xs = xs;
    this.ys = ys;
    this.minX = minX;
    this.maxX = maxX;
    this.minY = minY;
    this.maxY = maxY;
    this.area = area(xs, ys);
    int first = Integer.MAX_VALUE;
    for (int y : ys) {
      first = Math.min(first, y);
    }
    this.firstRow = first;
  }

  static StarPolygon of(Star star) {
    int rays = star.dist().length;
    int[] xs = new int[rays];
    int[] ys = new int[rays];
    float step = (float) (2 * Math.PI / rays);
    float minX = Float.POSITIVE_INFINITY;
    float maxX = Float.NEGATIVE_INFINITY;
    float minY = Float.POSITIVE_INFINITY;
    float maxY = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < rays; k++) {
      float angle = step * k;
      float y = star.y() + star.dist()[k] * (float) Math.sin(angle);
      float x = star.x() + star.dist()[k] * (float) Math.cos(angle);
      minX = Math.min(minX, x);
      maxX = Math.max(maxX, x);
      minY = Math.min(minY, y);
      maxY = Math.max(maxY, y);
      xs[k] = (int) x;
      ys[k] = (int) y;
    }
    return new StarPolygon(xs, ys, minX, maxX, minY, maxY);
  }

  /** For tests: of integer vertices. */
  static StarPolygon of(int[] xs, int[] ys) {
    float minX = Float.POSITIVE_INFINITY;
    float maxX = Float.NEGATIVE_INFINITY;
    float minY = Float.POSITIVE_INFINITY;
    float maxY = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < xs.length; k++) {
      minX = Math.min(minX, xs[k]);
      maxX = Math.max(maxX, xs[k]);
      minY = Math.min(minY, ys[k]);
      maxY = Math.max(maxY, ys[k]);
    }
    return new StarPolygon(xs.clone(), ys.clone(), minX, maxX, minY, maxY);
  }

  /** Absolute area by the shoelace formula, square pixels. */
  private static float area(int[] xs, int[] ys) {
    float sum = 0;
    for (int k = 0; k < xs.length; k++) {
      int next = k + 1 == xs.length ? 0 : k + 1;
      sum += (float) ((long) xs[k] * ys[next] - (long) ys[k] * xs[next]);
    }
    return 0.5f * Math.abs(sum);
  }

  float area() {
    return area;
  }

  /** Whether intersection over smaller area is above the threshold. */
  boolean overlapsMore(StarPolygon other, float threshold) {
    if (other.minX > maxX || minX > other.maxX || other.minY > maxY || minY > other.maxY) {
      return false;
    }
    double smaller = Math.min(area + 1e-10, other.area + 1e-10);
    double wanted = threshold * smaller;
    prepare();
    other.prepare();
    if (outer != null && other.outer != null) {
      // rounding of crossings to integers moves an area by less than this
      double slack = 6 + 0.05 * smaller;
      if (common(outer, firstRow, other.outer, other.firstRow) + slack < wanted) {
        return false;
      }
      if (common(inner, firstRow, other.inner, other.firstRow) - slack > wanted) {
        return true;
      }
    }
    float intersection = (float) PolygonIntersection.area(this, other);
    return (float) (intersection / smaller) > threshold;
  }

  private static double common(float[] a, int firstA, float[] b, int firstB) {
    double sum = 0;
    int from = Math.max(firstA, firstB);
    int to = Math.min(firstA + a.length / 2, firstB + b.length / 2);
    for (int row = from; row < to; row++) {
      int i = 2 * (row - firstA);
      int j = 2 * (row - firstB);
      float width = Math.min(a[i + 1], b[j + 1]) - Math.max(a[i], b[j]);
      sum += width > 0 ? width : 0;
    }
    return sum;
  }

  /**
   * Computes the row spans: outer from the leftmost to the rightmost point of the row, inner the
   * part that is inside all over the row where exactly two edges cross it (else nothing).
   */
  private void prepare() {
    int last = Integer.MIN_VALUE;
    for (int y : ys) {
      last = Math.max(last, y);
    }
    int rows = last - firstRow;
    if (outer != null || rows <= 0 || rows > MOST_ROWS) {
      return;
    }
    float[] out = new float[2 * rows];
    float[] in = new float[2 * rows];
    int[] crossings = new int[rows];
    for (int r = 0; r < rows; r++) {
      out[2 * r] = Float.POSITIVE_INFINITY;
      out[2 * r + 1] = Float.NEGATIVE_INFINITY;
      in[2 * r] = Float.POSITIVE_INFINITY; // least of the edges' right ends
      in[2 * r + 1] = Float.NEGATIVE_INFINITY; // greatest of the edges' left ends
    }
    for (int k = 0; k < xs.length; k++) {
      int next = k + 1 == xs.length ? 0 : k + 1;
      int y0 = Math.min(ys[k], ys[next]);
      int y1 = Math.max(ys[k], ys[next]);
      if (y0 == y1) {
        continue;
      }
      double top = ys[k] < ys[next] ? xs[k] : xs[next];
      double slope = ((ys[k] < ys[next] ? xs[next] : xs[k]) - top) / (y1 - y0);
      for (int y = y0; y < y1; y++) {
        int r = y - firstRow;
        float a = (float) (top + slope * (y - y0));
        float b = (float) (top + slope * (y + 1 - y0));
        float low = Math.min(a, b);
        float high = Math.max(a, b);
        crossings[r]++;
        out[2 * r] = Math.min(out[2 * r], low);
        out[2 * r + 1] = Math.max(out[2 * r + 1], high);
        in[2 * r] = Math.min(in[2 * r], high);
        in[2 * r + 1] = Math.max(in[2 * r + 1], low);
      }
    }
    for (int r = 0; r < rows; r++) {
      if (crossings[r] != 2) {
        in[2 * r] = 0;
        in[2 * r + 1] = 0;
      }
    }
    outer = out;
    inner = in;
  }
}
