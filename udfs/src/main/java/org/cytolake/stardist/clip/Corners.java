package org.cytolake.stardist.clip;

/** Questions about closed chains of corners. */
final class Corners {
  private Corners() {}

  static void reverse(Corner start) {
    Corner c = start;
    do {
      Corner next = c.next;
      c.next = c.previous;
      c.previous = next;
      c = next;
    } while (c != start);
  }

  /** Square pixels; the sign tells the direction. */
  static double signedArea(Corner start) {
    double sum = 0;
    Corner c = start;
    do {
      sum += ((double) c.previous.x + c.x) * ((double) c.previous.y - c.y);
      c = c.next;
    } while (c != start);
    return sum / 2;
  }

  /** The corner with the largest row, of these the leftmost. */
  static Corner bottom(Corner start) {
    Corner lowest = start;
    Corner twin = null;
    Corner c = start.next;
    while (c != lowest) {
      if (c.y > lowest.y || (c.y == lowest.y && c.x < lowest.x)) {
        lowest = c;
        twin = null;
      } else if (c.coincidesWith(lowest) && c.next != lowest && c.previous != lowest) {
        twin = c;
      }
      c = c.next;
    }
    while (twin != null && twin != c) {
      if (!isFirstLower(c, twin)) {
        lowest = twin;
      }
      do {
        twin = twin.next;
      } while (!twin.coincidesWith(lowest));
    }
    return lowest;
  }

  /** Of two bottoms at one point: whether the sides of the first lie below those of the other. */
  static boolean isFirstLower(Corner a, Corner b) {
    double a0 = steepness(a, a.elsewhere(false));
    double a1 = steepness(a, a.elsewhere(true));
    double b0 = steepness(b, b.elsewhere(false));
    double b1 = steepness(b, b.elsewhere(true));
    if (Math.max(a0, a1) == Math.max(b0, b1) && Math.min(a0, a1) == Math.min(b0, b1)) {
      return signedArea(a) > 0;
    }
    return (a0 >= b0 && a0 >= b1) || (a1 >= b0 && a1 >= b1);
  }

  private static double steepness(Corner from, Corner to) {
    return Math.abs(SweepEdge.slope(from.x, from.y, to.x, to.y));
  }

  /** Whether the inner chain lies inside the outer one; they may touch but not cross. */
  static boolean contains(Corner outer, Corner inner) {
    Corner c = inner;
    do {
      int side = side(c.x, c.y, outer);
      if (side != 0) {
        return side > 0;
      }
      c = c.next;
    } while (c != inner);
    return true;
  }

  /**
   * Whether a point lies inside (1), on (0) or outside (-1) of a chain, by counting crossings (K.
   * Hormann, A. Agathos 2001).
   */
  private static int side(int x, int y, Corner chain) {
    int side = -1;
    Corner a = chain;
    do {
      Corner b = a.next;
      boolean isOnLevelEdge = a.y == y && b.y == y && b.x > x == a.x < x;
      if (b.isAt(x, y) || isOnLevelEdge) {
        return 0;
      }
      if (a.y < y != b.y < y && (a.x >= x || b.x > x)) {
        if (a.x >= x && b.x > x) {
          side = -side;
        } else {
          double cross =
              ((double) a.x - x) * ((double) b.y - y) - ((double) b.x - x) * ((double) a.y - y);
          if (cross == 0) {
            return 0;
          }
          side = cross > 0 == b.y > a.y ? -side : side;
        }
      }
      a = b;
    } while (a != chain);
    return side;
  }
}
