package org.cytolake.cluster;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Agglomerative clusters by Ward's criterion (Ward 1963, "Hierarchical grouping to optimize an
 * objective function"): the two clusters merge that raise the sum of squared distances to the means
 * least. Found by chains of nearest neighbours (Murtagh 1983, "A survey of recent advances in
 * hierarchical clustering algorithms"). Equals {@code scipy.cluster.hierarchy.ward} of the pixels
 * one by one, whose first merges, at height 0, make the tuples; ties may be broken another way.
 */
public final class Ward {
  /** The most tuples that are taken: the time grows with their square. */
  public static final int MAX_TUPLES = 10_000;

  private final WeightedPoints points;
  private final int d;
  private final double[][] centres;
  private final double[] pixels;

  /** The clusters that are left, as an ascending list from 0 that ends with the length. */
  private final int[] next;

  private Ward(WeightedPoints points) {
    int n = points.size();
    this.points = points;
    this.d = points.channels();
    this.centres = new double[n][d];
    this.pixels = new double[n];
    this.next = new int[n];
    for (int i = 0; i < n; i++) {
      points.copy(i, centres[i]);
      pixels[i] = points.weight(i);
      next[i] = i + 1;
    }
  }

  /**
   * The whole tree.
   *
   * @return no result without pixels or above {@link #MAX_TUPLES}
   */
  public static Outcome<Tree> fit(WeightedPoints points) {
    if (points.size() == 0) {
      return new Unfitted<>("there are no pixels to cluster");
    }
    if (points.size() > MAX_TUPLES) {
      return new Unfitted<>(
          "Ward's method takes up to "
              + MAX_TUPLES
              + " tuples, not "
              + points.size()
              + "; coarsen them first");
    }
    return new Fitted<>(new Ward(points).tree());
  }

  private Tree tree() {
    int n = points.size();
    int[] left = new int[n - 1];
    int[] right = new int[n - 1];
    double[] heights = new double[n - 1];
    int[] chain = new int[n];
    int length = 0;
    for (int merge = 0; merge < n - 1; merge++) {
      if (length == 0) {
        chain[length++] = 0;
      }
      int nearest = nearest(chain[length - 1], length > 1 ? chain[length - 2] : -1);
      while (length < 2 || nearest != chain[length - 2]) {
        chain[length++] = nearest;
        nearest = nearest(nearest, chain[length - 2]);
      }
      int a = Math.min(chain[length - 1], chain[length - 2]);
      int b = Math.max(chain[length - 1], chain[length - 2]);
      length -= 2;
      left[merge] = a;
      right[merge] = b;
      heights[merge] = Math.sqrt(2 * cost(a, b));
      merge(a, b);
    }
    int[] order =
        IntStream.range(0, n - 1)
            .boxed()
            .sorted(Comparator.comparingDouble(m -> heights[m]))
            .mapToInt(Integer::intValue)
            .toArray();
    return new Tree(
        points,
        Arrays.stream(order).map(m -> left[m]).toArray(),
        Arrays.stream(order).map(m -> right[m]).toArray(),
        Ordering.apply(order, heights));
  }

  /** The cluster that costs least to merge with; of equals the preferred one, else the first. */
  private int nearest(int cluster, int preferred) {
    int best = preferred;
    double least = preferred < 0 ? Double.POSITIVE_INFINITY : cost(cluster, preferred);
    for (int i = 0; i < next.length; i = next[i]) {
      if (i != cluster) {
        double cost = cost(cluster, i);
        if (cost < least) {
          least = cost;
          best = i;
        }
      }
    }
    return best;
  }

  /** By how much the sum of squared distances rises when two clusters merge. */
  private double cost(int a, int b) {
    double squares = 0;
    for (int c = 0; c < d; c++) {
      double difference = centres[a][c] - centres[b][c];
      squares += difference * difference;
    }
    return pixels[a] * pixels[b] / (pixels[a] + pixels[b]) * squares;
  }

  /** Puts a later cluster into an earlier one. */
  private void merge(int a, int b) {
    double share = pixels[b] / (pixels[a] + pixels[b]);
    for (int c = 0; c < d; c++) {
      centres[a][c] += share * (centres[b][c] - centres[a][c]);
    }
    pixels[a] += pixels[b];
    int before = a;
    while (next[before] != b) {
      before = next[before];
    }
    next[before] = next[b];
  }

  /** All merges of the tuples, by ascending height. */
  public static final class Tree implements Serializable {
    private static final long serialVersionUID = 1;

    private final WeightedPoints points;
    private final int[] left;
    private final int[] right;
    private final double[] heights;

    private Tree(WeightedPoints points, int[] left, int[] right, double[] heights) {
      this.points = points;
      this.left = left;
      this.right = right;
      this.heights = heights;
    }

    /**
     * The height of every merge, ascending, one less than tuples: the square root of twice the rise
     * of the sum of squared distances, as scipy has it.
     */
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
        return new Unfitted<>(KMeans.tooFew(points, k));
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
}
