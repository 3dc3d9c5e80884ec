package org.cytolake.clusters;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.cluster.WeightedPoints;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.Exploration;
import org.cytolake.statistics.FieldExploration;
import org.cytolake.store.Run;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Clusters the pixels of several images together: of this run's and those before it. Groups of the
 * pattern are fitted inside tasks, one a call; the whole data set on the driver and by MLlib; with
 * models of an earlier run nothing is fitted.
 */
public final class ClusterStage {
  private final SparkSession spark;
  private final Clustering settings;
  private final Layout layout;
  private final List<String> channels;
  private final String fittedTo;

  public ClusterStage(
      SparkSession spark, Clustering settings, Exploration exploration, Layout layout) {
    this.spark = spark;
    this.settings = settings;
    this.layout = layout;
    this.channels = settings.channelsOf(layout.channelNames());
    this.fittedTo = ClusterChecks.fittedTo(settings, exploration);
  }

  /**
   * Fits to what {@code cluster_values} will hold after the run, or labels it, and replaces the
   * models of several images.
   *
   * @throws org.cytolake.config.CytolakeException (USAGE) where the models of an earlier run cannot
   *     be used
   */
  public void run(Run run) {
    Dataset<Row> values = run.read(Table.CLUSTER_VALUES);
    if (!settings.model().isEmpty()) {
      StoredModels stored = StoredModels.of(spark, settings, channels, fittedTo);
      new ModelLabels(spark, settings, layout, stored).run(run, tuples(values));
    } else if (settings.ofDataset()) {
      dataSet(run, values);
    } else {
      groups(run, values);
    }
  }

  private void dataSet(Run run, Dataset<Row> values) {
    DataSetTuples data = DataSetTuples.of(values, channels.size(), run.scratch() + "/data_set");
    ClusterRows rows =
        ClusterRows.fit(
            Clustering.DATASET,
            channels,
            data.points(),
            data.droppedBits(),
            settings,
            fittedTo,
            new MllibRivals(spark, settings));
    KeyColumns keys = new KeyColumns(layout.groups());
    for (Table table : List.of(Table.CLUSTER_MODELS, Table.CLUSTERS)) {
      List<Row> withKeys = new ArrayList<>();
      for (Row row : rows.of(table)) {
        Object[] all = new Object[keys.size() + row.size()];
        for (int i = 0; i < row.size(); i++) {
          all[keys.size() + i] = row.get(i);
        }
        withKeys.add(RowFactory.create(all));
      }
      run.replace(table, spark.createDataFrame(withKeys, table.schema(layout)), Set.of());
    }
    run.replace(
        Table.CLUSTER_LABELS,
        TupleLabels.of(
            spark,
            data.exact(),
            layout,
            settings,
            Map.of(List.of(), LabelledTuples.of(rows, data.steps()))),
        Set.of());
  }

  /** The groups of the scope, a column {@code v_c} for every channel, and the pixels. */
  private Dataset<Row> tuples(Dataset<Row> values) {
    List<Column> by = by();
    List<Column> columns = new ArrayList<>(by.subList(0, by.size() - channels.size()));
    for (int c = 0; c < channels.size(); c++) {
      columns.add(col("values").getItem(c).as("v_" + c));
    }
    columns.add(col("pixels"));
    return values
        .select(columns.toArray(Column[]::new))
        .groupBy(by.toArray(Column[]::new))
        .agg(sum("pixels").as("pixels"));
  }

  private List<Column> by() {
    List<Column> by = new ArrayList<>();
    if (!settings.ofDataset()) {
      settings.scope().forEach(group -> by.add(col(KeyColumns.quoted(group))));
    }
    for (int c = 0; c < channels.size(); c++) {
      by.add(col("v_" + c));
    }
    return by;
  }

  private void groups(Run run, Dataset<Row> values) {
    Column[] by = by().toArray(Column[]::new);
    Column[] scope = Arrays.copyOf(by, settings.scope().size());
    String path = run.scratch() + "/models";
    tuples(values)
        .repartition(scope)
        .sortWithinPartitions(by)
        .mapPartitions(
            new Fit(settings, channels, fittedTo, layout.groups()), Encoders.row(schema()))
        .write()
        .mode("overwrite")
        .parquet(path);
    KeyColumns keys = new KeyColumns(layout.groups());
    for (Table table : ClusterRows.TABLES) {
      run.replace(table, FieldExploration.table(spark.read().parquet(path), table, keys), Set.of());
    }
  }

  private StructType schema() {
    List<StructField> fields = new ArrayList<>(new KeyColumns(layout.groups()).fields());
    for (Table table : ClusterRows.TABLES) {
      fields.add(
          DataTypes.createStructField(
              table.folder(),
              new ArrayType(FieldExploration.behindKeys(table, layout), false),
              true));
    }
    return new StructType(fields.toArray(StructField[]::new));
  }

  /** One row a group of sorted rows of (group columns, values, pixels). */
  private record Fit(
      Clustering settings, List<String> channels, String fittedTo, List<String> groups)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> sorted) {
      int scope = settings.scope().size();
      return new Iterator<>() {
        private Row pending = sorted.hasNext() ? sorted.next() : null;

        @Override
        public boolean hasNext() {
          return pending != null;
        }

        @Override
        public Row next() {
          if (pending == null) {
            throw new NoSuchElementException();
          }
          Row first = pending;
          List<Row> rows = new ArrayList<>();
          while (pending != null && sameGroup(first, pending)) {
            rows.add(pending);
            pending = sorted.hasNext() ? sorted.next() : null;
          }
          return fit(first, DataSetTuples.points(rows, scope, channels.size()));
        }
      };
    }

    private boolean sameGroup(Row a, Row b) {
      for (int g = 0; g < settings.scope().size(); g++) {
        if (!a.getString(g).equals(b.getString(g))) {
          return false;
        }
      }
      return true;
    }

    private Row fit(Row first, WeightedPoints points) {
      KeyColumns keys = new KeyColumns(groups);
      int tables = ClusterRows.TABLES.size();
      Object[] row = new Object[keys.size() + tables];
      for (int g = 0; g < settings.scope().size(); g++) {
        row[keys.names().indexOf(settings.scope().get(g))] = first.get(g);
      }
      String scope = String.join(", ", settings.scope());
      ClusterRows rows =
          ClusterRows.fit(scope, channels, points, 0, settings, fittedTo, ClusterRivals.NONE);
      for (int t = 0; t < tables; t++) {
        row[keys.size() + t] = ClusterRows.seq(rows.of(ClusterRows.TABLES.get(t)));
      }
      return RowFactory.create(row);
    }
  }
}
