package org.cytolake.stage;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
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
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.Layout;
import org.cytolake.output.Run;
import org.cytolake.output.Table;

/**
 * Clusters the pixels of several images together: of this run's and those before it. Groups of the
 * pattern are fitted inside tasks, one a call; the whole data set by MLlib.
 */
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
   * Checks what depends on the images.
   *
   * @throws CytolakeException (USAGE) where the settings name what is not there
   */
  static void require(
      Clustering settings, Layout layout, org.cytolake.config.Exploration exploration) {
    List<String> channels = channels(settings, layout.channelNames());
    if (!settings.perImage()
        && !settings.ofDataset()
        && !layout.groups().containsAll(settings.scope())) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.scope is " + settings.scope() + ".",
          "Write image, dataset, or some of the pattern's groups: "
              + String.join(", ", layout.groups())
              + ".");
    }
    boolean ofComposite =
        settings.values().equals("normalized") || settings.values().equals("equalized");
    if (ofComposite && !exploration.composite().containsAll(channels)) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.values is "
              + settings.values()
              + ", but the channels "
              + String.join(", ", channels)
              + " are not all in the composite.",
          "Name them in composite.channels, or set clustering.values = raw.");
    }
    if (!settings.reference().isEmpty()
        && !exploration.references().contains(settings.reference())) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.reference is '" + settings.reference() + "'.",
          "Name one of normalization.references: "
              + String.join(", ", exploration.references())
              + ".");
    }
    if (!List.of("positive", "stained", "none").contains(settings.pixels())
        && exploration.regions().stream().noneMatch(r -> r.name().equals(settings.pixels()))) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.pixels is '" + settings.pixels() + "'.",
          "Write positive, stained, none, or the name of one of statistics.regions.");
    }
  }

  /**
   * Fits to what {@code cluster_values} will hold after the run, and replaces the models of several
   * images.
   */
  void run(Run run, Layout layout) {
    Dataset<Row> values = run.read(Table.CLUSTER_VALUES);
    List<String> channels = channels(settings, layout.channelNames());
    Dataset<Row> made =
        settings.ofDataset() ? dataSet(values, layout, channels) : groups(values, layout, channels);
    String path = run.scratch() + "/models";
    made.write().mode("overwrite").parquet(path);
    KeyColumns keys = new KeyColumns(layout.groups());
    for (Table table : ClusterRows.TABLES) {
      run.replace(table, Exploration.table(spark.read().parquet(path), table, keys), Set.of());
    }
  }

  /** What was selected, a line for each method. */
  static List<String> lines(Run run) {
    List<String> lines = new ArrayList<>();
    List<Row> selected =
        run.read(Table.CLUSTER_MODELS)
            .where("selected")
            .groupBy("scope", "method", "k")
            .count()
            .orderBy("scope", "method", "k")
            .collectAsList();
    Map<String, List<Row>> byMethod = new LinkedHashMap<>();
    for (Row row : selected) {
      byMethod
          .computeIfAbsent(row.getString(1) + " by " + row.getString(0), m -> new ArrayList<>())
          .add(row);
    }
    byMethod.forEach(
        (method, rows) -> {
          String best =
              rows.stream()
                  .map(r -> r.getInt(2) + " (" + r.getLong(3) + ")")
                  .collect(Collectors.joining(", "));
          boolean one = rows.size() == 1 && rows.get(0).getLong(3) == 1;
          lines.add(
              method
                  + ": best k = "
                  + (one ? rows.get(0).getInt(2) + clusters(run, rows.get(0)) : best));
        });
    return lines;
  }

  /** Share and mean of every cluster of the only model. */
  private static String clusters(Run run, Row model) {
    return run
        .read(Table.CLUSTERS)
        .where(col("method").equalTo(model.getString(1)).and(col("k").equalTo(model.getInt(2))))
        .where(col("scope").equalTo(model.getString(0)))
        .orderBy("cluster")
        .selectExpr("weight", "array_join(transform(mean, m -> format_number(m, 1)), ', ')")
        .collectAsList()
        .stream()
        .map(
            r ->
                String.format(Locale.ROOT, "%.1f %% at (%s)", 100 * r.getDouble(0), r.getString(1)))
        .collect(Collectors.joining("; ", ": ", ""));
  }

  private Dataset<Row> dataSet(Dataset<Row> values, Layout layout, List<String> channels) {
    DataSetTuples data = DataSetTuples.of(values, channels.size());
    ClusterRows rows =
        new ClusterRows(
            Clustering.DATASET,
            channels,
            data.points(),
            data.droppedBits(),
            new PixelClusters(spark, settings).fit(data.points()));
    Object[] row = new Object[new KeyColumns(layout.groups()).size() + ClusterRows.TABLES.size()];
    put(row, rows);
    return spark.createDataFrame(List.of(RowFactory.create(row)), schema(layout));
  }

  private static void put(Object[] row, ClusterRows rows) {
    int tables = ClusterRows.TABLES.size();
    for (int t = 0; t < tables; t++) {
      row[row.length - tables + t] = ClusterRows.seq(rows.of(ClusterRows.TABLES.get(t)));
    }
  }

  private static StructType schema(Layout layout) {
    List<StructField> fields = new ArrayList<>(new KeyColumns(layout.groups()).fields());
    for (Table table : ClusterRows.TABLES) {
      fields.add(
          DataTypes.createStructField(
              table.folder(), new ArrayType(Exploration.behindKeys(table, layout), false), true));
    }
    return new StructType(fields.toArray(StructField[]::new));
  }

  private Dataset<Row> groups(Dataset<Row> values, Layout layout, List<String> channels) {
    List<Column> by = new ArrayList<>();
    settings.scope().forEach(group -> by.add(col(KeyColumns.quoted(group))));
    Column[] scope = by.toArray(Column[]::new);
    List<Column> columns = new ArrayList<>(by);
    for (int c = 0; c < channels.size(); c++) {
      columns.add(col("values").getItem(c).as("v_" + c));
      by.add(col("v_" + c));
    }
    columns.add(col("pixels"));
    return values
        .select(columns.toArray(Column[]::new))
        .groupBy(by.toArray(Column[]::new))
        .agg(sum("pixels").as("pixels"))
        .repartition(scope)
        .sortWithinPartitions(by.toArray(Column[]::new))
        .mapPartitions(new Fit(settings, channels, layout.groups()), Encoders.row(schema(layout)));
  }

  /** One row a group of sorted rows of (group columns, values, pixels). */
  private record Fit(Clustering settings, List<String> channels, List<String> groups)
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
      Object[] row = new Object[keys.size() + ClusterRows.TABLES.size()];
      for (int g = 0; g < settings.scope().size(); g++) {
        row[keys.names().indexOf(settings.scope().get(g))] = first.get(g);
      }
      put(
          row,
          new ClusterRows(
              String.join(", ", settings.scope()),
              channels,
              points,
              0,
              ClusterFit.all(points, settings)));
      return RowFactory.create(row);
    }
  }
}
