package org.cytolake.cluster;

/**
 * Clusters around modes of the density or exemplars, ascending by the first channel of those, ties
 * by the next.
 *
 * @param centres the modes or exemplars, {@code [cluster][channel]}
 * @param labels per tuple the nearest centre, from 1
 * @param iterations 0 where there are none to stop
 * @param converged whether it came to rest within the limit of iterations
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Modes(double[][] centres, int[] labels, int iterations, boolean converged)
    implements Clusters {
  /** Without iterations to stop. */
  Modes(double[][] centres, int[] labels) {
    this(centres, labels, 0, true);
  }

  public Modes {
    if (centres.length == 0) {
      throw new IllegalArgumentException("at least one mode");
    }
  }

  @Override
  public int k() {
    return centres.length;
  }
}
