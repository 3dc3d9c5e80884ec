package org.cytolake.cluster;

import java.util.Arrays;
import java.util.List;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.ClusterSummary;
import org.cytolake.points.WeightedPoints;

/**
 * How much nearer pixels are to their own cluster than to the next one: (b - a) / max(a, b) as the
 * mean over pixels, -1 to 1. Pixels with label 0 are left out.
 */
public final class Silhouette {
  /** The most tuples that {@link #exact} takes: its time grows with their square. */
  public static final int MAX_EXACT_TUPLES = 20_000;

  private Silhouette() {}

  /**
   * With the distances to the centroids of the clusters as a and b (Hruschka, de Castro, Campello
   * 2004, "Evolutionary algorithms for clustering gene-expression data").
   *
   * @param labels a label per tuple, 0 or more
   * @return no result for fewer than two clusters
   * @throws IllegalArgumentException if the number of labels is not that of tuples
   */
  public static Outcome<Double> simplified(WeightedPoints points, int[] labels) {
    int clusters = Arrays.stream(labels).max().orElse(0);
    List<ClusterSummary> summaries = ClusterSummary.of(points, labels, clusters);
    if (summaries.size() < 2) {
      return tooFew(summaries.size());
    }
    double sum = 0;
    long pixels = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == 0) {
        continue;
      }
      double own = 0;
      double next = Double.POSITIVE_INFINITY;
      for (ClusterSummary s : summaries) {
        double distance = Math.sqrt(points.squaredDistance(i, s.mean()));
        if (s.cluster() == labels[i]) {
          own = distance;
        } else {
          next = Math.min(next, distance);
        }
      }
      sum += points.weight(i) * ratio(own, next);
      pixels += points.weight(i);
    }
    return new Fitted<>(sum / pixels);
  }

  /**
   * With the mean distances to the pixels of the clusters as a and b (Rousseeuw 1987,
   * "Silhouettes"), as {@code sklearn.metrics.silhouette_score} of the pixels one by one.
   *
   * @param labels a label per tuple, 0 or more
   * @return no result for fewer than two clusters, where every pixel is a cluster, and above {@link
   *     #MAX_EXACT_TUPLES}
   * @throws IllegalArgumentException if the number of labels is not that of tuples
   */
  public static Outcome<Double> exact(WeightedPoints points, int[] labels) {
    int clusters = Arrays.stream(labels).max().orElse(0);
    List<ClusterSummary> summaries = ClusterSummary.of(points, labels, clusters);
    if (summaries.size() < 2) {
      return tooFew(summaries.size());
    }
    if (points.size() > MAX_EXACT_TUPLES) {
      return new Unfitted<>(
          "the exact silhouette takes up to "
              + MAX_EXACT_TUPLES
              + " tuples, not "
              + points.size()
              + "; coarsen them or take the simplified one");
    }
    long[] pixels = new long[clusters + 1];
    long clustered = 0;
    for (ClusterSummary s : summaries) {
      pixels[s.cluster()] = s.pixels();
      clustered += s.pixels();
    }
    if (clustered == summaries.size()) {
      return new Unfitted<>("every pixel is a cluster of its own");
    }
    double sum = 0;
    double[] distances = new double[clusters + 1];
    for (int i = 0; i < labels.length; i++) {
      int own = labels[i];
      if (own > 0 && pixels[own] > 1) {
        distances(points, labels, i, distances);
        double next = Double.POSITIVE_INFINITY;
        for (int j = 1; j <= clusters; j++) {
          if (j != own && pixels[j] > 0) {
            next = Math.min(next, distances[j] / pixels[j]);
          }
        }
        sum += points.weight(i) * ratio(distances[own] / (pixels[own] - 1), next);
      }
    }
    return new Fitted<>(sum / clustered);
  }

  private static void distances(WeightedPoints points, int[] labels, int i, double[] sums) {
    Arrays.fill(sums, 0);
    for (int j = 0; j < labels.length; j++) {
      sums[labels[j]] += points.weight(j) * Math.sqrt(points.squaredDistance(i, j));
    }
  }

  private static double ratio(double own, double next) {
    double larger = Math.max(own, next);
    return larger > 0 ? (next - own) / larger : 0;
  }

  private static Outcome<Double> tooFew(int clusters) {
    return new Unfitted<>("a silhouette needs two clusters with pixels, not " + clusters);
  }
}
