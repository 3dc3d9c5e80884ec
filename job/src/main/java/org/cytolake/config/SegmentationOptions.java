package org.cytolake.config;

import java.util.List;
import java.util.OptionalDouble;
import org.cytolake.config.CytolakeException.Code;

/**
 * Section {@code segmentation}.
 *
 * @param channels column names, one for each channel that the model takes, in its order; empty: as
 *     the names of the channels say, or all where the model takes as many
 * @param model path, or empty: the built-in model
 * @param precision of the built-in model: {@code fp32} or {@code int8}
 * @param normalizeTogether whether several channels share their percentiles
 * @param probThreshold empty: the model's
 * @param nmsThreshold empty: the model's
 * @param tile the network sees no more pixels at once than a square of this side has; 0: as many as
 *     fit the memory
 * @param cytoplasmRing width of the rings around nuclei that are measured too, pixels; 0: none
 * @param geojson whether the nuclei's outlines are written as GeoJSON
 * @param cellpose for Cellpose networks
 */
public record SegmentationOptions(
    boolean enabled,
    List<String> channels,
    String model,
    String precision,
    boolean normalizeTogether,
    OptionalDouble probThreshold,
    OptionalDouble nmsThreshold,
    int tile,
    long maxPixels,
    int maxCandidates,
    int cytoplasmRing,
    boolean geojson,
    CellposeOptions cellpose) {
  public SegmentationOptions {
    channels = List.copyOf(channels);
    if (!model.isEmpty() && !precision.equals("fp32")) {
      throw new CytolakeException(
          Code.USAGE,
          "segmentation.precision is " + precision + ", but segmentation.model names a model.",
          "The precision chooses between the built-in models: leave one of both out.");
    }
  }

  static SegmentationOptions of(Values v) {
    return new SegmentationOptions(
        v.bool("segmentation.enabled"),
        v.strings("segmentation.channel").stream().filter(c -> !c.isBlank()).toList(),
        v.text("segmentation.model"),
        v.oneOf("segmentation.precision", List.of("fp32", "int8")),
        v.oneOf("segmentation.normalize", List.of("each", "together")).equals("together"),
        v.fractionOr("segmentation.prob-threshold", "model"),
        v.fractionOr("segmentation.nms-threshold", "model"),
        (int) v.integerOr("segmentation.tile", "auto", 1 << 6, 1 << 13),
        v.integer("segmentation.max-pixels", 1, 1L << 40),
        (int) v.integer("segmentation.max-candidates", 1, Integer.MAX_VALUE),
        (int) v.integer("segmentation.cytoplasm-ring", 0, 256),
        v.bool("segmentation.geojson"),
        CellposeOptions.of(v, "segmentation.cellpose"));
  }

  SegmentationOptions always() {
    return switched(true);
  }

  SegmentationOptions never() {
    return switched(false);
  }

  private SegmentationOptions switched(boolean on) {
    return new SegmentationOptions(
        on,
        channels,
        model,
        precision,
        normalizeTogether,
        probThreshold,
        nmsThreshold,
        tile,
        maxPixels,
        maxCandidates,
        cytoplasmRing,
        geojson,
        cellpose);
  }
}
