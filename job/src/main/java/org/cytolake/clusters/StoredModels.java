package org.cytolake.clusters;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.store.TableStores;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Table;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The models in the tables of an earlier run.
 *
 * @param scope as the tables have it
 * @param groups names of the groups of the scope
 * @param models rows of {@code cluster_models}
 * @param clusters rows of {@code clusters}
 * @param labels rows of {@code cluster_labels}
 */
public record StoredModels(
    String scope, List<String> groups, List<Row> models, List<Row> clusters, Dataset<Row> labels) {

  /**
   * Those that the settings name.
   *
   * @param fittedTo what the values must be
   * @throws CytolakeException (USAGE) where there are none, or others than can be used
   */
  static StoredModels of(
      SparkSession spark, Clustering settings, List<String> channels, String fittedTo) {
    String folder = settings.model();
    List<String> groups = settings.ofDataset() ? List.of() : settings.scope();
    String scope = String.join(", ", settings.scope());
    Dataset<Row> models = read(spark, folder, Table.CLUSTER_MODELS);
    List<String> scopes =
        models.select("scope").distinct().collectAsList().stream()
            .map(r -> r.getString(0))
            .sorted()
            .toList();
    if (!scopes.contains(scope) || !List.of(models.columns()).containsAll(groups)) {
      throw unusable(
          folder,
          scopes.isEmpty()
              ? "holds no models"
              : "holds models of scope " + String.join("; ", scopes) + ", not of " + scope,
          "Name the output of a run with clustering.scope = " + scope + ", or change the scope.");
    }
    List<Row> fitted =
        models.where(col("scope").equalTo(scope).and(col("reason").isNull())).collectAsList();
    if (fitted.isEmpty()) {
      throw unusable(
          folder, "holds no model that could be fitted", "See column reason of cluster_models.");
    }
    for (Row model : fitted) {
      if (model.getAs("fitted_to") == null) {
        throw unusable(
            folder,
            "holds models of an earlier version of Cytolake",
            "Run analyze on that output once more.");
      }
      require(folder, "channels", model.getList(model.fieldIndex("channels")), channels);
      require(folder, "values", model.getAs("fitted_to"), fittedTo);
    }
    List<Row> clusters =
        read(spark, folder, Table.CLUSTERS).where(col("scope").equalTo(scope)).collectAsList();
    Dataset<Row> labels =
        read(spark, folder, Table.CLUSTER_LABELS).where(col("scope").equalTo(scope));
    return new StoredModels(scope, groups, fitted, clusters, labels);
  }

  /**
   * Which models the settings name, as a text that changes with them; empty without, and for the
   * output's own, which stay what they are.
   */
  public static String state(SparkSession spark, Clustering settings, String output) {
    Path folder = new Path(settings.model().isEmpty() ? output : settings.model());
    if (folder.equals(new Path(output))) {
      return "";
    }
    try {
      return TableStores.reader(spark, settings.model())
          .map(store -> " " + store.version(Table.CLUSTER_MODELS))
          .orElse("");
    } catch (CytolakeException e) {
      return ""; // what is wrong is said when the models are read
    }
  }

  private static Dataset<Row> read(SparkSession spark, String folder, Table table) {
    return TableStores.reader(spark, folder)
        .flatMap(store -> store.read(table))
        .orElseThrow(
            () ->
                unusable(
                    folder,
                    "has no table " + table.folder(),
                    "Name the output folder of an earlier run with clustering."));
  }

  private static void require(String folder, String what, Object found, Object wanted) {
    if (!wanted.equals(found)) {
      throw unusable(
          folder,
          "holds models of the " + what + " " + found + ", not of " + wanted,
          "Name other models, or set clustering.channels, clustering.values and"
              + " clustering.reference as for those.");
    }
  }

  private static CytolakeException unusable(String folder, String why, String remedy) {
    return new CytolakeException(
        Code.USAGE, "clustering.model is " + folder + ", which " + why + ".", remedy);
  }

  /**
   * Checks values in the images' own unit: the pixel types must be those of the models' images.
   *
   * @param types OME's names, of the images to be labelled
   * @throws CytolakeException (USAGE) where one is another
   */
  static void requirePixelTypes(SparkSession spark, Clustering settings, Set<String> types) {
    Set<String> known =
        read(spark, settings.model(), Table.IMAGES)
            .where("status = 'ok'")
            .select("pixel_type")
            .distinct()
            .collectAsList()
            .stream()
            .map(r -> r.getString(0))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!known.containsAll(types)) {
      throw unusable(
          settings.model(),
          "holds models of "
              + settings.values()
              + " values of pixel type "
              + String.join(", ", known)
              + ", not of "
              + types.stream().sorted().collect(Collectors.joining(", ")),
          "Cluster images of one pixel type, or by normalized values.");
    }
  }

  /** The names of all models, in order. */
  List<ModelName> names() {
    return models.stream().map(ModelName::of).distinct().sorted().toList();
  }

  /** The groups that there are models of. */
  Set<List<String>> known() {
    return models.stream().map(this::group).collect(Collectors.toSet());
  }

  /** The values of a row's groups. */
  List<String> group(Row row) {
    return groups.stream().map(g -> row.<String>getAs(g)).toList();
  }

  /**
   * Ready to label, by group; with the tuples seen only where a model asks for the nearest of them.
   *
   * @param wanted the groups that are needed
   */
  Map<List<String>, LabelledTuples> labelled(Set<List<String>> wanted) {
    Map<List<String>, List<Row>> byGroup = new LinkedHashMap<>();
    for (Row model : models) {
      if (wanted.contains(group(model))) {
        byGroup.computeIfAbsent(group(model), g -> new ArrayList<>()).add(model);
      }
    }
    Map<List<String>, LabelledTuples> labelled = new HashMap<>();
    byGroup.forEach((group, rows) -> labelled.put(group, labelled(group, rows)));
    return labelled;
  }

  private LabelledTuples labelled(List<String> group, List<Row> rows) {
    List<StoredModel> ready = new ArrayList<>();
    for (Row model : rows) {
      ready.add(StoredModel.of(model, clustersOf(group, model)));
    }
    Map<List<Double>, int[]> byValues = new TreeMap<>(LabelledTuples.BY_VALUES);
    if (ready.stream().anyMatch(StoredModel::byNearest)) {
      Column own = col("scope").isNotNull();
      for (int g = 0; g < groups.size(); g++) {
        own = own.and(col(KeyColumns.quoted(groups.get(g))).equalTo(group.get(g)));
      }
      for (Row tuple : labels.where(own).select("values", "labels").collectAsList()) {
        Map<String, Integer> known = tuple.getJavaMap(1);
        byValues.put(
            List.copyOf(tuple.getList(0)),
            ready.stream().mapToInt(m -> known.getOrDefault(m.name().key(), -1)).toArray());
      }
    }
    return LabelledTuples.of(byValues, ready);
  }

  /**
   * Tuples with the labels that they have here; both meet in tasks.
   *
   * @param tuples the groups of the scope, a value a channel, and the pixels
   * @return with a column {@code labels}: by model, null where a tuple was not seen
   */
  Dataset<Row> known(Dataset<Row> tuples) {
    List<Column> columns = new ArrayList<>();
    for (String name : tuples.columns()) {
      columns.add(col(KeyColumns.quoted(name)));
    }
    List<Column> key = new ArrayList<>(columns.subList(0, groups.size()));
    Column values =
        array(columns.subList(groups.size(), columns.size() - 1).toArray(Column[]::new));
    key.add(col("values"));
    List<String> by = new ArrayList<>(groups);
    by.add("values");
    columns.add(col("labels"));
    key.add(col("labels"));
    Dataset<Row> seen = labels.select(key.toArray(Column[]::new));
    // merged, as what is broadcast is collected
    return tuples
        .withColumn("values", values)
        .join(seen.hint("merge"), CollectionConverters.asScala(by).toSeq(), "left_outer")
        .select(columns.toArray(Column[]::new));
  }

  /** The rows of a model's clusters, in the order of their labels. */
  List<Row> clustersOf(List<String> group, Row model) {
    return clusters.stream()
        .filter(c -> group.equals(group(c)) && ModelName.of(c).equals(ModelName.of(model)))
        .sorted(Comparator.comparingInt(c -> c.<Integer>getAs("cluster")))
        .toList();
  }
}
