package org.cytolake.image;

/** Intensities of one channel, by row-major index. */
@FunctionalInterface
public interface Plane {
  /** The raw intensity at a row-major index. */
  double at(int index);

  /**
   * Reads {@code count} of them from an index on.
   *
   * @param into receives them from index {@code to} on
   */
  default void read(int first, int count, double[] into, int to) {
    for (int i = 0; i < count; i++) {
      into[to + i] = at(first + i);
    }
  }

  /**
   * Reads {@code count} of them from an index on, in single precision.
   *
   * @param into receives them from index {@code to} on
   */
  default void floats(int first, int count, float[] into, int to) {
    for (int i = 0; i < count; i++) {
      into[to + i] = (float) at(first + i);
    }
  }
}
