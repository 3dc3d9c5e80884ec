package org.cytolake.report;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.cytolake.clusters.ClusterModel;
import org.cytolake.clusters.ClusterTable;
import org.cytolake.clusters.PixelClusters;
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
  private final Map<String, Preview> previews;
  private final List<DataType> types;
  private final List<String> channels;

  /**
   * @param types Spark type of every channel
   */
  ClusterMap(
      ReportSettings settings,
      ImageFacts facts,
      Map<String, Preview> previews,
      List<DataType> types) {
    this.settings = settings;
    this.facts = facts;
    this.previews = previews;
    this.types = types;
    this.channels = settings.clustering().channelsOf(settings.channels());
  }

  List<String> channels() {
    return channels;
  }

  /** Empty where the tables have no labels for the method. */
  Optional<Picture> of(String method) {
    ClusterTable table = new ClusterTable();
    ClusterModel model = new ClusterModel(method, 0); // the selected one is the only one here
    List<Fact> labels = facts.where("cluster_labels", f -> f.is("method", method));
    for (Fact fact : labels) {
      double second = fact.tailSize() > 1 ? fact.tail(1) : 0;
      table.add(model, fact.tail(0), second, (int) fact.number("cluster"));
    }
    if (labels.isEmpty() || channels.stream().anyMatch(c -> facts.statistics(c) == null)) {
      return Optional.empty();
    }
    String pixels = settings.clustering().pixels();
    PixelClusters clusters =
        new PixelClusters(
            table,
            PixelClusters.Chosen.of(pixels),
            channels.stream().map(this::intensity).toList());
    List<double[]> samples = channels.stream().map(c -> previews.get(c).samples()).toList();
    int[] at = new int[samples.get(0).length];
    clusters.places(
        i -> samples.get(0)[i], samples.size() > 1 ? i -> samples.get(1)[i] : null, at.length, at);
    Preview size = previews.get(channels.get(0));
    for (Region region : settings.exploration().regions()) {
      if (region.name().equals(pixels)) {
        leaveOutside(region, size, at);
      }
    }
    int[] label = new int[at.length];
    table.labels(model, at, label);
    BufferedImage map =
        new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_BYTE_INDEXED, colours());
    for (int i = 0; i < label.length; i++) {
      map.getRaster().getDataBuffer().setElem(i, colour(label[i]));
    }
    return Optional.of(
        new Picture(method, "", "", "png", Encoded.png(map), map.getWidth(), map.getHeight()));
  }

  /** Index into the palette; 0 is not clustered. */
  static int colour(int label) {
    return label == 0 ? 0 : 1 + (label - 1) % (PALETTE.length - 1);
  }

  private static IndexColorModel colours() {
    byte[][] rgb = new byte[3][PALETTE.length];
    for (int i = 0; i < PALETTE.length; i++) {
      for (int c = 0; c < 3; c++) {
        rgb[c][i] = (byte) (PALETTE[i] >> (8 * (2 - c)));
      }
    }
    return new IndexColorModel(4, PALETTE.length, rgb[0], rgb[1], rgb[2]);
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
