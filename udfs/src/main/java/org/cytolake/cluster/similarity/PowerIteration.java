package org.cytolake.cluster.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cytolake.cluster.Clustering;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.cluster.Partition;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Power iteration clustering (Lin and Cohen 2010, "Power iteration clustering"): pixels whose
 * similarities to all others are alike come to lie together in one dimension, where k-means finds
 * them. Stops as Spark's MLlib does. Similarity is the Gaussian of the distance, exp(-d² / (2
 * width²)), of a pixel to every other one; a pixel of its own tuple has similarity 1. So the result
 * is that of the pixels one by one, which MLlib cannot give from weighted tuples: it leaves out the
 * similarity of a tuple to itself.
 */
public final class PowerIteration {
  /** The most tuples that are taken: time and memory (8 bytes) grow with their square. */
  public static final int MAX_TUPLES = 2_000;

  private PowerIteration() {}

  /**
   * Fits.
   *
   * @param ks numbers of clusters, each at least 1
   * @param width of the Gaussian, above 0
   * @param maxIterations of the power iteration, at least 1
   * @param options of k-means
   * @return an outcome for each number; no result without as many distinct tuples, for pixels
   *     without any similarity, and above {@link #MAX_TUPLES}
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static List<Outcome<Partition>> fit(
      WeightedPoints points,
      List<Integer> ks,
      double width,
      int maxIterations,
      KMeans.Options options) {
    if (!(width > 0 && Double.isFinite(width)) || maxIterations < 1) {
      throw new IllegalArgumentException(
          "power iteration needs a width above 0 and an iteration, not "
              + width
              + " and "
              + maxIterations);
    }
    for (int k : ks) {
      if (k < 1) {
        throw new IllegalArgumentException("at least one cluster, not " + k);
      }
    }
    if (points.size() > MAX_TUPLES) {
      return Collections.nCopies(
          ks.size(), Unfitted.tooMany("power iteration", MAX_TUPLES, points));
    }
    double[] line = line(points, width, maxIterations);
    List<Outcome<Partition>> outcomes = new ArrayList<>();
    for (int k : ks) {
      if (points.distinct() < k) {
        outcomes.add(Unfitted.tooFew(points, k));
      } else if (line.length == 0) {
        outcomes.add(new Unfitted<>("a pixel is similar to no other; take a larger width"));
      } else {
        outcomes.add(cut(points, line, k, options));
      }
    }
    return outcomes;
  }

  private static Outcome<Partition> cut(
      WeightedPoints points, double[] line, int k, KMeans.Options options) {
    WeightedPoints onLine = new WeightedPoints(new double[][] {line}, points.weights());
    Outcome<Clustering> found = KMeans.fit(onLine, k, options);
    if (found.result().isEmpty()) {
      return new Unfitted<>(
          onLine.distinct() + " distinct similarities cannot form " + k + " clusters");
    }
    int[] clusters = Arrays.stream(found.result().get().labels()).map(l -> l - 1).toArray();
    return new Fitted<>(new Partition(k, Ordering.labelsByMean(points, clusters, k)));
  }

  /** Where each tuple comes to lie, in units of the mean; empty if a pixel has no similarity. */
  private static double[] line(WeightedPoints points, double width, int maxIterations) {
    PixelSimilarities between = PixelSimilarities.of(points, width);
    if (between.isAnyAlone()) {
      return new double[0];
    }
    int n = points.size();
    double[][] similarities = between.sums();
    double[] degrees = between.degrees();
    double total = 0;
    for (int i = 0; i < n; i++) {
      total += points.weight(i) * degrees[i];
    }
    double pixels = points.weight();
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = degrees[i] / total;
    }
    double limit = Math.max(1e-5 / pixels, 1e-8);
    double change = Double.POSITIVE_INFINITY;
    for (int iteration = 0; iteration < maxIterations; iteration++) {
      double[] next = new double[n];
      double norm = 0;
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
          sum += similarities[i][j] * v[j];
        }
        next[i] = sum / degrees[i];
        norm += points.weight(i) * Math.abs(next[i]);
      }
      double before = change;
      change = 0;
      for (int i = 0; i < n; i++) {
        next[i] /= norm;
        change += points.weight(i) * Math.abs(next[i] - v[i]);
      }
      v = next;
      if (Math.abs(before - change) < limit) {
        break;
      }
    }
    for (int i = 0; i < n; i++) {
      v[i] *= pixels;
    }
    return v;
  }
}
