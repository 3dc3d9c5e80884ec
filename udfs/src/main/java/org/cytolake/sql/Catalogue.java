package org.cytolake.sql;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.sql.Argument.Limits;

/** All SQL functions. */
final class Catalogue {
  private static final Argument H =
      new Argument("h", Kind.HISTOGRAM, "intensities with their numbers of pixels");
  private static final Argument SAMPLED_H =
      new Argument("h", Kind.SAMPLED_HISTOGRAM, "intensities with their numbers of pixels");
  private static final Argument THRESHOLD =
      new Argument("threshold", Kind.NUMBER, "intensity; pixels strictly above it are stained");
  private static final Argument N = new Argument("n", Kind.SUM, "number of pixels");
  private static final Argument SX = new Argument("sx", Kind.SUM, "sum of x");
  private static final Argument SY = new Argument("sy", Kind.SUM, "sum of y");
  private static final Argument SXX = new Argument("sxx", Kind.SUM, "sum of x * x");
  private static final Argument SYY = new Argument("syy", Kind.SUM, "sum of y * y");
  private static final Argument SXY = new Argument("sxy", Kind.SUM, "sum of x * y");
  private static final Argument POLYGON =
      new Argument("polygon", Kind.POLYGON, "outline, not closed, in pixels");
  private static final String SQUARE =
      "array(named_struct('y', 0, 'x', 0), named_struct('y', 0, 'x', 4),"
          + " named_struct('y', 3, 'x', 4), named_struct('y', 3, 'x', 0))";
  private static final String TUPLES = "array(struct(0, 1, 5), struct(1, 2, 3), struct(3, 3, 2))";
  private static final String KIND =
      " Values of an integer type follow the rule for integers, FLOAT and DOUBLE that for their"
          + " precision.";

