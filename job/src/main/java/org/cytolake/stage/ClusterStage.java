package org.cytolake.stage;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.Layout;
import org.cytolake.output.Run;
import org.cytolake.output.Table;

/** Clusters the pixels of the whole data set: the images of this run and those before it. */
final class ClusterStage {
  private final SparkSession spark;
  private final Clustering settings;

  ClusterStage(SparkSession spark, Clustering settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * The channels to cluster by.
   *
   * @throws CytolakeException (USAGE) where the settings name others than there are
   */
  static List<String> channels(Clustering settings, List<String> all) {
    if (settings.channels().isEmpty()) {
      return all.size() == 1 ? all : List.of(all.get(0), all.get(all.size() - 1));
    }
    if (settings.channels().size() > 2
        || settings.channels().stream().distinct().count() < settings.channels().size()
        || !all.containsAll(settings.channels())) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.channels is "
              + settings.channels()
              + ", but the channels are "
              + String.join(", ", all)
              + ".",
          "Name one or two of them, or leave it empty for the first and the last.");
    }
    return settings.channels();
  }

  /**
   * Fits to what {@code joint_histograms} will hold after the run, and replaces the tables {@code
   * cluster_models} and {@code clusters}.
   *
   * @return the selected models, one line each
   */
  List<String> run(Run run, Layout layout, List<String> channels) {
    DataSetTuples data = DataSetTuples.of(run.read(Table.JOINT_HISTOGRAMS), channels);
    List<ClusterFit> fits =
        data.tuples().size() == 0
            ? List.of()
            : new PixelClusters(spark, settings).fit(data.tuples());
    ClusterRows rows = new ClusterRows(data, fits);
    StructType models = Table.CLUSTER_MODELS.schema(layout);
    StructType clusters = Table.CLUSTERS.schema(layout);
    run.replaceAll(Table.CLUSTER_MODELS, spark.createDataFrame(rows.models(models), models));
    run.replaceAll(Table.CLUSTERS, spark.createDataFrame(rows.clusters(clusters), clusters));
    return rows.lines();
  }
}
