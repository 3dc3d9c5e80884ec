package org.cytolake.points;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cytolake.histogram.JointHistogram;

/**
 * Tuples of intensities, each with the number of pixels that have it. Immutable. Labels and
 * responsibilities of every method are in the order of these tuples.
 */
public final class WeightedPoints implements Serializable {
  private static final long serialVersionUID = 1;

  /** Squares of larger values, times pixels, come near the end of the range of doubles. */
  private static final double LARGEST = 1e100;

  /** Most channels of a point. */
  public static final int MOST_CHANNELS = 256;

  private final double[][] values;
  private final long[] weights;
  private final long weight;
  private final int distinct;

  /** Made when first asked for. */
  private transient List<Cells> levels;

  /**
   * Copies its arguments.
   *
   * @param values per channel the value of every tuple: {@code values[channel][tuple]}, -1e100 to
   *     1e100
   * @param weights pixels per tuple, at least 1
   * @throws IllegalArgumentException if there are not 1 to 256 channels, lengths differ, a value is
   *     out of range, a weight is below 1 or the weights exceed 2^53 together
   */
  public WeightedPoints(double[][] values, long[] weights) {
    if (values.length < 1 || values.length > MOST_CHANNELS) {
      throw new IllegalArgumentException(
          "points have 1 to " + MOST_CHANNELS + " channels, not " + values.length);
    }
    this.values = new double[values.length][];
    for (int c = 0; c < values.length; c++) {
      if (values[c].length != weights.length) {
        throw new IllegalArgumentException(
            "channel "
                + c
                + " has "
                + values[c].length
                + " values for "
                + weights.length
                + " weights");
      }
      this.values[c] = values[c].clone();
      for (int i = 0; i < weights.length; i++) {
        if (!(Math.abs(values[c][i]) <= LARGEST)) {
          throw new IllegalArgumentException(
              "tuple " + i + " has the value " + values[c][i] + " in channel " + c);
        }
        this.values[c][i] += 0.0; // -0.0 becomes 0.0
      }
    }
    this.weights = weights.clone();
    long total = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] < 1) {
        throw new IllegalArgumentException("tuple " + i + " has the weight " + weights[i]);
      }
      total += weights[i];
      if (weights[i] > 1L << 53 || total > 1L << 53) {
        throw new IllegalArgumentException("points hold up to 2^53 pixels together");
      }
    }
    this.weight = total;
    this.distinct = countDistinct();
  }

  /** The tuples of a joint histogram, all of its channels. */
  public static WeightedPoints of(JointHistogram histogram) {
    double[][] v = new double[histogram.channels()][histogram.size()];
    long[] w = new long[histogram.size()];
    for (int i = 0; i < w.length; i++) {
      for (int c = 0; c < v.length; c++) {
        v[c][i] = histogram.value(c, i);
      }
      w[i] = histogram.count(i);
    }
    return new WeightedPoints(v, w);
  }

  private int countDistinct() {
    boolean ascending = true;
    for (int i = 1; i < size() && ascending; i++) {
      ascending = compare(i - 1, i) < 0;
    }
    if (ascending) {
      return size();
    }
    Integer[] order = IntStream.range(0, size()).boxed().toArray(Integer[]::new);
    Arrays.sort(order, this::compare);
    int n = 1;
    for (int i = 1; i < order.length; i++) {
      if (compare(order[i - 1], order[i]) != 0) {
        n++;
      }
    }
    return n;
  }

  private int compare(int a, int b) {
    for (double[] channel : values) {
      int order = Double.compare(channel[a], channel[b]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Number of channels, at least 1. */
  public int channels() {
    return values.length;
  }

  /** Number of tuples, 0 or more. */
  public int size() {
    return weights.length;
  }

  /** Number of tuples that differ. */
  public int distinct() {
    return distinct;
  }

  /** The value of a channel in a tuple. */
  public double value(int channel, int tuple) {
    return values[channel][tuple];
  }

  /** Pixels that have a tuple. */
  public long weight(int tuple) {
    return weights[tuple];
  }

  /** Number of pixels. */
  public long weight() {
    return weight;
  }

  /** The values of a channel; the caller leaves them as they are. */
  public double[] column(int channel) {
    return values[channel];
  }

  /** The weights; the caller leaves them as they are. */
  public long[] weights() {
    return weights;
  }

  /** Puts a tuple's values into an array of as many, and returns that. */
  public double[] copy(int tuple, double[] into) {
    for (int c = 0; c < values.length; c++) {
      into[c] = values[c][tuple];
    }
    return into;
  }

  /** In ever more cells, the last of which are the tuples: what fits go through. */
  public synchronized List<Cells> levels() {
    if (levels == null) {
      levels = Cells.levels(this);
    }
    return levels;
  }

  public double squaredDistance(int tuple, double[] to) {
    double sum = 0;
    for (int c = 0; c < values.length; c++) {
      double d = values[c][tuple] - to[c];
      sum += d * d;
    }
    return sum;
  }

  public double squaredDistance(int a, int b) {
    double sum = 0;
    for (double[] channel : values) {
      double d = channel[a] - channel[b];
      sum += d * d;
    }
    return sum;
  }

  /** Some of the tuples, in the order given. */
  public WeightedPoints only(int[] tuples) {
    double[][] v = new double[values.length][tuples.length];
    long[] w = new long[tuples.length];
    for (int i = 0; i < tuples.length; i++) {
      for (int c = 0; c < v.length; c++) {
        v[c][i] = values[c][tuples[i]];
      }
      w[i] = weights[tuples[i]];
    }
    return new WeightedPoints(v, w);
  }

  /** The mean per channel over pixels; zeros without points. */
  public double[] mean() {
    double[] mean = new double[values.length];
    for (int c = 0; c < mean.length && weight > 0; c++) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * values[c][i];
      }
      mean[c] = sum / weight;
    }
    return mean;
  }

  /** The population variance per channel over pixels; zeros without points. */
  public double[] variance() {
    double[] mean = mean();
    double[] variance = new double[mean.length];
    for (int c = 0; c < mean.length && weight > 0; c++) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        double d = values[c][i] - mean[c];
        sum += weights[i] * (d * d);
      }
      variance[c] = sum / weight;
    }
    return variance;
  }

  /**
   * Every channel shifted to mean 0 and scaled to population standard deviation 1 over pixels; a
   * constant channel becomes zeros (scikit-learn's {@code StandardScaler}).
   */
  public Standardized standardized() {
    double[] shift = mean();
    double[] scale = variance();
    double[][] v = new double[values.length][size()];
    for (int c = 0; c < v.length; c++) {
      boolean constant = isConstant(c);
      scale[c] = constant ? 1 : Math.sqrt(scale[c]);
      shift[c] = constant && size() > 0 ? values[c][0] : shift[c];
      for (int i = 0; i < size(); i++) {
        v[c][i] = (values[c][i] - shift[c]) / scale[c];
      }
    }
    return new Standardized(new WeightedPoints(v, weights), shift, scale);
  }

  private boolean isConstant(int channel) {
    for (double v : values[channel]) {
      if (v != values[channel][0]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "WeightedPoints["
        + weight
        + " pixels, "
        + channels()
        + " channels, "
        + size()
        + " tuples]";
  }

  /**
   * Standardised points and the way back: {@code original = point * scale + shift}.
   *
   * @param points in units of standard deviations
   * @param shift per channel, in the channel's own unit
   * @param scale per channel, above 0
   */
  @SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
  public record Standardized(WeightedPoints points, double[] shift, double[] scale)
      implements Serializable {
    public Standardized {
      if (shift.length != points.channels() || scale.length != points.channels()) {
        throw new IllegalArgumentException("one shift and one scale a channel");
      }
    }

    /** Points {@code [point][channel]}, such as centres, in the channels' own units. */
    public double[][] restore(double[][] standardized) {
      double[][] restored = new double[standardized.length][];
      for (int i = 0; i < restored.length; i++) {
        restored[i] = new double[shift.length];
        for (int c = 0; c < shift.length; c++) {
          restored[i][c] = standardized[i][c] * scale[c] + shift[c];
        }
      }
      return restored;
    }
  }
}
