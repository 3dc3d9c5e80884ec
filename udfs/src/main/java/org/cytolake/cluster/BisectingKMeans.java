package org.cytolake.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.WeightedPoints;

/**
 * Clusters that come from halving, again and again, the one with the largest sum of squared
 * distances by {@link KMeans} (Steinbach, Karypis, Kumar 2000, "A comparison of document clustering
 * techniques"), as {@code sklearn.cluster.BisectingKMeans} of the pixels one by one.
 */
public final class BisectingKMeans {
  private BisectingKMeans() {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Leaf(int[] tuples, double cost) {}

  /**
   * Fits.
   *
   * @param k number of clusters, at least 1
   * @param options of every halving
   * @return no result if fewer than {@code k} tuples differ
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public static Outcome<Clustering> fit(WeightedPoints points, int k, KMeans.Options options) {
    if (k < 1) {
      throw new IllegalArgumentException("at least one cluster, not " + k);
    }
    if (points.distinct() < k) {
      return Unfitted.tooFew(points, k);
    }
    List<Leaf> leaves = new ArrayList<>();
    leaves.add(leaf(points, IntStream.range(0, points.size()).toArray()));
    int iterations = 0;
    boolean converged = true;
    while (leaves.size() < k) {
      int largest = 0;
      for (int l = 1; l < leaves.size(); l++) {
        largest = leaves.get(l).cost() > leaves.get(largest).cost() ? l : largest;
      }
      int[] tuples = leaves.remove(largest).tuples();
      Clustering halves = KMeans.carefully(points.only(tuples), 2, options); // they differ
      iterations += halves.iterations();
      converged &= halves.converged();
      for (int half = 1; half <= 2; half++) {
        int label = half;
        leaves.add(
            leaf(
                points,
                IntStream.range(0, tuples.length)
                    .filter(i -> halves.labels()[i] == label)
                    .map(i -> tuples[i])
                    .toArray()));
      }
    }
    int[] clusters = new int[points.size()];
    for (int l = 0; l < k; l++) {
      for (int tuple : leaves.get(l).tuples()) {
        clusters[tuple] = l;
      }
    }
    return new Fitted<>(Clustering.of(points, clusters, k, Math.max(1, iterations), converged));
  }

  /** Of distinct tuples a leaf costs more than 0; of equal ones exactly 0, so none is halved. */
  private static Leaf leaf(WeightedPoints points, int[] tuples) {
    WeightedPoints own = points.only(tuples);
    if (own.distinct() == 1) {
      return new Leaf(tuples, 0);
    }
    double[] mean = own.mean();
    double cost = Double.MIN_VALUE;
    for (int i = 0; i < tuples.length; i++) {
      cost += own.weight(i) * own.squaredDistance(i, mean);
    }
    return new Leaf(tuples, cost);
  }
}
