package org.cytolake.clusters;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.points.WeightedPoints;
import org.cytolake.store.Run;
import org.cytolake.store.StagedFile;
import org.cytolake.store.TableFiles;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.PlaneRows;
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

  public ClusterStage(SparkSession spark, Clustering settings, ClusteredBy by, Layout layout) {
    this.spark = spark;
    this.settings = settings;
    this.layout = layout;
    this.channels = by.channels();
    this.fittedTo = by.fittedTo();
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
      new ModelLabels(spark, settings, layout, stored).run(run, labelled(tuples(values)));
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
            data.even(),
            data.droppedBits(),
            settings,
            fittedTo,
            new MllibRivals(spark, settings));
    PlaneRows made = new PlaneRows(layout, null, List.of(), null, null, null);
    rows.models(made);
    List<StagedFile> files = new ArrayList<>();
    try (TableFiles.Writer writer = run.files().open(0)) {
      made.each(writer::write);
      files.addAll(writer.finish());
    }
    Map<List<String>, LabelledTuples> models =
        Map.of(List.of(), LabelledTuples.of(rows, data.steps()));
    Dataset<Row> tuples = labelled(data.exact()).withColumn("labels", TupleLabels.UNKNOWN);
    files.addAll(TupleLabels.write(run.files(), tuples, settings, models).files());
    run.stage(files, Set.of());
  }

  /** Without what tells only how many clusters there are. */
  private static Dataset<Row> labelled(Dataset<Row> tuples) {
    return tuples.drop(DataSetTuples.COUNTS.subList(1, 3).toArray(String[]::new));
  }

  /** The groups of the scope, a column {@code v_c} for every channel, and the counts. */
  private Dataset<Row> tuples(Dataset<Row> values) {
    List<Column> by = by();
    List<Column> columns = new ArrayList<>(by.subList(0, by.size() - channels.size()));
    for (int c = 0; c < channels.size(); c++) {
      columns.add(col("values").getItem(c).as("v_" + c));
    }
    columns.addAll(DataSetTuples.counts());
    Column[] sums = DataSetTuples.sums();
    return values
        .select(columns.toArray(Column[]::new))
        .groupBy(by.toArray(Column[]::new))
        .agg(sums[0], Arrays.copyOfRange(sums, 1, sums.length));
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
    List<StagedFile> files = new ArrayList<>();
    tuples(values)
        .repartition(scope)
        .sortWithinPartitions(by)
        .javaRDD()
        .mapPartitions(new Fit(settings, channels, fittedTo, run.files()))
        .collect()
        .forEach(files::addAll);
    run.stage(files, Set.of());
  }

  /** Fits to groups of sorted rows of (group columns, values, pixels) and writes the rows. */
  private record Fit(Clustering settings, List<String> channels, String fittedTo, TableFiles files)
      implements FlatMapFunction<Iterator<Row>, List<StagedFile>> {
    @Override
    public Iterator<List<StagedFile>> call(Iterator<Row> sorted) {
      int scope = settings.scope().size();
      try (TableFiles.Writer writer = files.open(TaskContext.getPartitionId())) {
        Row pending = sorted.hasNext() ? sorted.next() : null;
        while (pending != null) {
          Row first = pending;
          List<Row> rows = new ArrayList<>();
          while (pending != null && sameGroup(first, pending)) {
            rows.add(pending);
            pending = sorted.hasNext() ? sorted.next() : null;
          }
          fit(
                  first,
                  DataSetTuples.points(rows, scope, channels.size()),
                  EvenTuples.of(rows, scope + channels.size() + 1))
              .each(writer::write);
        }
        return List.of(writer.finish()).iterator();
      }
    }

    private boolean sameGroup(Row a, Row b) {
      for (int g = 0; g < settings.scope().size(); g++) {
        if (!a.getString(g).equals(b.getString(g))) {
          return false;
        }
      }
      return true;
    }

    private PlaneRows fit(Row first, WeightedPoints points, EvenTuples even) {
      List<String> all = files.layout().groups();
      List<String> values = new ArrayList<>();
      for (int g = 0; g < settings.scope().size(); g++) {
        values.add(first.getString(g));
      }
      List<Integer> places = settings.scope().stream().map(all::indexOf).toList();
      PlaneRows rows =
          new PlaneRows(
              files.layout(), null, TupleLabels.keys(all.size(), places, values), null, null, null);
      ClusterRows.fit(
              String.join(", ", settings.scope()),
              channels,
              points,
              even,
              0,
              settings,
              fittedTo,
              ClusterRivals.NONE)
          .add(rows);
      return rows;
    }
  }
}
