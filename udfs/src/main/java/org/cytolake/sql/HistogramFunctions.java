package org.cytolake.sql;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Equalization;
import org.cytolake.intensity.LookupTable;

/**
 * Statistics of one channel, as generated code calls them. A histogram is an array of structs of a
 * value (double) and a count (long), in any order, equal values added up. What is not defined, such
 * as the mean of no pixels, is NULL.
 */
public final class HistogramFunctions {
  /** What {@link #histogramEqualize} returns. */
  static final ArrayType EQUALIZED =
      Entries.rowsOf(
          Entries.field("value", DataTypes.DoubleType),
          Entries.field("equalized", DataTypes.DoubleType),
          Entries.field("count", DataTypes.LongType));

  private HistogramFunctions() {}

  /** Number of pixels. */
  public static long histogramCount(ArrayData h) {
    return Entries.histogram("histogram_count", h).count();
  }

  /** The arithmetic mean. */
  public static Double histogramMean(ArrayData h) {
    Histogram histogram = Entries.histogram("histogram_mean", h);
    return histogram.isEmpty() ? null : (Double) histogram.mean();
  }

  /** The population standard deviation. */
  public static Double histogramStddev(ArrayData h) {
    Histogram histogram = Entries.histogram("histogram_stddev", h);
    return histogram.isEmpty() ? null : (Double) histogram.stddev();
  }

  /** {@code numpy.percentile}, linear; p from 0 to 100. */
  public static Double histogramPercentile(ArrayData h, double p) {
    Histogram histogram = Entries.histogram("histogram_percentile", h);
    return histogram.isEmpty()
        ? null
        : Entries.named("histogram_percentile", () -> histogram.percentile(p));
  }

  /**
   * Otsu's threshold.
   *
   * @param bits of floating point of the values: 32 or 64, 0 for integers
   */
  public static Double histogramOtsu(ArrayData h, int bits) {
    Histogram histogram = Entries.histogram("histogram_otsu", h);
    return histogram.isEmpty() ? null : (Double) Otsu.threshold(histogram, kindOf(bits));
  }

  /** Number of pixels strictly above a threshold. */
  public static Long stainedCount(ArrayData h, double threshold) {
    long count = Entries.histogram("stained_count", h).countAbove(threshold);
    return Double.isNaN(threshold) ? null : (Long) count;
  }

  /** The share of pixels strictly above a threshold. */
  public static Double stainedFraction(ArrayData h, double threshold) {
    Histogram histogram = Entries.histogram("stained_fraction", h);
    return histogram.isEmpty() || Double.isNaN(threshold)
        ? null
        : (Double) histogram.fractionAbove(threshold);
  }

  /** The mean of the pixels strictly above a threshold. */
  public static Double stainedMean(ArrayData h, double threshold) {
    return Entries.orNull(
        Entries.histogram("stained_mean", h).meanAbove(threshold).orElse(Double.NaN));
  }

  /**
   * The share of pixels that are not above an integer value, or what {@link Equalization} makes of
   * a value in floating point.
   *
   * @param bits of floating point of the values: 32 or 64, 0 for integers
   */
  public static Double equalize(double value, ArrayData h, int bits) {
    if (kindOf(bits) != SampleKind.INTEGER) {
      Histogram histogram = Entries.histogram("equalize", h);
      return histogram.isEmpty()
          ? null
          : Entries.named(
              "equalize", () -> Equalization.channel(histogram, kindOf(bits)).apply(value));
    }
    // No histogram is made of the entries, because this is called once a row.
    long pixels = 0;
    long notAbove = 0;
    for (int i = 0; i < h.numElements(); i++) {
      InternalRow entry = h.isNullAt(i) ? null : h.getStruct(i, 2);
      if (entry == null || entry.anyNull()) {
        continue;
      }
      long count = entry.getLong(1);
      if (count < 0) {
        throw new IllegalArgumentException(
            "equalize: value " + entry.getDouble(0) + " has the count " + count);
      }
      pixels = Math.addExact(pixels, count);
      notAbove += entry.getDouble(0) <= value ? count : 0;
    }
    return pixels == 0 || Double.isNaN(value) ? null : (Double) ((double) notAbove / pixels);
  }

  /**
   * Every value with what equalisation makes of it and its count, ascending.
   *
   * @param bits of floating point of the values: 32 or 64, 0 for integers
   */
  public static ArrayData histogramEqualize(ArrayData h, int bits) {
    Histogram histogram = Entries.histogram("histogram_equalize", h);
    InternalRow[] rows = new InternalRow[histogram.size()];
    if (rows.length > 0) {
      LookupTable table = Equalization.channel(histogram, kindOf(bits));
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Entries.row(histogram.value(i), table.result(i), histogram.count(i));
      }
    }
    return Entries.rows(rows);
  }

  static SampleKind kindOf(int bits) {
    return switch (bits) {
      case 0 -> SampleKind.INTEGER;
      case 32 -> SampleKind.FLOAT;
      default -> SampleKind.DOUBLE;
    };
  }
}
