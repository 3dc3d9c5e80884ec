package org.cytolake.clusters;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.cluster.AdjustedRandIndex;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.config.ClusterOptions;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.points.WeightedPoints;
import org.cytolake.tables.IntsByKey;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/**
 * Rows of {@code cluster_models}, {@code clusters} and {@code cluster_labels} for the models of one
 * image, group or data set.
 *
 * @param scope as the tables have it
 * @param channels names
 * @param fittedTo what the values are, as {@link ClusteredBy#fittedTo} says it
 * @param points what the models were fitted to
 * @param scale what each channel was divided by before the fit, or null
 * @param droppedBits low bits dropped of them
 * @param recommendation what says which k
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ClusterRows(
    String scope,
    List<String> channels,
    String fittedTo,
    WeightedPoints points,
    double[] scale,
    int droppedBits,
    Recommendation recommendation,
    List<ClusterFit> fits) {

  /** Of all models of the settings, fitted in the calling thread. */
  public static ClusterRows fit(
      String scope,
      List<String> channels,
      WeightedPoints points,
      EvenTuples even,
      int droppedBits,
      Clustering settings,
      String fittedTo,
      ClusterRivals rivals) {
    FittedPoints fitted = FittedPoints.of(points, settings.standardize());
    Recommendation recommendation = Recommendation.of(fitted, even, settings);
    return new ClusterRows(
        scope,
        channels,
        fittedTo,
        points,
        fitted.scale(),
        droppedBits,
        recommendation,
        ClusterFits.of(fitted, recommendation, settings, rivals));
  }

  /** The models that there are, by method and k. */
  public List<ClusterFit> fitted() {
    return fits.stream()
        .filter(f -> f.reason() == null)
        .sorted(Comparator.comparing(ClusterFit::name))
        .toList();
  }

  /** Labels of the tuples in the models that were selected, one a method. */
  public Map<ModelName, int[]> selected() {
    Map<ModelName, int[]> labels = new LinkedHashMap<>();
    fitted().stream().filter(ClusterFit::selected).forEach(f -> labels.put(f.name(), f.labels()));
    return labels;
  }

  /** Adds the rows of all three tables. */
  public void add(PlaneRows rows) {
    models(rows);
    rows.add(Table.CLUSTER_LABELS, to -> labels(rows.of(Table.CLUSTER_LABELS), to));
  }

  /** Adds the rows that say what the models are. */
  void models(PlaneRows rows) {
    for (ClusterFit fit : fits) {
      model(fit, rows);
      clusters(fit, rows);
    }
  }

  private void model(ClusterFit fit, PlaneRows rows) {
    Map<Criterion, Double> scores = fit.scores();
    rows.add(
        Table.CLUSTER_MODELS,
        rows.of(Table.CLUSTER_MODELS)
            .put("scope", scope)
            .put("method", fit.method())
            .put("k", fit.k())
            .put("channels", channels)
            .put("fitted_to", fittedTo)
            .put("scale", scale)
            .put("pixels", points.weight())
            .put("tuples", (long) points.size())
            .put("dropped_bits", droppedBits)
            .put("coarsened_bits", fit.coarsenedBits())
            .put("coreset_points", fit.coreset().points())
            .put("coreset_error", fit.coreset().points() > 0 ? fit.coreset().error() : null)
            .put("nodes", fit.nodes() == null ? null : List.of(fit.nodes().profiles()))
            .put("node_clusters", fit.nodes() == null ? null : fit.nodes().clusters())
            .put("parameters", fit.parameters())
            .put("log_likelihood", scores.get(Criterion.LOG_LIKELIHOOD))
            .put("aic", scores.get(Criterion.AIC))
            .put("bic", scores.get(Criterion.BIC))
            .put("silhouette", scores.get(Criterion.SILHOUETTE))
            .put("exact_silhouette", scores.get(Criterion.EXACT_SILHOUETTE))
            .put("effective_pixels", recommendation.pixels())
            .put("effective_bic", scores.get(Criterion.EFFECTIVE_BIC))
            .put("icl", scores.get(Criterion.ICL))
            .put("stability", scores.get(Criterion.STABILITY))
            .put("modes", recommendation.modes())
            .put("cost", scores.get(Criterion.COST))
            .put("adjusted_rand", adjustedRand(fit))
            .put("iterations", fit.iterations())
            .put("converged", fit.converged())
            .put("selected", fit.selected())
            .put("picked_by", fit.pickedBy())
            .put("reason", fit.reason())
            .putNull("labelled_by")
            .row());
  }

  /** With the mixture's clusters of the same k; a mixture's own, with those of k-means. */
  private Double adjustedRand(ClusterFit fit) {
    String with =
        fit.method().equals(ClusterOptions.GAUSSIAN_MIXTURE)
            ? ClusterOptions.K_MEANS
            : ClusterOptions.GAUSSIAN_MIXTURE;
    return fits.stream()
        .filter(f -> f.k() == fit.k() && f.method().equals(with))
        .filter(f -> f.reason() == null && fit.reason() == null)
        .findFirst()
        .map(f -> AdjustedRandIndex.of(points, fit.labels(), f.labels()))
        .orElse(null);
  }

  private void clusters(ClusterFit fit, PlaneRows rows) {
    for (int c = 0; c < fit.clusters().size(); c++) {
      ClusterFit.Cluster cluster = fit.clusters().get(c);
      rows.add(
          Table.CLUSTERS,
          rows.of(Table.CLUSTERS)
              .put("scope", scope)
              .put("method", fit.method())
              .put("k", fit.k())
              .put("cluster", c + 1)
              .put("weight", cluster.weight())
              .put("pixels", cluster.pixels())
              .put("mean", cluster.mean())
              .put("covariance", List.of(cluster.covariance()))
              .put("centre", cluster.centre())
              .row());
    }
  }

  private void labels(RowByName row, Consumer<InternalRow> to) {
    List<ClusterFit> models = fitted();
    UTF8String of = UTF8String.fromString(scope);
    IntsByKey.Keys keys = new IntsByKey.Keys(models.stream().map(m -> m.name().key()).toList());
    boolean shared = models.stream().anyMatch(m -> m.responsibilities() != null);
    int[] labels = new int[models.size()];
    for (int i = 0; i < points.size(); i++) {
      for (int m = 0; m < labels.length; m++) {
        labels[m] = models.get(m).labels()[i];
      }
      to.accept(
          row.put("scope", of)
              .put("values", ClusterValues.tuple(points, i))
              .put("pixels", points.weight(i))
              .put("labels", keys.to(labels))
              .put("responsibilities", shared ? responsibilities(models, i) : null)
              .put("dropped_bits", droppedBits)
              .row());
    }
  }

  private static Map<String, double[]> responsibilities(List<ClusterFit> models, int tuple) {
    Map<String, double[]> shares = new HashMap<>();
    for (ClusterFit fit : models) {
      if (fit.responsibilities() != null) {
        shares.put(fit.name().key(), fit.responsibilities()[tuple]);
      }
    }
    return shares;
  }
}
