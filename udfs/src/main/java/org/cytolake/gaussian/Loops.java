package org.cytolake.gaussian;

import org.cytolake.points.Blocks;

/**
 * Loops over one block, {@link Blocks#LENGTH} values or as many as the first array has, in a form
 * that the compiler makes vectors of: plain arrays from 0 on, no branch, no sum that waits for the
 * one before.
 */
final class Loops {
  private Loops() {}

  static void multiply(double[] values, double[] by) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= by[i];
    }
  }

  static void quotient(double[] above, double[] below, double[] to) {
    for (int i = 0; i < above.length; i++) {
      to[i] = above[i] / below[i];
    }
  }

  static void add(double[] values, double[] to) {
    for (int i = 0; i < values.length; i++) {
      to[i] += values[i];
    }
  }

  static void max(double[] values, double[] to) {
    for (int i = 0; i < values.length; i++) {
      to[i] = Math.max(to[i], values[i]);
    }
  }

  static void addScaled(double[] values, double origin, double scale, double[] to) {
    for (int i = 0; i < values.length; i++) {
      to[i] += scale * (values[i] - origin);
    }
  }

  static void takeHalfSquares(double[] values, double[] from) {
    for (int i = 0; i < values.length; i++) {
      from[i] -= 0.5 * (values[i] * values[i]);
    }
  }

  static void addProduct(double[] factor, double[] values, double origin, double[] to) {
    for (int i = 0; i < factor.length; i++) {
      to[i] += factor[i] * (values[i] - origin);
    }
  }

  static void addProduct(
      double[] factor, double[] x, double originX, double[] y, double originY, double[] to) {
    for (int i = 0; i < factor.length; i++) {
      to[i] += factor[i] * (x[i] - originX) * (y[i] - originY);
    }
  }

  /** In four sums side by side, which need not wait for each other. */
  static double sum(double[] values) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    for (int i = 0; i < values.length; i += 4) {
      first += values[i];
      second += values[i + 1];
      third += values[i + 2];
      fourth += values[i + 3];
    }
    return (first + second) + (third + fourth);
  }

  /**
   * The logarithm of a normal density of two channels.
   *
   * @param xx first row, {@code yx} and {@code yy} second row of the inverse Cholesky factor
   * @param height the logarithm of the factor before the density
   */
  static void normal(
      double[] x,
      double[] y,
      double meanX,
      double meanY,
      double xx,
      double yx,
      double yy,
      double height,
      double[] to) {
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      double u = xx * dx;
      double v = yx * dx + yy * dy;
      to[i] = height - 0.5 * (u * u + v * v);
    }
  }

  /**
   * Adds what every point of two channels contributes to the moments of order 0, 1 and 2.
   *
   * @param to in the order 1, x, y, xx, yx, yy
   */
  static void addMoments(
      double[] factor, double[] x, double[] y, double originX, double originY, double[][] to) {
    addMoments(factor, x, y, originX, originY, to[0], to[1], to[2], to[3], to[4], to[5]);
  }

  private static void addMoments(
      double[] factor,
      double[] x,
      double[] y,
      double originX,
      double originY,
      double[] sum,
      double[] sumX,
      double[] sumY,
      double[] sumXx,
      double[] sumYx,
      double[] sumYy) {
    for (int i = 0; i < factor.length; i++) {
      double dx = x[i] - originX;
      double dy = y[i] - originY;
      double fx = factor[i] * dx;
      double fy = factor[i] * dy;
      sum[i] += factor[i];
      sumX[i] += fx;
      sumY[i] += fy;
      sumXx[i] += fx * dx;
      sumYx[i] += fy * dx;
      sumYy[i] += fy * dy;
    }
  }
}
