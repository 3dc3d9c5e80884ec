package org.cytolake.cluster;

/**
 * Clusters around the modes of the density, ascending by the first channel of the mode, ties by the
 * next.
 *
 * @param centres the modes, {@code [cluster][channel]}
 * @param labels per tuple the nearest mode, from 1
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Modes(double[][] centres, int[] labels) implements Clusters {
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