  /** By subject, in the order in which they are documented. */
  static final List<SqlFunction> FUNCTIONS =
      List.of(
          SqlFunction.of(
              HistogramFunctions.class,
              "histogram_count",
              DataTypes.LongType,
              "Returns the number of pixels of a histogram.",
              "SELECT _FUNC_(map(0, 1, 10, 3));",
              "4",
              H),
          SqlFunction.of(
              HistogramFunctions.class,
              "histogram_mean",
              DataTypes.DoubleType,
              "Returns the mean of a histogram's pixels; NULL without pixels.",
              "SELECT _FUNC_(map(0, 1, 10, 3));",
              "7.5",
              H),
          SqlFunction.of(
              HistogramFunctions.class,
              "histogram_stddev",
              DataTypes.DoubleType,
              "Returns the population standard deviation of a histogram's pixels; NULL without"
                  + " pixels.",
              "SELECT _FUNC_(array(struct(1, 2), struct(5, 2)));",
              "2.0",
              H),
          SqlFunction.of(
              HistogramFunctions.class,
              "histogram_percentile",
              DataTypes.DoubleType,
              "Returns a percentile of a histogram's pixels with linear interpolation, as"
                  + " numpy.percentile; NULL without pixels.",
              "SELECT _FUNC_(map(0, 2, 10, 2), 50);",
              "5.0",
              H,
              new Argument(
                  "p",
                  Kind.NUMBER,
                  "the percentile, 50 for the median",
                  new Limits("from 0 to 100", p -> p >= 0 && p <= 100))),
          SqlFunction.of(
              HistogramFunctions.class,
              "histogram_otsu",
              DataTypes.DoubleType,
              "Returns Otsu's threshold of a histogram, as skimage.filters.threshold_otsu; NULL"
                  + " without pixels."
                  + KIND,
              "SELECT _FUNC_(map(1, 50, 2, 30, 9, 10, 11, 10));",
              "2.0",
              SAMPLED_H),
          SqlFunction.of(
              HistogramFunctions.class,
              "histogram_equalize",
              HistogramFunctions.EQUALIZED,
              "Returns a histogram's values, ascending, each with its equalised value (0 to 1) and"
                  + " its count, as skimage.exposure.equalize_hist; inline makes rows of them."
                  + KIND,
              "SELECT inline(_FUNC_(map(7, 1, 9, 3)));",
              "7.0\t0.25\t1\n       9.0\t1.0\t3",
              SAMPLED_H),
          SqlFunction.of(
              HistogramFunctions.class,
              "equalize",
              DataTypes.DoubleType,
              "Returns what histogram equalisation makes of a value, 0 to 1, as"
                  + " skimage.exposure.equalize_hist: for integers the share of pixels that are"
                  + " not above it. Reads the histogram once a call: prefer histogram_equalize for"
                  + " single pixels. NULL without pixels."
                  + KIND,
              "SELECT _FUNC_(8, map(7, 1, 9, 3));",
              "0.25",
              new Argument("value", Kind.NUMBER, "an intensity"),
              SAMPLED_H),
          SqlFunction.of(
              HistogramFunctions.class,
              "stained_count",
              DataTypes.LongType,
              "Returns the number of a histogram's pixels strictly above a threshold.",
              "SELECT _FUNC_(map(0, 1, 10, 3), 5);",
              "3",
              H,
              THRESHOLD),
          SqlFunction.of(
              HistogramFunctions.class,
              "stained_fraction",
              DataTypes.DoubleType,
              "Returns the share of a histogram's pixels strictly above a threshold, 0 to 1; NULL"
                  + " without pixels.",
              "SELECT _FUNC_(map(0, 1, 10, 3), 5);",
              "0.75",
              H,
              THRESHOLD),
          SqlFunction.of(
              HistogramFunctions.class,
              "stained_mean",
              DataTypes.DoubleType,
              "Returns the mean of a histogram's pixels strictly above a threshold; NULL if there"
                  + " are none.",
              "SELECT _FUNC_(map(0, 5, 10, 3, 20, 1), 5);",
              "12.5",
              H,
              THRESHOLD),
          SqlFunction.of(
              NormalizationFunctions.class,
              "normalize",
              DataTypes.IntegerType,
              "Returns an intensity clipped to mean +- offset * stddev of a reference channel and"
                  + " stretched so that the clipped low and high become 0 and 255, as OpenCV's"
                  + " normalize with NORM_MINMAX.",
              "SELECT _FUNC_(60, 50, 20, 0, 200);",
              "191",
              new Argument("value", Kind.NUMBER, "an intensity, from low to high"),
              new Argument("mean", Kind.NUMBER, "mean of the reference channel, avg(x)"),
              new Argument(
                  "stddev",
                  Kind.NUMBER,
                  "population standard deviation of the reference channel, stddev_pop(x) or"
                      + " stddev_from_sums",
                  new Limits("0 or more", v -> v >= 0)),
              new Argument(
                  "low",
                  Kind.NUMBER,
                  "smallest intensity of all three channels of the composite, 0 where there are"
                      + " fewer"),
              new Argument(
                  "high", Kind.NUMBER, "largest intensity of all channels of the composite"),
              new Argument(
                  "offset",
                  Kind.NUMBER,
                  "number of standard deviations",
                  new Limits("0 or more", v -> v >= 0 && !Double.isInfinite(v)),
                  1.0),
              new Argument(
                  "bits",
                  Kind.WHOLE,
                  "bits per sample; up to 8, intensities are integers from 0 to 255 and truncated"
                      + " after clipping",
                  new Limits("1 or more", v -> v >= 1),
                  8)),
          SqlFunction.of(
              SumFunctions.class,
              "stddev_from_sums",
              DataTypes.DoubleType,
              "Returns the population standard deviation from sums over pixels, or over counted"
                  + " values (sum(n * x * x)); sums of integers lose nothing. NULL without"
                  + " pixels.",
              "SELECT _FUNC_(count(*), sum(x), sum(x * x)) FROM VALUES 1, 1, 5, 5 AS t(x);",
              "2.0",
              N,
              SX,
              SXX),
          SqlFunction.of(
              SumFunctions.class,
              "pearson_from_sums",
              DataTypes.DoubleType,
              "Returns Pearson's correlation coefficient from sums over pixels, or over counted"
                  + " tuples (sum(n * x * y)); sums of integers lose nothing. NULL where x or y is"
                  + " constant.",
              "SELECT _FUNC_(count(*), sum(x), sum(y), sum(x * x), sum(y * y), sum(x * y)) FROM"
                  + " VALUES (1, 1), (2, 3), (3, 2) AS t(x, y);",
              "0.5",
              N,
              SX,
              SY,
              SXX,
              SYY,
              SXY),
          SqlFunction.of(
              SumFunctions.class,
              "slope_from_sums",
              DataTypes.DoubleType,
              "Returns the slope of the least-squares line of y on x from sums over pixels or counted"
                  + " tuples. NULL where x is constant.",
              "SELECT _FUNC_(count(*), sum(x), sum(y), sum(x * x), sum(x * y)) FROM VALUES (1, 2),"
                  + " (2, 4), (3, 9) AS t(x, y);",
              "3.5",
              N,
              SX,
              SY,
              SXX,
              SXY),
          SqlFunction.of(
              SumFunctions.class,
              "overlap_from_sums",
              DataTypes.DoubleType,
              "Returns Manders' overlap coefficient, sxy / sqrt(sxx * syy), from sums over pixels or"
                  + " counted tuples. NULL where x or y is zero throughout.",
              "SELECT _FUNC_(sum(x * x), sum(y * y), sum(x * y)) FROM VALUES (3, 4), (4, 3) AS"
                  + " t(x, y);",
              "0.96",
              SXX,
              SYY,
              SXY),
          SqlFunction.of(
                  ColocalizationFunctions.class,
                  "colocalization",
                  ColocalizationFunctions.COEFFICIENTS,
                  "Returns how strongly two channels go together, a struct: pixels, pearson,"
                      + " spearman, slope, overlap, k1, k2, li_icq, manders_m1, manders_m2 (over"
                      + " 0), otsu_x, otsu_y, manders_otsu_m1, manders_otsu_m2, costes_x,"
                      + " costes_y, manders_costes_m1, manders_costes_m2 and, over the intensity"
                      + " above a channel's own threshold, manders_costes_stained_m1,"
                      + " manders_costes_stained_m2. Coefficients that are not defined are NULL."
                      + KIND,
                  "SELECT c.pixels, c.manders_m1, c.manders_m2 FROM (SELECT _FUNC_("
                      + TUPLES
                      + ") AS c);",
                  "10\t1.0\t0.7058823529411765",
                  new Argument(
                      "tuples", Kind.SAMPLED_TUPLES, "pairs of intensities with their counts"))
              .or(
                  new Argument("xs", Kind.SAMPLES, "intensities of the first channel"),
                  new Argument("ys", Kind.SAMPLES, "as many of the second channel"),
                  new Argument("counts", Kind.COUNTS, "as many numbers of pixels")),
          SqlFunction.of(
              ColocalizationFunctions.class,
              "kernel_density",
              ColocalizationFunctions.DENSITY,
              "Returns the Gaussian kernel density of two channels at the points of a grid, rows"
                  + " of y one after the other, as seaborn.kdeplot; inline makes rows of them."
                  + " NULL where the channels do not spread over two dimensions.",
              "SELECT count(*), round(max(d.density), 6) FROM (SELECT explode(_FUNC_("
                  + TUPLES
                  + ", 3)) AS d);",
              "9\t0.232483",
              new Argument("tuples", Kind.TUPLES, "pairs of intensities with their counts"),
              new Argument(
                  "grid_size",
                  Kind.WHOLE,
                  "points along an axis",
                  new Limits("from 2 to 16384", v -> v >= 2 && v <= 16384),
                  200),
              new Argument(
                  "cut",
                  Kind.NUMBER,
                  "bandwidths from the outermost pixels to the border of the grid",
                  new Limits("0 or more", v -> v >= 0 && !Double.isInfinite(v)),
                  3.0)),
          SqlFunction.of(
              PolygonFunctions.class,
              "polygon_area",
              DataTypes.DoubleType,
              "Returns the area within a polygon in square pixels.",
              "SELECT _FUNC_(" + SQUARE + ");",
              "12.0",
              POLYGON),
          SqlFunction.of(
              PolygonFunctions.class,
              "polygon_contains",
              DataTypes.BooleanType,
              "Returns whether a point lies in a polygon or on its border, as skimage.draw.polygon"
                  + " paints it.",
              "SELECT _FUNC_(" + SQUARE + ", 3, 2);",
              "true",
              POLYGON,
              new Argument("y", Kind.NUMBER, "the point's row in pixels"),
              new Argument("x", Kind.NUMBER, "the point's column in pixels")),
          SqlFunction.of(
              PolygonFunctions.class,
              "polygon_wkt",
              DataTypes.StringType,
              "Returns a polygon as well-known text, closed, x before y.",
              "SELECT _FUNC_(" + SQUARE + ");",
              "POLYGON ((0 0, 4 0, 4 3, 0 3, 0 0))",
              POLYGON));

