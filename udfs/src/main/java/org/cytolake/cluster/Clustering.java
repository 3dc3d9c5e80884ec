package org.cytolake.cluster;

import java.util.Map;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.points.ClusterSummary;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Clusters by k-means, whole, in mini-batches, or bisecting. Clusters ascend by the first channel
 * of their centres, ties by the next.
 *
 * @param centres {@code [cluster][channel]}, the mean of the cluster's pixels (of mini-batches, of
 *     those drawn)
 * @param labels per tuple its cluster, from 1
 * @param cost sum over pixels of the squared distance to the cluster's centre
 * @param iterations of the start that was best
 * @param converged whether that start came to rest within the limit of iterations
 * @param coreset what it was fitted to in place of the tuples
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Clustering(
    double[][] centres,
    int[] labels,
    double cost,
    int iterations,
    boolean converged,
    Coreset coreset)
    implements Clusters {
  /** Fitted to the tuples themselves. */
  public Clustering(
      double[][] centres, int[] labels, double cost, int iterations, boolean converged) {
    this(centres, labels, cost, iterations, converged, Coreset.NONE);
  }

  public Clustering {
    if (centres.length == 0 || !(cost >= 0) || iterations < 0) {
      throw new IllegalArgumentException(
          "no clustering: " + centres.length + " centres, cost " + cost);
    }
  }

  /**
   * Of labels from anywhere, which become ordered.
   *
   * @param clusters per tuple its cluster, from 0
   * @param k number of clusters, none of them empty
   */
  public static Clustering of(
      WeightedPoints points, int[] clusters, int k, int iterations, boolean converged) {
    int[] labels = Ordering.labelsByMean(points, clusters, k);
    double[][] means = new double[k][];
    for (ClusterSummary s : ClusterSummary.of(points, labels, k)) {
      means[s.cluster() - 1] = s.mean();
    }
    double cost = 0;
    for (int i = 0; i < labels.length; i++) {
      cost += points.weight(i) * points.squaredDistance(i, means[labels[i] - 1]);
    }
    return new Clustering(means, labels, cost, iterations, converged);
  }

  @Override
  public int k() {
    return centres.length;
  }

  @Override
  public Map<Criterion, Double> scores() {
    return Map.of(Criterion.COST, cost);
  }
}
