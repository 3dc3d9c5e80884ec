package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.ml.clustering.BisectingKMeans;
import org.apache.spark.ml.clustering.GaussianMixture;
import org.apache.spark.ml.clustering.GaussianMixtureModel;
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
import org.cytolake.cluster.Clusters;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Mixture;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.gaussian.Components;
import org.cytolake.points.WeightedPoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MLlib's Gaussian mixtures, k-means and bisecting k-means of distinct tuples, each weighted by its
 * pixels. Several starts with fixed seeds and one partition, so that the same data give the same
 * model; mixtures and k-means end with our own iterations, which score and label as the other
 * scopes' do.
 *
 * <p>Mixtures: J. Bilmes 1998, "A Gentle Tutorial of the EM Algorithm"; starts: k-means|| of
 * Bahmani et al. 2012 for k-means.
 */
final class MllibRivals implements ClusterRivals {
  private static final Logger LOG = LoggerFactory.getLogger(MllibRivals.class);
  private static final int MLLIB_ITERATIONS = 100;
  private static final StructType POINTS =
      new StructType()
          .add("features", org.apache.spark.ml.linalg.SQLDataTypes.VectorType(), false)
          .add("weight", DataTypes.DoubleType, false);

  private final SparkSession spark;
  private final CytolakeConfig.Clustering settings;

  MllibRivals(SparkSession spark, CytolakeConfig.Clustering settings) {
    this.spark = spark;
    this.settings = settings;
  }

  @Override
  public Map<Integer, List<Mixture>> mixtures(
      WeightedPoints points, org.cytolake.cluster.GaussianMixture.Options options) {
    return starts(points, (k, seed, rows) -> mixture(points, k, seed, rows, options));
  }

  @Override
  public Map<Integer, List<Clustering>> kMeans(WeightedPoints points, KMeans.Options options) {
    return starts(points, (k, seed, rows) -> kMeans(points, k, seed, rows, options));
  }

  @Override
  public Map<Integer, List<Clustering>> bisectingKMeans(
      WeightedPoints points, KMeans.Options options) {
    return starts(points, (k, seed, rows) -> bisecting(points, k, seed, rows));
  }

  @FunctionalInterface
  private interface Fitting<T> {
    Optional<T> from(int k, long seed, Dataset<Row> features);
  }

  /** A fit keeps one core busy: as many at once as there are cores. */
  private <T extends Clusters> Map<Integer, List<T>> starts(
      WeightedPoints points, Fitting<T> fitting) {
    Dataset<Row> features = features(points);
    Map<Integer, List<Future<Optional<T>>>> started = new HashMap<>();
    int threads = Math.max(1, spark.sparkContext().defaultParallelism());
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (int k : settings.k()) {
        List<Future<Optional<T>>> ofK = new ArrayList<>();
        for (int s = 0; s < settings.datasetStarts() && points.distinct() > k && k > 1; s++) {
          long seed = settings.seed() + s;
          Callable<Optional<T>> fit = () -> fitting.from(k, seed, features);
          ofK.add(executor.submit(fit));
        }
        started.put(k, ofK);
      }
      Map<Integer, List<T>> results = new HashMap<>();
      for (Map.Entry<Integer, List<Future<Optional<T>>>> ofK : started.entrySet()) {
        List<T> found = new ArrayList<>();
        for (Future<Optional<T>> fit : ofK.getValue()) {
          fit.get().ifPresent(found::add);
        }
        results.put(ofK.getKey(), found);
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while clustering", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("clustering failed: " + e.getCause().getMessage(), e);
    } finally {
      executor.shutdownNow();
      features.unpersist();
    }
  }

  private Dataset<Row> features(WeightedPoints points) {
    double total = points.weight();
    List<Row> rows = new ArrayList<>(points.size());
    for (int i = 0; i < points.size(); i++) {
      double[] value = new double[points.channels()];
      for (int c = 0; c < value.length; c++) {
        value[c] = points.value(c, i);
      }
      // weights add up to 1: MLlib compares sums with its tolerance, which is then per pixel
      rows.add(RowFactory.create(Vectors.dense(value), points.weight(i) / total));
    }
    return spark.createDataFrame(rows, POINTS).coalesce(1).persist();
  }

  private Optional<Clustering> kMeans(
      WeightedPoints points, int k, long seed, Dataset<Row> features, KMeans.Options options) {
    Vector[] centres =
        new org.apache.spark.ml.clustering.KMeans()
            .setK(k)
            .setSeed(seed)
            .setMaxIter(Math.min(MLLIB_ITERATIONS, settings.maxIterations()))
            .setTol(settings.tolerance())
            .setWeightCol("weight")
            .fit(features)
            .clusterCenters();
    if (centres.length < k) {
      return Optional.empty();
    }
    return KMeans.fit(points, rows(centres), options.maxIterations(), options.tolerance()).result();
  }

  /** Its clusters as they are: further iterations would leave the tree. */
  private Optional<Clustering> bisecting(
      WeightedPoints points, int k, long seed, Dataset<Row> features) {
    int[] clusters =
        new BisectingKMeans()
                .setK(k)
                .setSeed(seed)
                .setMaxIter(Math.min(MLLIB_ITERATIONS, settings.maxIterations()))
                .setWeightCol("weight")
                .fit(features)
                .transform(features)
                .select("prediction")
                .collectAsList()
                .stream()
                .mapToInt(row -> row.getInt(0))
                .toArray();
    return Arrays.stream(clusters).distinct().count() < k
        ? Optional.empty()
        : Optional.of(Clustering.of(points, clusters, k, 0, true));
  }

  private Optional<Mixture> mixture(
      WeightedPoints points,
      int k,
      long seed,
      Dataset<Row> features,
      org.cytolake.cluster.GaussianMixture.Options options) {
    try {
      GaussianMixtureModel model =
          new GaussianMixture()
              .setK(k)
              .setSeed(seed)
              .setMaxIter(Math.min(MLLIB_ITERATIONS, settings.maxIterations()))
              .setTol(settings.tolerance())
              .setWeightCol("weight")
              .fit(features);
      double[][] means = new double[k][];
      double[][][] covariances = new double[k][][];
      for (int c = 0; c < k; c++) {
        means[c] = model.gaussians()[c].mean().toArray();
        covariances[c] = rows(model.gaussians()[c].cov());
        for (int d = 0; d < means[c].length; d++) {
          covariances[c][d][d] += options.regularization();
        }
      }
      return org.cytolake.cluster.GaussianMixture.fit(
              points, new Components(model.weights(), means, covariances), options)
          .result();
    } catch (RuntimeException e) {
      // MLlib throws where a component collapses onto one tuple
      LOG.warn("Gaussian mixture with k = {}, seed {}: {}", k, seed, e.getMessage());
      return Optional.empty();
    }
  }

  private static double[][] rows(Vector[] vectors) {
    double[][] rows = new double[vectors.length][];
    for (int c = 0; c < rows.length; c++) {
      rows[c] = vectors[c].toArray();
    }
    return rows;
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
