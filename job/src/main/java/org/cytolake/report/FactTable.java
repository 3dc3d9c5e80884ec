package org.cytolake.report;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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
final class FactTable {
  /** Most points of the density's grid each way; every so manieth is taken of a finer one. */
  private static final int DENSITY_POINTS = 100;

  /** Above so many distinct tuples no map of clusters is drawn. */
  private static final int MOST_LABELS = 200_000;

  private static final String[] KEY = {"image", "series", "z", "t"};

  private final Function<Table, Dataset<Row>> tables;
  private final ReportSettings settings;
  private final List<String> groups;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private Dataset<Row> all;

  FactTable(Function<Table, Dataset<Row>> tables, ReportSettings settings, List<String> groups) {
    this.tables = tables;
    this.settings = settings;
    this.groups = List.copyOf(groups);
  }

  /** The parts, by name, once {@link #rows} was called. */
  Map<String, Part> parts() {
    return Map.copyOf(parts);
  }

  /**
   * Rows of (image, series, z, t, part, texts, numbers).
   *
   * @param images whose, or null: all
   */
  Dataset<Row> rows(Collection<String> images) {
    Column wanted = images == null ? lit(true) : col("image").isin(images.toArray());
    add(
        Part.of(
            "images",
            "pixel_type warnings " + String.join(" ", groups),
            "size_x size_y pixel_size_x_um pixel_size_y_um nuclei nuclei_per_mm2 nearest_nucleus_px"
                + " nearest_nucleus_um"),
        Part.withWarnings(read(Table.IMAGES, wanted).where("status = 'ok'")));
    add(
        Part.of(
            "channel_stats",
            "region channel",
            "pixels mean stddev min max p1 p25 p50 p75 p99 p99_8 otsu_threshold stain_threshold"
                + " stained_fraction stained_area_um2 stained_mean saturated_fraction"),
        read(Table.CHANNEL_STATS, wanted));
    add(
        Part.of("histograms", "region transform reference channel", "bin lower upper count"),
        read(Table.HISTOGRAMS, wanted)
            .where("transform != 'equalized' or reference = 'composite'"));
    add(
        Part.of("lookup_tables", "transform reference channel", "value result"),
        read(Table.LOOKUP_TABLES, wanted)
            .where("transform != 'equalized' or reference = 'composite'"));
    if (settings.hasPair()) {
      pair(wanted);
    }
    if (settings.clustering().enabled()) {
      clusters(wanted);
    }
    nuclei(wanted);
    return all;
  }

  private Dataset<Row> read(Table table, Column wanted) {
    return tables.apply(table).where(wanted);
  }

  private void add(Part part, Dataset<Row> rows) {
    parts.put(part.name(), part);
    Dataset<Row> selected = part.select(rows);
    all = all == null ? selected : all.union(selected);
  }

  private void pair(Column wanted) {
    String x = settings.pair().get(0);
    String y = settings.pair().get(1);
    Column reference = col("reference").equalTo(settings.reference());
    Column whole = col("region").equalTo(ImageFacts.WHOLE);
    Column pair = col("x_channel").equalTo(x).and(col("y_channel").equalTo(y));
    Dataset<Row> tuples =
        read(Table.NORMALIZED_JOINT_HISTOGRAMS, wanted)
            .where(reference.and(whole))
            .where(col(Part.quoted(x)).isNotNull().and(col(Part.quoted(y)).isNotNull()));
    add(Part.of("normalized_joint_histograms", "", x + " " + y + " count"), tuples);
    add(
        Part.of("histograms_2d", "", "x_bin y_bin x_lower x_upper y_lower y_upper count"),
        read(Table.HISTOGRAMS_2D, wanted).where(reference.and(whole).and(pair)));
    int step = Math.max(1, settings.exploration().densityGrid() / DENSITY_POINTS);
    add(
        Part.of("density", "", "row column x y density"),
        read(Table.DENSITY, wanted)
            .where(reference.and(pair))
            .where("row % " + step + " = 0 and column % " + step + " = 0"));
    add(
        Part.of("density_levels", "", "level proportion density"),
        read(Table.DENSITY_LEVELS, wanted).where(reference.and(pair)));
    add(
        Part.of(
            "colocalization",
            "region x_channel y_channel",
            "pixels pearson spearman slope overlap li_icq manders_otsu_m1 manders_otsu_m2"
                + " manders_costes_m1 manders_costes_m2 costes_x costes_y"),
        read(Table.COLOCALIZATION, wanted).where("nucleus is null"));
  }

