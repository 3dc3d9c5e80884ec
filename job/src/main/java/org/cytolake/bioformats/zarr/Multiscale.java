package org.cytolake.bioformats.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * What OME's metadata says of an image: its axes, and the arrays that hold it at several
 * resolutions.
 *
 * @param version of the metadata; empty where it does not say
 * @param axes names in the arrays' order
 * @param units of the axes; empty where it does not say
 * @param levels the finest first
 * @param channels their names; may be fewer than there are
 */
record Multiscale(
    String version,
    List<String> axes,
    List<String> units,
    List<Level> levels,
    List<String> channels) {
  private static final Set<String> AXES = Set.of("t", "c", "z", "y", "x");
  private static final List<String> ALL = List.of("t", "c", "z", "y", "x");
  private static final int MOST_LEVELS = 64;
  private static final int MOST_CHANNELS = 1 << 14;

  /** Micrometres in the units that OME-Zarr names (those of UDUNITS-2). */
  private static final Map<String, Double> MICROMETRES =
      Map.ofEntries(
          Map.entry("angstrom", 1e-4),
          Map.entry("picometer", 1e-6),
          Map.entry("nanometer", 1e-3),
          Map.entry("micrometer", 1.0),
          Map.entry("millimeter", 1e3),
          Map.entry("centimeter", 1e4),
          Map.entry("decimeter", 1e5),
          Map.entry("meter", 1e6),
          Map.entry("inch", 25_400.0),
          Map.entry("foot", 304_800.0));

  /**
   * One resolution.
   *
   * @param path of its array
   * @param scale size of a sample along each axis, in the axes' units
   */
  record Level(String path, List<Double> scale) {}

  /**
   * From the metadata.
   *
   * @throws RefusedException where it contradicts itself or is of a later version
   */
  static Multiscale of(JsonNode ome) throws RefusedException {
    JsonNode scales = ome.path("multiscales");
    JsonNode first = scales.path(0);
    if (!first.path("datasets").isArray() || first.path("datasets").isEmpty()) {
      throw ZarrRefusals.metadata("its multiscales name no datasets");
    }
    String version = first.path("version").asText(ome.path("version").asText(""));
    if (!version.matches("(0\\.[1-5])?")) {
      throw ZarrRefusals.unsupported(
          "it is of version " + version + " of OME-Zarr; read are 0.1 to 0.5");
    }
    List<String> axes = new ArrayList<>();
    List<String> units = new ArrayList<>();
    for (JsonNode axis : first.path("axes")) {
      axes.add(axis.isTextual() ? axis.textValue() : axis.path("name").asText(""));
      units.add(axis.path("unit").asText(""));
    }
    if (axes.isEmpty()) { // before 0.3
      axes.addAll(ALL);
      ALL.forEach(axis -> units.add(""));
    }
    if (!axes.contains("y") || !axes.contains("x") || Set.copyOf(axes).size() < axes.size()) {
      throw ZarrRefusals.metadata("its axes are " + axes + "; y and x must be among them, once");
    }
    List<Level> levels = new ArrayList<>();
    for (JsonNode dataset : first.path("datasets")) {
      List<Double> scale = scale(dataset.path("coordinateTransformations"), axes.size());
      List<Double> all = scale(first.path("coordinateTransformations"), axes.size());
      List<Double> product = new ArrayList<>();
      for (int a = 0; a < axes.size(); a++) {
        product.add(scale.get(a) * all.get(a));
      }
      levels.add(new Level(dataset.path("path").asText(""), product));
    }
    if (levels.size() > MOST_LEVELS) {
      throw ZarrRefusals.metadata("its multiscales name " + levels.size() + " levels");
    }
    List<String> channels = new ArrayList<>();
    for (JsonNode channel : ome.path("omero").path("channels")) {
      if (channels.size() < MOST_CHANNELS) {
        channels.add(channel.path("label").asText(channel.path("name").asText("")));
      }
    }
    return new Multiscale(version, axes, units, levels, channels);
  }

  private static List<Double> scale(JsonNode transformations, int axes) throws RefusedException {
    List<Double> scale = new ArrayList<>();
    for (JsonNode transformation : transformations) {
      JsonNode factors = transformation.path("scale");
      if (!transformation.path("type").asText().equals("scale") || !factors.isArray()) {
        continue;
      }
      for (JsonNode factor : factors) {
        scale.add(factor.asDouble(Double.NaN));
      }
      if (scale.size() != axes) {
        throw ZarrRefusals.metadata(
            "its scale has " + scale.size() + " numbers for " + axes + " axes");
      }
      return scale;
    }
    return java.util.Collections.nCopies(axes, 1.0);
  }

  /** The place of an axis; -1: there is none. */
  int axis(String name) {
    return axes.indexOf(name);
  }

  /** Micrometres a pixel along an axis at a level; empty where it does not say. */
  OptionalDouble micrometres(String axis, int level) {
    int a = axes.indexOf(axis);
    Double unit = MICROMETRES.get(units.get(a).toLowerCase(Locale.ROOT).replace("metre", "meter"));
    double size = levels.get(level).scale().get(a);
    return unit == null || !(size > 0 && size < Double.MAX_VALUE)
        ? OptionalDouble.empty()
        : OptionalDouble.of(size * unit);
  }

  /**
   * The number of a level.
   *
   * @throws RefusedException where there is none as wanted
   */
  int level(PyramidLevel wanted) throws RefusedException {
    if (wanted.micrometres() == 0) {
      if (wanted.number() >= levels.size()) {
        throw noLevel(
            "it has " + levels.size() + " levels, numbered from 0; level is " + wanted.number());
      }
      return wanted.number();
    }
    int found = 0;
    for (int level = 0; level < levels.size(); level++) {
      OptionalDouble size = micrometres("x", level);
      if (size.isEmpty()) {
        throw noLevel(
            "it does not say how large its pixels are, and the level is to be that of pixels of "
                + wanted);
      }
      if (size.getAsDouble() <= wanted.micrometres() * (1 + 1e-6)
          && size.getAsDouble() > micrometres("x", found).orElse(0)) {
        found = level;
      }
    }
    return found;
  }

  private static RefusedException noLevel(String what) {
    return RefusedException.unsupported(
        what,
        "Choose a level that every image has, by number, or keep the image out of the input.");
  }

  /** Axes beyond those of images, by their places. */
  List<Integer> others() {
    List<Integer> others = new ArrayList<>();
    for (int a = 0; a < axes.size(); a++) {
      if (!AXES.contains(axes.get(a))) {
        others.add(a);
      }
    }
    return others;
  }

  /** The same with what other metadata says of channels and pixels where this one does not. */
  Multiscale or(Optional<OmeXmlImages.Image> other) {
    if (other.isEmpty()) {
      return this;
    }
    boolean named = channels.stream().anyMatch(c -> !c.isBlank());
    return new Multiscale(version, axes, units, levels, named ? channels : other.get().channels());
  }
}
