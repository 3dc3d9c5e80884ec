package org.cytolake.cluster;

/**
 * Clusters without a model. Clusters ascend by the mean of the first channel, ties by the next.
 *
 * @param k number of clusters, 0 or more
 * @param labels per tuple its cluster, from 1, or 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Partition(int k, int[] labels) implements Clusters {
  public Partition {
    if (k < 0) {
      throw new IllegalArgumentException("a partition into " + k + " clusters");
    }
    for (int label : labels) {
      if (label < 0 || label > k) {
        throw new IllegalArgumentException("label " + label + " among " + k + " clusters");
      }
    }
  }
}
