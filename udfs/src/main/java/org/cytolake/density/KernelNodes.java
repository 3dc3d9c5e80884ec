package org.cytolake.density;

import java.util.Arrays;
import java.util.Optional;
import org.cytolake.histogram.JointHistogram;

/**
 * The mean kernel of very many tuples, by way of a grid of nodes between the tuples and the points
 * where the density is wanted: fast Gaussian gridding (Greengard and Lee, SIAM Review 46, 2004).
 *
 * <p>In the coordinates {@code v = y / sqrt(yy)} and {@code u = (x - xy / yy · y) / sqrt(det / yy)}
 * the kernel is the product of two Gaussians of variance 1. Each is the convolution of one of
 * variance {@code S1²}, which spreads a tuple over the 22 nodes beside it, with one of variance
 * {@code S2² = 1 - S1²}, which carries the nodes' sums to the points:
 *
 * <pre>
 * exp(-(a - b)² / 2) = h / (sqrt(2π) S1 S2) · sum over nodes n of exp(-(a - n)² / 2S1²) exp(-(n - b)² / 2S2²)
 * </pre>
 *
 * <p>The error of that sum is {@code 2 exp(-2π² (S1 S2 / h)²)}, 7e-15; that of leaving out nodes
 * beyond {@code NEAR} S1 is 3e-13. Both are shares of the height of a tuple's kernel.
 */
final class KernelNodes {
  private static final double S1 = 0.4;
  private static final double S2 = Math.sqrt(1 - S1 * S1);
  private static final double STEP = S1 * S2 / 1.3;
  private static final double NEAR = 7.6;

  /** The carrying Gaussian ends at so many of its standard deviations. */
  private static final double FAR = 8.5;

  private static final int SPREAD = (int) Math.ceil(2 * NEAR * S1 / STEP);

  /** With fewer tuples the kernels' own sum is as fast. */
  private static final int LEAST_TUPLES = 2000;

  private static final double MOST_NODES = 1 << 22;

  private final Kernel kernel;
  private final Axis u;
  private final Axis v;
  private final double[] sums; // [v * u.size + u]

  private KernelNodes(Kernel kernel, Axis u, Axis v) {
    this.kernel = kernel;
    this.u = u;
    this.v = v;
    this.sums = new double[u.size * v.size];
  }

  /** Evenly spaced nodes. */
  private record Axis(double first, int size) {
    static Axis of(double lowest, double highest) {
      double first = lowest - (SPREAD / 2 + 1) * STEP;
      return new Axis(first, (int) Math.ceil((highest - first) / STEP) + SPREAD / 2 + 2);
    }

    /** The first of the nodes that a tuple is spread over. */
    int beside(double at) {
      return (int) Math.ceil((at - first) / STEP - SPREAD / 2.0);
    }
  }

