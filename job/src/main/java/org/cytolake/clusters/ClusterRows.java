package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.cytolake.cluster.AdjustedRandIndex;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.cluster.WeightedPoints;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.tables.Table;

/**
 * Rows of {@code cluster_models}, {@code clusters} and {@code cluster_labels} behind the keys, for
 * the models of one image, group or data set.
 *
 * @param scope as the tables have it
 * @param channels names
 * @param fittedTo what the values are, as {@link ClusterChecks#fittedTo} says it
 * @param points what the models were fitted to
 * @param scale what each channel was divided by before the fit, or null
 * @param droppedBits low bits dropped of them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ClusterRows(
    String scope,
    List<String> channels,
    String fittedTo,
    WeightedPoints points,
    double[] scale,
    int droppedBits,
    List<ClusterFit> fits) {
  /** The tables, in the order in which tasks hand their rows on. */
  public static final List<Table> TABLES =
      List.of(Table.CLUSTER_MODELS, Table.CLUSTERS, Table.CLUSTER_LABELS);

  /** Of all models of the settings, fitted in the calling thread. */
  public static ClusterRows fit(
      String scope,
      List<String> channels,
      WeightedPoints points,
      int droppedBits,
      Clustering settings,
      String fittedTo,
      ClusterRivals rivals) {
    FittedPoints fitted = FittedPoints.of(points, settings.standardize());
    return new ClusterRows(
        scope,
        channels,
        fittedTo,
        points,
        fitted.scale(),
        droppedBits,
        ClusterFits.of(fitted, settings, rivals));
  }

  public List<Row> of(Table table) {
    return switch (table) {
      case CLUSTER_MODELS -> fits.stream().map(this::model).toList();
      case CLUSTERS -> clusters();
      case CLUSTER_LABELS -> labels();
      default -> throw new IllegalArgumentException("no rows of " + table.folder());
    };
  }

  private Row model(ClusterFit fit) {
    Map<Criterion, Double> scores = fit.scores();
    return RowFactory.create(
        scope,
        fit.method(),
        fit.k(),
        seq(channels),
        fittedTo,
        doubles(scale),
        points.weight(),
        (long) points.size(),
        droppedBits,
        fit.coarsenedBits(),
        scala.jdk.javaapi.CollectionConverters.asScala(fit.parameters()),
        scores.get(Criterion.LOG_LIKELIHOOD),
        scores.get(Criterion.AIC),
        scores.get(Criterion.BIC),
        scores.get(Criterion.SILHOUETTE),
        scores.get(Criterion.EXACT_SILHOUETTE),
        scores.get(Criterion.COST),
        adjustedRand(fit),
        fit.iterations(),
        fit.converged(),
        fit.selected(),
        seq(fit.pickedBy()),
        fit.reason(),
        null);
  }

  /** With the mixture's clusters of the same k; a mixture's own, with those of k-means. */
  private Double adjustedRand(ClusterFit fit) {
    String with =
        fit.method().equals(Clustering.GAUSSIAN_MIXTURE)
            ? Clustering.K_MEANS
            : Clustering.GAUSSIAN_MIXTURE;
    Optional<ClusterFit> other =
        fits.stream()
            .filter(f -> f.k() == fit.k() && f.method().equals(with))
            .filter(f -> f.reason() == null && fit.reason() == null)
            .findFirst();
    return other.map(f -> AdjustedRandIndex.of(points, fit.labels(), f.labels())).orElse(null);
  }

  private List<Row> clusters() {
    List<Row> rows = new ArrayList<>();
    for (ClusterFit fit : fits) {
      for (int c = 0; c < fit.clusters().size(); c++) {
        ClusterFit.Cluster cluster = fit.clusters().get(c);
        rows.add(
            RowFactory.create(
                scope,
                fit.method(),
                fit.k(),
                c + 1,
                cluster.weight(),
                cluster.pixels(),
                doubles(cluster.mean()),
                seq(Arrays.stream(cluster.covariance()).map(ClusterRows::doubles).toList()),
                doubles(cluster.centre())));
      }
    }
    return rows;
  }

  private List<Row> labels() {
    List<Row> rows = new ArrayList<>();
    for (ClusterFit fit : fits) {
      for (int i = 0; fit.labels() != null && i < fit.labels().length; i++) {
        double[] values = new double[points.channels()];
        for (int c = 0; c < values.length; c++) {
          values[c] = points.value(c, i);
        }
        rows.add(
            RowFactory.create(
                scope,
                fit.method(),
                fit.k(),
                doubles(values),
                fit.labels()[i],
                points.weight(i),
                fit.responsibilities() == null ? null : doubles(fit.responsibilities()[i])));
      }
    }
    return rows;
  }

  /** As Spark's array; null stays null. */
  public static Object doubles(double[] values) {
    return values == null ? null : seq(Arrays.stream(values).boxed().toList());
  }

  public static Object seq(List<?> list) {
    return scala.jdk.javaapi.CollectionConverters.asScala(list).toSeq();
  }
}
