package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.cytolake.cluster.WeightedPoints;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Rows of {@code cluster_labels} for rows of (values of the groups of the scope, values, pixels),
 * one for each model of the group; groups without models give none.
 *
 * @param scope as the table has it
 * @param groups which of the key columns hold the groups of the scope
 * @param keys number of key columns
 * @param channels how many values a tuple has
 * @param responsibilities whether mixtures give them
 * @param models by the groups' values
 */
record TupleLabels(
    String scope,
    List<Integer> groups,
    int keys,
    int channels,
    boolean responsibilities,
    Broadcast<Map<List<String>, LabelledTuples>> models)
    implements MapPartitionsFunction<Row, Row> {
  /** So many tuples are labelled at once. */
  private static final int BATCH = 4_096;

  TupleLabels {
    groups = List.copyOf(groups);
  }

  /**
   * The table's rows.
   *
   * @param tuples the groups of the scope, the values, and the pixels
   * @param models by the groups' values
   */
  static Dataset<Row> of(
      SparkSession spark,
      Dataset<Row> tuples,
      Layout layout,
      Clustering settings,
      Map<List<String>, LabelledTuples> models) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<String> keys = new KeyColumns(layout.groups()).names();
    List<String> groups = settings.ofDataset() ? List.of() : settings.scope();
    return tuples.mapPartitions(
        new TupleLabels(
            String.join(", ", settings.scope()),
            groups.stream().map(keys::indexOf).toList(),
            keys.size(),
            tuples.columns().length - groups.size() - 1,
            settings.responsibilities(),
            context.broadcast(models)),
        Encoders.row(Table.CLUSTER_LABELS.schema(layout)));
  }

  @Override
  public Iterator<Row> call(Iterator<Row> tuples) {
    Map<List<String>, LabelledTuples.Labeller> labellers = new HashMap<>();
    return new Iterator<>() {
      private Row pending = tuples.hasNext() ? tuples.next() : null;
      private Iterator<Row> labelled = List.<Row>of().iterator();

      @Override
      public boolean hasNext() {
        while (!labelled.hasNext() && pending != null) {
          List<String> group = group(pending);
          List<Row> batch = new ArrayList<>();
          while (pending != null && batch.size() < BATCH && group.equals(group(pending))) {
            batch.add(pending);
            pending = tuples.hasNext() ? tuples.next() : null;
          }
          LabelledTuples known = models.value().get(group);
          if (known != null) {
            labelled =
                rows(known, labellers.computeIfAbsent(group, g -> known.new Labeller()), batch);
          }
        }
        return labelled.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return labelled.next();
      }
    };
  }

  private List<String> group(Row tuple) {
    List<String> group = new ArrayList<>(groups.size());
    for (int g = 0; g < groups.size(); g++) {
      group.add(tuple.getString(g));
    }
    return group;
  }

  private Iterator<Row> rows(
      LabelledTuples known, LabelledTuples.Labeller labeller, List<Row> batch) {
    WeightedPoints points = DataSetTuples.points(batch, groups.size(), channels);
    int[][] labels = labeller.of(points);
    List<Row> rows = new ArrayList<>();
    for (int m = 0; m < labels.length; m++) {
      StoredModel model = known.models().get(m);
      double[][] probabilities =
          responsibilities && model.mixture() != null
              ? model.mixture().responsibilities(points)
              : null;
      for (int i = 0; i < batch.size(); i++) {
        Object[] row = new Object[keys + 7];
        for (int g = 0; g < groups.size(); g++) {
          row[groups.get(g)] = batch.get(i).get(g);
        }
        double[] values = new double[channels];
        for (int c = 0; c < channels; c++) {
          values[c] = points.value(c, i);
        }
        row[keys] = scope;
        row[keys + 1] = model.method();
        row[keys + 2] = model.k();
        row[keys + 3] = ClusterRows.doubles(values);
        row[keys + 4] = labels[m][i];
        row[keys + 5] = points.weight(i);
        row[keys + 6] = probabilities == null ? null : ClusterRows.doubles(probabilities[i]);
        rows.add(RowFactory.create(row));
      }
    }
    return rows.iterator();
  }
}
