package org.cytolake.stage;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A fitted model: its clusters, ordered by the mean of the first channel (ties by the next), and
 * how well it fits.
 *
 * @param method {@code gaussian_mixture} or {@code k_means}
 * @param k clusters asked for
 * @param clusters those found, in order
 * @param logLikelihood mean over the pixels, natural logarithm; NaN for k-means
 * @param cost sum over the pixels of the squared distance to their cluster's mean; NaN for mixtures
 * @param iterations of the best start
 * @param converged whether the best start converged within the iterations allowed
 */
record ClusterFit(
    String method,
    int k,
    List<Cluster> clusters,
    double logLikelihood,
    double cost,
    int iterations,
    boolean converged) {

  ClusterFit {
    clusters =
        clusters.stream().sorted(Comparator.comparing(Cluster::mean, Arrays::compare)).toList();
  }

  /**
   * One cluster.
   *
   * @param weight share of the pixels, 0 to 1: the mixing weight, or for k-means the share assigned
   * @param pixels that are most likely of this cluster (k-means: nearest to it)
   * @param mean by channel, raw intensity
   * @param covariance of the mixture's component (k-means: of the pixels assigned), squared
   *     intensity
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  record Cluster(double weight, long pixels, double[] mean, double[][] covariance) {}

  /** Free parameters of the mixture: weights, means, covariances. */
  private int parameters() {
    int d = clusters.get(0).mean().length;
    return k - 1 + k * d + k * d * (d + 1) / 2;
  }

  /** Akaike's information criterion, as scikit-learn's {@code GaussianMixture.aic}. */
  double aic(long count) {
    double pixels = count;
    return -2 * logLikelihood * pixels + 2.0 * parameters();
  }

  /** Bayesian information criterion, as scikit-learn's {@code GaussianMixture.bic}. */
  double bic(long count) {
    double pixels = count;
    return -2 * logLikelihood * pixels + parameters() * Math.log(pixels);
  }

  /** Assigns pixels to the clusters with the largest score, and measures k-means' clusters. */
  static List<Cluster> assign(
      WeightedTuples tuples, int k, Score score, List<Cluster> models, boolean fromPixels) {
    long[] pixels = new long[k];
    int[] owner = new int[tuples.size()];
    for (int i = 0; i < tuples.size(); i++) {
      double[] value = tuples.values()[i];
      owner[i] =
          IntStream.range(0, k)
              .boxed()
              .max(Comparator.comparingDouble(c -> score.of(c, value)))
              .orElseThrow();
      pixels[owner[i]] += tuples.counts()[i];
    }
    long total = tuples.pixels();
    return IntStream.range(0, k)
        .mapToObj(
            c ->
                new Cluster(
                    fromPixels ? pixels[c] / (double) total : models.get(c).weight(),
                    pixels[c],
                    models.get(c).mean(),
                    fromPixels
                        ? covariance(tuples, owner, c, models.get(c).mean(), pixels[c])
                        : models.get(c).covariance()))
        .toList();
  }

  /** How well a tuple fits a cluster; larger is better. */
  @FunctionalInterface
  interface Score {
    double of(int cluster, double[] value);
  }

  private static double[][] covariance(
      WeightedTuples tuples, int[] owner, int cluster, double[] mean, long pixels) {
    int d = mean.length;
    double[][] sums = new double[d][d];
    for (int i = 0; i < owner.length; i++) {
      if (owner[i] != cluster) {
        continue;
      }
      double[] value = tuples.values()[i];
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d; b++) {
          sums[a][b] += tuples.counts()[i] * (value[a] - mean[a]) * (value[b] - mean[b]);
        }
      }
    }
    for (double[] row : sums) {
      for (int b = 0; b < d; b++) {
        row[b] /= Math.max(1, pixels);
      }
    }
    return sums;
  }
}
