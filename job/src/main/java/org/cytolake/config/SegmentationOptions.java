package org.cytolake.config;

import java.util.List;
import org.cytolake.config.CytolakeConfig.Segmentation;

/** Reads the section {@code segmentation}. */
final class SegmentationOptions {
  private SegmentationOptions() {}

  static Segmentation of(Values v) {
    return new Segmentation(
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
}
