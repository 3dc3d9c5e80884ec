package org.cytolake.stage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeConfig.Clustering;

/** Makes the rows of {@code cluster_models} and {@code clusters} for the whole data set. */
final class ClusterRows {
  private static final String SCOPE = "dataset";

  private final DataSetTuples data;
  private final List<ClusterFit> fits;
  private final Set<ClusterFit> selected = new HashSet<>();

  ClusterRows(DataSetTuples data, List<ClusterFit> fits) {
    this.data = data;
    this.fits = List.copyOf(fits);
    long pixels = data.tuples().pixels();
    fits.stream()
        .filter(ClusterRows::isMixture)
        .min(Comparator.comparingDouble(f -> f.bic(pixels)))
        .ifPresent(selected::add);
    fits.stream()
        .filter(f -> !isMixture(f))
        .min(Comparator.comparingInt(ClusterFit::k))
        .ifPresent(selected::add);
  }

  private static boolean isMixture(ClusterFit fit) {
    return fit.method().equals(Clustering.GAUSSIAN_MIXTURE);
  }

  List<Row> models(StructType schema) {
    long pixels = data.tuples().pixels();
    List<Row> rows = new ArrayList<>();
    for (ClusterFit fit : fits) {
      Map<String, Object> values = new HashMap<>();
      values.put("scope", SCOPE);
      values.put("method", fit.method());
      values.put("k", fit.k());
      values.put("channels", seq(data.channels()));
      values.put("pixels", pixels);
      values.put("tuples", (long) data.tuples().size());
      values.put("dropped_bits", data.droppedBits());
      if (isMixture(fit)) {
        values.put("log_likelihood", fit.logLikelihood());
        values.put("aic", fit.aic(pixels));
        values.put("bic", fit.bic(pixels));
      } else {
        values.put("cost", fit.cost());
      }
      values.put("iterations", fit.iterations());
      values.put("converged", fit.converged());
      values.put("selected", selected.contains(fit));
      rows.add(row(schema, values));
    }
    return rows;
  }

  List<Row> clusters(StructType schema) {
    List<Row> rows = new ArrayList<>();
    for (ClusterFit fit : fits) {
      for (int c = 0; c < fit.clusters().size(); c++) {
        ClusterFit.Cluster cluster = fit.clusters().get(c);
        Map<String, Object> values = new HashMap<>();
        values.put("scope", SCOPE);
        values.put("method", fit.method());
        values.put("k", fit.k());
        values.put("cluster", c + 1);
        values.put("weight", cluster.weight());
        values.put("pixels", cluster.pixels());
        values.put("mean", doubles(cluster.mean()));
        values.put(
            "covariance",
            seq(Arrays.stream(cluster.covariance()).map(ClusterRows::doubles).toList()));
        rows.add(row(schema, values));
      }
    }
    return rows;
  }

  /** One line for each selected model. */
  List<String> lines() {
    return fits.stream().filter(selected::contains).map(this::line).toList();
  }

  private String line(ClusterFit fit) {
    StringBuilder text = new StringBuilder(fit.method()).append(", k = ").append(fit.k());
    text.append(": ");
    for (int c = 0; c < fit.clusters().size(); c++) {
      ClusterFit.Cluster cluster = fit.clusters().get(c);
      text.append(c == 0 ? "" : "; ");
      text.append(String.format(java.util.Locale.ROOT, "%.1f %% at (", 100 * cluster.weight()));
      for (int d = 0; d < cluster.mean().length; d++) {
        text.append(d == 0 ? "" : ", ");
        text.append(String.format(java.util.Locale.ROOT, "%.1f", cluster.mean()[d]));
      }
      text.append(')');
    }
    return text + (fit.converged() ? "" : " (not converged)");
  }

  private static Row row(StructType schema, Map<String, Object> values) {
    return RowFactory.create(
        Arrays.stream(schema.fieldNames()).map(values::get).toArray(Object[]::new));
  }

  private static Object doubles(double[] values) {
    return seq(Arrays.stream(values).boxed().toList());
  }

  private static Object seq(List<?> list) {
    return scala.jdk.javaapi.CollectionConverters.asScala(list).toSeq();
  }
}
