package org.cytolake.cluster;

import java.io.Serializable;

/**
 * Clusters without a model. Clusters ascend by the mean of the first channel, ties by the next.
 *
 * @param clusters number of clusters, 0 or more
 * @param labels per tuple its cluster, from 1, or 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Partition(int clusters, int[] labels) implements Serializable {
  public Partition {
    if (clusters < 0) {
      throw new IllegalArgumentException("a partition into " + clusters + " clusters");
    }
    for (int label : labels) {
      if (label < 0 || label > clusters) {
        throw new IllegalArgumentException("label " + label + " among " + clusters + " clusters");
      }
    }
  }
}
