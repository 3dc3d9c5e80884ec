package org.cytolake.intensity;

import java.util.Arrays;
import org.cytolake.histogram.Bins;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;

/**
 * Counts of pixels over a grid of two channels as {@code numpy.histogram2d(x, y, bins)}: edges
 * evenly from each channel's minimum to its maximum, cells closed below and open above, the last
 * ones closed. A constant channel gets the range value ± 0.5; without pixels it is 0 to 1.
 * Immutable.
 */
public final class Histogram2d {
  private final double[] xEdges;
  private final double[] yEdges;
  private final long[] counts; // [x · yBins + y]

  private Histogram2d(double[] xEdges, double[] yEdges, long[] counts) {
    this.xEdges = xEdges;
    this.yEdges = yEdges;
    this.counts = counts;
  }

  /**
   * Of channels of integers or 64-bit floating point, with equally many bins on both axes.
   *
   * @param channels a joint histogram of two channels: x, y
   * @param bins at least 1
   * @throws IllegalArgumentException if there are not two channels or {@code bins} is below 1
   */
  public static Histogram2d of(JointHistogram channels, int bins) {
    return of(channels, bins, bins, SampleKind.DOUBLE);
  }

  /**
   * In the precision that numpy uses for the kind of sample.
   *
   * @param channels a joint histogram of two channels: x, y
   * @param xBins at least 1
   * @param yBins at least 1
   * @throws IllegalArgumentException if there are not two channels or no bins
   */
  public static Histogram2d of(JointHistogram channels, int xBins, int yBins, SampleKind kind) {
    if (channels.channels() != 2) {
      throw new IllegalArgumentException(
          "a histogram in two dimensions needs 2 channels, not " + channels.channels());
    }
    Histogram x = channels.marginal(0);
    Histogram y = channels.marginal(1);
    double[] xEdges = Bins.of(x, xBins, kind).edges();
    double[] yEdges = Bins.of(y, yBins, kind).edges();
    long[] counts = new long[Math.multiplyExact(xBins, yBins)];
    for (int i = 0; i < channels.size(); i++) {
      int xBin = bin(xEdges, channels.value(0, i));
      int yBin = bin(yEdges, channels.value(1, i));
      counts[xBin * yBins + yBin] += channels.count(i);
    }
    return new Histogram2d(xEdges, yEdges, counts);
  }

  /** {@code numpy.searchsorted(edges, value, side='right') - 1}, the last edge in the last bin. */
  private static int bin(double[] edges, double value) {
    int low = 0;
    int high = edges.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (value < edges[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return Math.min(Math.max(low - 1, 0), edges.length - 2);
  }

  /** Number of bins along x. */
  public int xBins() {
    return xEdges.length - 1;
  }

  /** Number of bins along y. */
  public int yBins() {
    return yEdges.length - 1;
  }

  /** The pixels of a cell. */
  public long count(int xBin, int yBin) {
    return counts[xBin * yBins() + yBin];
  }

  /** Limits of the bins along x, ascending, one more than bins; a copy. */
  public double[] xEdges() {
    return xEdges.clone();
  }

  /** Limits of the bins along y, ascending, one more than bins; a copy. */
  public double[] yEdges() {
    return yEdges.clone();
  }

  /** Pixels per cell, {@code [xBin * yBins + yBin]}; a copy. */
  public long[] counts() {
    return counts.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Histogram2d h
        && Arrays.equals(xEdges, h.xEdges)
        && Arrays.equals(yEdges, h.yEdges)
        && Arrays.equals(counts, h.counts);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(xEdges) + Arrays.hashCode(yEdges)) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "Histogram2d[" + xBins() + " x " + yBins() + "]";
  }
}