  /** Models of several images count for each of them. */
  private void clusters(Column wanted) {
    Dataset<Row> models =
        tables.apply(Table.CLUSTER_MODELS).where(col("scope").equalTo(settings.scope()));
    Dataset<Row> clusters = tables.apply(Table.CLUSTERS);
    Dataset<Row> labels = tables.apply(Table.CLUSTER_LABELS);
    List<String> by = new ArrayList<>();
    if (settings.clustering().perImage()) {
      models = models.where(wanted);
      clusters = clusters.where(wanted);
      labels = labels.where(wanted);
      by.addAll(List.of(KEY));
    } else {
      Dataset<Row> images =
          read(Table.IMAGES, wanted).where("status = 'ok'").select(keyed(scopeGroups()));
      models = shared(models, images, null);
      clusters = shared(clusters, images, null);
      labels = shared(labels, images, read(Table.CLUSTER_VALUES, wanted));
      by.addAll(List.of(KEY));
    }
    by.addAll(List.of("scope", "method", "k"));
    Column[] join = by.stream().map(b -> col(b)).toArray(Column[]::new);
    Dataset<Row> selected =
        broadcast(
            models
                .where("selected")
                .withColumn("few", col("tuples").leq(MOST_LABELS))
                .select(with(join, "few")));
    add(
        Part.of(
            "cluster_models",
            "scope method reason",
            "k pixels log_likelihood aic bic silhouette adjusted_rand selected dropped_bits"),
        models);
    add(
        Part.of("clusters", "method", "k cluster weight pixels", "mean"),
        clusters.join(selected, seq(by)));
    add(
        Part.of("cluster_labels", "method", "cluster pixels", "values"),
        labels.join(selected.where("few"), seq(by)));
  }

  private static Column[] with(Column[] columns, String more) {
    Column[] longer = java.util.Arrays.copyOf(columns, columns.length + 1);
    longer[columns.length] = col(more);
    return longer;
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

  /** Rows of several images' models, with the keys of each of those images. */
  private Dataset<Row> shared(Dataset<Row> rows, Dataset<Row> images, Dataset<Row> values) {
    Dataset<Row> unkeyed = rows.drop(KEY);
    for (String group : groups) {
      if (!scopeGroups().contains(group)) {
        unkeyed = unkeyed.drop(group);
      }
    }
    if (values == null) {
      return scopeGroups().isEmpty()
          ? unkeyed.crossJoin(images)
          : unkeyed.join(images, seq(scopeGroups()));
    }
    List<String> by = new ArrayList<>(scopeGroups());
    by.add("values");
    List<String> taken = new ArrayList<>(scopeGroups());
    taken.addAll(List.of("values", "pixels"));
    return values.select(keyed(taken)).join(unkeyed.drop("pixels"), seq(by));
  }

  private void nuclei(Column wanted) {
    StringBuilder numbers =
        new StringBuilder(
            "nucleus prob y x bbox_y0 bbox_x0 bbox_y1 bbox_x1 area_px area_um2 eccentricity"
                + " solidity touches_border");
    settings.channels().forEach(c -> numbers.append(" mean_").append(c));
    settings.channels().forEach(c -> numbers.append(" ring_mean_").append(c));
    add(
        Part.of(
            "nuclei", "", numbers.toString(), "flatten(transform(polygon, p -> array(p.y, p.x)))"),
        read(Table.NUCLEI, wanted));
  }
}
