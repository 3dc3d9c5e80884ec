package org.cytolake.cluster;

import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Clusters of a map's nodes. Clusters ascend by the first channel of their means, ties by the next.
 *
 * @param k number of clusters
 * @param labels per tuple the cluster of its nearest node, from 1
 * @param nodes {@code [node][channel]}
 * @param ofNodes per node its cluster, from 1; 0 for one that no tuple is nearest to
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

  /** From the clusters of nodes, which become ordered by the means of their tuples. */
  static NodeClusters of(WeightedPoints points, SelfOrganizingMap map, int[] clusters, int k) {
    int[] ofTuples = new int[points.size()];
    for (int i = 0; i < ofTuples.length; i++) {
      ofTuples[i] = clusters[map.nearest()[i]];
    }
    int[] labels = Ordering.labelsByMean(points, ofTuples, k);
    int[] ofNodes = new int[map.nodes().length];
    for (int i = 0; i < labels.length; i++) {
      ofNodes[map.nearest()[i]] = labels[i];
    }
    return new NodeClusters(k, labels, map.nodes(), ofNodes);
  }
}
