package org.cytolake.cluster.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.cluster.Partition;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Clusters whose pixels are similar to each other and to few others, by normalised cuts (Shi and
 * Malik 2000, "Normalized cuts and image segmentation"): k-means of the leading eigenvectors of the
 * normalised similarities, as {@code sklearn.cluster.SpectralClustering} of the pixels one by one
 * with the similarity {@code rbf} and gamma 1 / (2 width²). Pixels of a tuple have the same place
 * there, so the eigenvectors are those of a matrix of tuples with the pixels as weights.
 */
public final class SpectralClustering {
  /** The most tuples that are taken: time and memory (16 bytes) grow with their square. */
  public static final int MAX_TUPLES = 2_000;

  private SpectralClustering() {}

  /**
   * Fits.
   *
   * @param ks numbers of clusters, each at least 1
   * @param width of the Gaussian, above 0
   * @param options of k-means
   * @return an outcome for each number; no result without as many distinct tuples, for a pixel
   *     without any similarity, and above {@link #MAX_TUPLES}
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static List<Outcome<Partition>> fit(
      WeightedPoints points, List<Integer> ks, double width, KMeans.Options options) {
    int largest = Collections.max(ks);
    if (!(width > 0 && Double.isFinite(width)) || Collections.min(ks) < 1) {
      throw new IllegalArgumentException(
          "spectral clustering needs a width above 0 and clusters, not " + width + " and " + ks);
    }
    if (points.size() > MAX_TUPLES) {
      return Collections.nCopies(
          ks.size(), Unfitted.tooMany("spectral clustering", MAX_TUPLES, points));
    }
    PixelSimilarities similarities = PixelSimilarities.of(points, width);
    boolean alone = similarities.isAnyAlone();
    double[][] places =
        alone ? new double[0][] : places(points, similarities, Math.min(largest, points.size()));
    List<Outcome<Partition>> outcomes = new ArrayList<>();
    for (int k : ks) {
      if (points.distinct() < k) {
        outcomes.add(Unfitted.tooFew(points, k));
      } else if (places.length == 0) {
        outcomes.add(
            new Unfitted<>(
                alone
                    ? "a pixel is similar to no other; take a larger width"
                    : "the eigenvectors did not come to rest; take another width"));
      } else {
        outcomes.add(cut(points, Arrays.copyOf(places, k), options));
      }
    }
    return outcomes;
  }

  private static Outcome<Partition> cut(
      WeightedPoints points, double[][] places, KMeans.Options options) {
    int k = places.length;
    return KMeans.fit(new WeightedPoints(places, points.weights()), k, options)
        .then(
            found -> {
              int[] clusters = Arrays.stream(found.labels()).map(l -> l - 1).toArray();
              return new Fitted<>(new Partition(k, Ordering.labelsByMean(points, clusters, k)));
            });
  }

  /**
   * Where each tuple comes to lie, {@code [dimension][tuple]}, the squares of a dimension adding up
   * to the number of pixels, each with its degree in units of the mean; empty if the eigenvectors
   * are not found.
   */
  private static double[][] places(
      WeightedPoints points, PixelSimilarities similarities, int dimensions) {
    int n = points.size();
    double[] scale = new double[n];
    double total = 0;
    for (int i = 0; i < n; i++) {
      double degree = points.weight(i) * similarities.degrees()[i];
      scale[i] = Math.sqrt(degree);
      total += degree;
    }
    double[][] matrix = similarities.sums();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] *= points.weight(i) / (scale[i] * scale[j]);
        matrix[j][i] = matrix[i][j];
      }
    }
    double[][] places = LeadingEigenvectors.of(matrix, dimensions);
    for (double[] place : places) {
      for (int i = 0; i < n; i++) {
        place[i] *= Math.sqrt(total) / scale[i];
      }
    }
    return places;
  }
}
