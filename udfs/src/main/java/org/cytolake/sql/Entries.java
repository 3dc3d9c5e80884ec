package org.cytolake.sql;

import java.util.Arrays;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;

/** Histograms from Spark's arrays. Entries with a NULL in them are left out, as aggregates do. */
final class Entries {
  private Entries() {}

  /**
   * @param entries structs of a value (double) and a count (long)
   * @throws IllegalArgumentException that names the function, if they are no histogram
   */
  static Histogram histogram(String function, ArrayData entries) {
    JointArrays arrays = new JointArrays(entries, 1);
    return named(function, () -> Histogram.of(arrays.values[0], arrays.counts));
  }

  /**
   * @param entries structs of two values (double) and a count (long)
   * @throws IllegalArgumentException that names the function, if they are no histogram
   */
  static JointHistogram jointHistogram(String function, ArrayData entries) {
    JointArrays arrays = new JointArrays(entries, 2);
    return named(function, () -> JointHistogram.of(arrays.values, arrays.counts));
  }

  /**
   * @param xs doubles
   * @param ys as many doubles
   * @param counts as many longs
   * @throws IllegalArgumentException that names the function, if they are no histogram
   */
  static JointHistogram jointHistogram(
      String function, ArrayData xs, ArrayData ys, ArrayData counts) {
    int n = counts.numElements();
    if (xs.numElements() != n || ys.numElements() != n) {
      throw new IllegalArgumentException(
          String.format(
              "%s: xs, ys and counts must be of one length, not %d, %d and %d; collect_list leaves"
                  + " NULLs out, so filter them before",
              function, xs.numElements(), ys.numElements(), n));
    }
    double[][] values = new double[2][n];
    long[] kept = new long[n];
    int size = 0;
    for (int i = 0; i < n; i++) {
      if (!xs.isNullAt(i) && !ys.isNullAt(i) && !counts.isNullAt(i)) {
        values[0][size] = xs.getDouble(i);
        values[1][size] = ys.getDouble(i);
        kept[size++] = counts.getLong(i);
      }
    }
    double[][] trimmed = {Arrays.copyOf(values[0], size), Arrays.copyOf(values[1], size)};
    long[] trimmedCounts = Arrays.copyOf(kept, size);
    return named(function, () -> JointHistogram.of(trimmed, trimmedCounts));
  }

  /** Puts the function's name before what is wrong with its arguments. */
  static <T> T named(String function, Supplier<T> computation) {
    try {
      return computation.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(function + ": " + e.getMessage(), e);
    }
  }

  /** NULL for what is not defined. */
  static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** The type of rows without NULLs that {@link #rows} makes. */
  static ArrayType rowsOf(StructField... fields) {
    return new ArrayType(new StructType(fields), false);
  }

  static StructField field(String name, DataType type) {
    return DataTypes.createStructField(name, type, false);
  }

  static ArrayData rows(InternalRow[] rows) {
    return new GenericArrayData(rows);
  }

  static InternalRow row(Object... fields) {
    return new GenericInternalRow(fields);
  }

  private static final class JointArrays {
    private final double[][] values;
    private final long[] counts;

    JointArrays(ArrayData entries, int channels) {
      int n = entries.numElements();
      double[][] v = new double[channels][n];
      long[] c = new long[n];
      int size = 0;
      for (int i = 0; i < n; i++) {
        InternalRow entry = entries.isNullAt(i) ? null : entries.getStruct(i, channels + 1);
        if (entry == null || entry.anyNull()) {
          continue;
        }
        for (int channel = 0; channel < channels; channel++) {
          v[channel][size] = entry.getDouble(channel);
        }
        c[size++] = entry.getLong(channels);
      }
      values = new double[channels][];
      for (int channel = 0; channel < channels; channel++) {
        values[channel] = Arrays.copyOf(v[channel], size);
      }
      counts = Arrays.copyOf(c, size);
    }
  }
}
