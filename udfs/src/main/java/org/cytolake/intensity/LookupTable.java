package org.cytolake.intensity;

import java.io.Serializable;
import java.util.Arrays;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;

/**
 * A function of intensity, given by its result for every value that can occur. Immutable. Values
 * are finite and strictly increasing, results are finite.
 */
public final class LookupTable implements Serializable {
  private static final long serialVersionUID = 1;

  /** The widest span of integers that is looked up by index and not by search. */
  private static final int DENSE = 1 << 17;

  private final double[] values;
  private final double[] results;

  /**
   * The results from the first value to the last, NaN for none; null where values are not dense.
   */
  private final transient double[] dense;

  private LookupTable(double[] values, double[] results) {
    this.values = values;
    this.results = results;
    this.dense = dense(values, results);
  }

  /**
   * From values and the result of each.
   *
   * @param values finite and strictly increasing
   * @param results as many, finite
   * @throws IllegalArgumentException if the lengths differ, values do not increase, or one of
   *     either is not finite
   */
  public static LookupTable of(double[] values, double[] results) {
    if (values.length != results.length) {
      throw new IllegalArgumentException(
          "a look-up table needs one result a value, not "
              + values.length
              + " values and "
              + results.length
              + " results");
    }
    double[] v = new double[values.length];
    for (int i = 0; i < v.length; i++) {
      if (!Double.isFinite(values[i]) || !Double.isFinite(results[i])) {
        throw new IllegalArgumentException(
            "a look-up table is finite, not " + values[i] + " -> " + results[i]);
      }
      v[i] = values[i] + 0.0; // -0.0 becomes 0.0
      if (i > 0 && !(v[i - 1] < v[i])) {
        throw new IllegalArgumentException(
            "values of a look-up table increase, but " + v[i] + " follows " + v[i - 1]);
      }
    }
    return new LookupTable(v, results.clone());
  }

  private static double[] dense(double[] values, double[] results) {
    int n = values.length;
    if (n == 0 || values[n - 1] - values[0] >= DENSE || values[0] != Math.rint(values[0])) {
      return null;
    }
    double[] dense = new double[(int) (values[n - 1] - values[0]) + 1];
    Arrays.fill(dense, Double.NaN);
    for (int i = 0; i < n; i++) {
      if (values[i] != Math.rint(values[i])) {
        return null;
      }
      dense[(int) (values[i] - values[0])] = results[i];
    }
    return dense;
  }

  /**
   * The result for a value.
   *
   * @throws IllegalArgumentException if the table does not have the value
   */
  public double apply(double value) {
    if (dense != null) {
      double offset = value - values[0];
      if (offset >= 0 && offset < dense.length) {
        int at = (int) offset;
        if (at == offset && !Double.isNaN(dense[at])) {
          return dense[at];
        }
      }
    } else {
      int at = Arrays.binarySearch(values, value + 0.0);
      if (at >= 0) {
        return results[at];
      }
    }
    throw new IllegalArgumentException("no result for " + value + " in " + this);
  }

  /**
   * The result for the nearest value that the table has; of two equally near the larger one's.
   *
   * @throws IllegalArgumentException if the table is empty
   */
  public double nearest(double value) {
    if (values.length == 0) {
      throw new IllegalArgumentException("an empty look-up table has no nearest value");
    }
    int at = Arrays.binarySearch(values, value + 0.0);
    if (at >= 0) {
      return results[at];
    }
    int after = Math.min(-at - 1, values.length - 1);
    int before = Math.max(0, -at - 2);
    return value - values[before] < values[after] - value ? results[before] : results[after];
  }

  /**
   * The distribution of the results.
   *
   * @throws IllegalArgumentException if the table lacks a value of the histogram
   */
  public Histogram apply(Histogram histogram) {
    double[] v = new double[histogram.size()];
    long[] counts = new long[v.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = apply(histogram.value(i));
      counts[i] = histogram.count(i);
    }
    return Histogram.of(v, counts);
  }

  /**
   * The joint distribution of the results, the same table for every channel.
   *
   * @throws IllegalArgumentException if the table lacks a value of the histogram
   */
  public JointHistogram apply(JointHistogram histogram) {
    LookupTable[] tables = new LookupTable[histogram.channels()];
    Arrays.fill(tables, this);
    return apply(histogram, tables);
  }

  /**
   * The joint distribution of the results, each channel by its own table.
   *
   * @param tables one a channel
   * @throws IllegalArgumentException if their number is not that of the channels, or a table lacks
   *     a value of its channel
   */
  public static JointHistogram apply(JointHistogram histogram, LookupTable... tables) {
    if (tables.length != histogram.channels()) {
      throw new IllegalArgumentException(
          tables.length + " look-up tables for " + histogram.channels() + " channels");
    }
    double[][] v = new double[tables.length][histogram.size()];
    long[] counts = new long[histogram.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = histogram.count(i);
      for (int channel = 0; channel < tables.length; channel++) {
        v[channel][i] = tables[channel].apply(histogram.value(channel, i));
      }
    }
    return JointHistogram.of(v, counts);
  }

  /** Number of values. */
  public int size() {
    return values.length;
  }

  /** The value at an index, ascending. */
  public double value(int index) {
    return values[index];
  }

  /** The result of the value at an index. */
  public double result(int index) {
    return results[index];
  }

  private Object readResolve() {
    return new LookupTable(values, results);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LookupTable t
        && Arrays.equals(values, t.values)
        && Arrays.equals(results, t.results);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(results);
  }

  @Override
  public String toString() {
    int last = values.length - 1;
    return last < 0
        ? "LookupTable[empty]"
        : "LookupTable["
            + values.length
            + " values, "
            + values[0]
            + " -> "
            + results[0]
            + " to "
            + values[last]
            + " -> "
            + results[last]
            + "]";
  }
}
