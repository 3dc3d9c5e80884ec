package org.cytolake.cluster;

import java.io.Serializable;

/**
 * Clusters by k-means. Clusters ascend by the first channel of their centres, ties by the next.
 *
 * @param centres {@code [cluster][channel]}, the mean of the cluster's pixels
 * @param labels per tuple its cluster, from 1
 * @param cost sum over pixels of the squared distance to the cluster's centre
 * @param iterations of the start that was best
 * @param converged whether that start came to rest within the limit of iterations
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Clustering(
    double[][] centres, int[] labels, double cost, int iterations, boolean converged)
    implements Serializable {
  public Clustering {
    if (centres.length == 0 || !(cost >= 0) || iterations < 0) {
      throw new IllegalArgumentException(
          "no clustering: " + centres.length + " centres, cost " + cost);
    }
  }

  /** Number of clusters. */
  public int k() {
    return centres.length;
  }
}
