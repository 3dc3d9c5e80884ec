package org.cytolake.clusters;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.points.WeightedPoints;
import org.cytolake.store.Run;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Table;

/**
 * What clusters the tuples of one group of images, or of the data set, belong to.
 *
 * @param points the tuples, ascending
 * @param labels of the tuples, by model
 * @param selected the model that was selected, by method
 */
public record GroupLabels(
    WeightedPoints points, TreeMap<ModelName, int[]> labels, TreeMap<String, ModelName> selected)
    implements Serializable {

  /**
   * Of all groups, as the tables have them.
   *
   * @return by the values of the scope's groups
   */
  public static Map<List<String>, GroupLabels> read(Run run, Clustering settings) {
    List<String> groups = settings.ofDataset() ? List.of() : settings.scope();
    String scope = String.join(", ", settings.scope());
    Map<List<String>, List<Row>> models = new HashMap<>();
    run.read(Table.CLUSTER_MODELS)
        .where(col("scope").equalTo(scope).and(col("reason").isNull()))
        .select(columns(groups, "method", "k", "selected"))
        .collectAsList()
        .forEach(
            row -> models.computeIfAbsent(group(row, groups), g -> new ArrayList<>()).add(row));
    Map<List<String>, List<Row>> tuples = new HashMap<>();
    run.read(Table.CLUSTER_LABELS)
        .where(col("scope").equalTo(scope))
        .select(columns(groups, "values", "pixels", "labels"))
        .collectAsList()
        .forEach(
            row -> tuples.computeIfAbsent(group(row, groups), g -> new ArrayList<>()).add(row));
    Map<List<String>, GroupLabels> labels = new HashMap<>();
    tuples.forEach(
        (group, rows) -> labels.put(group, of(models.getOrDefault(group, List.of()), rows)));
    return labels;
  }

  /** How often which model was selected, over all groups. */
  public static Map<ModelName, Integer> selected(Run run, Clustering settings) {
    Map<ModelName, Integer> selected = new TreeMap<>();
    run.read(Table.CLUSTER_MODELS)
        .where(col("scope").equalTo(String.join(", ", settings.scope())).and(col("selected")))
        .select("method", "k")
        .collectAsList()
        .forEach(row -> selected.merge(ModelName.of(row), 1, Integer::sum));
    return selected;
  }

  /** Labels of the tuples in the models that were selected, one a method. */
  public Map<ModelName, int[]> selectedLabels() {
    Map<ModelName, int[]> of = new TreeMap<>();
    selected.values().forEach(model -> of.put(model, labels.get(model)));
    return of;
  }

  private static Column[] columns(List<String> groups, String... further) {
    List<Column> columns = new ArrayList<>();
    groups.forEach(g -> columns.add(col(KeyColumns.quoted(g))));
    for (String name : further) {
      columns.add(col(name));
    }
    return columns.toArray(Column[]::new);
  }

  private static List<String> group(Row row, List<String> groups) {
    return groups.stream().map(g -> row.<String>getAs(g)).toList();
  }

  private static GroupLabels of(List<Row> models, List<Row> tuples) {
    TreeMap<ModelName, int[]> labels = new TreeMap<>();
    TreeMap<String, ModelName> selected = new TreeMap<>();
    for (Row model : models) {
      ModelName name = ModelName.of(model);
      labels.put(name, new int[tuples.size()]);
      if (model.<Boolean>getAs("selected")) {
        selected.put(name.method(), name);
      }
    }
    List<Row> ascending = new ArrayList<>(tuples);
    ascending.sort((a, b) -> LabelledTuples.BY_VALUES.compare(values(a), values(b)));
    int channels = values(ascending.get(0)).size();
    double[][] values = new double[channels][ascending.size()];
    long[] pixels = new long[ascending.size()];
    for (int i = 0; i < pixels.length; i++) {
      Row tuple = ascending.get(i);
      Map<String, Integer> ofTuple = tuple.getJavaMap(tuple.fieldIndex("labels"));
      int at = i;
      labels.forEach((name, of) -> of[at] = ofTuple.getOrDefault(name.key(), 0));
      for (int c = 0; c < channels; c++) {
        values[c][i] = values(tuple).get(c);
      }
      pixels[i] = tuple.getAs("pixels");
    }
    return new GroupLabels(new WeightedPoints(values, pixels), labels, selected);
  }

  private static List<Double> values(Row tuple) {
    return tuple.getList(tuple.fieldIndex("values"));
  }
}
