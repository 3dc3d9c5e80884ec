package org.cytolake.stardist;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cytolake.stardist.clip.PolygonIntersection;

/**
 * A star's border with integer vertices, as it is compared during suppression: the coordinates of
 * {@code stardist}'s C++ code in 32-bit floating point, truncated towards zero. Its sines are those
 * of the C library, here correctly rounded; glibc's are so too for 8 to 48 rays in steps of 4, and
 * for 64 rays but for the last bit of one of them.
 */
final class StarPolygon {
  private static final int FARTHEST = 1 << 29;

  /** A truncated vertex is nearer than this to where it was, pixels, rounding included. */
  private static final double TRUNCATION = 1.5;

  /** Sine and cosine of every ray, by the number of rays. */
  private static final Map<Integer, float[][]> DIRECTIONS = new ConcurrentHashMap<>();

  final int[] xs;
  final int[] ys;
  final int maxX;
  final int minY;
  final int maxY;
  private final int minX;
  private final float area;
  private final int x;
  private final int y;
  private final double core; // radius of a disc around (y, x) within the border; may be below 0

  private StarPolygon(Star star, int[] xs, int[] ys) {
    this.xs = xs;
    this.ys = ys;
    this.x = star.x();
    this.y = star.y();
    float nearest = Float.POSITIVE_INFINITY;
    for (float d : star.dist()) {
      nearest = Math.min(nearest, d);
    }
    this.core = nearest * Math.cos(Math.PI / xs.length) - TRUNCATION;
    int left = Integer.MAX_VALUE;
    int right = Integer.MIN_VALUE;
    int top = Integer.MAX_VALUE;
    int bottom = Integer.MIN_VALUE;
    for (int k = 0; k < xs.length; k++) {
      left = Math.min(left, xs[k]);
      right = Math.max(right, xs[k]);
      top = Math.min(top, ys[k]);
      bottom = Math.max(bottom, ys[k]);
    }
    if (left < -FARTHEST || top < -FARTHEST || right > FARTHEST || bottom > FARTHEST) {
      throw new IllegalArgumentException(
          "a star from ("
              + left
              + ", "
              + top
              + ") to ("
              + right
              + ", "
              + bottom
              + ") is too large");
    }
    this.minX = left;
    this.maxX = right;
    this.minY = top;
    this.maxY = bottom;
    this.area = area(xs, ys);
  }

  static StarPolygon of(Star star) {
    int rays = star.dist().length;
    int[] xs = new int[rays];
    int[] ys = new int[rays];
    float[][] directions = DIRECTIONS.computeIfAbsent(rays, StarPolygon::directions);
    for (int k = 0; k < rays; k++) {
      ys[k] = (int) (star.y() + star.dist()[k] * directions[0][k]);
      xs[k] = (int) (star.x() + star.dist()[k] * directions[1][k]);
    }
    return new StarPolygon(star, xs, ys);
  }

  private static float[][] directions(int rays) {
    float[][] directions = new float[2][rays];
    float step = (float) (2 * Math.PI / rays);
    for (int k = 0; k < rays; k++) {
      float angle = step * k;
      directions[0][k] = (float) Math.sin(angle);
      directions[1][k] = (float) Math.cos(angle);
    }
    return directions;
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

  /** Whether the rectangles around the two stars meet. */
  boolean isNear(StarPolygon other) {
    return other.minX <= maxX && minX <= other.maxX && other.minY <= maxY && minY <= other.maxY;
  }

  /** Whether intersection over smaller area is above the threshold. */
  boolean overlapsMore(StarPolygon other, float threshold) {
    if (!isNear(other)) {
      return false;
    }
    float intersection = PolygonIntersection.area(xs, ys, other.xs, other.ys);
    return (float) (intersection / smaller(other)) > threshold;
  }

  /** The smaller of the two areas, square pixels, above 0. */
  double smaller(StarPolygon other) {
    return Math.min(area + 1e-10, other.area + 1e-10);
  }

  /** Width of the rectangle that the two stars' rectangles have in common. */
  double commonWidth(StarPolygon other) {
    return (double) Math.min(maxX, other.maxX) - Math.max(minX, other.minX);
  }

  /** Its height. */
  double commonHeight(StarPolygon other) {
    return (double) Math.min(maxY, other.maxY) - Math.max(minY, other.minY);
  }

  /**
   * A lower bound of the true area in common, square pixels: two discs of radius r at a distance d
   * have 2 r² acos(d / 2r) - d sqrt(r² - d² / 4) in common, which is convex in d and so lies above
   * its tangent at 0.
   */
  double discsInCommon(StarPolygon other) {
    double radius = Math.max(0, Math.min(core, other.core));
    double dx = (double) x - other.x;
    double dy = (double) y - other.y;
    return radius * (Math.PI * radius - 2 * Math.sqrt(dx * dx + dy * dy));
  }
}
