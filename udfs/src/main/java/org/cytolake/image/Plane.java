package org.cytolake.image;

/** Intensities of one channel, by row-major index. */
@FunctionalInterface
public interface Plane {
  /** The raw intensity at a row-major index. */
  double at(int index);
}
