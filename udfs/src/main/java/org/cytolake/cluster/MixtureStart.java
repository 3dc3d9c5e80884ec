package org.cytolake.cluster;

import java.util.SplittableRandom;

/** Starting parameters of a mixture. */
final class MixtureStart {
  private MixtureStart() {}

  /** The start of a number, from 0; the first is the best of some k-means. */
  static Components of(
      WeightedPoints points, int k, int start, double regularization, SplittableRandom random) {
    int runs = start == 0 ? 3 : 1;
    Lloyd best = null;
    for (int i = 0; i < runs; i++) {
      Lloyd run = new Lloyd(points, Seeding.plusPlus(points, k, random));
      run.run(start % 3 == 2 ? 1 : 100, 1e-4);
      if (best == null || run.cost() < best.cost()) {
        best = run;
      }
    }
    return ofClusters(points, best.labels(), k, regularization);
  }

  /** Every cluster's share, mean and covariance, as of responsibilities 0 and 1. */
  static Components ofClusters(
      WeightedPoints points, int[] clusters, int k, double regularization) {
    int d = points.channels();
    int[] labels = new int[clusters.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = clusters[i] + 1;
    }
    double[] weights = new double[k];
    double[][] means = new double[k][];
    double[][][] covariances = new double[k][][];
    double[] mean = points.mean();
    double[] variance = points.variance();
    for (ClusterSummary s : ClusterSummary.of(points, labels, k)) {
      int j = s.cluster() - 1;
      weights[j] = s.weight();
      means[j] = s.mean();
      covariances[j] = s.covariance();
    }
    for (int j = 0; j < k; j++) {
      if (means[j] == null) { // a cluster that k-means left empty
        means[j] = mean;
        covariances[j] = new double[d][d];
        for (int c = 0; c < d; c++) {
          covariances[j][c][c] = variance[c];
        }
      }
      for (int c = 0; c < d; c++) {
        covariances[j][c][c] += regularization;
      }
    }
    return new Components(weights, means, covariances);
  }
}
