package org.cytolake.label;

import java.util.Arrays;

/**
 * From a pixel's intensity in one channel to the value that the pixel is clustered by, as the table
 * of tuples was made: levels of channels that are no integers to 16 bits, low bits dropped, then
 * the transform's look-up table. Immutable.
 */
final class Intensity {
  private static final int LEVELS = 65_536;

  /**
   * How intensities were counted.
   *
   * @param exact whether samples are integers to 16 bits
   * @param single whether they are 32-bit floating-point numbers
   * @param whole whether they are 32-bit integers
   * @param min the least of the plane
   * @param max the largest
   * @param droppedBits low bits dropped
   */
  record Counting(
      boolean exact, boolean single, boolean whole, double min, double max, int droppedBits) {
    double tuple(double sample) {
      if (exact) {
        return ((int) sample >> droppedBits) << droppedBits;
      }
      double width = (max - min) / (LEVELS - 1.0);
      double step = width == 0 || (whole && width < 1) ? 1 : width;
      int code = ((int) Math.floor((sample - min) / step + 0.5) >> droppedBits) << droppedBits;
      double value = min + code * step;
      return single ? (float) value : value;
    }
  }

  private final Counting counting;
  private final boolean logarithm;
  private final double above;
  private final double[] values; // of the look-up table; null for none
  private final double[] results;

  /**
   * @param logarithm whether values are natural logarithms of the intensity plus 1
   * @param above pixels with a greater intensity count as chosen
   * @param values intensities in the look-up table, ascending; null for none
   * @param results as many
   */
  Intensity(Counting counting, boolean logarithm, double above, double[] values, double[] results) {
    this.counting = counting;
    this.logarithm = logarithm;
    this.above = above;
    this.values = values;
    this.results = results;
  }

  /** The intensity as counted. */
  double tuple(double sample) {
    return counting.tuple(sample);
  }

  /** Whether pixels of a counted intensity are chosen. */
  boolean isChosen(double tuple) {
    return tuple > above;
  }

  /** The value that pixels of a counted intensity are clustered by. */
  double value(double tuple) {
    if (values == null) {
      return logarithm ? StrictMath.log1p(Math.max(0, tuple)) : tuple;
    }
    int at = Arrays.binarySearch(values, tuple + 0.0);
    if (at >= 0) {
      return results[at];
    }
    int after = Math.min(-at - 1, values.length - 1);
    int before = Math.max(0, after - 1);
    // the nearest, the larger of two
    return tuple - values[before] < values[after] - tuple ? results[before] : results[after];
  }

  /** The least counted intensity; likewise {@link #max}. */
  double min() {
    return counting.min();
  }

  double max() {
    return counting.max();
  }

  boolean isExact() {
    return counting.exact();
  }
}
