package org.cytolake.cluster;

import java.util.Locale;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.WeightedPoints;

/**
 * Agglomerative clusters: the two clusters merge that are nearest to each other, until one is left.
 * Found by chains of nearest neighbours (Murtagh 1983, "A survey of recent advances in hierarchical
 * clustering algorithms"), the distances of a merged cluster as Lance and Williams 1967 have them
 * ("A general theory of classificatory sorting strategies"). Equals {@code
 * scipy.cluster.hierarchy.linkage} of the pixels one by one, whose first merges, at height 0, make
 * the tuples; ties may be broken another way.
 */
public final class Agglomeration {
  /** How far apart two clusters are. */
  public enum Linkage {
    /**
     * By how much the sum of squared distances to the means rises when they merge (Ward 1963,
     * "Hierarchical grouping to optimize an objective function"); as height the square root of
     * twice that.
     */
    WARD(10_000),
    /** The mean distance of a pixel of one to a pixel of the other. */
    AVERAGE(4_000),
    /** The largest such distance. */
    COMPLETE(4_000),
    /** The smallest such distance. */
    SINGLE(4_000);

    private final int most;

    Linkage(int most) {
      this.most = most;
    }

    /**
     * The most tuples that are taken: the time grows with their square, as does, but for Ward's,
     * the memory (4 bytes times it).
     */
    public int maxTuples() {
      return most;
    }
  }

  private final WeightedPoints points;
  private final Distances distances;

  /** The clusters that are left, as an ascending list from 0 that ends with the length. */
  private final int[] next;

  private Agglomeration(WeightedPoints points, Distances distances) {
    int n = points.size();
    this.points = points;
    this.distances = distances;
    this.next = new int[n];
    for (int i = 0; i < n; i++) {
      next[i] = i + 1;
    }
  }

  /**
   * The whole tree.
   *
   * @return no result without pixels or above {@link Linkage#maxTuples}
   */
  public static Outcome<MergeTree> fit(WeightedPoints points, Linkage linkage) {
    if (points.size() == 0) {
      return Unfitted.tooFew(points, 1);
    }
    if (points.size() > linkage.maxTuples()) {
      String name =
          linkage == Linkage.WARD
              ? "Ward's method"
              : linkage.name().toLowerCase(Locale.ROOT) + " linkage";
      return Unfitted.tooMany(name, linkage.maxTuples(), points);
    }
    Distances distances = linkage == Linkage.WARD ? new Means(points) : new Pairs(points, linkage);
    return new Fitted<>(new Agglomeration(points, distances).tree());
  }

  private MergeTree tree() {
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
      int nearest = distances.nearest(next, chain[length - 1], length > 1 ? chain[length - 2] : -1);
      while (length < 2 || nearest != chain[length - 2]) {
        chain[length++] = nearest;
        nearest = distances.nearest(next, nearest, chain[length - 2]);
      }
      int a = Math.min(chain[length - 1], chain[length - 2]);
      int b = Math.max(chain[length - 1], chain[length - 2]);
      length -= 2;
      left[merge] = a;
      right[merge] = b;
      heights[merge] = distances.height(a, b);
      remove(b, a);
      distances.merge(next, a, b);
    }
    return new MergeTree(points, left, right, heights);
  }

  /** Takes a cluster off the list that comes after another one. */
  private void remove(int cluster, int after) {
    int before = after;
    while (next[before] != cluster) {
      before = next[before];
    }
    next[before] = next[cluster];
  }

  /** Between the clusters that are left. */
  private abstract static class Distances {
    final double[] pixels;

    Distances(WeightedPoints points) {
      pixels = new double[points.size()];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = points.weight(i);
      }
    }

    abstract double between(int a, int b);

    abstract double height(int a, int b);

    /** Puts a later cluster, which is no longer on the list, into an earlier one. */
    abstract void merge(int[] next, int a, int b);

    /** The nearest other cluster; of equally near ones the preferred one, else the first. */
    final int nearest(int[] next, int cluster, int preferred) {
      int best = preferred;
      double least = preferred < 0 ? Double.POSITIVE_INFINITY : between(cluster, preferred);
      for (int i = 0; i < next.length; i = next[i]) {
        if (i != cluster) {
          double distance = between(cluster, i);
          if (distance < least) {
            least = distance;
            best = i;
          }
        }
      }
      return best;
    }
  }

  /** Ward's, from the clusters' means. */
  private static final class Means extends Distances {
    private final int d;
    private final double[][] centres;

    Means(WeightedPoints points) {
      super(points);
      d = points.channels();
      centres = new double[points.size()][d];
      for (int i = 0; i < centres.length; i++) {
        points.copy(i, centres[i]);
      }
    }

    @Override
    double between(int a, int b) {
      double squares = 0;
      for (int c = 0; c < d; c++) {
        double difference = centres[a][c] - centres[b][c];
        squares += difference * difference;
      }
      return pixels[a] * pixels[b] / (pixels[a] + pixels[b]) * squares;
    }

    @Override
    double height(int a, int b) {
      return Math.sqrt(2 * between(a, b));
    }

    @Override
    void merge(int[] next, int a, int b) {
      double share = pixels[b] / (pixels[a] + pixels[b]);
      for (int c = 0; c < d; c++) {
        centres[a][c] += share * (centres[b][c] - centres[a][c]);
      }
      pixels[a] += pixels[b];
    }
  }

  /** Of all pairs, those of a merged cluster from those of its two. */
  private static final class Pairs extends Distances {
    private final Linkage linkage;

    /** Of a cluster to the ones before it. */
    private final double[][] distances;

    Pairs(WeightedPoints points, Linkage linkage) {
      super(points);
      this.linkage = linkage;
      this.distances = new double[points.size()][];
      for (int i = 0; i < distances.length; i++) {
        distances[i] = new double[i];
        for (int j = 0; j < i; j++) {
          distances[i][j] = Math.sqrt(points.squaredDistance(i, j));
        }
      }
    }

    @Override
    double between(int a, int b) {
      return a > b ? distances[a][b] : distances[b][a];
    }

    @Override
    double height(int a, int b) {
      return between(a, b);
    }

    @Override
    void merge(int[] next, int a, int b) {
      double share = pixels[b] / (pixels[a] + pixels[b]);
      for (int i = 0; i < next.length; i = next[i]) {
        if (i != a) {
          double merged = merged(between(a, i), between(b, i), share);
          distances[Math.max(a, i)][Math.min(a, i)] = merged;
        }
      }
      pixels[a] += pixels[b];
    }

    private double merged(double ofA, double ofB, double share) {
      return switch (linkage) {
        case AVERAGE -> ofA + share * (ofB - ofA);
        case COMPLETE -> Math.max(ofA, ofB);
        case SINGLE -> Math.min(ofA, ofB);
        case WARD -> throw new IllegalStateException("Ward's distances are of means");
      };
    }
  }
}
