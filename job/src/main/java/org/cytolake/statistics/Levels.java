package org.cytolake.statistics;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.image.LimitException;

/**
 * How the intensities of one channel of a plane are counted: by an integer code each, intensity =
 * low + code x step. Integers to 16 bits are their own codes. Others have one of {@value #MOST}
 * levels between the plane's minimum and maximum; 32-bit integers that span fewer values stay
 * exact.
 *
 * @param type Spark type of the samples
 * @param low intensity of code 0
 * @param step from one level to the next, above 0
 */
public record Levels(DataType type, double low, double step) implements Serializable {
  /** Levels of channels that are no integers to 16 bits. */
  public static final int MOST = 65_536;

  /** Largest intensity, and one over the least span: a double holds the sums of their squares. */
  private static final double LARGEST = 1e140;

  public Levels {
    if (!(step > 0)) {
      throw new IllegalArgumentException("levels cannot lie " + step + " apart");
    }
  }

  /** Of a channel between the least and the largest finite intensity of a plane. */
  public static Levels of(DataType type, double min, double max) {
    return isExact(type) ? exact() : between(type, min, max);
  }

  /** Of integers to 16 bits. */
  static Levels exact() {
    return new Levels(DataTypes.IntegerType, 0, 1);
  }

  /** Whether a channel of that type is counted as it is. */
  public static boolean isExact(DataType type) {
    return type.equals(DataTypes.IntegerType);
  }

  private static Levels between(DataType type, double min, double max) {
    if (Math.max(Math.abs(min), Math.abs(max)) > LARGEST
        || (max > min && max - min < 1 / LARGEST)) {
      throw new LimitException(
          "the squares of intensities from "
              + min
              + " to "
              + max
              + " are beyond what a double holds",
          "Bring the image's intensities to a scale between 1e-140 and 1e140, keep it out of the"
              + " input, or leave the channel out with input.channels.");
    }
    double width = (max - min) / (MOST - 1.0);
    boolean fine = width == 0 || (type.equals(DataTypes.LongType) && width < 1);
    return new Levels(type, min, fine ? 1 : width);
  }

  /** Whether every intensity has a code of its own. */
  public boolean isExact() {
    return isExact(type) || (type.equals(DataTypes.LongType) && step == 1);
  }

  /** The code of a finite intensity. */
  public int code(double intensity) {
    return isExact(type) ? (int) intensity : (int) Math.floor((intensity - low) / step + 0.5);
  }

  /** The intensity that a code stands for, in the samples' own precision. */
  public double intensity(int code) {
    if (isExact(type)) {
      return code;
    }
    double value = low + code * step;
    return type.equals(DataTypes.FloatType) ? (float) value : value;
  }
}
