package org.cytolake.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Outcome;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.points.WeightedPoints;

/** Both methods of clustering with the default settings, k = 2..6, one thread. */
final class ClusterBenchmark {
  private ClusterBenchmark() {}

  /**
   * Seconds a field by method, warm.
   *
   * @param fields values and pixels of each
   * @param times how many times as many pixels each has
   */
  static Map<String, Double> seconds(List<JointHistogram> fields, int times) {
    Clustering settings = ConfigLoader.load(Optional.empty(), Map.of(), List.of()).clustering();
    KMeans.Options kMeans =
        new KMeans.Options(
            settings.starts(), settings.maxIterations(), settings.tolerance(), settings.seed());
    GaussianMixture.Options mixtures =
        new GaussianMixture.Options(
            settings.starts(),
            settings.maxIterations(),
            settings.tolerance(),
            1e-6, // scikit-learn's
            settings.seed());
    List<WeightedPoints> points =
        fields.stream().map(f -> WeightedPoints.of(repeated(f, times))).toList();
    fit(points.get(0), kMeans, mixtures); // the compiler wants to see it once
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (WeightedPoints field : points) {
      fit(field, kMeans, mixtures)
          .forEach((method, s) -> seconds.merge(method, s / points.size(), Double::sum));
    }
    return seconds;
  }

  private static Map<String, Double> fit(
      WeightedPoints points, KMeans.Options kMeans, GaussianMixture.Options mixtures) {
    long start = System.nanoTime();
    for (int k = 2; k <= 6; k++) {
      requireFit(GaussianMixture.fit(points, k, mixtures));
    }
    long between = System.nanoTime();
    for (int k = 2; k <= 6; k++) {
      requireFit(KMeans.fit(points, k, kMeans));
    }
    long end = System.nanoTime();
    return Map.of(
        "Gaussian mixtures, k = 2..6",
        (between - start) / 1e9,
        "k-means, k = 2..6",
        (end - between) / 1e9);
  }

  private static void requireFit(Outcome<?> outcome) {
    if (outcome.result().isEmpty()) {
      throw new CytolakeException(
          Code.USAGE,
          "An image has too few intensities for six clusters.",
          "Leave --python out, or give other images.");
    }
  }

  private static JointHistogram repeated(JointHistogram field, int times) {
    double[][] values = new double[2][field.size()];
    long[] counts = new long[field.size()];
    for (int i = 0; i < counts.length; i++) {
      values[0][i] = field.value(0, i);
      values[1][i] = field.value(1, i);
      counts[i] = field.count(i) * times;
    }
    return JointHistogram.of(values, counts);
  }
}
