package org.cytolake.cluster;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/** All merges of tuples into one cluster, by ascending height. */
public final class MergeTree implements Serializable {
  private static final long serialVersionUID = 1;

  private final WeightedPoints points;
  private final int[] left;
  private final int[] right;
  private final double[] heights;

  /**
   * @param left per merge a tuple of one cluster, and {@code right} one of the other; in any order
   *     that has a cluster's own merges before it, or at the same height
   */
  MergeTree(WeightedPoints points, int[] left, int[] right, double[] heights) {
    int[] order = Ordering.ascending(heights);
    this.points = points;
    this.left = Arrays.stream(order).map(m -> left[m]).toArray();
    this.right = Arrays.stream(order).map(m -> right[m]).toArray();
    this.heights = Ordering.apply(order, heights);
  }

  /** Number of tuples that differ. */
  public int distinct() {
    return points.distinct();
  }

  /** The height of every merge, ascending, one less than tuples, as scipy has it. */
  public double[] heights() {
    return heights.clone();
  }

  /**
   * The clusters where so many are left.
   *
   * @return no result if fewer than {@code k} tuples differ
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public Outcome<Partition> cut(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("at least one cluster, not " + k);
    }
    if (points.distinct() < k) {
      return Unfitted.tooFew(points, k);
    }
    int[] parent = IntStream.range(0, points.size()).toArray();
    for (int m = 0; m < points.size() - k; m++) {
      parent[root(parent, right[m])] = root(parent, left[m]);
    }
    int[] number = new int[parent.length];
    int[] clusters = new int[parent.length];
    int count = 0;
    for (int i = 0; i < parent.length; i++) {
      int root = root(parent, i);
      if (number[root] == 0) {
        number[root] = ++count;
      }
      clusters[i] = number[root] - 1;
    }
    return new Fitted<>(new Partition(k, Ordering.labelsByMean(points, clusters, k)));
  }

  /**
   * The clusters where no merge is as high as a distance (scikit-learn's {@code
   * distance_threshold}).
   *
   * @throws IllegalArgumentException if the distance is not above 0
   */
  public Outcome<Partition> cutBelow(double distance) {
    if (!(distance > 0)) {
      throw new IllegalArgumentException("a distance above 0, not " + distance);
    }
    return cut(1 + (int) Arrays.stream(heights).filter(h -> h >= distance).count());
  }

  private static int root(int[] parent, int i) {
    int at = i;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }
}
