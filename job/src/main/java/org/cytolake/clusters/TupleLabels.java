package org.cytolake.clusters;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.points.WeightedPoints;
import org.cytolake.store.StagedFile;
import org.cytolake.store.TableFiles;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/**
 * Writes rows of {@code cluster_labels} for rows of (values of the groups of the scope, values,
 * pixels, labels that are known or null); groups without models give none.
 *
 * @param scope as the table has it
 * @param groups which of the layout's groups are those of the scope
 * @param channels how many values a tuple has
 * @param responsibilities whether mixtures give them
 * @param models by the groups' values
 */
record TupleLabels(
    TableFiles files,
    String scope,
    List<Integer> groups,
    int channels,
    boolean responsibilities,
    Broadcast<Map<List<String>, LabelledTuples>> models)
    implements FlatMapFunction<Iterator<Row>, TupleLabels.Written> {
  /** So many tuples are labelled at once. */
  private static final int BATCH = 4_096;

  /** So many tuples a task has, or a few more. */
  private static final int PART = 200_000;

  /** A tuple's labels where none is known. */
  static final Column UNKNOWN = lit(null).cast("map<string,int>");

  TupleLabels {
    groups = List.copyOf(groups);
  }

  /** A cluster of a model of a group. */
  record Cluster(List<String> group, ModelName model, int label) implements Serializable {}

  /**
   * What a task wrote.
   *
   * @param pixels by cluster
   */
  record Written(List<StagedFile> files, Map<Cluster, Long> pixels) implements Serializable {}

  /**
   * Writes the rows.
   *
   * @param tuples the groups of the scope, the values, the pixels, and a column {@code labels}:
   *     those that are known, by model, or null
   * @param models by the groups' values
   */
  static Written write(
      TableFiles files,
      Dataset<Row> tuples,
      Clustering settings,
      Map<List<String>, LabelledTuples> models) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(tuples.sparkSession().sparkContext());
    List<String> all = files.layout().groups();
    List<String> groups = settings.ofDataset() ? List.of() : settings.scope();
    List<StagedFile> written = new ArrayList<>();
    Map<Cluster, Long> pixels = new HashMap<>();
    Column[] key =
        Arrays.stream(tuples.columns())
            .limit(tuples.columns().length - 2)
            .map(name -> col(KeyColumns.quoted(name)))
            .toArray(Column[]::new);
    // the same rows in the same files, however many cores there are
    tuples
        .repartition((int) (1 + tuples.count() / PART), key)
        .sortWithinPartitions(key)
        .javaRDD()
        .mapPartitions(
            new TupleLabels(
                files,
                String.join(", ", settings.scope()),
                groups.stream().map(all::indexOf).toList(),
                key.length - groups.size(),
                settings.responsibilities(),
                context.broadcast(models)))
        .collect()
        .forEach(
            part -> {
              written.addAll(part.files());
              part.pixels().forEach((cluster, n) -> pixels.merge(cluster, n, Long::sum));
            });
    return new Written(written, pixels);
  }

  @Override
  public Iterator<Written> call(Iterator<Row> tuples) {
    Map<List<String>, LabelledTuples.Labeller> labellers = new HashMap<>();
    Map<Cluster, Long> pixels = new HashMap<>();
    try (TableFiles.Writer writer = files.open(TaskContext.getPartitionId())) {
      RowByName row = new RowByName(Table.CLUSTER_LABELS, files.layout());
      Row pending = tuples.hasNext() ? tuples.next() : null;
      while (pending != null) {
        List<String> group = group(pending);
        List<Row> batch = new ArrayList<>();
        while (pending != null && batch.size() < BATCH && group.equals(group(pending))) {
          batch.add(pending);
          pending = tuples.hasNext() ? tuples.next() : null;
        }
        LabelledTuples known = models.value().get(group);
        if (known != null) {
          write(group, known, labellers, batch, row, writer, pixels);
        }
      }
      return List.of(new Written(writer.finish(), pixels)).iterator();
    }
  }

  private List<String> group(Row tuple) {
    List<String> group = new ArrayList<>(groups.size());
    for (int g = 0; g < groups.size(); g++) {
      group.add(tuple.getString(g));
    }
    return group;
  }

  private void write(
      List<String> group,
      LabelledTuples known,
      Map<List<String>, LabelledTuples.Labeller> labellers,
      List<Row> batch,
      RowByName row,
      TableFiles.Writer writer,
      Map<Cluster, Long> pixels) {
    WeightedPoints points = DataSetTuples.points(batch, groups.size(), channels);
    int seen = groups.size() + channels + 1;
    List<Map<String, Integer>> own = new ArrayList<>(batch.size());
    batch.forEach(tuple -> own.add(tuple.isNullAt(seen) ? Map.of() : tuple.getJavaMap(seen)));
    int[][] labels = labellers.computeIfAbsent(group, g -> known.new Labeller()).of(points, own);
    List<double[][]> probabilities = new ArrayList<>();
    for (StoredModel model : known.models()) {
      probabilities.add(
          responsibilities && model.mixture() != null
              ? model.mixture().responsibilities(points)
              : null);
    }
    row.key(null, keys(group), null, null, null);
    for (int i = 0; i < batch.size(); i++) {
      Map<String, Integer> ofTuple = new LinkedHashMap<>();
      Map<String, double[]> shares = new LinkedHashMap<>();
      for (int m = 0; m < labels.length; m++) {
        ModelName model = known.models().get(m).name();
        ofTuple.put(model.key(), labels[m][i]);
        pixels.merge(new Cluster(group, model, labels[m][i]), points.weight(i), Long::sum);
        if (probabilities.get(m) != null) {
          shares.put(model.key(), probabilities.get(m)[i]);
        }
      }
      row.put("scope", scope)
          .put("values", ClusterValues.tuple(points, i))
          .put("pixels", points.weight(i))
          .put("labels", ofTuple)
          .put("responsibilities", shares.isEmpty() ? null : shares)
          .putNull("dropped_bits");
      writer.write(Table.CLUSTER_LABELS, row.row());
    }
  }

  private List<String> keys(List<String> group) {
    return keys(files.layout().groups().size(), groups, group);
  }

  /** Values of all groups of the layout, null for those that are not of the scope. */
  static List<String> keys(int all, List<Integer> groups, List<String> values) {
    List<String> keys = new ArrayList<>(java.util.Collections.nCopies(all, null));
    for (int g = 0; g < groups.size(); g++) {
      keys.set(groups.get(g), values.get(g));
    }
    return keys;
  }
}
