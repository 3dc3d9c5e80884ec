package org.cytolake.source.read;

import java.io.Serializable;
import java.util.Optional;
import org.cytolake.field.Columns;

/**
 * Bounds on x and y that predicates give, both ends included; {@link #ALL} where they give none.
 *
 * @param given whether they give some, be it ones that every pixel satisfies: what has no position
 *     satisfies none
 */
public record Bounds(int minX, int maxX, int minY, int maxY, boolean given)
    implements Serializable {
  public static final Bounds ALL = new Bounds(0, Integer.MAX_VALUE, 0, Integer.MAX_VALUE, false);

  /**
   * This region within a comparison of x or y with a whole number; empty where it is no such
   * comparison.
   */
  public Optional<Bounds> narrow(Condition.Compare compare) {
    boolean isX = compare.column().equals(Columns.X);
    if (!isX && !compare.column().equals(Columns.Y)) {
      return Optional.empty();
    }
    double bound = (Double) compare.value();
    double low = 0;
    double high = Integer.MAX_VALUE;
    switch (compare.op()) {
      case EQ -> {
        low = bound;
        high = bound;
      }
      case LT -> high = Math.ceil(bound) - 1;
      case LE -> high = Math.floor(bound);
      case GT -> low = Math.floor(bound) + 1;
      case GE -> low = Math.ceil(bound);
      case NE -> {
        return Optional.empty();
      }
    }
    int min = (int) Math.min(Integer.MAX_VALUE, Math.max(Math.ceil(low), isX ? minX : minY));
    int max = (int) Math.max(-1, Math.min(Math.floor(high), isX ? maxX : maxY));
    return Optional.of(
        isX ? new Bounds(min, max, minY, maxY, true) : new Bounds(minX, maxX, min, max, true));
  }

  @Override
  public String toString() {
    return "x " + bounds(minX, maxX) + ", y " + bounds(minY, maxY);
  }

  private static String bounds(int min, int max) {
    return "[" + min + ", " + (max == Integer.MAX_VALUE ? "" : max) + "]";
  }
}