  /** Aggregates of pixels, documented like the others. */
  static final List<SqlAggregate> AGGREGATES =
      List.of(
          SqlAggregate.of(
              HistogramAggregate.HISTOGRAM,
              "Returns the histogram of a channel, ARRAY<STRUCT<value, count>>, ascending. The"
                  + " microscopy source counts it while it reads where the query groups by plane.",
              "SELECT _FUNC_(x) FROM VALUES 7, 9, 7 AS t(x);",
              "[{\"value\":7,\"count\":2},{\"value\":9,\"count\":1}]",
              new Argument("x", Kind.PIXELS, "intensities of the channel")),
          SqlAggregate.of(
              HistogramAggregate.JOINT_HISTOGRAM,
              "Returns the joint histogram of two channels, ARRAY<STRUCT<x, y, count>>, ascending"
                  + " by x, then y. The microscopy source counts it while it reads where the query"
                  + " groups by plane.",
              "SELECT _FUNC_(x, y) FROM VALUES (1, 5), (1, 2), (1, 5) AS t(x, y);",
              "[{\"x\":1,\"y\":2,\"count\":1},{\"x\":1,\"y\":5,\"count\":2}]",
              new Argument("x", Kind.PIXELS, "intensities of the first channel"),
              new Argument("y", Kind.PIXELS, "intensities of the second channel")),
          SqlAggregate.of(
              HistogramAggregate.PLANE_HISTOGRAMS,
              "Returns the histograms of all channels given and the joint histograms of pairs of"
                  + " them as the BINARY that org.cytolake.histogram.PlaneHistograms reads, all"
                  + " from one decoding of each plane.",
              "SELECT hex(_FUNC_(array(array(0, 1)), x, y)) FROM VALUES (1, 5), (1, 2) AS t(x, y);",
              "0102010202020401060101000102020204010301",
              new Argument("pairs", Kind.CHANNEL_PAIRS, "channels to count together"),
              new Argument("c", Kind.SHORT_PIXELS, "intensities of a channel")));

  private Catalogue() {}
}
