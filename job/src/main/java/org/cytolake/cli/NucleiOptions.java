package org.cytolake.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that say how nuclei are found; every one has a key of the same meaning. */
final class NucleiOptions {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A StarDist network in ONNX format. Default: the built-in one for nuclei.")
  String model;

  @Option(
      names = "--precision",
      paramLabel = "fp32|int8",
      description = "Which built-in model; int8 is faster. Default: fp32.")
  String precision;

  @Option(
      names = "--channel",
      paramLabel = "NAME",
      split = ",",
      description =
          "Channel that shows the nuclei. For a network of several channels name all, in its order:"
              + " red,green,blue. Default: the first, or all where the network takes as many.")
  List<String> channel = new ArrayList<>();

  @Option(
      names = "--prob-threshold",
      paramLabel = "P",
      description = "Least probability of a nucleus, 0 to 1. Default: what the model says.")
  String probThreshold;

  @Option(
      names = "--nms-threshold",
      paramLabel = "P",
      description =
          "Overlap above which the less probable of two nuclei goes, 0 to 1. Default: what the"
              + " model says.")
  String nmsThreshold;

  /** The keys that are set. */
  Map<String, Object> flags() {
    Map<String, Object> flags = new LinkedHashMap<>();
    put(flags, "segmentation.model", model);
    put(flags, "segmentation.precision", precision);
    put(flags, "segmentation.channel", channel.isEmpty() ? null : channel);
    put(flags, "segmentation.prob-threshold", probThreshold);
    put(flags, "segmentation.nms-threshold", nmsThreshold);
    return flags;
  }

  private static void put(Map<String, Object> flags, String key, Object value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
