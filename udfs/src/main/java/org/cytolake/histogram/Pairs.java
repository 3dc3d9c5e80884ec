package org.cytolake.histogram;

/**
 * The intensities of two channels, pixel by pixel or tuple by tuple. One can go through them again
 * and again, in the same order.
 */
@FunctionalInterface
public interface Pairs {
  /** Takes one pair. */
  @FunctionalInterface
  interface Each {
    /**
     * Takes it.
     *
     * @param x finite intensity of the first channel
     * @param y finite intensity of the second channel
     * @param count pixels that have both, 1 or more
     */
    void pair(double x, double y, long count);
  }

  /** Goes through all. */
  void each(Each to);
}
