package org.cytolake.stage;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.Layout;
import org.cytolake.output.Table;
import org.cytolake.output.TableStore;
import org.cytolake.source.Columns;

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
   * Fits and replaces the tables {@code cluster_models} and {@code clusters}.
   *
   * @param joint joint histograms of this run's images
   * @param replaced ids of the images whose earlier rows no longer count
   * @return the selected models, one line each
   */
  List<String> run(
      TableStore store,
      TableStore.Run run,
      Layout layout,
      Dataset<Row> joint,
      Collection<String> replaced,
      List<String> channels) {
    Dataset<Row> all = joint.select(columns(layout));
    Optional<Dataset<Row>> before = store.read(Table.JOINT_HISTOGRAMS);
    if (before.isPresent()) {
      Dataset<Row> ids =
          spark.createDataset(List.copyOf(replaced), Encoders.STRING()).toDF("replaced_image");
      all =
          all.unionByName(
              before
                  .get()
                  .join(
                      broadcast(ids),
                      col(Columns.IMAGE).equalTo(col("replaced_image")),
                      "left_anti")
                  .select(columns(layout)));
    }
    DataSetTuples data = DataSetTuples.of(all, channels);
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

  private static org.apache.spark.sql.Column[] columns(Layout layout) {
    return java.util.Arrays.stream(Table.JOINT_HISTOGRAMS.schema(layout).fieldNames())
        .map(n -> col(KeyColumns.quoted(n)))
        .toArray(org.apache.spark.sql.Column[]::new);
  }
}