  /**
   * The nodes with all tuples spread over them.
   *
   * @return empty where the sum without nodes is the better one: for few tuples, or where the
   *     tuples are too far apart for a grid of nodes
   */
  static Optional<KernelNodes> of(Kernel kernel, JointHistogram channels) {
    if (channels.size() < LEAST_TUPLES) {
      return Optional.empty();
    }
    double uLow = Double.POSITIVE_INFINITY;
    double uHigh = Double.NEGATIVE_INFINITY;
    double vLow = Double.POSITIVE_INFINITY;
    double vHigh = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < channels.size(); i++) {
      double atU = u(kernel, channels.value(0, i), channels.value(1, i));
      double atV = v(kernel, channels.value(1, i));
      uLow = Math.min(uLow, atU);
      uHigh = Math.max(uHigh, atU);
      vLow = Math.min(vLow, atV);
      vHigh = Math.max(vHigh, atV);
    }
    double border = SPREAD + 3;
    double nodes = ((uHigh - uLow) / STEP + border) * ((vHigh - vLow) / STEP + border);
    if (!(nodes <= MOST_NODES)) {
      return Optional.empty();
    }
    KernelNodes all = new KernelNodes(kernel, Axis.of(uLow, uHigh), Axis.of(vLow, vHigh));
    all.spread(channels);
    return Optional.of(all);
  }

  private static double u(Kernel kernel, double x, double y) {
    return (x - kernel.xy() / kernel.yy() * y) * Math.sqrt(kernel.yy() / kernel.determinant());
  }

  private static double v(Kernel kernel, double y) {
    return y / Math.sqrt(kernel.yy());
  }

  private void spread(JointHistogram channels) {
    Gaussian near = new Gaussian(S1, SPREAD);
    double[] across = new double[SPREAD];
    double[] down = new double[SPREAD];
    for (int i = 0; i < channels.size(); i++) {
      double atU = u(kernel, channels.value(0, i), channels.value(1, i));
      double atV = v(kernel, channels.value(1, i));
      int left = u.beside(atU);
      int top = v.beside(atV);
      near.at(u.first + left * STEP - atU, (double) channels.count(i), SPREAD, across);
      near.at(v.first + top * STEP - atV, 1, SPREAD, down);
      for (int k = 0; k < SPREAD; k++) {
        int from = (top + k) * u.size + left;
        double weight = down[k];
        for (int j = 0; j < SPREAD; j++) {
          sums[from + j] += weight * across[j];
        }
      }
    }
  }

  /** The density at the points of an even grid, {@code [row * x.length + column]}. */
  double[] density(JointHistogram channels, double[] x, double[] y) {
    double root = STEP / (Math.sqrt(2 * Math.PI) * S1 * S2);
    double peak = 1 / (2 * Math.PI * Math.sqrt(kernel.determinant()) * channels.count());
    int reach = (int) Math.ceil(FAR * S2 / STEP);
    Gaussian far = new Gaussian(S2, 2 * reach + 1);
    double[] weights = new double[2 * reach + 1];
    double[] row = new double[u.size];
    double[] density = new double[x.length * y.length];
    for (int k = 0; k < y.length; k++) {
      double atV = v(kernel, y[k]);
      int top = (int) Math.max(0, Math.rint((atV - v.first) / STEP) - reach);
      int bottom = (int) Math.min(v.size - 1.0, Math.rint((atV - v.first) / STEP) + reach);
      if (top > bottom) {
        continue;
      }
      far.at(v.first + top * STEP - atV, peak * root * root, bottom - top + 1, weights);
      Arrays.fill(row, 0);
      for (int n = top; n <= bottom; n++) {
        double weight = weights[n - top];
        int from = n * u.size;
        for (int j = 0; j < row.length; j++) {
          row[j] += weight * sums[from + j];
        }
      }
      for (int c = 0; c < x.length; c++) {
        double atU = u(kernel, x[c], y[k]);
        int left = (int) Math.max(0, Math.rint((atU - u.first) / STEP) - reach);
        int right = (int) Math.min(u.size - 1.0, Math.rint((atU - u.first) / STEP) + reach);
        if (left > right) {
          continue;
        }
        far.at(u.first + left * STEP - atU, 1, right - left + 1, weights);
        double sum = 0;
        for (int n = left; n <= right; n++) {
          sum += weights[n - left] * row[n];
        }
        density[k * x.length + c] = sum;
      }
    }
    return density;
  }

  /** A Gaussian at evenly spaced nodes: the product of two exponentials and a table. */
  private static final class Gaussian {
    private final double variance;
    private final double[] table;

    Gaussian(double deviation, int nodes) {
      this.variance = deviation * deviation;
      this.table = new double[nodes];
      for (int i = 0; i < nodes; i++) {
        double d = i * STEP;
        table[i] = Math.exp(-d * d / (2 * variance));
      }
    }

    /**
     * Fills in the values at n nodes.
     *
     * @param d of the first node from the peak
     */
    void at(double d, double height, int n, double[] values) {
      double ratio = Math.exp(-d * STEP / variance);
      double power = height * Math.exp(-d * d / (2 * variance));
      for (int i = 0; i < n; i++) {
        values[i] = power * table[i];
        power *= ratio;
      }
    }
  }
}
