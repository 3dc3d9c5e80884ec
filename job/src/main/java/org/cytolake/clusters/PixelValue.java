package org.cytolake.clusters;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.intensity.LookupTable;

/**
 * From a pixel's intensity in one channel to the value that the pixel is clustered by, as the table
 * of tuples was made: levels of channels that are no integers to 16 bits, low bits dropped, then
 * the transform's look-up table. Immutable.
 */
public final class PixelValue {
  private static final int LEVELS = 65_536;

  /**
   * How intensities were counted.
   *
   * @param type Spark type of the samples
   * @param min the least of the plane
   * @param max the largest
   * @param droppedBits low bits dropped
   */
  public record Counting(DataType type, double min, double max, int droppedBits) {
    boolean exact() {
      return type.equals(DataTypes.IntegerType);
    }

    double tuple(double sample) {
      if (exact()) {
        return ((int) sample >> droppedBits) << droppedBits;
      }
      double width = (max - min) / (LEVELS - 1.0);
      double step = width == 0 || (type.equals(DataTypes.LongType) && width < 1) ? 1 : width;
      int code = ((int) Math.floor((sample - min) / step + 0.5) >> droppedBits) << droppedBits;
      double value = min + code * step;
      return type.equals(DataTypes.FloatType) ? (float) value : value;
    }
  }

  private final Counting counting;
  private final boolean logarithm;
  private final double above;
  private final LookupTable table; // null for none

  /**
   * @param counting how the table of tuples was made
   * @param logarithm whether values are natural logarithms of the intensity plus 1
   * @param above pixels with a greater intensity count as chosen
   * @param table of the transform; null for none
   */
  public PixelValue(Counting counting, boolean logarithm, double above, LookupTable table) {
    this.counting = counting;
    this.logarithm = logarithm;
    this.above = above;
    this.table = table;
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
    if (table != null) {
      return table.nearest(tuple);
    }
    return logarithm ? StrictMath.log1p(Math.max(0, tuple)) : tuple;
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
