package org.cytolake.stage;

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
import org.cytolake.output.Table;

/**
 * Rows of {@code cluster_models}, {@code clusters} and {@code cluster_labels} behind the keys, for
 * the models of one image, group or data set.
 *
 * @param scope as the tables have it
 * @param channels names
 * @param points what the models were fitted to
 * @param droppedBits low bits dropped of them
 */
record ClusterRows(
    String scope,
    List<String> channels,
    WeightedPoints points,
    int droppedBits,
    List<ClusterFit> fits) {
  /** The tables, in the order in which tasks hand their rows on. */
  static final List<Table> TABLES =
      List.of(Table.CLUSTER_MODELS, Table.CLUSTERS, Table.CLUSTER_LABELS);

  List<Row> of(Table table) {
    return switch (table) {
      case CLUSTER_MODELS -> fits.stream().map(this::model).toList();
      case CLUSTERS -> clusters();
      case CLUSTER_LABELS -> labels();
      default -> throw new IllegalArgumentException("no rows of " + table.folder());
    };
  }

  private Row model(ClusterFit fit) {
    Map<Criterion, Double> scores = fit.scores();
    boolean fitted = fit.reason() == null;
    return RowFactory.create(
        scope,
        fit.method(),
        fit.k(),
        seq(channels),
        points.weight(),
        (long) points.size(),
        droppedBits,
        scores.get(Criterion.LOG_LIKELIHOOD),
        scores.get(Criterion.AIC),
        scores.get(Criterion.BIC),
        scores.get(Criterion.SILHOUETTE),
        scores.get(Criterion.EXACT_SILHOUETTE),
        scores.get(Criterion.COST),
        adjustedRand(fit),
        fitted ? (Integer) fit.iterations() : null,
        fitted ? (Boolean) fit.converged() : null,
        fit.selected(),
        fit.reason());
  }

  private Double adjustedRand(ClusterFit fit) {
    Optional<ClusterFit> other =
        fits.stream()
            .filter(f -> f.k() == fit.k() && !f.method().equals(fit.method()))
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
                seq(Arrays.stream(cluster.covariance()).map(ClusterRows::doubles).toList())));
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
                scope, fit.method(), fit.k(), doubles(values), fit.labels()[i], points.weight(i)));
      }
    }
    return rows;
  }

  static Object doubles(double[] values) {
    return seq(Arrays.stream(values).boxed().toList());
  }

  static Object seq(List<?> list) {
    return scala.jdk.javaapi.CollectionConverters.asScala(list).toSeq();
  }
}
