package org.cytolake.histogram;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The exact joint distribution of the channels of an image: every distinct tuple of intensities
 * with the number of pixels that have it. Immutable; tuples are distinct and ascend
 * lexicographically, values are finite, counts at least 1.
 */
public final class JointHistogram implements Pairs {
  private final double[][] values;
  private final long[] counts;
  private final long count;

  private JointHistogram(double[][] values, long[] counts) {
    this.values = values;
    this.counts = counts;
    long total = 0;
    for (long c : counts) {
      total = Math.addExact(total, c);
    }
    this.count = total;
  }

  /** Of no pixels; the neutral element of {@link #plus}. */
  public static JointHistogram empty(int channels) {
    return of(new double[channels][0], new long[0]);
  }

  /**
   * From tuples with their counts, in any order; equal tuples are added up and counts of 0 dropped.
   *
   * @param values per channel the value of every tuple: {@code values[channel][tuple]}
   * @param counts pixels per tuple, 0 or more
   * @throws IllegalArgumentException if there is no channel, lengths differ, a value is not finite
   *     or a count is negative
   */
  public static JointHistogram of(double[][] values, long[] counts) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a joint histogram needs at least one channel");
    }
    double[][] v = new double[values.length][];
    for (int channel = 0; channel < v.length; channel++) {
      if (values[channel].length != counts.length) {
        throw new IllegalArgumentException(
            "channel "
                + channel
                + " has "
                + values[channel].length
                + " values for "
                + counts.length
                + " counts");
      }
      v[channel] = values[channel].clone();
      for (int i = 0; i < counts.length; i++) {
        if (!Double.isFinite(v[channel][i])) {
          throw new IllegalArgumentException(
              "a histogram holds finite values, not " + v[channel][i]);
        }
        v[channel][i] += 0.0; // -0.0 becomes 0.0
      }
    }
    for (long c : counts) {
      if (c < 0) {
        throw new IllegalArgumentException("a tuple has the count " + c);
      }
    }
    return merge(v, counts);
  }

  /** From ascending distinct tuples of finite values with counts of at least 1, all kept. */
  static JointHistogram ascending(double[][] values, long[] counts) {
    return new JointHistogram(values, counts);
  }

  private static JointHistogram merge(double[][] v, long[] counts) {
    int[] order = order(v, counts);
    double[][] merged = new double[v.length][order.length];
    long[] sums = new long[order.length];
    int n = 0;
    for (int i = 0; i < order.length; i++) {
      if (i == 0 || compare(v, order[i - 1], order[i]) != 0) {
        for (int channel = 0; channel < v.length; channel++) {
          merged[channel][n] = v[channel][order[i]];
        }
        n++;
      }
      sums[n - 1] = Math.addExact(sums[n - 1], counts[order[i]]);
    }
    for (int channel = 0; channel < v.length; channel++) {
      merged[channel] = Arrays.copyOf(merged[channel], n);
    }
    return new JointHistogram(merged, Arrays.copyOf(sums, n));
  }

  /** The tuples that have pixels, in ascending order. */
  private static int[] order(double[][] v, long[] counts) {
    int[] present = IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
    if (isAscending(v, present)) {
      return present;
    }
    long[] keys = keys(v, present);
    if (keys == null) {
      return Arrays.stream(present)
          .boxed()
          .sorted((a, b) -> compare(v, a, b))
          .mapToInt(Integer::intValue)
          .toArray();
    }
    Arrays.sort(keys);
    int indexBits = bits(counts.length);
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) (keys[i] & ((1L << indexBits) - 1));
    }
    return order;
  }

  private static boolean isAscending(double[][] v, int[] present) {
    for (int i = 1; i < present.length; i++) {
      if (compare(v, present[i - 1], present[i]) >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Numbers that ascend as the tuples do and end with a tuple's index; null where the values are
   * not integers of a range small enough.
   */
  private static long[] keys(double[][] v, int[] present) {
    int indexBits = bits(v[0].length);
    int used = indexBits;
    long[] keys = new long[present.length];
    for (double[] channel : v) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (int i : present) {
        if (channel[i] != Math.rint(channel[i])) {
          return null;
        }
        min = Math.min(min, channel[i]);
        max = Math.max(max, channel[i]);
      }
      if (present.length > 0 && max - min >= 1L << 31) {
        return null;
      }
      int width = present.length == 0 ? 0 : bits((long) (max - min) + 1);
      used += width;
      if (used > 63) {
        return null;
      }
      for (int i = 0; i < present.length; i++) {
        keys[i] = (keys[i] << width) | (long) (channel[present[i]] - min);
      }
    }
    for (int i = 0; i < present.length; i++) {
      keys[i] = (keys[i] << indexBits) | present[i];
    }
    return keys;
  }

  /** Bits that tell {@code n} numbers from 0 apart. */
  private static int bits(long n) {
    return 64 - Long.numberOfLeadingZeros(Math.max(0, n - 1));
  }

  private static int compare(double[][] v, int a, int b) {
    return compare(v, a, v, b);
  }

  private static int compare(double[][] v, int a, double[][] w, int b) {
    for (int channel = 0; channel < v.length; channel++) {
      int order = Double.compare(v[channel][a], w[channel][b]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /**
   * The distribution of both regions together.
   *
   * @throws IllegalArgumentException if the numbers of channels differ
   */
  public JointHistogram plus(JointHistogram other) {
    if (other.channels() != channels()) {
      throw new IllegalArgumentException(
          "histograms of " + channels() + " and " + other.channels() + " channels do not add up");
    }
    double[][] v = new double[channels()][size() + other.size()];
    long[] c = new long[size() + other.size()];
    int i = 0;
    int j = 0;
    int n = 0;
    while (i < size() || j < other.size()) {
      int order = i == size() ? 1 : j == other.size() ? -1 : compare(values, i, other.values, j);
      double[][] from = order <= 0 ? values : other.values;
      for (int channel = 0; channel < v.length; channel++) {
        v[channel][n] = from[channel][order <= 0 ? i : j];
      }
      c[n] = order <= 0 ? counts[i++] : 0;
      if (order >= 0) {
        c[n] = Math.addExact(c[n], other.counts[j++]);
      }
      n++;
    }
    for (int channel = 0; channel < v.length; channel++) {
      v[channel] = Arrays.copyOf(v[channel], n);
    }
    return new JointHistogram(v, Arrays.copyOf(c, n));
  }

  /** The distribution of one channel, from 0. */
  public Histogram marginal(int channel) {
    return Histogram.of(values[channel], counts);
  }

  /**
   * The joint distribution of some of the channels, in the order given.
   *
   * @param channels at least one index from 0
   */
  public JointHistogram project(int... channels) {
    double[][] v = new double[channels.length][];
    for (int i = 0; i < v.length; i++) {
      v[i] = values[channels[i]];
    }
    return of(v, counts);
  }

  /**
   * The distribution with the low bits of every channel cleared: a value {@code v} stands for the
   * integers from {@code v} to {@code v + 2^droppedBits - 1}.
   *
   * @param droppedBits 0 to 31 bits
   * @throws IllegalArgumentException if the number of bits is out of range, or is above 0 and a
   *     value is no integer
   */
  public JointHistogram coarsened(int droppedBits) {
    if (droppedBits < 0 || droppedBits > 31) {
      throw new IllegalArgumentException("0 to 31 bits can be dropped, not " + droppedBits);
    }
    if (droppedBits == 0) {
      return this;
    }
    double[][] v = new double[channels()][size()];
    for (int channel = 0; channel < v.length; channel++) {
      for (int i = 0; i < size(); i++) {
        double value = values[channel][i];
        if (value != Math.rint(value)) {
          throw new IllegalArgumentException("bits can be dropped of integers only, not " + value);
        }
        v[channel][i] = ((long) value >> droppedBits) << droppedBits;
      }
    }
    return merge(v, counts);
  }

  /** Number of channels. */
  public int channels() {
    return values.length;
  }

  /** Number of distinct tuples. */
  public int size() {
    return counts.length;
  }

  /** The value of a channel in a tuple. */
  public double value(int channel, int tuple) {
    return values[channel][tuple];
  }

  /** How many pixels have a tuple. */
  public long count(int tuple) {
    return counts[tuple];
  }

  /** Number of pixels. */
  public long count() {
    return count;
  }

  /**
   * Goes through the tuples, which are of two channels.
   *
   * @throws IllegalArgumentException if they are not
   */
  @Override
  public void each(Each to) {
    if (channels() != 2) {
      throw new IllegalArgumentException("pairs are of 2 channels, not of " + channels());
    }
    for (int i = 0; i < counts.length; i++) {
      to.pair(values[0][i], values[1][i], counts[i]);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JointHistogram h
        && Arrays.deepEquals(values, h.values)
        && Arrays.equals(counts, h.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.deepHashCode(values) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "JointHistogram["
        + count
        + " pixels, "
        + channels()
        + " channels, "
        + size()
        + " tuples]";
  }
}
