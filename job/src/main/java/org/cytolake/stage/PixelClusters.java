package org.cytolake.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.ml.clustering.GaussianMixture;
import org.apache.spark.ml.clustering.GaussianMixtureModel;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.cluster.Clustering;
import org.cytolake.cluster.Components;
import org.cytolake.cluster.Mixture;
import org.cytolake.cluster.ModelSelection;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.WeightedPoints;
import org.cytolake.config.CytolakeConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits MLlib's Gaussian mixture and k-means to distinct tuples, each weighted by its pixels.
 * Several starts with fixed seeds and one partition, so that the same data give the same model;
 * each ends with our own iterations, which score and label as the other scopes' do, and the best is
 * kept.
 *
 * <p>Mixtures: J. Bilmes 1998, "A Gentle Tutorial of the EM Algorithm"; starts: k-means|| of
 * Bahmani et al. 2012 for k-means.
 */
final class PixelClusters {
  private static final Logger LOG = LoggerFactory.getLogger(PixelClusters.class);
  private static final int MLLIB_ITERATIONS = 100;
  private static final StructType POINTS =
      new StructType()
          .add("features", org.apache.spark.ml.linalg.SQLDataTypes.VectorType(), false)
          .add("weight", DataTypes.DoubleType, false);

  private final SparkSession spark;
  private final CytolakeConfig.Clustering settings;

