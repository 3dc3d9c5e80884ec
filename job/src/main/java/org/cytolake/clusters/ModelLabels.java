package org.cytolake.clusters;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.store.Run;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/** Labels the pixels of images with the models of an earlier run. */
final class ModelLabels {
  private final SparkSession spark;
  private final Clustering settings;
  private final Layout layout;
  private final StoredModels stored;

  ModelLabels(SparkSession spark, Clustering settings, Layout layout, StoredModels stored) {
    this.spark = spark;
    this.settings = settings;
    this.layout = layout;
    this.stored = stored;
  }

  /**
   * Replaces the models of several images by those of the earlier run.
   *
   * @param tuples the groups of the scope, the values, and the pixels
   */
  void run(Run run, Dataset<Row> tuples) {
    String path = run.scratch() + "/tuples_to_label";
    tuples.write().mode("overwrite").parquet(path);
    Dataset<Row> written = spark.read().parquet(path);
    Set<List<String>> wanted = new HashSet<>();
    if (stored.groups().isEmpty()) {
      wanted.add(List.of());
    } else {
      written.select(groups()).distinct().collectAsList().forEach(r -> wanted.add(stored.group(r)));
    }
    TupleLabels.Written labels =
        TupleLabels.write(run.files(), stored.known(written), settings, stored.labelled(wanted));
    run.stage(labels.files(), Set.of());
    run.replace(Table.CLUSTER_MODELS, models(wanted), Set.of());
    run.replace(Table.CLUSTERS, clusters(wanted, labels.pixels()), Set.of());
  }

  private Column[] groups() {
    return stored.groups().stream().map(g -> col(KeyColumns.quoted(g))).toArray(Column[]::new);
  }

  private Dataset<Row> models(Set<List<String>> wanted) {
    StructType schema = Table.CLUSTER_MODELS.schema(layout);
    List<Row> rows = new ArrayList<>();
    for (Row model : stored.models()) {
      if (wanted.contains(stored.group(model))) {
        rows.add(row(schema, model, Map.of("labelled_by", settings.model())));
      }
    }
    for (List<String> group : wanted) {
      if (!stored.known().contains(group)) {
        stored.names().forEach(model -> rows.add(none(schema, group, model)));
      }
    }
    return spark.createDataFrame(rows, schema);
  }

  /** A group without models: says so. */
  private Row none(StructType schema, List<String> group, ModelName model) {
    Object[] values = new Object[schema.size()];
    for (int g = 0; g < group.size(); g++) {
      values[schema.fieldIndex(stored.groups().get(g))] = group.get(g);
    }
    values[schema.fieldIndex("scope")] = stored.scope();
    values[schema.fieldIndex("method")] = model.method();
    values[schema.fieldIndex("k")] = model.k();
    values[schema.fieldIndex("selected")] = false;
    values[schema.fieldIndex("labelled_by")] = settings.model();
    values[schema.fieldIndex("reason")] =
        settings.model() + " holds no model of " + String.join(", ", group);
    return RowFactory.create(values);
  }

  private Dataset<Row> clusters(Set<List<String>> wanted, Map<TupleLabels.Cluster, Long> pixels) {
    StructType schema = Table.CLUSTERS.schema(layout);
    List<Row> rows = new ArrayList<>();
    for (Row model : stored.models()) {
      List<String> group = stored.group(model);
      if (wanted.contains(group)) {
        for (Row cluster : stored.clustersOf(group, model)) {
          TupleLabels.Cluster of =
              new TupleLabels.Cluster(group, ModelName.of(model), cluster.getAs("cluster"));
          rows.add(row(schema, cluster, Map.of("pixels", pixels.getOrDefault(of, 0L))));
        }
      }
    }
    return spark.createDataFrame(rows, schema);
  }

  /** An earlier run's row in the columns of this layout. */
  private Row row(StructType schema, Row from, Map<String, Object> changed) {
    List<String> keys = new KeyColumns(layout.groups()).names();
    List<String> known = Arrays.asList(from.schema().fieldNames());
    Object[] values = new Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      StructField field = schema.fields()[i];
      boolean foreign = keys.contains(field.name()) && !stored.groups().contains(field.name());
      if (!foreign && known.contains(field.name())) {
        values[i] = from.getAs(field.name());
      }
      values[i] = changed.getOrDefault(field.name(), values[i]);
    }
    return RowFactory.create(values);
  }
}
