package org.cytolake.tables;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

/** Columns of the tables that follow from joint histograms. */
final class StatisticsSchemas {
  static final String REFERENCE =
      "The channel that the transform refers to; `composite` for all of its channels together";
  private static final String NORMALIZED_TO =
      "The channel to whose mean and standard deviation values are normalised";

  private StatisticsSchemas() {}

  static Schemas lookupTables(Schemas key) {
    return key.with("transform", StringType, "equalized or normalized")
        .with("reference", StringType, REFERENCE)
        .with("channel", StringType, "The channel whose raw values these are")
        .with("value", DoubleType, "Raw intensity, in the channel's own units")
        .with("result", DoubleType, "Equalised intensity, 0 to 1, or normalised one, 0 to 255");
  }

  static Schemas normalizedJointHistograms(Schemas key, Schemas.Names names) {
    Schemas columns = key.region().with("reference", StringType, NORMALIZED_TO);
    for (String channel : names.channels()) {
      columns =
          columns.with(
              channel,
              IntegerType,
              "Normalised intensity, 0 to 255; NULL where the tuple is of other channels");
    }
    return columns.with("count", LongType, "Pixels with these intensities, 1 or more");
  }

  private static Schemas pair(Schemas columns) {
    return columns
        .with("x_channel", StringType, "The first channel's name")
        .with("y_channel", StringType, "The second channel's name");
  }

  static Schemas histograms2d(Schemas key) {
    return pair(key.region().with("reference", StringType, NORMALIZED_TO))
        .with("x_bin", IntegerType, "The cell's number along x, from 0")
        .with("y_bin", IntegerType, "The cell's number along y, from 0")
        .with("x_lower", DoubleType, "Lower edge in x, which belongs to the cell")
        .with("x_upper", DoubleType, "Upper edge in x, which belongs to the last cell only")
        .with("y_lower", DoubleType, "Lower edge in y, which belongs to the cell")
        .with("y_upper", DoubleType, "Upper edge in y, which belongs to the last cell only")
        .with("count", LongType, "Pixels in the cell, 1 or more");
  }

  static Schemas density(Schemas key) {
    return pair(key.with("reference", StringType, NORMALIZED_TO))
        .with("row", IntegerType, "The grid point's number along y, from 0")
        .with("column", IntegerType, "The grid point's number along x, from 0")
        .with("x", DoubleType, "Normalised intensity of the first channel")
        .with("y", DoubleType, "Normalised intensity of the second channel")
        .with("density", DoubleType, "Probability density, 0 or more; its integral is 1")
        .with(
            "contour",
            IntegerType,
            "How many of the table density_levels' levels the density reaches, 0 to 10");
  }

  static Schemas densityLevels(Schemas key) {
    return pair(key.with("reference", StringType, NORMALIZED_TO))
        .with("level", IntegerType, "The contour's number, from 1, ascending")
        .with("proportion", DoubleType, "Share of the mass that lies below the level, 0 to 1")
        .with("density", DoubleType, "The level, a probability density");
  }

  static Schemas colocalization(Schemas key) {
    String constant = "; NULL where a channel is constant";
    String share = "Share of the intensity of the %s channel where the %s is above %s, 0 to 1";
    return pair(key.region()
            .with(
                "nucleus",
                IntegerType,
                "The nucleus's label: then the region is `image` for its pixels and `ring` for the"
                    + " ring around it; NULL for a whole region"))
        .with("pixels", LongType, "Pixels that are finite in both channels, 1 or more")
        .with("pearson", DoubleType, "Pearson's correlation, -1 to 1" + constant)
        .with("spearman", DoubleType, "Spearman's rank correlation, -1 to 1" + constant)
        .with("slope", DoubleType, "Slope of the least-squares line of y on x" + constant)
        .with("overlap", DoubleType, "Manders' overlap coefficient, 0 to 1; NULL where all is 0")
        .with("k1", DoubleType, "sum(xy) / sum(xx); NULL where x is 0")
        .with("k2", DoubleType, "sum(xy) / sum(yy); NULL where y is 0")
        .with("li_icq", DoubleType, "Li's intensity correlation quotient, -0.5 to 0.5" + constant)
        .with("manders_m1", DoubleType, share.formatted("first", "second", "0"))
        .with("manders_m2", DoubleType, share.formatted("second", "first", "0"))
        .with("manders_otsu_m1", DoubleType, share.formatted("first", "second", "otsu_y"))
        .with("manders_otsu_m2", DoubleType, share.formatted("second", "first", "otsu_x"))
        .with("manders_costes_m1", DoubleType, share.formatted("first", "second", "costes_y"))
        .with("manders_costes_m2", DoubleType, share.formatted("second", "first", "costes_x"))
        .with(
            "manders_stained_m1",
            DoubleType,
            "As CellProfiler: the same of the intensity above costes_x only, 0 to 1")
        .with(
            "manders_stained_m2",
            DoubleType,
            "As CellProfiler: the same of the intensity above costes_y only, 0 to 1")
        .with(
            "otsu_x",
            DoubleType,
            "Otsu's threshold of the first channel of the whole image, where both are finite")
        .with(
            "otsu_y",
            DoubleType,
            "Otsu's threshold of the second channel of the whole image, where both are finite")
        .with("costes_x", DoubleType, "Costes' threshold of the first channel of the whole image")
        .with("costes_y", DoubleType, "Costes' threshold of the second channel of the whole image")
        .with(
            "dropped_bits",
            IntegerType,
            "Low bits cleared of the intensities that spearman and costes are computed of; 0 is"
                + " exact")
        .with(
            "levels",
            IntegerType,
            "Levels that spearman and costes are computed of, 65536, where a channel is of floats"
                + " or wide integers; all else is of the intensities themselves; NULL is exact");
  }
}