  PixelClusters(SparkSession spark, CytolakeConfig.Clustering settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /** One start's result: the larger the score the better. */
  private record Start<T extends java.io.Serializable>(int k, Outcome<T> model, double score) {}

  /** Fits every method and number of clusters asked for. */
  List<ClusterFit> fit(WeightedPoints points) {
    WeightedPoints.Standardized standardized =
        settings.standardize() && points.size() > 0 ? points.standardized() : null;
    WeightedPoints fitted = standardized == null ? points : standardized.points();
    double total = fitted.weight();
    List<Row> rows = new ArrayList<>(fitted.size());
    for (int i = 0; i < fitted.size(); i++) {
      double[] value = new double[fitted.channels()];
      for (int c = 0; c < value.length; c++) {
        value[c] = fitted.value(c, i);
      }
      // weights add up to 1: MLlib compares sums with its tolerance, which is then per pixel
      rows.add(RowFactory.create(Vectors.dense(value), fitted.weight(i) / total));
    }
    Dataset<Row> features = spark.createDataFrame(rows, POINTS).coalesce(1).persist();
    try {
      List<ClusterFit> fits = new ArrayList<>();
      for (String method : settings.methods()) {
        if (method.equals(CytolakeConfig.Clustering.K_MEANS)) {
          fits.addAll(ClusterFit.ofKMeans(points, kMeans(fitted, features)));
        } else {
          fits.addAll(ClusterFit.ofMixtures(points, standardized, mixtures(fitted, features)));
        }
      }
      return fits;
    } finally {
      features.unpersist();
    }
  }

  private ModelSelection<Clustering> kMeans(WeightedPoints points, Dataset<Row> features) {
    List<Start<Clustering>> starts = starts(points, (k, seed) -> kMeans(points, k, seed, features));
    return ModelSelection.kMeans(
        points,
        settings.k(),
        k -> {
          var own = org.cytolake.cluster.KMeans.fit(points, k, kMeansOptions());
          double score = own.result().map(r -> -r.cost()).orElse(Double.NEGATIVE_INFINITY);
          return best(starts, new Start<>(k, own, score));
        },
        settings.exactSilhouette());
  }

  private ModelSelection<Mixture> mixtures(WeightedPoints points, Dataset<Row> features) {
    List<Start<Mixture>> starts = starts(points, (k, seed) -> mixture(points, k, seed, features));
    return ModelSelection.mixtures(
        points,
        settings.k(),
        k -> {
          var own = org.cytolake.cluster.GaussianMixture.fit(points, k, options());
          double score = own.result().map(r -> r.logLikelihood()).orElse(Double.NEGATIVE_INFINITY);
          return best(starts, new Start<>(k, own, score));
        },
        settings.exactSilhouette());
  }

  @FunctionalInterface
  private interface Fitting<T extends java.io.Serializable> {
    Start<T> from(int k, long seed);
  }

  /** A fit keeps one core busy: as many at once as there are cores. */
  private <T extends java.io.Serializable> List<Start<T>> starts(
      WeightedPoints points, Fitting<T> fitting) {
    List<Callable<Start<T>>> all = new ArrayList<>();
    for (int k : settings.k()) {
      for (int s = 0; s < settings.datasetStarts() && points.distinct() > k; s++) {
        long seed = settings.seed() + s;
        all.add(() -> fitting.from(k, seed));
      }
    }
    int threads = Math.max(1, Math.min(all.size(), spark.sparkContext().defaultParallelism()));
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Start<T>> results = new ArrayList<>();
      for (Future<Start<T>> result : executor.invokeAll(all)) {
        results.add(result.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while clustering", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("clustering failed: " + e.getCause().getMessage(), e);
    } finally {
      executor.shutdownNow();
    }
  }

  /** The best of MLlib's starts and of as many of our own; the first of equals. */
  private static <T extends java.io.Serializable> Outcome<T> best(
      List<Start<T>> starts, Start<T> own) {
    Start<T> best = own;
    for (Start<T> start : starts) {
      if (start.k() == own.k() && start.model() != null && start.score() > best.score()) {
        best = start;
      }
    }
    return best.model();
  }

  private org.cytolake.cluster.KMeans.Options kMeansOptions() {
    return new org.cytolake.cluster.KMeans.Options(
        settings.datasetStarts(), settings.maxIterations(), settings.tolerance(), settings.seed());
  }

  private org.cytolake.cluster.GaussianMixture.Options options() {
    return new org.cytolake.cluster.GaussianMixture.Options(
        settings.datasetStarts(),
        settings.maxIterations(),
        settings.tolerance(),
        settings.regularization(),
        settings.seed());
  }

  private Start<Clustering> kMeans(WeightedPoints points, int k, long seed, Dataset<Row> features) {
    Vector[] centres =
        new KMeans()
            .setK(k)
            .setSeed(seed)
            .setMaxIter(MLLIB_ITERATIONS)
            .setTol(settings.tolerance())
            .setWeightCol("weight")
            .fit(features)
            .clusterCenters();
    if (centres.length < k) {
      return new Start<>(k, null, 0);
    }
    double[][] start = new double[k][];
    for (int c = 0; c < k; c++) {
      start[c] = centres[c].toArray();
    }
    Outcome<Clustering> fit =
        org.cytolake.cluster.KMeans.fit(
            points, start, settings.maxIterations(), settings.tolerance());
    return fit.result()
        .map(r -> new Start<>(k, fit, -r.cost()))
        .orElseGet(() -> new Start<>(k, null, 0));
  }

  private Start<Mixture> mixture(WeightedPoints points, int k, long seed, Dataset<Row> features) {
    try {
      GaussianMixtureModel model =
          new GaussianMixture()
              .setK(k)
              .setSeed(seed)
              .setMaxIter(MLLIB_ITERATIONS)
              .setTol(settings.tolerance())
              .setWeightCol("weight")
              .fit(features);
      double[][] means = new double[k][];
      double[][][] covariances = new double[k][][];
      for (int c = 0; c < k; c++) {
        means[c] = model.gaussians()[c].mean().toArray();
        covariances[c] = rows(model.gaussians()[c].cov());
        for (int d = 0; d < means[c].length; d++) {
          covariances[c][d][d] += settings.regularization();
        }
      }
      Outcome<Mixture> fit =
          org.cytolake.cluster.GaussianMixture.fit(
              points, new Components(model.weights(), means, covariances), options());
      return fit.result()
          .map(r -> new Start<>(k, fit, r.logLikelihood()))
          .orElseGet(() -> new Start<>(k, null, 0));
    } catch (RuntimeException e) {
      // MLlib throws where a component collapses onto one tuple
      LOG.warn("Gaussian mixture with k = {}, seed {}: {}", k, seed, e.getMessage());
      return new Start<>(k, null, 0);
    }
  }

  private static double[][] rows(Matrix matrix) {
    double[][] rows = new double[matrix.numRows()][matrix.numCols()];
    for (int a = 0; a < rows.length; a++) {
      for (int b = 0; b < rows[a].length; b++) {
        rows[a][b] = matrix.apply(a, b);
      }
    }
    return rows;
  }
}
