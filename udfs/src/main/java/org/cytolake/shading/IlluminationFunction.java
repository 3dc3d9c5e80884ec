package org.cytolake.shading;

import java.util.Arrays;

/**
 * How much light each pixel of a field gets, as CellProfiler's CorrectIlluminationCalculate finds
 * it from many images (T. Jones et al. 2006, "Methods for high-content, high-throughput image-based
 * cell screening"); or, of sums with copies of the planes, as BaSiC does (T. Peng et al. 2017, "A
 * BaSiC tool for background and shading correction of optical microscopy images"; basicpy 2.0).
 */
public final class IlluminationFunction {
  private static final double ROBUST = 0.02; // share of the pixels below the robust minimum

  private IlluminationFunction() {}

  /**
   * The function that sums give.
   *
   * @param largest that an intensity can have; for floating point the largest average
   * @param smoothing of no account for BaSiC's
   * @param rescaled not for BaSiC's, which is a factor with the mean 1: whether it is a factor, 1
   *     at the robust minimum (the value that 2 % of the pixels above 0 are below) and nowhere
   *     less; else it has the images' own units
   * @return row by row
   */
  public static float[] of(
      IlluminationSums sums, Smoothing smoothing, double largest, boolean rescaled) {
    double[] values =
        sums.hasCopies()
            ? sums.flatField()
            : smoothing.of(sums.average(), sums.height(), sums.width(), largest);
    if (rescaled && !sums.hasCopies()) {
      double[] positive = Arrays.stream(values).filter(v -> v > 0).sorted().toArray();
      if (positive.length > 0) {
        double minimum = positive[(int) (positive.length * ROBUST)];
        values = Arrays.stream(values).map(v -> Math.max(v, minimum) / minimum).toArray();
      }
    }
    float[] function = new float[values.length];
    for (int i = 0; i < function.length; i++) {
      function[i] = (float) values[i];
    }
    return function;
  }
}
