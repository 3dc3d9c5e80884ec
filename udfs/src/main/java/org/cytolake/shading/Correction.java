package org.cytolake.shading;

/**
 * Takes uneven light out of intensities, as CellProfiler's CorrectIlluminationApply does. Integers
 * stay integers: the quotient or difference in 64 bits is rounded, halves to the even neighbour,
 * and then clipped to what the pixel type holds.
 */
public enum Correction {
  /** By a factor. */
  DIVIDE {
    @Override
    public double raw(double intensity, float function) {
      return intensity / function;
    }
  },
  /** By what light alone gives. */
  SUBTRACT {
    @Override
    public double raw(double intensity, float function) {
      return intensity - function;
    }
  };

  /** Before it is rounded and clipped. */
  public abstract double raw(double intensity, float function);

  /**
   * Corrects intensities in place.
   *
   * @param values the first {@code count} of them, one for each of the function's from {@code
   *     first} on
   * @param min the least that the pixel type holds; for floating point 0 where something is
   *     subtracted, as CellProfiler has it, else minus infinity
   * @param max the largest; infinite for floating point
   * @param integer whether the pixel type is of integers
   * @return how many were clipped
   */
  public long apply(
      double[] values,
      int count,
      float[] function,
      int first,
      double min,
      double max,
      boolean integer) {
    long clipped = 0;
    for (int i = 0; i < count; i++) {
      double value = raw(values[i], function[first + i]);
      value = integer ? Math.rint(value) : value;
      if (value < min) {
        value = min;
        clipped++;
      } else if (value > max) {
        value = max;
        clipped++;
      }
      values[i] = value;
    }
    return clipped;
  }
}
