package org.cytolake.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cytolake.config.CytolakeException.Code;

/**
 * Section {@code cells}.
 *
 * @param enabled empty: where there are several channels
 * @param channel that shows cells; empty: the last
 * @param model path of a network that finds cells, with which the settings of growth are of no
 *     account; empty: they grow from their nuclei
 * @param cellpose for a Cellpose network
 * @param regularization of {@link Method#PROPAGATION}, in units of the pixel type's range
 * @param distance of the methods that have one, pixels
 * @param maxDistance of {@link Method#PROPAGATION}, pixels; 0: none
 * @param threshold how the intensity is found from which on a pixel can be part of a cell
 * @param number that goes with it: an intensity or a percentile
 * @param log whether it is found on logarithms
 * @param correction by which what is found is multiplied
 * @param least that it can be, in the channel's unit; likewise {@code most}
 * @param smoothing before pixels are compared with it, pixels; 0: none
 * @param background how {@link Threshold#ROBUST_BACKGROUND} is found
 */
public record CellOptions(
    Optional<Boolean> enabled,
    String channel,
    String model,
    CellposeOptions cellpose,
    Method method,
    double regularization,
    int distance,
    int maxDistance,
    Threshold threshold,
    double number,
    boolean log,
    double correction,
    OptionalDouble least,
    OptionalDouble most,
    double smoothing,
    Background background,
    boolean fillHoles,
    Border border) {
  private static final String NONE = "none";

  /** How cells grow from their nuclei. */
  public enum Method {
    PROPAGATION,
    WATERSHED_IMAGE,
    WATERSHED_GRADIENT,
    DISTANCE,
    DISTANCE_THRESHOLD
  }

  /** How a threshold is found. */
  public enum Threshold {
    OTSU,
    OTSU_THREE_LOW,
    OTSU_THREE_HIGH,
    MINIMUM_CROSS_ENTROPY,
    ROBUST_BACKGROUND,
    /** An intensity. */
    VALUE,
    PERCENTILE
  }

  /** What becomes of cells at the border of the image. */
  public enum Border {
    KEEP,
    DROP,
    /** With its nucleus. */
    DROP_WITH_NUCLEUS
  }

  /**
   * Section {@code cells.background}.
   *
   * @param average {@code mean}, {@code median} or {@code mode}
   * @param deviation {@code standard} or {@code median}
   */
  public record Background(
      double lower, double upper, String average, String deviation, double deviations) {}

  public CellOptions {
    boolean takesLog =
        threshold == Threshold.MINIMUM_CROSS_ENTROPY
            || threshold == Threshold.OTSU
            || threshold == Threshold.OTSU_THREE_LOW
            || threshold == Threshold.OTSU_THREE_HIGH;
    if (log && !takesLog) {
      throw new CytolakeException(
          Code.USAGE,
          "cells.threshold-log is set, but cells.threshold is one that is the same on logarithms.",
          "Leave cells.threshold-log out, or choose otsu or minimum_cross_entropy.");
    }
    if (model.isEmpty() && !cellpose.equals(CellposeOptions.DEFAULT)) {
      throw new CytolakeException(
          Code.USAGE,
          "cells.cellpose is set, but cells.model is empty.",
          "Name a Cellpose network with cells.model, or leave cells.cellpose as it is.");
    }
    if (method == Method.PROPAGATION && regularization == 0 && maxDistance > 0) {
      throw new CytolakeException(
          Code.USAGE,
          "cells.max-distance is " + maxDistance + ", but cells.regularization is 0.",
          "Where distance costs nothing it cannot be limited: set a regularization above 0.");
    }
    if (least.orElse(Double.NEGATIVE_INFINITY) > most.orElse(Double.POSITIVE_INFINITY)) {
      throw new CytolakeException(
          Code.USAGE,
          "cells.threshold-min is above cells.threshold-max.",
          "Exchange them, or leave one out.");
    }
    if (background.lower + background.upper >= 1) {
      throw new CytolakeException(
          Code.USAGE,
          "cells.background.lower and cells.background.upper cut off all pixels.",
          "Choose shares that are below 1 together.");
    }
  }

  static CellOptions of(Values v) {
    String threshold = v.text("cells.threshold");
    Threshold kind = kind(threshold);
    return new CellOptions(
        v.boolOr("cells.enabled", "auto"),
        v.text("cells.channel"),
        v.text("cells.model"),
        CellposeOptions.of(v, "cells.cellpose"),
        choice(v, "cells.method", Method.values(), Method.class),
        v.notNegative("cells.regularization"),
        (int) v.integer("cells.distance", 1, 512),
        (int) v.integerOr("cells.max-distance", NONE, 1, 512),
        kind,
        number(v, threshold, kind),
        v.bool("cells.threshold-log"),
        v.positive("cells.threshold-correction"),
        v.numberOr("cells.threshold-min", NONE),
        v.numberOr("cells.threshold-max", NONE),
        v.notNegative("cells.threshold-smoothing"),
        new Background(
            v.fraction("cells.background.lower"),
            v.fraction("cells.background.upper"),
            v.oneOf("cells.background.average", List.of("mean", "median", "mode")),
            v.oneOf("cells.background.deviation", List.of("standard", "median")),
            v.notNegative("cells.background.deviations")),
        v.bool("cells.fill-holes"),
        choice(v, "cells.border", Border.values(), Border.class));
  }

  private static <E extends Enum<E>> E choice(Values v, String key, E[] all, Class<E> type) {
    List<String> words =
        java.util.Arrays.stream(all).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    return Enum.valueOf(type, v.oneOf(key, words).toUpperCase(Locale.ROOT));
  }

  private static Threshold kind(String text) {
    for (Threshold each : Threshold.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(text)
          && each != Threshold.VALUE
          && each != Threshold.PERCENTILE) {
        return each;
      }
    }
    return text.startsWith("p") ? Threshold.PERCENTILE : Threshold.VALUE;
  }

  private static double number(Values v, String text, Threshold kind) {
    if (kind != Threshold.VALUE && kind != Threshold.PERCENTILE) {
      return 0;
    }
    String remedy =
        "It must be otsu, otsu_three_low, otsu_three_high, minimum_cross_entropy,"
            + " robust_background, an intensity such as 57, or a percentile such as p95.";
    try {
      double number = Double.parseDouble(kind == Threshold.VALUE ? text : text.substring(1));
      if (Double.isFinite(number) && (kind == Threshold.VALUE || (number >= 0 && number <= 100))) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw v.bad("cells.threshold", remedy, e);
    }
    throw v.bad("cells.threshold", remedy, null);
  }

  /** Whether cells are looked for in images of these channels. */
  public boolean enabledFor(List<String> channels) {
    return enabled.orElse(channels.size() > 1);
  }

  /**
   * The channel that shows cells.
   *
   * @param nuclei those of the channels in which nuclei are found
   * @throws CytolakeException (USAGE) where it is not there, or there is only one channel and none
   *     is named
   */
  public String channelOf(List<String> channels, List<String> nuclei) {
    if (channel.isEmpty()) {
      if (channels.size() == 1) {
        throw new CytolakeException(
            Code.USAGE,
            "cells.enabled is true, but the only channel is " + channels.get(0) + ".",
            "Cells need a second channel that stains them; name the one there is with"
                + " cells.channel if it shows cells, too, or set cells.enabled = auto.");
      }
      List<String> others = new ArrayList<>(channels);
      others.removeAll(nuclei);
      List<String> last = others.isEmpty() ? channels : others;
      return last.get(last.size() - 1);
    }
    if (!channels.contains(channel)) {
      throw new CytolakeException(
          Code.USAGE,
          "cells.channel is '"
              + channel
              + "', but the channels are "
              + String.join(", ", channels)
              + ".",
          "Name one of them, or leave it empty for the last that does not show nuclei.");
    }
    return channel;
  }
}
