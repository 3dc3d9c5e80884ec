package org.cytolake.facts;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.tables.Table;

/**
 * Rows of all tables that the report shows of single images, in one form and sorted by image, so
 * that one pass brings an image's rows together.
 */
public final class FactTable {
  private static final String[] KEY = {"image", "series", "z", "t"};

  private final Function<Table, Dataset<Row>> tables;
  private final ReportSettings settings;
  private final List<String> groups;

  public FactTable(
      Function<Table, Dataset<Row>> tables, ReportSettings settings, List<String> groups) {
    this.tables = tables;
    this.settings = settings;
    this.groups = List.copyOf(groups);
  }

  /**
   * Rows of (image, series, z, t, part, texts, numbers), chosen by {@link ReportParts}.
   *
   * @param images whose, or null: all
   */
  public Dataset<Row> rows(Collection<String> images) {
    Column wanted = images == null ? lit(true) : col("image").isin(images.toArray());
    Dataset<Row> all = null;
    for (Map.Entry<Table, Part> part : ReportParts.of(settings, groups).entrySet()) {
      Dataset<Row> rows =
          switch (part.getKey()) {
            case CLUSTER_MODELS, CLUSTERS -> ofModels(part.getKey(), wanted);
            case CLUSTER_LABELS -> labels(wanted);
            default -> read(part.getKey(), wanted);
          };
      Dataset<Row> selected = part.getValue().select(rows);
      all = all == null ? selected : all.union(selected);
    }
    return all;
  }

  private Dataset<Row> read(Table table, Column wanted) {
    return tables.apply(table).where(wanted);
  }

  /** Models of several images, and their clusters, count for each of those images. */
  private Dataset<Row> ofModels(Table table, Column wanted) {
    if (settings.clustering().perImage()) {
      return read(table, wanted);
    }
    Dataset<Row> images =
        read(Table.IMAGES, wanted).where("status = 'ok'").select(keyed(scopeGroups()));
    Dataset<Row> rows = unkeyed(tables.apply(table));
    return scopeGroups().isEmpty() ? rows.crossJoin(images) : rows.join(images, seq(scopeGroups()));
  }

  /** The labels of the selected models, by method, k and cluster. */
  private Dataset<Row> labels(Column wanted) {
    Dataset<Row> labels = tables.apply(Table.CLUSTER_LABELS);
    if (settings.clustering().perImage()) {
      labels = labels.where(wanted);
    } else {
      List<String> by = new ArrayList<>(scopeGroups());
      by.add("values");
      List<String> taken = new ArrayList<>(by);
      taken.add("pixels");
      labels =
          read(Table.CLUSTER_VALUES, wanted)
              .select(keyed(taken))
              .join(unkeyed(labels).drop("pixels"), seq(by));
    }
    Dataset<Row> selected =
        ofModels(Table.CLUSTER_MODELS, wanted)
            .where(col("scope").equalTo(settings.scope()))
            .where("selected and tuples <= " + ValueLabels.MOST)
            .select("image", "series", "z", "t", "scope", "method", "k");
    List<String> columns = Arrays.asList(labels.columns());
    List<String> by = Arrays.stream(selected.columns()).filter(columns::contains).toList();
    Dataset<Row> joined = labels.join(broadcast(selected), seq(by));
    return columns.contains("labels")
        ? joined
            .withColumn("cluster", expr("element_at(labels, concat_ws('_', method, k))"))
            .where("cluster is not null")
        : joined;
  }

  private static scala.collection.immutable.Seq<String> seq(List<String> names) {
    return scala.jdk.javaapi.CollectionConverters.asScala(names).toSeq();
  }

  private List<String> scopeGroups() {
    return settings.clustering().ofDataset() ? List.of() : settings.clustering().scope();
  }

  private Column[] keyed(List<String> more) {
    List<Column> columns = new ArrayList<>();
    for (String key : KEY) {
      columns.add(col(key));
    }
    more.forEach(m -> columns.add(col(Part.quoted(m))));
    return columns.toArray(Column[]::new);
  }

  /** Rows without keys but those by which models are told apart. */
  private Dataset<Row> unkeyed(Dataset<Row> rows) {
    Dataset<Row> unkeyed = rows.drop(KEY);
    for (String group : groups) {
      if (!scopeGroups().contains(group)) {
        unkeyed = unkeyed.drop(group);
      }
    }
    return unkeyed;
  }
}
