package org.cytolake.quality;

import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.cytolake.config.QualityOptions;

/**
 * Something that makes one doubt a field in one channel: a measure that is far from what is usual
 * on its plate, or beyond a bound that is the same for all.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
enum Flag {
  /** Blur takes the high frequencies first. */
  OUT_OF_FOCUS(
      "power_log_log_slope",
      FieldQuality::powerSlope,
      Side.BELOW_PLATE,
      o -> o.bounds().outOfFocus(),
      "The power spectrum of %s falls more steeply",
      "Look whether the field is in focus. If many are not, check the autofocus and the plate's"
          + " bottom; if it shows no cells, the field is empty."),
  /** Nothing stands out. */
  EMPTY(
      "stddev",
      FieldQuality::stddev,
      Side.BELOW_PLATE,
      o -> o.bounds().empty(),
      "The intensities of %s differ less",
      "Look whether there are cells. If there are, check the staining of the well."),
  /** Hardly any light. */
  DARK(
      "mean",
      FieldQuality::mean,
      Side.BELOW_PLATE,
      o -> o.bounds().dark(),
      "The channel %s is darker",
      "Check shutter, lamp and filter, and the staining of the well."),
  /** More light than cells give. */
  BRIGHT(
      "mean",
      FieldQuality::mean,
      Side.ABOVE_PLATE,
      o -> o.bounds().bright(),
      "The channel %s is brighter",
      "Look for dust, fibres, bubbles and precipitated dye; check the exposure."),
  /**
   * Intensities are cut off: many pixels are equal to the largest value that the pixel type, or a
   * camera of fewer bits, has; or to another, above which there are none though few are near it. A
   * dim field of few grey levels has many pixels at its maximum too.
   */
  OVEREXPOSED(
      "percent_maximal",
      FieldQuality::percentMaximal,
      Side.ABOVE_BOUND,
      QualityOptions::overexposed,
      "In %s many pixels have the largest value that was recorded",
      "Expose for a shorter time: intensities are cut off there. If only specks are saturated, they"
          + " may be dust."),
  /** One value. */
  CONSTANT(
      "stddev",
      FieldQuality::stddev,
      Side.UP_TO_BOUND,
      o -> 0,
      "All pixels of %s have the same value",
      "Nothing was recorded. Check exposure, and whether the file was written completely.");

  /** Where the values are that are flagged. */
  private enum Side {
    BELOW_PLATE,
    ABOVE_PLATE,
    ABOVE_BOUND,
    UP_TO_BOUND
  }

  /** Of cameras of 10, 12 and 14 bits, whose pixels are stored in 16. */
  private static final Set<Double> LARGEST = Set.of(1023.0, 4095.0, 16_383.0);

  /**
   * How many times more pixels are at a maximum that is not that of a usual camera than at
   * intensities next below it.
   */
  private static final double SPIKE = 2;

  private final String measure;
  private final ToDoubleFunction<FieldQuality> of;
  private final Side side;
  private final ToDoubleFunction<QualityOptions> bound;
  private final String seen;
  private final String remedy;

  Flag(
      String measure,
      ToDoubleFunction<FieldQuality> of,
      Side side,
      ToDoubleFunction<QualityOptions> bound,
      String seen,
      String remedy) {
    this.measure = measure;
    this.of = of;
    this.side = side;
    this.bound = bound;
    this.seen = seen;
    this.remedy = remedy;
  }

  /** Whether fields are compared with those of their plate. */
  boolean ofPlate() {
    return side == Side.BELOW_PLATE || side == Side.ABOVE_PLATE;
  }

  /** The column of {@code image_quality} that is looked at. */
  String measure() {
    return measure;
  }

  /** From where on a field is flagged: robust deviations, or the measure's own value. */
  double bound(QualityOptions options) {
    return bound.applyAsDouble(options);
  }

  /** What helps. */
  String remedy() {
    return remedy;
  }

  /** The measure of a field; NaN where it says nothing about the flag. */
  double value(FieldQuality field) {
    boolean says =
        this != OVEREXPOSED
            || field.saturatedFraction() > 0
            || LARGEST.contains(field.max())
            || field.maximalSpike() >= SPIKE;
    return says ? of.applyAsDouble(field) : Double.NaN;
  }

  /**
   * Whether it is raised.
   *
   * @param score robust deviations of the value from the plate's median; NaN where nothing is usual
   * @param isBlank whether all pixels are equal, of which nothing but that is said
   */
  boolean isRaised(double value, double score, double bound, boolean isBlank) {
    if (isBlank && this != CONSTANT) {
      return false;
    }
    return switch (side) {
      case BELOW_PLATE -> score <= -bound;
      case ABOVE_PLATE -> score >= bound;
      case ABOVE_BOUND -> value >= bound;
      case UP_TO_BOUND -> value <= bound;
    };
  }

  /** What was seen, in words. */
  String message(String channel, double value, double score, double median) {
    String what = seen.formatted(channel);
    return ofPlate()
        ? String.format(
            Locale.ROOT,
            "%s than is usual on its plate: %s is %.4g, %.1f robust deviations from the median of"
                + " %.4g.",
            what,
            measure,
            value,
            Math.abs(score),
            median)
        : String.format(Locale.ROOT, "%s: %s is %.4g.", what, measure, value);
  }
}
