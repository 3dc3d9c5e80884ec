package org.cytolake.stardist.clip;

import java.util.Arrays;
import java.util.Random;
import org.cytolake.stardist.Lcg;

/** Pairs of polygons, drawn as golden/lcg.py does. */
final class Shapes {
  /** Vertices: columns and rows. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Shape(int[] xs, int[] ys) {
    Shape movedBy(int dx, int dy) {
      return new Shape(
          Arrays.stream(xs).map(x -> x + dx).toArray(),
          Arrays.stream(ys).map(y -> y + dy).toArray());
    }

    private void set(int k, int x, int y) {
      xs[k] = x;
      ys[k] = y;
    }
  }

  private static final String[] KINDS = {
    "smooth", "jagged", "smooth", "crossed", "jagged", "random", "smooth", "level"
  };

  private Shapes() {}

  static Shape[] pair(int seed) {
    Lcg lcg = new Lcg(seed);
    String kind = KINDS[seed % 8];
    int rays = new int[] {8, 32, 64}[lcg.below(3)];
    int radius = lcg.between(2 * 64, new int[] {6, 40}[lcg.below(2)] * 64);
    int y = lcg.between(-5, 90);
    int x = lcg.between(-5, 90);
    Shape a = polygon(lcg, kind, rays, radius, y, x);
    int shift = radius * 3 / 2;
    y += Math.floorDiv(lcg.between(-shift, shift), 64);
    x += Math.floorDiv(lcg.between(-shift, shift), 64);
    Shape b = polygon(lcg, kind, rays, radius * lcg.between(60, 120) / 100, y, x);
    switch (lcg.below(12)) {
      case 0 -> b = a;
      case 1 -> b = a.movedBy(lcg.between(-4, 4), lcg.between(-4, 4));
      case 2 -> {
        for (int k = 0; k < rays; k++) {
          if (lcg.below(4) != 0) {
            b.set(k, a.xs[k], a.ys[k]);
          }
        }
      }
      default -> {}
    }
    return new Shape[] {a, b};
  }

  private static Shape polygon(Lcg lcg, String kind, int rays, int radius, int y, int x) {
    return switch (kind) {
      case "smooth" -> star(lcg.distances(rays, radius, 35, 6), y, x);
      case "jagged" -> star(lcg.distances(rays, radius, 30, 90), y, x);
      case "crossed" -> star(lcg.distances(rays, radius, 30, 250), y, x);
      default -> corners(lcg, rays, radius / 64 + 1, y, x, kind.equals("level"));
    };
  }

  private static Shape star(int[] dist, int y, int x) {
    Shape star = new Shape(new int[dist.length], new int[dist.length]);
    float step = (float) (2 * Math.PI / dist.length);
    for (int k = 0; k < dist.length; k++) {
      float angle = step * k;
      float d = dist[k] / 64f;
      star.set(k, (int) (x + d * (float) Math.cos(angle)), (int) (y + d * (float) Math.sin(angle)));
    }
    return star;
  }

  private static Shape corners(Lcg lcg, int n, int side, int y, int x, boolean level) {
    Shape shape = new Shape(new int[n], new int[n]);
    for (int k = 0; k < n; k++) {
      shape.set(k, x + lcg.between(-side, side), y + lcg.between(-side, side));
    }
    for (int k = 1; level && k < n; k += 2) {
      shape.set(k, shape.xs[(k + 1) % n], shape.ys[k - 1]);
    }
    return shape;
  }

  /** A convex polygon: the corners of an ellipse in turn, or a triangle. */
  static Shape convex(Random random, int cy, int cx, int radius) {
    int n = 3 + random.nextInt(12);
    double start = random.nextDouble();
    Shape shape = new Shape(new int[n], new int[n]);
    for (int k = 0; k < n; k++) {
      double angle = 2 * Math.PI * (k + start) / n;
      shape.set(
          k,
          cx + (int) Math.round(radius * Math.cos(angle)),
          cy + (int) Math.round(radius * Math.sin(angle)));
    }
    return shape;
  }
}
