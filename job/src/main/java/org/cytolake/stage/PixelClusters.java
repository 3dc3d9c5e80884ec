package org.cytolake.stage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.ml.clustering.GaussianMixture;
import org.apache.spark.ml.clustering.GaussianMixtureModel;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.stat.distribution.MultivariateGaussian;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits MLlib's Gaussian mixture and k-means to distinct tuples of intensities, each weighted by its
 * pixels. Several starts, of which the best is kept; a fixed seed and one partition, so that the
 * same data give the same model.
 *
 * <p>Mixtures: J. Bilmes 1998, "A Gentle Tutorial of the EM Algorithm"; starts: k-means|| of
 * Bahmani et al. 2012 for k-means.
 */
final class PixelClusters {
  private static final Logger LOG = LoggerFactory.getLogger(PixelClusters.class);
  private static final StructType POINTS =
      new StructType()
          .add("features", org.apache.spark.ml.linalg.SQLDataTypes.VectorType(), false)
          .add("weight", DataTypes.DoubleType, false);

  private final SparkSession spark;
  private final Clustering settings;

  PixelClusters(SparkSession spark, Clustering settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Fits every method and number of clusters asked for. A fit for which the data have too few
   * distinct tuples is left out.
   */
  List<ClusterFit> fit(WeightedTuples tuples) {
    double total = tuples.pixels();
    List<Row> rows = new ArrayList<>(tuples.size());
    for (int i = 0; i < tuples.size(); i++) {
      // weights add up to 1: MLlib compares sums with its tolerance, which is then per pixel
      rows.add(RowFactory.create(Vectors.dense(tuples.values()[i]), tuples.counts()[i] / total));
    }
    Dataset<Row> points = spark.createDataFrame(rows, POINTS).coalesce(1).persist();
    try {
      List<Callable<Optional<ClusterFit>>> starts = new ArrayList<>();
      for (String method : settings.methods()) {
        for (int k : settings.k()) {
          for (int start = 0; start < settings.starts() && tuples.size() > k; start++) {
            long seed = settings.seed() + start;
            starts.add(() -> fit(method, k, seed, points, tuples));
          }
        }
      }
      return best(inParallel(starts));
    } finally {
      points.unpersist();
    }
  }

  /** A fit keeps one core busy: as many at once as there are cores. */
  private List<ClusterFit> inParallel(List<Callable<Optional<ClusterFit>>> starts) {
    int threads = Math.max(1, Math.min(starts.size(), spark.sparkContext().defaultParallelism()));
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<ClusterFit> fits = new ArrayList<>();
      for (Future<Optional<ClusterFit>> fit : executor.invokeAll(starts)) {
        fit.get().ifPresent(fits::add);
      }
      return fits;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while clustering", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("clustering failed: " + e.getCause().getMessage(), e);
    } finally {
      executor.shutdownNow();
    }
  }

  /** Of the starts of each method and k the one that fits best; the first of equals. */
  private static List<ClusterFit> best(List<ClusterFit> fits) {
    Map<String, ClusterFit> best = new LinkedHashMap<>();
    for (ClusterFit fit : fits) {
      best.merge(
          fit.method() + " " + fit.k(),
          fit,
          (a, b) -> {
            boolean better =
                Double.isNaN(a.cost())
                    ? b.logLikelihood() > a.logLikelihood()
                    : b.cost() < a.cost();
            return better ? b : a;
          });
    }
    return List.copyOf(best.values());
  }

  private Optional<ClusterFit> fit(
      String method, int k, long seed, Dataset<Row> points, WeightedTuples tuples) {
    boolean mixture = method.equals(Clustering.GAUSSIAN_MIXTURE);
    try {
      ClusterFit fit = mixture ? mixture(k, seed, points, tuples) : kMeans(k, seed, points, tuples);
      return Double.isFinite(mixture ? fit.logLikelihood() : fit.cost())
          ? Optional.of(fit)
          : Optional.empty();
    } catch (RuntimeException e) {
      // MLlib throws where a component collapses onto one tuple
      LOG.warn("{} with k = {}, seed {}: {}", method, k, seed, e.getMessage());
      return Optional.empty();
    }
  }

  private ClusterFit mixture(int k, long seed, Dataset<Row> points, WeightedTuples tuples) {
    GaussianMixtureModel model =
        new GaussianMixture()
            .setK(k)
            .setSeed(seed)
            .setMaxIter(settings.maxIterations())
            .setTol(settings.tolerance())
            .setWeightCol("weight")
            .fit(points);
    int iterations = model.summary().numIter();
    MultivariateGaussian[] gaussians = model.gaussians();
    double[] weights = model.weights();
    ClusterFit.Score score =
        (c, value) -> Math.log(weights[c]) + gaussians[c].logpdf(Vectors.dense(value));
    List<ClusterFit.Cluster> components =
        IntStream.range(0, k)
            .mapToObj(
                c ->
                    new ClusterFit.Cluster(
                        weights[c], 0, gaussians[c].mean().toArray(), rows(gaussians[c].cov())))
            .toList();
    return new ClusterFit(
        Clustering.GAUSSIAN_MIXTURE,
        k,
        ClusterFit.assign(tuples, k, score, components, false),
        logLikelihood(tuples, k, score),
        Double.NaN,
        iterations,
        iterations < settings.maxIterations());
  }

  private static double logLikelihood(WeightedTuples tuples, int k, ClusterFit.Score score) {
    double sum = 0;
    double[] terms = new double[k];
    for (int i = 0; i < tuples.size(); i++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < k; c++) {
        terms[c] = score.of(c, tuples.values()[i]);
        largest = Math.max(largest, terms[c]);
      }
      double exponentials = 0;
      for (double term : terms) {
        exponentials += Math.exp(term - largest);
      }
      sum += tuples.counts()[i] * (largest + Math.log(exponentials));
    }
    return sum / tuples.pixels();
  }

  private ClusterFit kMeans(int k, long seed, Dataset<Row> points, WeightedTuples tuples) {
    KMeansModel model =
        new KMeans()
            .setK(k)
            .setSeed(seed)
            .setMaxIter(settings.maxIterations())
            .setTol(settings.tolerance())
            .setWeightCol("weight")
            .fit(points);
    Vector[] centres = model.clusterCenters();
    ClusterFit.Score score =
        (c, value) -> {
          double distance = 0;
          for (int d = 0; d < value.length; d++) {
            double difference = value[d] - centres[c].apply(d);
            distance -= difference * difference;
          }
          return distance;
        };
    double cost = 0;
    for (int i = 0; i < tuples.size(); i++) {
      double nearest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < centres.length; c++) {
        nearest = Math.max(nearest, score.of(c, tuples.values()[i]));
      }
      cost -= tuples.counts()[i] * nearest;
    }
    List<ClusterFit.Cluster> centresOnly =
        IntStream.range(0, centres.length)
            .mapToObj(c -> new ClusterFit.Cluster(0, 0, centres[c].toArray(), new double[0][]))
            .toList();
    int iterations = model.summary().numIter();
    return new ClusterFit(
        Clustering.K_MEANS,
        k,
        ClusterFit.assign(tuples, centres.length, score, centresOnly, true),
        Double.NaN,
        cost,
        iterations,
        iterations < settings.maxIterations());
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
