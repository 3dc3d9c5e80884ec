package org.cytolake.tables;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import org.apache.spark.sql.types.DataType;

/** Columns of the tables that say which images can be trusted. */
final class QualitySchemas {
  private static final DataType PROFILE = createArrayType(DoubleType);
  private static final DataType BY_SCALE = createMapType(IntegerType, DoubleType);

  private QualitySchemas() {}

  static Schemas imageQuality(Schemas key) {
    String unit = ", in the channel's own units";
    String constant = "; NULL where constant";
    String threshold = ", as CellProfiler's" + unit + "; NULL where there is none";
    return key.region()
        .with("channel", StringType, "The channel's name")
        .with("pixels", LongType, "Pixels with a finite intensity, 1 or more")
        .with(
            "focus_score",
            DoubleType,
            "Variance over mean of the intensities"
                + unit
                + ", 0 or more; NULL where the mean is not"
                + " above 0")
        .with(
            "local_focus_score",
            BY_SCALE,
            "By the side of a cell in pixels (quality.scales): variance over median of the cells'"
                + " variance over mean"
                + unit
                + ", 0 or more; a scale is missing where half of the cells are constant")
        .with(
            "power_log_log_slope",
            DoubleType,
            "Slope of the radial power spectrum, log by log; lower where blurred"
                + constant
                + ", smaller than 32 pixels one way, longer than 65,536, or above 67,108,864"
                + " pixels")
        .with(
            "correlation",
            BY_SCALE,
            "By distance along rows in pixels (quality.scales): correlation of pixels in eight grey"
                + " levels, -1 to 1; a scale is missing where the field is constant or no wider")
        .with("percent_maximal", DoubleType, "Pixels at the field's maximum, above 0 to 100 %")
        .with(
            "maximal_spike",
            DoubleType,
            "Pixels at the maximum over the most at one of the eight intensities that occur next"
                + " below, above 0; well above 1 where intensities are cut off; NULL with fewer"
                + " intensities, and where not all were counted one by one")
        .with("percent_minimal", DoubleType, "Pixels at the field's minimum, above 0 to 100 %")
        .with(
            "saturated_fraction",
            DoubleType,
            "Share of the pixels at the pixel type's largest value, 0 to 1; NULL for floating"
                + " point")
        .with(
            "background_fraction",
            DoubleType,
            "Share of the pixels up to threshold_otsu, 0 to 1; NULL without it")
        .with("total", DoubleType, "Sum of the intensities" + unit)
        .with("mean", DoubleType, "Mean intensity" + unit)
        .with("median", DoubleType, "Median intensity" + unit)
        .with("stddev", DoubleType, "Population standard deviation" + unit + ", 0 or more")
        .with("mad", DoubleType, "Median absolute deviation from the median" + unit + ", 0 or more")
        .with("min", DoubleType, "Smallest intensity" + unit)
        .with("max", DoubleType, "Largest intensity" + unit)
        .with("threshold_otsu", DoubleType, "Otsu's threshold of the logarithms" + threshold)
        .with("threshold_background", DoubleType, "Twice the mode above the minimum" + threshold)
        .with(
            "threshold_robust_background",
            DoubleType,
            "Mean plus two standard deviations between percentiles 5 and 95" + threshold)
        .with("threshold_ridler_calvard", DoubleType, "Ridler and Calvard's threshold" + threshold)
        .with("threshold_mct", DoubleType, "Maximum correlation threshold" + threshold);
  }

  static Schemas flags(Schemas key) {
    String fixed = "; NULL where the bound is the same for all plates";
    return key.with("channel", StringType, "The channel's name")
        .with(
            "flag",
            StringType,
            "What was seen: OUT_OF_FOCUS, EMPTY, DARK, BRIGHT, OVEREXPOSED or CONSTANT")
        .with("measure", StringType, "The column of image_quality by which it was seen")
        .with("value", DoubleType, "The field's value in that column")
        .with("plate_median", DoubleType, "Median of the plate's fields in this channel" + fixed)
        .with("plate_mad", DoubleType, "Median absolute deviation from it, above 0" + fixed)
        .with(
            "z_score",
            DoubleType,
            "Robust z-score: (value - plate_median) / (1.4826 x plate_mad)" + fixed)
        .with("bound", DoubleType, "The setting that was reached: a z-score or a value")
        .with("message", StringType, "What was seen, in words")
        .with("remedy", StringType, "What to try");
  }

  static Schemas illumination(Schemas key) {
    String average = "the planes' average (for background: of the blocks' smallest intensity)";
    String parts = ", in up to 64 equal parts of the field, in the channel's own units";
    String how = ": divided by the function where rescaled, else less the function";
    String units = "; a factor where rescaled, else in the channel's own units";
    return key.with("channel", StringType, "The channel's name")
        .with("method", StringType, "How it was made: regular, background or basic")
        .with("planes", LongType, "Planes of which it was made, 1 or more")
        .with("size_x", IntegerType, "Width in pixels, 1 or more")
        .with("size_y", IntegerType, "Height in pixels, 1 or more")
        .with("smoothing", StringType, "The filter: none, median or gaussian; for basic none")
        .with("smoothing_size", DoubleType, "Its width in pixels, above 0")
        .with(
            "rescaled",
            BooleanType,
            "Whether it is a factor: 1 or more everywhere; for basic, with the mean 1")
        .with("min", DoubleType, "Its smallest value" + units)
        .with("max", DoubleType, "Its largest value" + units)
        .with("mean", DoubleType, "Its mean" + units)
        .with(
            "spread",
            DoubleType,
            "How uneven it is: standard deviation over mean, 0 or more; NULL where the mean is 0")
        .with("profile_x", PROFILE, "Mean of " + average + " from left to right" + parts)
        .with("profile_y", PROFILE, "The same from top to bottom")
        .with("corrected_profile_x", PROFILE, "profile_x with the uneven light taken out" + how)
        .with("corrected_profile_y", PROFILE, "profile_y with the uneven light taken out" + how)
        .with("path", StringType, "Its file, relative to the output")
        .with(
            "fingerprint",
            StringType,
            "Hash of the images' files and of the settings: where it differs, the function is made"
                + " again");
  }
}
