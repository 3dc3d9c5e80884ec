package org.cytolake.report;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.Numbers;
import org.cytolake.facts.Part;
import org.cytolake.facts.ReportSettings;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.cytolake.tables.TableDocs;

/** What the first page says of all images, as a tree that becomes JSON. */
final class DataSetJson {
  /** Images listed one by one; totals are of all. */
  static final int MOST_IMAGES = 5000;

  /** Of so many images the rows are few. */
  private static final int FEW_IMAGES = 1000;

  /** Column of an image's place in {@code images}. */
  static final String PLACE = "place";

  /** Parts with several rows of every image, whose key stands in {@code images} alone. */
  private static final Set<String> OF_IMAGES = Set.of("channel_stats", "colocalization");

  private final Function<Table, Dataset<Row>> tables;
  private final ReportSettings settings;
  private final Layout layout;
  private final List<Integer> scales;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<String, List<List<Object>>> rows = new LinkedHashMap<>();

  /**
   * @param scales of the measures of quality that are of several
   */
  DataSetJson(
      Function<Table, Dataset<Row>> tables,
      ReportSettings settings,
      Layout layout,
      List<Integer> scales) {
    this.tables = tables;
    this.settings = settings;
    this.layout = layout;
    this.scales = List.copyOf(scales);
  }

  /** Images by their state, and nuclei. */
  record Totals(long complete, long failed, Long nuclei) {}

  static Totals totals(Dataset<Row> images) {
    Dataset<Row> sums =
        images.selectExpr("count_if(status = 'ok')", "count_if(status = 'failed')", "sum(nuclei)");
    Row row = Interpreted.rows(images.sparkSession(), sums::first);
    return new Totals(row.getLong(0), row.getLong(1), row.isNullAt(2) ? null : row.getLong(2));
  }

  Map<String, Object> tree(Totals totals) {
    gather(totals.complete() + totals.failed());
    Map<String, Object> tree = new LinkedHashMap<>();
    Map<String, Object> sums = new LinkedHashMap<>();
    sums.put("complete", totals.complete());
    sums.put("failed", totals.failed());
    sums.put("nuclei", totals.nuclei());
    tree.put("totals", sums);
    tree.put("most", MOST_IMAGES);
    tree.put("groups", layout.groups());
    tree.put("channels", settings.channels());
    tree.put("shown", settings.exploration().composite());
    tree.put("clusterScope", settings.scope());
    Map<List<Object>, Integer> places = new HashMap<>();
    rows.getOrDefault("images", List.of()).forEach(r -> places.put(r.subList(0, 4), places.size()));
    parts.forEach(
        (name, part) -> {
          List<String> columns =
              new ArrayList<>(
                  OF_IMAGES.contains(name) ? List.of(PLACE) : List.of("image", "series", "z", "t"));
          columns.addAll(part.texts());
          columns.addAll(part.numbers());
          List<List<Object>> all = rows.getOrDefault(name, List.of());
          tree.put(
              name,
              Map.of(
                  "columns",
                  columns,
                  "rows",
                  OF_IMAGES.contains(name) ? placed(all, places) : all));
        });
    try {
      tree.put("tables", new ObjectMapper().readTree(TableDocs.json(Optional.of(layout))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return tree;
  }

  /** The rows with their image's place among the images in place of its key. */
  private static List<List<Object>> placed(
      List<List<Object>> rows, Map<List<Object>, Integer> places) {
    List<List<Object>> placed = new ArrayList<>();
    for (List<Object> row : rows) {
      Integer place = places.get(row.subList(0, 4));
      if (place != null) {
        List<Object> shorter = new ArrayList<>(row.subList(3, row.size()));
        shorter.set(0, place);
        placed.add(shorter);
      }
    }
    return placed;
  }

  /** A small table as the other parts. */
  static Map<String, Object> rows(Dataset<Row> table) {
    List<List<Object>> rows = new ArrayList<>();
    for (Row row : table.collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(row.get(i));
      }
      rows.add(values);
    }
    return Map.of("columns", List.of(table.columns()), "rows", rows);
  }

  private void gather(long count) {
    boolean limited = count > MOST_IMAGES;
    Dataset<Row> images = tables.apply(Table.IMAGES);
    if (limited) {
      images = images.orderBy("image", "series", "z", "t").limit(MOST_IMAGES);
    }
    Dataset<Row> all =
        select(
            Part.of(
                "images",
                "status pixel_type warnings " + String.join(" ", layout.groups()),
                "nuclei size_x size_y nuclei_per_mm2 nucleus_area_p50_px nucleus_area_p50_um2"
                    + " nearest_nucleus_px nearest_nucleus_um"),
            images);
    String whole = "region = '" + ImageFacts.WHOLE + "'";
    all =
        all.union(
            select(
                Part.of(
                    "channel_stats",
                    "channel",
                    "mean stddev p1 p50 p99_8 stain_threshold stained_fraction stained_area_um2"
                        + " saturated_fraction"),
                among(tables.apply(Table.CHANNEL_STATS).where(whole), images, limited)));
    all =
        all.union(
            select(
                Part.of("flags", "channel flag message remedy", "z_score"),
                tables.apply(Table.FLAGS).orderBy("image", "channel").limit(MOST_IMAGES)));
    Optional<Part> wells = QualityByWell.part(layout, scales);
    if (wells.isPresent()) {
      Dataset<Row> quality = among(tables.apply(Table.IMAGE_QUALITY).where(whole), images, limited);
      all = all.union(select(wells.get(), QualityByWell.rows(quality, layout, scales)));
    }
    if (settings.hasPair()) {
      all =
          all.union(
              select(
                  Part.of(
                      "colocalization",
                      "x_channel y_channel",
                      "pearson spearman slope overlap li_icq manders_otsu_m1 manders_otsu_m2"),
                  among(
                      tables.apply(Table.COLOCALIZATION).where(whole).where("nucleus is null"),
                      images,
                      limited)));
    }
    if (settings.clustering().enabled()) {
      Dataset<Row> models =
          tables
              .apply(Table.CLUSTER_MODELS)
              .where("selected")
              .where(col("scope").equalTo(settings.scope()));
      Part part =
          Part.of(
              "cluster_models",
              ("method " + String.join(" ", layout.groups())).strip(),
              "k silhouette bic adjusted_rand");
      all =
          all.union(
              select(
                  part,
                  settings.clustering().perImage() ? among(models, images, limited) : models));
    }
    all =
        all.union(
            select(
                Part.of("errors", "file stage code message remedy time", ""),
                tables.apply(Table.ERRORS)));
    List<Row> gathered =
        count <= FEW_IMAGES
            ? Interpreted.rows(all.sparkSession(), all::collectAsList)
            : all.collectAsList();
    for (Row row : gathered) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        values.add(row.get(i));
      }
      values.addAll(row.getList(5));
      for (Object number : row.getList(6)) {
        values.add(Numbers.shortened((Double) number));
      }
      rows.computeIfAbsent(row.getString(4), n -> new ArrayList<>()).add(values);
    }
  }

  private Dataset<Row> select(Part part, Dataset<Row> table) {
    parts.put(part.name(), part);
    return part.select(table);
  }

  private static Dataset<Row> among(Dataset<Row> rows, Dataset<Row> images, boolean limited) {
    return limited
        ? rows.join(
            images.select("image", "series", "z", "t"),
            scala.jdk.javaapi.CollectionConverters.asScala(List.of("image", "series", "z", "t"))
                .toSeq(),
            "left_semi")
        : rows;
  }
}
