package org.cytolake.cluster;

import java.util.Arrays;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Clusters of nodes: of a map, or the means of Birch's small clusters. Clusters ascend by the first
 * channel of their means, ties by the next.
 *
 * @param k number of clusters
 * @param labels per tuple the cluster of its nearest node, from 1
 * @param nodes {@code [node][channel]}
 * @param ofNodes per node its cluster, from 1; 0 for a map's that no tuple is nearest to
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record NodeClusters(int k, int[] labels, double[][] nodes, int[] ofNodes)
    implements Clusters {
  public NodeClusters {
    if (nodes.length != ofNodes.length) {
      throw new IllegalArgumentException(
          nodes.length + " nodes with " + ofNodes.length + " clusters");
    }
  }

  /**
   * From the clusters of nodes, which become ordered by the means of their tuples.
   *
   * @param nearest per tuple its nearest node, from 0
   * @param cut of the nodes; 0 for one that no tuple is nearest to
   * @return no result where a cluster's nodes are nearest to no tuple
   */
  public static Outcome<NodeClusters> of(
      WeightedPoints points, double[][] nodes, int[] nearest, Partition cut) {
    int[] clusters = new int[points.size()];
    boolean[] used = new boolean[cut.k()];
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] = cut.labels()[nearest[i]] - 1;
      used[clusters[i]] = true;
    }
    for (boolean one : used) {
      if (!one) {
        return new Unfitted<>(
            "of " + cut.k() + " clusters of nodes one is nearest to no pixel; take fewer clusters");
      }
    }
    int[] labels = Ordering.labelsByMean(points, clusters, cut.k());
    int[] ofClusters = new int[cut.k() + 1];
    for (int i = 0; i < labels.length; i++) {
      ofClusters[clusters[i] + 1] = labels[i];
    }
    int[] ofNodes = Arrays.stream(cut.labels()).map(cluster -> ofClusters[cluster]).toArray();
    return new Fitted<>(new NodeClusters(cut.k(), labels, nodes, ofNodes));
  }
}
