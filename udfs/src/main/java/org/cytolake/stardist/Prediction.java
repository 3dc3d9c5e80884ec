package org.cytolake.stardist;

/**
 * What a StarDist network predicts for a (padded) image: for every cell of the grid, row by row,
 * the probability that an object is there, and the distances from the cell to the object's border.
 */
public interface Prediction {
  /** Rows of the grid. */
  int height();

  /** Columns of the grid. */
  int width();

  /** Number of distances of a cell; ray k points to (y, x) = (sin, cos)(2 pi k / rays). */
  int rays();

  /** Pixels between cells. */
  int grid();

  /** Probability of a cell, 0 to 1. */
  float prob(int cell);

  /**
   * Probabilities of cells that follow each other.
   *
   * @param into receives as many as it has elements
   */
  default void probs(int firstCell, float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = prob(firstCell + i);
    }
  }

  /** Distance of a cell along a ray, pixels. */
  float dist(int cell, int ray);
}
