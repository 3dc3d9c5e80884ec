package org.cytolake.stardist.clip;

import java.util.ArrayList;
import java.util.List;

/**
 * The intersection of two closed polygons with integer vertices that may cross themselves; inside
 * is where the winding number is not zero. Equal to what Clipper 6.4.2 makes of the first as clip
 * and the second as subject polygon, rounding of crossings included. Coordinates lie within 2^29 of
 * 0.
 */
public final class PolygonIntersection {
  private PolygonIntersection() {}

  /**
   * Sum of the absolute areas of the rings, square pixels, as {@code stardist} computes it: in
   * 32-bit floating point, holes included.
   */
  public static float area(int[] firstXs, int[] firstYs, int[] secondXs, int[] secondYs) {
    float sum = 0;
    for (Corner head : heads(firstXs, firstYs, secondXs, secondYs)) {
      float area = 0;
      Corner c = head;
      do {
        Corner next = c.previous;
        area += (float) ((long) c.x * next.y - (long) c.y * next.x);
        c = next;
      } while (c != head);
      sum += 0.5f * Math.abs(area);
    }
    return sum;
  }

  /** The rings, each as x and y of its corners in turn. */
  static List<int[]> rings(int[] firstXs, int[] firstYs, int[] secondXs, int[] secondYs) {
    List<int[]> rings = new ArrayList<>();
    for (Corner head : heads(firstXs, firstYs, secondXs, secondYs)) {
      List<Integer> points = new ArrayList<>();
      Corner c = head;
      do {
        points.add(c.x);
        points.add(c.y);
        c = c.previous;
      } while (c != head);
      rings.add(points.stream().mapToInt(Integer::intValue).toArray());
    }
    return rings;
  }

  /** First corners of the rings, which are read backwards. */
  private static List<Corner> heads(int[] firstXs, int[] firstYs, int[] secondXs, int[] secondYs) {
    List<LocalMinimum> minima = new ArrayList<>();
    LocalMinimum.ofPolygon(firstXs, firstYs, true, minima);
    LocalMinimum.ofPolygon(secondXs, secondYs, false, minima);
    Rings rings = new Sweep(minima).run();
    if (rings == null) {
      return List.of();
    }
    for (OutputRing ring : rings.all) {
      if (ring.head != null) {
        ring.orient();
      }
    }
    new RingJoins(rings).joinAll();
    List<Corner> heads = new ArrayList<>();
    for (OutputRing ring : rings.all) {
      if (ring.head != null) {
        ring.simplify();
      }
      if (ring.head != null) {
        heads.add(ring.head.previous);
      }
    }
    return heads;
  }
}
