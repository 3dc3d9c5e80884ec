package org.cytolake.report;

import org.cytolake.histogram.Bins;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cytolake.image.Region;

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
    return tree;
  }

  /** The whole image first, then its regions; channels in the images' order. */
  private List<Fact> ordered(String table) {
    List<Fact> all = new ArrayList<>(facts.all(table));
    all.sort(
        Comparator.comparing((Fact f) -> !f.is("region", ImageFacts.WHOLE))
            .thenComparing(f -> Arrays.stream(f.texts()).map(this::place).toList().toString()));
    return all;
  }

  /** A text with its number among the channels before it, so that channels sort by that. */
  private String place(String text) {
    int channel = text == null ? -1 : settings.channels().indexOf(text);
    return "%04d %s".formatted(channel + 1, text);
  }

  private static Number short0(Fact fact, String column) {
    return Numbers.shortened(fact.number(column));
  }

  /** Each row as a map of its columns. */
  private static List<Map<String, Object>> rows(List<Fact> facts) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Fact fact : facts) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < fact.part().texts().size(); i++) {
        row.put(fact.part().texts().get(i), fact.texts()[i]);
      }
      for (int i = 0; i < fact.part().numbers().size(); i++) {
        row.put(fact.part().numbers().get(i), Numbers.shortened(fact.numbers()[i]));
      }
      rows.add(row);
    }
    return rows;
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
    Map<String, List<Fact>> byHistogram = new LinkedHashMap<>();
    for (Fact fact : facts.all("histograms")) {
      byHistogram.computeIfAbsent(Arrays.toString(fact.texts()), k -> new ArrayList<>()).add(fact);
    }
    List<Map<String, Object>> histograms = new ArrayList<>();
    for (List<Fact> bins : byHistogram.values()) {
      bins.sort(Comparator.comparingDouble(b -> b.number("bin")));
      int together = (bins.size() + MOST_BINS - 1) / MOST_BINS;
      List<Long> counts = new ArrayList<>();
      List<Number> edges = new ArrayList<>();
      for (int b = 0; b < bins.size(); b += together) {
        long count = 0;
        for (int i = b; i < Math.min(bins.size(), b + together); i++) {
          count += (long) bins.get(i).number("count");
        }
        counts.add(count);
        edges.add(Numbers.shortened(bins.get(b).number("lower")));
      }
      edges.add(Numbers.shortened(bins.get(bins.size() - 1).number("upper")));
      Map<String, Object> histogram = new LinkedHashMap<>();
      for (String text : List.of("region", "transform", "reference", "channel")) {
        histogram.put(text, bins.get(0).text(text));
      }
      histogram.put("edges", edges);
      histogram.put("counts", counts);
      histograms.add(histogram);
    }
    histograms.sort(
        Comparator.comparing(
            h -> place((String) h.get("reference")) + place((String) h.get("channel"))));
    return histograms;
  }

  private Map<String, Object> clusters() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("scope", settings.scope());
    tree.put("values", settings.clustering().values());
    tree.put("reference", settings.clusterReference());
    tree.put("pixels", settings.clustering().pixels());
    tree.put("models", rows(facts.all("cluster_models")));
    List<Map<String, Object>> clusters = new ArrayList<>();
    for (Fact fact : facts.all("clusters")) {
      Map<String, Object> row = new LinkedHashMap<>(rows(List.of(fact)).get(0));
      List<Number> mean = new ArrayList<>();
      for (int i = 0; i < fact.tailSize(); i++) {
        mean.add(Numbers.shortened(fact.tail(i)));
      }
      row.put("mean", mean);
      clusters.add(row);
    }
    tree.put("clusters", clusters);
    Map<String, Object> tuples = new TreeMap<>();
    for (String method : settings.clustering().methods()) {
      tuples.put(method, new Scatter(facts).labels(method));
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
    List<Object> outlines = new ArrayList<>();
    int vertices = drawn.stream().mapToInt(n -> n.tailSize() / 2).sum();
    int step = Math.max(1, (vertices + MOST_VERTICES - 1) / MOST_VERTICES);
    for (Fact nucleus : drawn) {
      List<Number> outline = new ArrayList<>();
      for (int v = 0; v + 1 < nucleus.tailSize(); v += 2 * step) {
        outline.add(Math.round(nucleus.tail(v + 1)));
        outline.add(Math.round(nucleus.tail(v)));
      }
      outlines.add(
          Arrays.asList(
              (long) nucleus.number("nucleus"),
              Math.round(nucleus.number("x")),
              Math.round(nucleus.number("y")),
              outline));
    }
    tree.put("outlines", outlines);
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
