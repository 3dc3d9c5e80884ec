package org.cytolake.picture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.clusters.ClusteredBy;
import org.cytolake.clusters.PixelPlaces;
import org.cytolake.clusters.PixelValue;
import org.cytolake.clusters.ProfiledPixels;
import org.cytolake.facts.Fact;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.ReportSettings;
import org.cytolake.facts.ValueLabels;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.cytolake.intensity.LookupTable;

/** Colours every pixel by the cluster that its intensities belong to. */
public final class ClusterMap {
  /** Okabe and Ito's colours, which people with colour blindness tell apart; the page's too. */
  private static final int[] PALETTE = {
    0x222222, 0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442, 0x999999
  };

  private final ReportSettings settings;
  private final ImageFacts facts;
  private final List<Preview> previews;
  private final List<DataType> types;
  private final PlanePixels pixels;
  private final ClusteredBy by;

  /**
   * @param previews of every channel
   * @param types Spark type of every channel
   * @param pixels the plane
   */
  public ClusterMap(
      ReportSettings settings,
      ImageFacts facts,
      List<Preview> previews,
      List<DataType> types,
      PlanePixels pixels) {
    this.settings = settings;
    this.facts = facts;
    this.previews = previews;
    this.types = types;
    this.pixels = pixels;
    this.by = ClusteredBy.of(settings.clustering(), settings.exploration(), settings.channels());
  }

  public List<String> channels() {
    return by.channels();
  }

  /** By method; those that the tables have no labels for are left out. */
  public Map<String, Picture> all() throws ImageReadException {
    Map<String, Picture> maps = new LinkedHashMap<>();
    ValueLabels values = facts.labels();
    List<String> methods =
        settings.clustering().methods().stream().filter(m -> facts.labels(m) != null).toList();
    if (methods.isEmpty()
        || values.size() == 0
        || by.channels().stream().anyMatch(c -> facts.statistics(c) == null)) {
      return maps;
    }
    Preview size = previews.get(0);
    int[] places = places(values);
    for (String method : methods) {
      int[] labels = facts.labels(method);
      byte[] colours = new byte[places.length];
      for (int i = 0; i < colours.length; i++) {
        int label = places[i] == PixelPlaces.NONE ? 0 : Math.max(0, labels[places[i]]);
        colours[i] = (byte) colour(label);
      }
      byte[] png = Png.indexed(colours, size.width(), size.height(), PALETTE);
      maps.put(method, new Picture(method, "", "", "png", png, size.width(), size.height()));
    }
    return maps;
  }

  /** The places of the small plane's pixels among the tuples. */
  private int[] places(ValueLabels values) throws ImageReadException {
    PixelValue value;
    List<Plane> samples = new ArrayList<>();
    if (by.profile().isNone()) {
      value = new PixelValue(by, by.channels().stream().map(this::channel).toList());
      by.places().forEach(c -> samples.add(plane(previews.get(c))));
    } else {
      ProfiledPixels profiled = ProfiledPixels.of(pixels, by);
      value = profiled.value().orElseThrow().coarsened(droppedBits());
      for (int c : by.places()) {
        samples.add(plane(Preview.read(profiled, c)));
      }
    }
    int[] places = new int[previews.get(0).samples().length];
    new PixelPlaces(value, values.points()).read(samples, places.length, places);
    by.region().ifPresent(region -> leaveOutside(region, previews.get(0), places));
    return places;
  }

  /** Index into the palette; 0 is not clustered. */
  static int colour(int label) {
    return label == 0 ? 0 : 1 + (label - 1) % (PALETTE.length - 1);
  }

  private static Plane plane(Preview preview) {
    double[] samples = preview.samples();
    return i -> samples[i];
  }

  private int droppedBits() {
    return facts.all("cluster_models").stream()
        .mapToInt(m -> (int) m.number("dropped_bits"))
        .max()
        .orElse(0);
  }

  /** How samples of a channel became values. */
  private PixelValue.Channel channel(String channel) {
    Fact statistics = facts.statistics(channel);
    Optional<LookupTable> table =
        switch (by.values()) {
          case NORMALIZED -> Optional.of(facts.lookup("normalized", by.reference(), channel));
          case EQUALIZED -> Optional.of(facts.lookup("equalized", "composite", channel));
          default -> Optional.empty();
        };
    return PixelValue.Channel.of(
        types.get(settings.channels().indexOf(channel)),
        statistics.number("min"),
        statistics.number("max"),
        droppedBits(),
        by.chosen() == ClusteredBy.Chosen.STAINED ? statistics.number("stain_threshold") : 0,
        table,
        by.values() == ClusteredBy.Values.LOG);
  }

  private static void leaveOutside(Region region, Preview size, int[] at) {
    for (int i = 0; i < at.length; i++) {
      int x = i % size.width() * size.step() - region.x();
      int y = i / size.width() * size.step() - region.y();
      if (x < 0 || y < 0 || x >= region.width() || y >= region.height()) {
        at[i] = PixelPlaces.NONE;
      }
    }
  }
}
