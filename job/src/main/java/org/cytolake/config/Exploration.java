package org.cytolake.config;

import com.typesafe.config.Config;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cytolake.histogram.SampleKind;
import org.cytolake.image.Region;
import org.cytolake.intensity.StainThreshold;

/**
 * Sections {@code statistics}, {@code composite}, {@code normalization} and {@code density}.
 *
 * @param threshold of channels that {@code thresholds} does not name: {@code otsu}, an intensity,
 *     or {@code p} and a percentile
 * @param thresholds by channel
 * @param pairs which pairs of channels are counted: {@code auto}, {@code all}, {@code first}, or
 *     names such as {@code a:b}
 * @param composite names of up to three channels; empty: the first three
 * @param references names of channels; empty: those of the composite
 * @param densityReferences names of channels; empty: the first of the references
 */
public record Exploration(
    List<Region> regions,
    String threshold,
    Map<String, String> thresholds,
    List<String> pairs,
    List<String> composite,
    List<String> references,
    double offset,
    int normalizedBins,
    int bins2d,
    boolean density,
    List<String> densityReferences,
    int densityGrid)
    implements Serializable {
  private static final int MOST_IN_COMPOSITE = 3;

  public Exploration {
    regions = List.copyOf(regions);
    thresholds = Collections.unmodifiableSortedMap(new TreeMap<>(thresholds));
    pairs = List.copyOf(pairs);
    composite = List.copyOf(composite);
    references = List.copyOf(references);
    densityReferences = List.copyOf(densityReferences);
  }

  static Exploration of(Values v) {
    List<String> composite = v.strings("composite.channels");
    if (composite.size() > MOST_IN_COMPOSITE
        || composite.stream().distinct().count() < composite.size()) {
      throw v.bad("composite.channels", "It must name up to three channels, each once.", null);
    }
    return new Exploration(
        regions(v),
        threshold(v, "statistics.threshold", v.text("statistics.threshold")),
        thresholds(v),
        v.strings("statistics.pairs"),
        composite,
        v.strings("normalization.references"),
        v.notNegative("normalization.offset"),
        (int) v.integer("normalization.bins", 1, 65_536),
        (int) v.integer("normalization.bins-2d", 1, 1024),
        v.bool("density.enabled"),
        v.strings("density.references"),
        (int) v.integer("density.grid", 2, 1024));
  }

  private static List<Region> regions(Values v) {
    String key = "statistics.regions";
    List<Region> regions = new ArrayList<>();
    for (Config rectangle : v.objects(key)) {
      String example = "Write [{ name = centre, x = 450, y = 10, width = 60, height = 50 }].";
      if (!rectangle.root().keySet().equals(Set.of("name", "x", "y", "width", "height"))) {
        throw v.bad(key, example, null);
      }
      try {
        regions.add(
            new Region(
                rectangle.getString("name"),
                rectangle.getInt("x"),
                rectangle.getInt("y"),
                rectangle.getInt("width"),
                rectangle.getInt("height")));
      } catch (com.typesafe.config.ConfigException e) {
        throw v.bad(key, example, e);
      } catch (IllegalArgumentException e) {
        throw v.bad(key, "But " + e.getMessage() + ". " + example, e);
      }
    }
    if (regions.stream().map(Region::name).distinct().count() < regions.size()) {
      throw v.bad(key, "Give every region a name of its own.", null);
    }
    return regions;
  }

  private static Map<String, String> thresholds(Values v) {
    String key = "statistics.thresholds";
    Map<String, String> thresholds = new LinkedHashMap<>();
    for (String part : v.text(key).split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals < 1) {
        throw v.bad(key, "Write nuclei=57,cytoplasm=p95.", null);
      }
      thresholds.put(
          part.substring(0, equals).strip(), threshold(v, key, part.substring(equals + 1).strip()));
    }
    return thresholds;
  }

  private static String threshold(Values v, String key, String text) {
    try {
      parse(text, SampleKind.INTEGER);
      return text;
    } catch (IllegalArgumentException e) {
      throw v.bad(key, "A threshold is otsu, an intensity (57) or a percentile (p95).", e);
    }
  }

  private static StainThreshold parse(String text, SampleKind kind) {
    if (text.equals("otsu")) {
      return new StainThreshold.OtsuRule(kind);
    }
    return text.startsWith("p")
        ? new StainThreshold.Percentile(Double.parseDouble(text.substring(1)))
        : new StainThreshold.Fixed(Double.parseDouble(text));
  }

  /** The stain threshold of a channel. */
  public StainThreshold threshold(String channel, SampleKind kind) {
    return parse(thresholds.getOrDefault(channel, threshold), kind);
  }

  /** The same with other regions and without names of channels. */
  Exploration withoutChannels(List<Region> ofThese) {
    return new Exploration(
        ofThese,
        threshold,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        offset,
        normalizedBins,
        bins2d,
        density,
        List.of(),
        densityGrid);
  }

  /** The same with channels named, where the configuration leaves it to them. */
  public Exploration resolved(List<String> channels) {
    List<String> shown =
        composite.isEmpty()
            ? channels.subList(0, Math.min(MOST_IN_COMPOSITE, channels.size()))
            : composite;
    List<String> used = references.isEmpty() ? shown : references;
    List<String> dense = densityReferences.isEmpty() ? used.subList(0, 1) : densityReferences;
    require("composite.channels", shown, channels);
    require("normalization.references", used, channels);
    require("density.references", dense, used);
    require("statistics.thresholds", List.copyOf(thresholds.keySet()), channels);
    return new Exploration(
        regions,
        threshold,
        thresholds,
        pairs,
        shown,
        used,
        offset,
        normalizedBins,
        bins2d,
        density,
        dense,
        densityGrid);
  }

  private static void require(String key, List<String> names, List<String> allowed) {
    for (String name : names) {
      if (!allowed.contains(name)) {
        throw new CytolakeException(
            CytolakeException.Code.USAGE,
            key + " names the channel '" + name + "', which is not there.",
            "Name some of " + String.join(", ", allowed) + ".");
      }
    }
  }
}
