package org.cytolake.histogram;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.OptionalDouble;

/**
 * The exact distribution of one channel: every distinct value with the number of pixels that have
 * it. Immutable. Values are finite, strictly increasing, in the channel's own unit; counts are at
 * least 1.
 *
 * <p>Statistics of an empty histogram throw {@link NoSuchElementException}.
 */
public final class Histogram {
  /** No pixels; the neutral element of {@link #plus}. */
  public static final Histogram EMPTY = new Histogram(new double[0], new long[0]);

  private final double[] values;
  private final long[] counts;
  private final long count;

  private Histogram(double[] values, long[] counts) {
    this.values = values;
    this.counts = counts;
    long total = 0;
    for (long c : counts) {
      total = Math.addExact(total, c);
    }
    this.count = total;
  }

  /**
   * From values with their counts, in any order; equal values are added up and counts of 0 dropped.
   *
   * @param values finite values
   * @param counts as many counts, 0 or more
   * @throws IllegalArgumentException if the lengths differ, a value is not finite or a count is
   *     negative
   */
  public static Histogram of(double[] values, long[] counts) {
    if (values.length != counts.length) {
      throw new IllegalArgumentException(
          "a histogram needs one count a value, not "
              + values.length
              + " values and "
              + counts.length
              + " counts");
    }
    double[] v = new double[values.length];
    for (int i = 0; i < v.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException("a histogram holds finite values, not " + values[i]);
      }
      if (counts[i] < 0) {
        throw new IllegalArgumentException("value " + values[i] + " has the count " + counts[i]);
      }
      v[i] = values[i] + 0.0; // -0.0 becomes 0.0
    }
    return isIncreasing(v) ? compact(v, counts) : merge(v, counts);
  }

  /** From strictly increasing finite values with counts of at least 1, both kept. */
  static Histogram ascending(double[] values, long[] counts) {
    return values.length == 0 ? EMPTY : new Histogram(values, counts);
  }

  /**
   * Of single samples.
   *
   * @throws IllegalArgumentException if a sample is not finite
   */
  public static Histogram ofSamples(double... samples) {
    double[] sorted = samples.clone();
    for (int i = 0; i < sorted.length; i++) {
      if (!Double.isFinite(sorted[i])) {
        throw new IllegalArgumentException("a histogram holds finite values, not " + sorted[i]);
      }
      sorted[i] += 0.0; // -0.0 becomes 0.0
    }
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < sorted.length; i++) {
      distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    double[] v = new double[distinct];
    long[] c = new long[distinct];
    int n = -1;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        v[++n] = sorted[i];
      }
      c[n]++;
    }
    return ascending(v, c);
  }

  private static boolean isIncreasing(double[] v) {
    for (int i = 1; i < v.length; i++) {
      if (!(v[i - 1] < v[i])) {
        return false;
      }
    }
    return true;
  }

  private static Histogram merge(double[] v, long[] counts) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    boolean whole = true;
    for (double value : v) {
      least = Math.min(least, value);
      most = Math.max(most, value);
      whole &= value == Math.rint(value);
    }
    boolean dense = whole && most - least < 4.0 * v.length;
    return dense ? counted(v, counts, least, (int) (most - least) + 1) : sorted(v, counts);
  }

  /** Of whole numbers that lie close together. */
  private static Histogram counted(double[] v, long[] counts, double least, int n) {
    double[] values = new double[n];
    long[] sums = new long[n];
    for (int i = 0; i < n; i++) {
      values[i] = least + i;
    }
    for (int i = 0; i < v.length; i++) {
      int at = (int) (v[i] - least);
      sums[at] = Math.addExact(sums[at], counts[i]);
    }
    return compact(values, sums);
  }

  private static Histogram sorted(double[] v, long[] counts) {
    double[] distinct = v.clone();
    Arrays.sort(distinct);
    int n = 0;
    for (int i = 0; i < distinct.length; i++) {
      if (i == 0 || distinct[i] != distinct[n - 1]) {
        distinct[n++] = distinct[i];
      }
    }
    long[] sums = new long[n];
    for (int i = 0; i < v.length; i++) {
      int at = Arrays.binarySearch(distinct, 0, n, v[i]);
      sums[at] = Math.addExact(sums[at], counts[i]);
    }
    return compact(Arrays.copyOf(distinct, n), sums);
  }

  /** Takes strictly increasing values, drops those without pixels; never keeps {@code counts}. */
  private static Histogram compact(double[] v, long[] counts) {
    double[] keptValues = new double[v.length];
    long[] keptCounts = new long[v.length];
    int n = 0;
    for (int i = 0; i < v.length; i++) {
      if (counts[i] > 0) {
        keptValues[n] = v[i];
        keptCounts[n++] = counts[i];
      }
    }
    return n == 0
        ? EMPTY
        : new Histogram(Arrays.copyOf(keptValues, n), Arrays.copyOf(keptCounts, n));
  }

  /**
   * The distribution of the pixels of some ranks, the darkest having rank 0.
   *
   * @param from first rank
   * @param to rank after the last
   */
  public Histogram ranked(long from, long to) {
    long[] kept = new long[counts.length];
    long rank = 0;
    for (int i = 0; i < kept.length; i++) {
      kept[i] = Math.max(0, Math.min(to, rank + counts[i]) - Math.max(from, rank));
      rank += counts[i];
    }
    return compact(values, kept);
  }

  /** The distribution of the distances of all pixels from a value. */
  public Histogram deviations(double center) {
    double[] distances = new double[values.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.abs(values[i] - center);
    }
    return of(distances, counts);
  }

  /** The distribution of both regions together. */
  public Histogram plus(Histogram other) {
    double[] v = new double[values.length + other.values.length];
    long[] c = new long[v.length];
    int i = 0;
    int j = 0;
    int n = 0;
    while (i < values.length || j < other.values.length) {
      double a = i < values.length ? values[i] : Double.POSITIVE_INFINITY;
      double b = j < other.values.length ? other.values[j] : Double.POSITIVE_INFINITY;
      v[n] = Math.min(a, b);
      if (a <= b) {
        c[n] = counts[i++];
      }
      if (b <= a) {
        c[n] = Math.addExact(c[n], other.counts[j++]);
      }
      n++;
    }
    return compact(Arrays.copyOf(v, n), c);
  }

  /** Number of distinct values. */
  public int size() {
    return values.length;
  }

  /** The distinct value at an index, ascending. */
  public double value(int index) {
    return values[index];
  }

  /** How many pixels have the value at an index. */
  public long count(int index) {
    return counts[index];
  }

  /** Number of pixels. */
  public long count() {
    return count;
  }

  /** Whether there are no pixels. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** The sum of all pixels; 0 for an empty histogram. */
  public double sum() {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * counts[i];
    }
    return sum;
  }

  /** The arithmetic mean. */
  public double mean() {
    return sum() / nonEmptyCount();
  }

  /** The population standard deviation (divided by n, as {@code numpy.std}). */
  public double stddev() {
    return moments().stddev();
  }

  /** Count, mean and squared deviations, computed in two passes. */
  public Moments moments() {
    if (isEmpty()) {
      return Moments.EMPTY;
    }
    double mean = mean();
    double m2 = 0;
    for (int i = 0; i < values.length; i++) {
      double d = values[i] - mean;
      m2 += counts[i] * (d * d);
    }
    return new Moments(count, mean, m2);
  }

  /** The smallest value. */
  public double min() {
    nonEmptyCount();
    return values[0];
  }

  /** The largest value. */
  public double max() {
    nonEmptyCount();
    return values[values.length - 1];
  }

  /**
   * The percentile with linear interpolation between the two nearest pixels, as {@code
   * numpy.percentile(pixels, q)} (Hyndman and Fan 1996, type 7), to the last bit for 64-bit input.
   *
   * @param q 0 to 100
   * @throws IllegalArgumentException if {@code q} is outside 0 to 100
   */
  public double percentile(double q) {
    if (!(q >= 0 && q <= 100)) {
      throw new IllegalArgumentException("a percentile lies between 0 and 100, not at " + q);
    }
    long last = nonEmptyCount() - 1;
    double position = last * (q / 100);
    if (position >= last) {
      return max();
    }
    long below = (long) Math.floor(position);
    double t = position - below;
    int index = 0;
    long seen = counts[0];
    while (seen <= below) {
      seen += counts[++index];
    }
    double a = values[index];
    double b = below + 1 < seen ? a : values[index + 1];
    // numpy interpolates from the nearer end, which keeps the result monotonic
    return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
  }

  /** How many pixels lie strictly above a threshold. */
  public long countAbove(double threshold) {
    long above = 0;
    for (int i = values.length - 1; i >= 0 && values[i] > threshold; i--) {
      above += counts[i];
    }
    return above;
  }

  /** The share of pixels strictly above a threshold, 0 to 1. */
  public double fractionAbove(double threshold) {
    return (double) countAbove(threshold) / nonEmptyCount();
  }

  /** The mean of the pixels strictly above a threshold; empty if there are none. */
  public OptionalDouble meanAbove(double threshold) {
    double sum = 0;
    long above = 0;
    for (int i = values.length - 1; i >= 0 && values[i] > threshold; i--) {
      sum += values[i] * counts[i];
      above += counts[i];
    }
    return above == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / above);
  }

  private long nonEmptyCount() {
    if (count == 0) {
      throw new NoSuchElementException("an empty histogram has no statistics");
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Histogram h
        && Arrays.equals(values, h.values)
        && Arrays.equals(counts, h.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return isEmpty()
        ? "Histogram[empty]"
        : "Histogram[" + count + " pixels, " + size() + " values, " + min() + " to " + max() + "]";
  }
}
