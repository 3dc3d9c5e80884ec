package org.cytolake.clusters;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.cluster.Mixture;
import org.cytolake.cluster.ModelSelection;
import org.cytolake.gaussian.Components;
import org.cytolake.points.NearestTuple;
import org.cytolake.points.WeightedPoints;

/**
 * A model that says which cluster values belong to, seen or not.
 *
 * @param mixture null for other methods
 * @param centres in units of {@code scale}, or null
 * @param labels of the centres; null: 1, 2, ...
 * @param scale by which values are divided for distances, a number per channel
 * @param within how far an unseen tuple may be from the seen one whose cluster it gets, in those
 *     units; used without mixture and centres
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredModel(
    String method,
    int k,
    Mixture mixture,
    double[][] centres,
    int[] labels,
    double[] scale,
    double within)
    implements Serializable {

  /**
   * From its rows.
   *
   * @param clusters in the order of their labels
   */
  static StoredModel of(Row model, List<Row> clusters) {
    int channels = model.getList(model.fieldIndex("channels")).size();
    double[] scale = new double[channels];
    Arrays.fill(scale, 1);
    if (!model.isNullAt(model.fieldIndex("scale"))) {
      scale = doubles(model.getList(model.fieldIndex("scale")));
    }
    double[][] centres = null;
    int[] labels = null;
    Mixture mixture = null;
    if (!model.isNullAt(model.fieldIndex("log_likelihood"))) {
      mixture = mixture(model, clusters);
    } else if (hasNodes(model)) {
      labels =
          model.<Integer>getList(model.fieldIndex("node_clusters")).stream()
              .mapToInt(l -> l)
              .toArray();
      centres = rows(model.getList(model.fieldIndex("nodes")));
      for (double[] node : centres) {
        for (int d = 0; d < channels; d++) {
          node[d] /= scale[d];
        }
      }
    } else if (!clusters.isEmpty() && !clusters.get(0).isNullAt(centreOf(clusters.get(0)))) {
      centres = new double[clusters.size()][];
      for (int c = 0; c < centres.length; c++) {
        centres[c] = doubles(clusters.get(c).getList(centreOf(clusters.get(c))));
        for (int d = 0; d < channels; d++) {
          centres[c][d] /= scale[d];
        }
      }
    }
    Double eps = (Double) model.getJavaMap(model.fieldIndex("parameters")).get("eps");
    return new StoredModel(
        model.getAs("method"),
        model.getAs("k"),
        mixture,
        centres,
        labels,
        scale,
        eps == null ? Double.POSITIVE_INFINITY : eps);
  }

  /** One that was just fitted, with labels for all tuples. */
  static StoredModel of(ClusterFit fit, WeightedPoints points) {
    Mixture mixture = null;
    Double logLikelihood = fit.scores().get(ModelSelection.Criterion.LOG_LIKELIHOOD);
    if (logLikelihood != null) {
      List<ClusterFit.Cluster> clusters = fit.clusters();
      Components components =
          new Components(
              clusters.stream().mapToDouble(ClusterFit.Cluster::weight).toArray(),
              clusters.stream().map(ClusterFit.Cluster::mean).toArray(double[][]::new),
              clusters.stream().map(ClusterFit.Cluster::covariance).toArray(double[][][]::new));
      mixture = new Mixture(components, new int[0], logLikelihood, points.weight(), 0, true);
    }
    double[] scale = new double[points.channels()];
    Arrays.fill(scale, 1);
    return new StoredModel(fit.method(), fit.k(), mixture, null, null, scale, 0);
  }

  /** What tells it apart. */
  ModelName name() {
    return new ModelName(method, k);
  }

  /** Whether what was not seen gets the cluster of the nearest tuple that was. */
  boolean byNearest() {
    return mixture == null && centres == null;
  }

  /** Models of earlier versions have no such columns. */
  private static boolean hasNodes(Row model) {
    List<String> columns = Arrays.asList(model.schema().fieldNames());
    return columns.contains("nodes") && !model.isNullAt(model.fieldIndex("nodes"));
  }

  private static double[][] rows(List<scala.collection.Seq<Double>> rows) {
    return rows.stream()
        .map(r -> doubles(scala.jdk.javaapi.CollectionConverters.asJava(r)))
        .toArray(double[][]::new);
  }

  private static int centreOf(Row cluster) {
    return cluster.fieldIndex("centre");
  }

  private static Mixture mixture(Row model, List<Row> clusters) {
    double[] weights = new double[clusters.size()];
    double[][] means = new double[weights.length][];
    double[][][] covariances = new double[weights.length][][];
    for (int c = 0; c < weights.length; c++) {
      Row cluster = clusters.get(c);
      weights[c] = cluster.getAs("weight");
      means[c] = doubles(cluster.getList(cluster.fieldIndex("mean")));
      covariances[c] = rows(cluster.getList(cluster.fieldIndex("covariance")));
    }
    return new Mixture(
        new Components(weights, means, covariances),
        new int[0],
        model.getAs("log_likelihood"),
        model.getAs("pixels"),
        0,
        true);
  }

  private static double[] doubles(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Clusters of values that were not seen: the most likely component, the nearest centre, or that
   * of the nearest tuple seen.
   *
   * @param seen in units of {@code scale}; null without any
   * @param ofSeen labels of those
   */
  int[] predict(WeightedPoints values, NearestTuple seen, int[] ofSeen) {
    if (mixture != null) {
      return mixture.labels(values);
    }
    int[] found = new int[values.size()];
    for (int i = 0; i < found.length; i++) {
      double[] point = new double[scale.length];
      for (int c = 0; c < point.length; c++) {
        point[c] = values.value(c, i) / scale[c];
      }
      if (centres != null) {
        int centre = nearest(point);
        found[i] = labels == null ? 1 + centre : labels[centre];
      } else if (seen != null) {
        int tuple = seen.of(point, within);
        found[i] = tuple < 0 ? 0 : ofSeen[tuple];
      }
    }
    return found;
  }

  private int nearest(double[] point) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < centres.length; j++) {
      if (labels != null && labels[j] == 0) {
        continue; // a node that nothing was nearest to
      }
      double distance = 0;
      for (int c = 0; c < point.length; c++) {
        distance += (point[c] - centres[j][c]) * (point[c] - centres[j][c]);
      }
      if (distance < least) {
        least = distance;
        best = j;
      }
    }
    return best;
  }
}
