package org.cytolake.config;

import java.io.Serializable;
import java.util.List;

/**
 * Section {@code quality}.
 *
 * @param enabled whether images are measured and flagged
 * @param scales side of the cells of the local focus score, and distance of the pixels that are
 *     correlated; pixels, ascending
 * @param plate {@code auto}, {@code all} or names of the pattern's groups: the images that agree in
 *     them are compared with each other
 * @param leastImages fields of a plate below which none is compared
 * @param bounds robust z-scores
 * @param exclude flags by which images are left out of the other tables
 * @param overexposed percentage of pixels at the largest value that can be recorded, from which on
 *     an image is overexposed
 */
public record QualityOptions(
    boolean enabled,
    List<Integer> scales,
    List<String> plate,
    int leastImages,
    Bounds bounds,
    double overexposed,
    List<String> exclude)
    implements Serializable {
  public static final String AUTO = "auto";
  public static final String ALL = "all";

  /** All flags. */
  public static final List<String> FLAGS =
      List.of("OUT_OF_FOCUS", "EMPTY", "DARK", "BRIGHT", "OVEREXPOSED", "CONSTANT");

  public QualityOptions {
    scales = scales.stream().distinct().sorted().toList();
    plate = List.copyOf(plate);
    exclude = exclude.stream().distinct().sorted().toList();
  }

  /** Robust z-scores from which on an image is flagged, above 0. */
  public record Bounds(double outOfFocus, double empty, double dark, double bright)
      implements Serializable {}

  static QualityOptions of(Values v) {
    return new QualityOptions(
        v.bool("quality.enabled"),
        v.integers("quality.scales", 1, 4096),
        v.strings("quality.plate"),
        (int) v.integer("quality.least-images", 3, Integer.MAX_VALUE),
        new Bounds(
            v.positive("quality.out-of-focus"),
            v.positive("quality.empty"),
            v.positive("quality.dark"),
            v.positive("quality.bright")),
        v.positive("quality.overexposed"),
        v.someOf("quality.exclude", FLAGS));
  }

  QualityOptions switched(boolean on) {
    return new QualityOptions(
        on, scales, plate, leastImages, bounds, overexposed, on ? exclude : List.of());
  }
}
