package org.cytolake.cluster;

import java.io.Serializable;

/**
 * What a model was fitted to in place of all tuples: fewer weighted points, each the mean of the
 * pixels of a cell, with their covariance.
 *
 * @param points how many; 0: it was fitted to the tuples themselves
 * @param error how far the value that was optimised is from that of all tuples: of a mixture the
 *     log-likelihood of a pixel that the points' lower bound lacks, of k-means the share by which
 *     the points' cost lies above the tuples'
 */
public record Coreset(int points, double error) implements Serializable {
  /** Of a model that was fitted to all tuples. */
  public static final Coreset NONE = new Coreset(0, 0);

  public Coreset {
    if (points < 0 || !(error >= 0)) {
      throw new IllegalArgumentException("a coreset of " + points + " points, error " + error);
    }
  }
}
