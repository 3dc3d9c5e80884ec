package org.cytolake.source;

import java.io.Serializable;

/**
 * Bounds on x and y that predicates give, both ends included; {@link #ALL} where they give none.
 */
record Region(int minX, int maxX, int minY, int maxY) implements Serializable {
  static final Region ALL = new Region(0, Integer.MAX_VALUE, 0, Integer.MAX_VALUE);

  boolean isAll() {
    return equals(ALL);
  }

  boolean isEmpty() {
    return minX > maxX || minY > maxY;
  }

  @Override
  public String toString() {
    return "x " + bounds(minX, maxX) + ", y " + bounds(minY, maxY);
  }

  private static String bounds(int min, int max) {
    return "[" + min + ", " + (max == Integer.MAX_VALUE ? "" : max) + "]";
  }
}
