package org.cytolake.quality;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Column;
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
      Side.BELOW_PLATE,
      o -> o.bounds().outOfFocus(),
      "The power spectrum of %s falls more steeply",
      "Look whether the field is in focus. If many are not, check the autofocus and the plate's"
          + " bottom; if it shows no cells, the field is empty."),
  /** Nothing stands out. */
  EMPTY(
      "stddev",
      Side.BELOW_PLATE,
      o -> o.bounds().empty(),
      "The intensities of %s differ less",
      "Look whether there are cells. If there are, check the staining of the well."),
  /** Hardly any light. */
  DARK(
      "mean",
      Side.BELOW_PLATE,
      o -> o.bounds().dark(),
      "The channel %s is darker",
      "Check shutter, lamp and filter, and the staining of the well."),
  /** More light than cells give. */
  BRIGHT(
      "mean",
      Side.ABOVE_PLATE,
      o -> o.bounds().bright(),
      "The channel %s is brighter",
      "Look for dust, fibres, bubbles and precipitated dye; check the exposure."),
  /**
   * Intensities are cut off: many pixels are equal to the largest value that the pixel type, or a
   * camera of fewer bits, has. A dim field of few grey levels has many pixels at its maximum too.
   */
  OVEREXPOSED(
      "percent_maximal",
      Side.ABOVE_BOUND,
      QualityOptions::overexposed,
      "In %s many pixels have the largest value that was recorded",
      "Expose for a shorter time: intensities are cut off there. If only specks are saturated, they"
          + " may be dust."),
  /** One value. */
  CONSTANT(
      "stddev",
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
  private static final Object[] LARGEST = {1023.0, 4095.0, 16_383.0};

  private final String measure;
  private final Side side;
  private final ToDoubleFunction<QualityOptions> bound;
  private final String seen;
  private final String remedy;

  Flag(
      String measure,
      Side side,
      ToDoubleFunction<QualityOptions> bound,
      String seen,
      String remedy) {
    this.measure = measure;
    this.side = side;
    this.bound = bound;
    this.seen = seen;
    this.remedy = remedy;
  }

  /** Whether fields are compared with those of their plate. */
  boolean ofPlate() {
    return side == Side.BELOW_PLATE || side == Side.ABOVE_PLATE;
  }

  /** The flag's columns for a row of {@code image_quality}, before it is judged. */
  Column candidate(QualityOptions options) {
    return struct(
        lit(name()).as("flag"),
        lit(measure).as("measure"),
        value().as("value"),
        lit(bound.applyAsDouble(options)).as("bound"),
        lit(remedy).as("remedy"));
  }

  /** NULL where the measure says nothing about the flag. */
  private Column value() {
    Column measured = col(measure);
    return this == OVEREXPOSED
        ? when(col("saturated_fraction").gt(0).or(col("max").isin(LARGEST)), measured)
        : measured;
  }

  /** Whether a candidate that is this flag's is to be raised. */
  Column raised() {
    Column judged =
        switch (side) {
          case BELOW_PLATE -> col("z_score").leq(col("bound").multiply(-1));
          case ABOVE_PLATE -> col("z_score").geq(col("bound"));
          case ABOVE_BOUND -> col("value").geq(col("bound"));
          case UP_TO_BOUND -> col("value").leq(col("bound"));
        };
    Column notBlank = this == CONSTANT ? lit(true) : col("blank").equalTo(false);
    return col("flag").equalTo(name()).and(judged).and(notBlank);
  }

  /** What was seen, in words. */
  Column message(Column otherwise) {
    Column text =
        ofPlate()
            ? format_string(
                seen
                    + " than is usual on its plate: %s is %.4g, %.1f robust deviations from the"
                    + " median of %.4g.",
                col("channel"),
                col("measure"),
                col("value"),
                abs(col("z_score")),
                col("plate_median"))
            : format_string(seen + ": %s is %.4g.", col("channel"), col("measure"), col("value"));
    return when(col("flag").equalTo(name()), text).otherwise(otherwise);
  }
}
