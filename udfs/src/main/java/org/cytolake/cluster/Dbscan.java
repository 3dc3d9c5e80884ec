package org.cytolake.cluster;

import java.util.Arrays;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.Neighbours;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Clusters as dense regions (Ester, Kriegel, Sander, Xu 1996, "A density-based algorithm for
 * discovering clusters"), as {@code sklearn.cluster.DBSCAN} with pixels as sample weights.
 */
public final class Dbscan {
  /** The most tuples that are taken: the time grows with their neighbours. */
  public static final int MAX_TUPLES = 100_000;

  private Dbscan() {}

  /**
   * Fits.
   *
   * @param eps the distance up to which tuples are neighbours, above 0
   * @param minSamples pixels on and around a tuple, itself included, that make it dense; at least 1
   * @return no result without pixels or above {@link #MAX_TUPLES}; pixels in no dense region have
   *     label 0
   * @throws IllegalArgumentException if an option is out of range
   */
  public static Outcome<Partition> fit(WeightedPoints points, double eps, long minSamples) {
    if (!(eps > 0 && Double.isFinite(eps)) || minSamples < 1) {
      throw new IllegalArgumentException(
          "DBSCAN needs a distance above 0 and at least 1 pixel, not "
              + eps
              + " and "
              + minSamples);
    }
    if (points.size() == 0) {
      return Unfitted.tooFew(points, 1);
    }
    if (points.size() > MAX_TUPLES) {
      return Unfitted.tooMany("DBSCAN", MAX_TUPLES, points);
    }
    Neighbours neighbours = new Neighbours(points, eps);
    boolean[] dense = new boolean[points.size()];
    double[] centre = new double[points.channels()];
    for (int i = 0; i < dense.length; i++) {
      int n = neighbours.find(points.copy(i, centre));
      long pixels = 0;
      for (int j = 0; j < n; j++) {
        pixels += points.weight(neighbours.found(j));
      }
      dense[i] = pixels >= minSamples;
    }
    int[] clusters = new int[dense.length];
    Arrays.fill(clusters, -1);
    int[] stack = new int[dense.length];
    int count = 0;
    for (int i = 0; i < dense.length; i++) {
      if (dense[i] && clusters[i] < 0) {
        clusters[i] = count;
        stack[0] = i;
        expand(points, neighbours, dense, clusters, stack);
        count++;
      }
    }
    return new Fitted<>(new Partition(count, Ordering.labelsByMean(points, clusters, count)));
  }

  /** Gives the cluster of the dense tuple on the stack to all that dense tuples connect it with. */
  private static void expand(
      WeightedPoints points, Neighbours neighbours, boolean[] dense, int[] clusters, int[] stack) {
    double[] centre = new double[points.channels()];
    int cluster = clusters[stack[0]];
    for (int height = 1; height > 0; ) {
      int n = neighbours.find(points.copy(stack[--height], centre));
      for (int j = 0; j < n; j++) {
        int next = neighbours.found(j);
        if (clusters[next] < 0) {
          clusters[next] = cluster;
          if (dense[next]) {
            stack[height++] = next;
          }
        }
      }
    }
  }
}
