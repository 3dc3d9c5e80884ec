package org.cytolake.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cytolake.facts.Fact;
import org.cytolake.facts.Facts;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.Numbers;
import org.cytolake.facts.Part;
import org.cytolake.facts.ReportSettings;
import org.cytolake.image.Region;
import org.cytolake.picture.Encoded;
import org.cytolake.picture.Picture;

/** What the page says of one image, as a tree of maps and lists that becomes JSON. */
final class ImageJson {
  /** Bins of a histogram; neighbours of a finer one are added up. */
  private static final int MOST_BINS = 128;

  private static final int MOST_NUCLEI_DRAWN = 1500;
  private static final int MOST_VERTICES = 20_000;
  private static final int MOST_ROWS = 300;
  private static final int DISTRIBUTION_BINS = 24;

  private final ReportSettings settings;
  private final List<String> groups;
  private final ImageFacts facts;

  ImageJson(ReportSettings settings, List<String> groups, ImageFacts facts) {
    this.settings = settings;
    this.groups = groups;
    this.facts = facts;
  }

  /** All but the pictures. */
  Map<String, Object> tree() {
    Fact image = facts.image();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", facts.key().title());
    Map<String, String> values = new LinkedHashMap<>();
    for (String group : groups) {
      values.put(group, image.text(group));
    }
    tree.put("groups", values);
    tree.put("sizeX", short0(image, "size_x"));
    tree.put("sizeY", short0(image, "size_y"));
    tree.put("pixelType", image.text("pixel_type"));
    tree.put("pixelSizeX", short0(image, "pixel_size_x_um"));
    tree.put("pixelSizeY", short0(image, "pixel_size_y_um"));
    tree.put("warnings", image.text("warnings"));
    tree.put("channels", settings.channels());
    tree.put("shown", settings.exploration().composite());
    tree.put("statistics", rows(ordered("channel_stats")));
    tree.put("histograms", histograms());
    if (settings.hasPair()) {
      tree.put("pair", settings.pair());
      tree.put("reference", settings.reference());
      Scatter scatter = new Scatter(facts);
      tree.put("tuples", scatter.tuples(settings.pair()));
      tree.put("histogram2d", scatter.histogram2d());
      tree.put("density", scatter.density());
      tree.put("colocalization", rows(ordered("colocalization")));
    }
    tree.put("regions", regions());
    if (settings.clustering().enabled()) {
      tree.put("clusters", clusters());
    }
    if (Double.isFinite(image.number("nuclei"))) {
      tree.put("nuclei", nuclei());
    }
    if (Double.isFinite(image.number("cells"))) {
      tree.put("wholeCells", wholeCells());
    }
    return tree;
  }

