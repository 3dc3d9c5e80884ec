package org.cytolake.clusters;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.points.WeightedPoints;
import org.cytolake.store.Run;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Table;
import scala.Tuple2;

/**
 * What clusters the tuples of one image belong to, by models that it shares with others.
 *
 * @param points the tuples of all planes, ascending
 * @param labels of the tuples, by model
 */
public record GroupLabels(WeightedPoints points, TreeMap<ModelName, int[]> labels)
    implements Serializable {

  /**
   * The models of a group of images, or of the data set.
   *
   * @param names of all
   * @param selected of those, one a method
   */
  public record Models(List<ModelName> names, List<ModelName> selected) implements Serializable {
    public Models {
      names = names.stream().sorted().toList();
      selected = selected.stream().sorted().toList();
    }
  }

  /**
   * Without a tuple.
   *
   * @param channels of tuples
   */
  public static GroupLabels none(Models models, int channels) {
    TreeMap<ModelName, int[]> labels = new TreeMap<>();
    models.names().forEach(name -> labels.put(name, new int[0]));
    return new GroupLabels(new WeightedPoints(new double[channels][0], new long[0]), labels);
  }

  /**
   * The models of all groups, as the tables have them.
   *
   * @return by the values of the scope's groups
   */
  public static Map<List<String>, Models> models(Run run, Clustering settings) {
    List<String> groups = groups(settings);
    Map<List<String>, List<ModelName>> names = new HashMap<>();
    Map<List<String>, List<ModelName>> selected = new HashMap<>();
    fitted(run, settings)
        .select(columns(groups, "method", "k", "selected"))
        .collectAsList()
        .forEach(
            row -> {
              List<String> group = groups.stream().map(g -> row.<String>getAs(g)).toList();
              names.computeIfAbsent(group, g -> new ArrayList<>()).add(ModelName.of(row));
              if (row.<Boolean>getAs("selected")) {
                selected.computeIfAbsent(group, g -> new ArrayList<>()).add(ModelName.of(row));
              }
            });
    Map<List<String>, Models> models = new HashMap<>();
    names.forEach(
        (group, all) ->
            models.put(group, new Models(all, selected.getOrDefault(group, List.of()))));
    return models;
  }

  /**
   * Of every image that has tuples, as the tables have them. Tuples meet their labels in tasks;
   * nothing is collected.
   *
   * @return by the image's id
   */
  public static JavaPairRDD<String, GroupLabels> ofImages(Run run, Clustering settings) {
    List<String> groups = groups(settings);
    // one list a tuple, in the order of the models' keys; merged, as what is broadcast is collected
    Dataset<Row> labels =
        run.read(Table.CLUSTER_LABELS)
            .where(col("scope").equalTo(scope(settings)))
            .withColumn("keys", expr("array_sort(map_keys(labels))"))
            .withColumn("labels", expr("transform(keys, key -> labels[key])"))
            .select(columns(groups, "values", "keys", "labels"));
    List<String> by = new ArrayList<>(groups);
    by.add("values");
    return run.read(Table.CLUSTER_VALUES)
        .select(columns(groups, "image", "values"))
        .join(labels.hint("merge"), scala.jdk.javaapi.CollectionConverters.asScala(by).toSeq())
        .groupBy("image")
        .agg(
            first("keys").as("keys"),
            array_sort(collect_list(struct("values", "labels"))).as("tuples"))
        .javaRDD()
        .mapToPair(row -> new Tuple2<>(row.getString(0), of(row.getList(1), row.getList(2))));
  }

  /** How often which model was selected, over all groups. */
  public static Map<ModelName, Integer> selected(Run run, Clustering settings) {
    Map<ModelName, Integer> selected = new TreeMap<>();
    run.read(Table.CLUSTER_MODELS)
        .where(col("scope").equalTo(scope(settings)).and(col("selected")))
        .groupBy("method", "k")
        .agg(count(lit(1)).as("groups"))
        .collectAsList()
        .forEach(row -> selected.put(ModelName.of(row), (int) row.getLong(2)));
    return selected;
  }

  /** Labels of the tuples in the models that were selected, one a method. */
  public Map<ModelName, int[]> of(List<ModelName> selected) {
    Map<ModelName, int[]> of = new TreeMap<>();
    selected.forEach(model -> of.put(model, labels.get(model)));
    return of;
  }

  private static List<String> groups(Clustering settings) {
    return settings.ofDataset() ? List.of() : settings.scope();
  }

  private static String scope(Clustering settings) {
    return String.join(", ", settings.scope());
  }

  private static Dataset<Row> fitted(Run run, Clustering settings) {
    return run.read(Table.CLUSTER_MODELS)
        .where(col("scope").equalTo(scope(settings)).and(col("reason").isNull()));
  }

  private static Column[] columns(List<String> groups, String... further) {
    List<Column> columns = new ArrayList<>();
    groups.forEach(g -> columns.add(col(KeyColumns.quoted(g))));
    for (String name : further) {
      columns.add(col(name));
    }
    return columns.toArray(Column[]::new);
  }

  /** Of ascending rows of (values, labels); those of several planes follow each other. */
  private static GroupLabels of(List<String> keys, List<Row> ascending) {
    List<Row> tuples = new ArrayList<>();
    for (Row row : ascending) {
      if (tuples.isEmpty() || !tuples.get(tuples.size() - 1).getList(0).equals(row.getList(0))) {
        tuples.add(row);
      }
    }
    int channels = tuples.get(0).getList(0).size();
    double[][] values = new double[channels][tuples.size()];
    int[][] labels = new int[keys.size()][tuples.size()];
    long[] ones = new long[tuples.size()];
    Arrays.fill(ones, 1);
    for (int i = 0; i < ones.length; i++) {
      List<Double> ofTuple = tuples.get(i).getList(0);
      List<Integer> clusters = tuples.get(i).getList(1);
      for (int c = 0; c < channels; c++) {
        values[c][i] = ofTuple.get(c);
      }
      for (int m = 0; m < labels.length; m++) {
        labels[m][i] = clusters.get(m);
      }
    }
    TreeMap<ModelName, int[]> byModel = new TreeMap<>();
    for (int m = 0; m < labels.length; m++) {
      byModel.put(ModelName.ofKey(keys.get(m)), labels[m]);
    }
    return new GroupLabels(new WeightedPoints(values, ones), byModel);
  }
}
