package org.cytolake.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.cytolake.clusters.ClusterModel;
import org.cytolake.clusters.ClusterTable;
import org.cytolake.label.PixelClusters;
import org.cytolake.clusters.PixelValue;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.image.Region;
import org.cytolake.intensity.LookupTable;

/** Colours every pixel by the cluster that its intensities belong to. */
final class ClusterMap {
  /** Okabe and Ito's colours, which people with colour blindness tell apart; the page's too. */
  private static final int[] PALETTE = {
    0x222222, 0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442, 0x999999
  };

  private final ReportSettings settings;
  private final ImageFacts facts;
  private final List<Preview> previews;
  private final List<DataType> types;
  private final List<String> channels;

  /**
   * @param previews of every channel
   * @param types Spark type of every channel
   */
  ClusterMap(
      ReportSettings settings, ImageFacts facts, List<Preview> previews, List<DataType> types) {
    this.settings = settings;
    this.facts = facts;
    this.previews = previews;
    this.types = types;
    this.channels = settings.clustering().channelsOf(settings.channels());
  }

  List<String> channels() {
    return channels;
  }

  /** By method; those that the tables have no labels for are left out. */
  Map<String, Picture> all() {
    Map<String, Picture> maps = new LinkedHashMap<>();
    ClusterTable table = new ClusterTable();
    List<String> methods =
        settings.clustering().methods().stream().filter(m -> fill(table, m)).toList();
    if (methods.isEmpty() || channels.stream().anyMatch(c -> facts.statistics(c) == null)) {
      return maps;
    }
    Preview size = previews.get(0);
    int[] places = places(table);
    int[] labels = new int[places.length];
    for (String method : methods) {
      table.labels(model(method), places, labels);
      byte[] colours = new byte[labels.length];
      for (int i = 0; i < labels.length; i++) {
        colours[i] = (byte) colour(labels[i]);
      }
      byte[] png = Png.indexed(colours, size.width(), size.height(), PALETTE);
      maps.put(method, new Picture(method, "", "", "png", png, size.width(), size.height()));
    }
    return maps;
  }

  private static ClusterModel model(String method) {
    return new ClusterModel(method, 0); // the selected one is the only one here
  }

  /** Whether the tables have labels for the method. */
  private boolean fill(ClusterTable table, String method) {
    int[] labels = facts.labels(method);
    if (labels == null) {
      return false;
    }
    ValueLabels values = facts.labels();
    for (int i = 0; i < values.size(); i++) {
      if (labels[i] != ValueLabels.UNKNOWN) {
        table.add(model(method), values.first()[i], values.second()[i], labels[i]);
      }
    }
    return true;
  }

  /** The places of the small plane's pixels in the table. */
  private int[] places(ClusterTable table) {
    String pixels = settings.clustering().pixels();
    PixelClusters clusters =
        new PixelClusters(
            table,
            PixelClusters.Chosen.of(pixels),
            channels.stream().map(this::intensity).toList());
    double[] first = previews.get(settings.channels().indexOf(channels.get(0))).samples();
    double[] second =
        previews.get(settings.channels().indexOf(channels.get(channels.size() - 1))).samples();
    int[] places = new int[first.length];
    clusters.places(i -> first[i], i -> second[i], places.length, places);
    for (Region region : settings.exploration().regions()) {
      if (region.name().equals(pixels)) {
        leaveOutside(region, previews.get(0), places);
      }
    }
    return places;
  }

  /** Index into the palette; 0 is not clustered. */
  static int colour(int label) {
    return label == 0 ? 0 : 1 + (label - 1) % (PALETTE.length - 1);
  }

  /** How samples of a channel became values. */
  private PixelValue intensity(String channel) {
    Fact statistics = facts.statistics(channel);
    Clustering clustering = settings.clustering();
    LookupTable table =
        switch (clustering.values()) {
          case "normalized" ->
              facts.lookup("normalized", clustering.referenceOf(settings.exploration()), channel);
          case "equalized" -> facts.lookup("equalized", "composite", channel);
          default -> null;
        };
    int dropped =
        facts.all("cluster_models").stream()
            .mapToInt(m -> (int) m.number("dropped_bits"))
            .max()
            .orElse(0);
    return new PixelValue(
        new PixelValue.Counting(
            types.get(settings.channels().indexOf(channel)),
            statistics.number("min"),
            statistics.number("max"),
            dropped),
        clustering.values().equals("log"),
        clustering.pixels().equals("stained") ? statistics.number("stain_threshold") : 0,
        table);
  }

  private static void leaveOutside(Region region, Preview size, int[] at) {
    for (int i = 0; i < at.length; i++) {
      int x = i % size.width() * size.step() - region.x();
      int y = i / size.width() * size.step() - region.y();
      if (x < 0 || y < 0 || x >= region.width() || y >= region.height()) {
        at[i] = -1;
      }
    }
  }
}
