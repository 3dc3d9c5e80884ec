package org.cytolake.quality;

import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.Histogram;
import org.cytolake.stardist.Window;

/**
 * The ends of a channel's intensities in a window.
 *
 * @param minimal pixels at the minimum; {@code maximal}: at the maximum
 */
record Extremes(double min, double max, long minimal, long maximal) {
  private static final int BELOW = 8; // intensities with which the maximum is compared

  /** Of intensities that are counted one by one. */
  static Extremes of(Histogram h) {
    return new Extremes(h.min(), h.max(), h.count(0), h.count(h.size() - 1));
  }

  /**
   * How many times more pixels are at the maximum than at any of the eight intensities that come
   * next below it: above 1 where a camera cut intensities off, as pixels grow rarer the brighter
   * they are. NaN where there are fewer intensities.
   */
  static double spike(Histogram h) {
    int top = h.size() - 1;
    if (top < BELOW) {
      return Double.NaN;
    }
    long most = 0;
    for (int i = top - BELOW; i < top; i++) {
      most = Math.max(most, h.count(i));
    }
    return (double) h.count(top) / most;
  }

  /** Of those that are counted in levels: from the pixels. */
  static Extremes of(PlanePixels pixels, Window window, int channel) throws ImageReadException {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    long minimal = 0;
    long maximal = 0;
    RowsOfWindow rows = new RowsOfWindow(pixels, window, channel);
    double[] row = new double[window.width()];
    while (rows.next(row)) {
      for (double value : row) {
        if (Double.isFinite(value)) {
          minimal = value < min ? 0 : minimal;
          maximal = value > max ? 0 : maximal;
          min = Math.min(min, value);
          max = Math.max(max, value);
          minimal += value == min ? 1 : 0;
          maximal += value == max ? 1 : 0;
        }
      }
    }
    return new Extremes(min, max, minimal, maximal);
  }
}
