package org.cytolake.report;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.image.Region;
import org.cytolake.intensity.LookupTable;

/** Colours every pixel by the cluster that its intensities belong to. */
final class ClusterMap {
  /** Okabe and Ito's colours, which people with colour blindness tell apart; the page's too. */
  private static final int[] PALETTE = {
    0x222222, 0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442, 0x999999
  };

  private record Tuple(double a, double b) {}

  private final ReportSettings settings;
  private final ImageFacts facts;
  private final Map<String, Preview> previews;
  private final List<String> channels;

  ClusterMap(ReportSettings settings, ImageFacts facts, Map<String, Preview> previews) {
    this.settings = settings;
    this.facts = facts;
    this.previews = previews;
    List<String> all = settings.channels();
    this.channels =
        !settings.clustering().channels().isEmpty()
            ? settings.clustering().channels()
            : all.size() == 1 ? all : List.of(all.get(0), all.get(all.size() - 1));
  }

  List<String> channels() {
    return channels;
  }

  /** Empty where the tables have no labels for the method. */
  Optional<Picture> of(String method) {
    Map<Tuple, Integer> labels = new HashMap<>();
    for (Fact fact : facts.where("cluster_labels", f -> f.is("method", method))) {
      labels.put(
          new Tuple(fact.tail(0), fact.tailSize() > 1 ? fact.tail(1) : 0),
          (int) fact.number("cluster"));
    }
    if (labels.isEmpty()) {
      return Optional.empty();
    }
    double[][] values = new double[channels.size()][];
    for (int c = 0; c < values.length; c++) {
      values[c] = values(channels.get(c));
    }
    boolean[] chosen = chosen();
    Preview size = previews.get(channels.get(0));
    BufferedImage map =
        new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_BYTE_INDEXED, colours());
    for (int i = 0; i < chosen.length; i++) {
      int label = 0;
      if (chosen[i]) {
        label =
            labels.getOrDefault(new Tuple(values[0][i], values.length > 1 ? values[1][i] : 0), 0);
      }
      map.getRaster().getDataBuffer().setElem(i, colour(label));
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

  /** What the pixels were clustered by. */
  private double[] values(String channel) {
    double[] raw = counted(previews.get(channel).samples());
    String kind = settings.clustering().values();
    if (kind.equals("raw")) {
      return raw;
    }
    double[] values = new double[raw.length];
    if (kind.equals("log")) {
      for (int i = 0; i < raw.length; i++) {
        values[i] = StrictMath.log1p(Math.max(0, raw[i]));
      }
      return values;
    }
    LookupTable table =
        facts.lookup(
            kind, kind.equals("equalized") ? "composite" : settings.clusterReference(), channel);
    for (int i = 0; i < raw.length; i++) {
      values[i] = Pictures.nearest(table, raw[i]);
    }
    return values;
  }

  /** Intensities as they were counted: without the low bits that were dropped. */
  private double[] counted(double[] samples) {
    int dropped =
        facts.all("cluster_models").stream()
            .mapToInt(m -> (int) m.number("dropped_bits"))
            .max()
            .orElse(0);
    if (dropped == 0) {
      return samples;
    }
    double[] counted = new double[samples.length];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = (long) samples[i] >> dropped << dropped;
    }
    return counted;
  }

  private boolean[] chosen() {
    Preview size = previews.get(channels.get(0));
    boolean[] chosen = new boolean[size.samples().length];
    switch (settings.clustering().pixels()) {
      case "none" -> java.util.Arrays.fill(chosen, true);
      case "positive" -> {
        java.util.Arrays.fill(chosen, true);
        for (String channel : channels) {
          double[] raw = previews.get(channel).samples();
          for (int i = 0; i < chosen.length; i++) {
            chosen[i] &= raw[i] > 0;
          }
        }
      }
      case "stained" -> {
        for (String channel : channels) {
          Fact statistics = facts.statistics(channel);
          double[] raw = previews.get(channel).samples();
          for (int i = 0; statistics != null && i < chosen.length; i++) {
            chosen[i] |= raw[i] > statistics.number("stain_threshold");
          }
        }
      }
      default -> {
        for (Region region : settings.exploration().regions()) {
          if (region.name().equals(settings.clustering().pixels())) {
            within(region, size, chosen);
          }
        }
      }
    }
    return chosen;
  }

  private static void within(Region region, Preview size, boolean[] chosen) {
    for (int i = 0; i < chosen.length; i++) {
      int x = i % size.width() * size.step();
      int y = i / size.width() * size.step();
      chosen[i] =
          x >= region.x()
              && y >= region.y()
              && x < region.x() + region.width()
              && y < region.y() + region.height();
    }
  }
}