  /** A picture, with its bytes within the page. */
  static Map<String, Object> picture(Picture picture) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", picture.id());
    json.put("title", picture.title());
    json.put("caption", picture.caption());
    json.put("src", Html.raw(Encoded.dataUri(picture.type(), picture.bytes())));
    json.put("width", picture.width());
    json.put("height", picture.height());
    return json;
  }

  /** The whole image first, then its regions; channels in the images' order. */
  private List<Fact> ordered(String table) {
    Map<Fact, String> places = new HashMap<>();
    for (Fact fact : facts.all(table)) {
      String place = fact.is("region", ImageFacts.WHOLE) ? "0" : "1";
      places.put(
          fact, place + fact.texts().stream().map(this::place).collect(Collectors.joining()));
    }
    return places.keySet().stream().sorted(Comparator.comparing(places::get)).toList();
  }

  /** A text with its number among the channels before it, so that channels sort by that. */
  private String place(String text) {
    int channel = text == null ? -1 : settings.channels().indexOf(text);
    return (char) (channel + 2) + text + '\0';
  }

  private static Number short0(Fact fact, String column) {
    return Numbers.shortened(fact.number(column));
  }

  /** Each row as a map of its columns. */
  private static List<Map<String, Object>> rows(List<Fact> facts) {
    return facts.stream().map(ImageJson::row).toList();
  }

  private static Map<String, Object> row(Fact fact) {
    Part part = fact.rows().part();
    Map<String, Object> row = new LinkedHashMap<>();
    for (String text : part.texts()) {
      row.put(text, fact.text(text));
    }
    for (int i = 0; i < part.numbers().size(); i++) {
      row.put(part.numbers().get(i), Numbers.shortened(fact.number(i)));
    }
    return row;
  }

  private List<Map<String, Object>> regions() {
    List<Map<String, Object>> regions = new ArrayList<>();
    for (Region region : settings.exploration().regions()) {
      regions.add(
          Map.of(
              "name", region.name(),
              "x", region.x(),
              "y", region.y(),
              "width", region.width(),
              "height", region.height()));
    }
    return regions;
  }

  private List<Map<String, Object>> histograms() {
    Facts all = facts.rows("histograms");
    if (all == null) {
      return List.of();
    }
    List<Map<String, Object>> histograms = new ArrayList<>();
    all.groups().forEach((texts, bins) -> histograms.add(histogram(all, bins)));
    histograms.sort(
        Comparator.comparing(
            h -> place((String) h.get("reference")) + place((String) h.get("channel"))));
    return histograms;
  }

  private static Map<String, Object> histogram(Facts all, int[] rows) {
    int[] byBin = Facts.ascending(rows, all.numbers("bin"));
    double[] count = all.numbers("count");
    int together = (rows.length + MOST_BINS - 1) / MOST_BINS;
    long[] counts = new long[(rows.length + together - 1) / together];
    List<Number> edges = new ArrayList<>();
    for (int b = 0; b < rows.length; b++) {
      counts[b / together] += (long) count[byBin[b]];
      if (b % together == 0) {
        edges.add(Numbers.shortened(all.numbers("lower")[byBin[b]]));
      }
    }
    edges.add(Numbers.shortened(all.numbers("upper")[byBin[rows.length - 1]]));
    Map<String, Object> histogram = new LinkedHashMap<>();
    for (String text : List.of("region", "transform", "reference", "channel")) {
      histogram.put(text, all.texts(text)[rows[0]]);
    }
    histogram.put("edges", edges);
    histogram.put("counts", counts);
    return histogram;
  }

  private Map<String, Object> clusters() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("scope", settings.scope());
    tree.put("values", settings.clustering().values());
    tree.put("reference", settings.clusterReference());
    tree.put("pixels", settings.clustering().pixels());
    tree.put("models", rows(facts.all("cluster_models")));
    List<Map<String, Object>> clusters = new ArrayList<>();
    for (Fact fact : facts.clusters()) {
      Map<String, Object> row = row(fact);
      List<Number> mean = new ArrayList<>();
      for (double value : fact.tail()) {
        mean.add(Numbers.shortened(value));
      }
      row.put("mean", mean);
      clusters.add(row);
    }
    tree.put("clusters", clusters);
    Map<String, Object> tuples = new TreeMap<>();
    for (String method : settings.clustering().methods()) {
      tuples.put(method, new Scatter(facts).labels(method, settings.clusterAxes()));
    }
    tree.put("tuples", tuples);
    return tree;
  }

  private Map<String, Object> nuclei() {
    List<Fact> all = new ArrayList<>(facts.all("nuclei"));
    all.sort(Comparator.comparingDouble(n -> n.number("nucleus")));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("count", all.size());
    for (String figure : List.of("nuclei_per_mm2", "nearest_nucleus_px", "nearest_nucleus_um")) {
      tree.put(figure, short0(facts.image(), figure));
    }
    List<Fact> drawn = all.subList(0, Math.min(all.size(), MOST_NUCLEI_DRAWN));
    tree.put("outlines", outlines(drawn, "x", "y"));
    boolean micrometres =
        !all.isEmpty() && all.stream().allMatch(n -> Double.isFinite(n.number("area_um2")));
    List<Map<String, Object>> distributions = new ArrayList<>();
    String area = micrometres ? "area_um2" : "area_px";
    distributions.add(distribution(all, area));
    for (String channel : settings.channels()) {
      distributions.add(distribution(all, "mean_" + channel));
    }
    for (String channel : settings.channels()) {
      distributions.add(distribution(all, "ring_mean_" + channel));
    }
    distributions.removeIf(d -> d.isEmpty());
    tree.put("distributions", distributions);
    tree.put("rows", rows(all.subList(0, Math.min(all.size(), MOST_ROWS))));
    return tree;
  }

  private Map<String, Object> wholeCells() {
    List<Fact> all = new ArrayList<>(facts.all("cells"));
    all.sort(Comparator.comparingDouble(c -> c.number("nucleus")));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("count", all.size());
    for (String figure : List.of("cell_area_p50_px", "cell_area_p50_um2")) {
      tree.put(figure, short0(facts.image(), figure));
    }
    List<Fact> drawn = all.subList(0, Math.min(all.size(), MOST_NUCLEI_DRAWN));
    tree.put("outlines", outlines(drawn, "centroid_x", "centroid_y"));
    List<Map<String, Object>> distributions = new ArrayList<>();
    for (String channel : settings.channels()) {
      distributions.add(distribution(all, "nucleus_to_cytoplasm_" + channel));
    }
    distributions.removeIf(d -> d.isEmpty());
    tree.put("distributions", distributions);
    return tree;
  }

  /** Of each object its number, x, y, and the vertices' x and y in turn; less where many. */
  private static List<Object> outlines(List<Fact> nuclei, String x, String y) {
    int vertices = nuclei.stream().mapToInt(n -> n.tail().length / 2).sum();
    int step = Math.max(1, (vertices + MOST_VERTICES - 1) / MOST_VERTICES);
    List<Object> outlines = new ArrayList<>();
    for (Fact nucleus : nuclei) {
      double[] polygon = nucleus.tail();
      int[] outline = new int[2 * ((polygon.length / 2 + step - 1) / step)];
      for (int v = 0, i = 0; v + 1 < polygon.length; v += 2 * step) {
        outline[i++] = (int) Math.round(polygon[v + 1]);
        outline[i++] = (int) Math.round(polygon[v]);
      }
      outlines.add(
          List.of(
              (long) nucleus.number("nucleus"),
              Math.round(nucleus.number(x)),
              Math.round(nucleus.number(y)),
              outline));
    }
    return outlines;
  }

  /** How often each range of a measure occurs; empty where no nucleus has it. */
  static Map<String, Object> distribution(List<Fact> nuclei, String column) {
    double[] values =
        nuclei.stream().mapToDouble(n -> n.number(column)).filter(Double::isFinite).toArray();
    if (values.length == 0) {
      return Map.of();
    }
    double low = Arrays.stream(values).min().getAsDouble();
    double high = Arrays.stream(values).max().getAsDouble();
    double width = high > low ? (high - low) / DISTRIBUTION_BINS : 1;
    int[] counts = new int[high > low ? DISTRIBUTION_BINS : 1];
    for (double value : values) {
      counts[(int) Math.min(counts.length - 1, (value - low) / width)]++;
    }
    List<Number> edges = new ArrayList<>();
    for (int i = 0; i <= counts.length; i++) {
      edges.add(Numbers.shortened(low + i * width));
    }
    Arrays.sort(values);
    int n = values.length;
    double median = (values[(n - 1) / 2] + values[n / 2]) / 2;
    return Map.of(
        "column", column,
        "edges", edges,
        "counts", counts,
        "median", Numbers.shortened(median));
  }
}
