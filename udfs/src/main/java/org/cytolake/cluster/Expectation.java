package org.cytolake.cluster;

import java.util.Arrays;

/**
 * Expectation and maximisation of a Gaussian mixture in one pass over the tuples, without keeping
 * responsibilities: moments are collected around the present means, which the new means approach as
 * the fit converges, so the shift that is taken off afterwards vanishes. Where a mean moves far in
 * comparison with the new variance, the pass is repeated around the new means.
 */
final class Expectation {
  private static final double LOG_2_PI = 1.8378770664093453;
  private static final double EPSILON = 10 * Math.ulp(1.0);

  /** Tuples at a time: loops of so many steps over arrays that stay in the nearest cache. */
  private static final int BLOCK = 256;

  private final WeightedPoints points;
  private final double[][] columns;
  private final double[] pixels;
  private final int k;
  private final int d;
  private final double regularization;

  private final double[] weights;
  private final double[] means;

  /** Per component the point that its moments are collected around. */
  private final double[] around;

  private final double[] covariances;

  /** Per component the logarithm of its weight and of its density's factor. */
  private final double[] heights;

  /** Per component the lower triangle, row by row, of the inverse of the Cholesky factor. */
  private final double[] whitening;

  /** Per component and tuple of a block the logarithm of its density, by component. */
  private final double[] logs;

  /** As {@link #logs}, the densities in relation to the tuple's largest. */
  private final double[] shares;

  /** Per tuple of a block the sum of its relative densities. */
  private final double[] totals = new double[BLOCK];

  /** Per tuple of a block the logarithm of the sum of its densities. */
  private final double[] sums = new double[BLOCK];

  /** Values of one loop that the next takes. */
  private final double[][] scratch = new double[4][BLOCK];

  /** Per component: responsibility, its product with the differences, with their products. */
  private final double[] moments;

  private final int stride;

  Expectation(WeightedPoints points, Components start, double regularization) {
    this.points = points;
    this.k = start.k();
    this.d = points.channels();
    this.columns = new double[d][];
    for (int c = 0; c < d; c++) {
      columns[c] = points.column(c);
    }
    this.pixels = Arrays.stream(points.weights()).asDoubleStream().toArray();
    this.regularization = regularization;
    this.weights = start.weights().clone();
    this.means = new double[k * d];
    this.around = new double[k * d];
    this.covariances = new double[k * d * d];
    for (int j = 0; j < k; j++) {
      System.arraycopy(start.means()[j], 0, means, j * d, d);
      for (int a = 0; a < d; a++) {
        System.arraycopy(start.covariances()[j][a], 0, covariances, (j * d + a) * d, d);
      }
    }
    this.heights = new double[k];
    this.whitening = new double[k * d * (d + 1) / 2];
    this.logs = new double[k * BLOCK];
    this.shares = new double[k * BLOCK];
    this.stride = 1 + d + d * (d + 1) / 2;
    this.moments = new double[k * stride];
    factorise();
  }

  /** The present parameters. */
  Components components() {
    double[][] m = new double[k][];
    double[][][] s = new double[k][d][];
    for (int j = 0; j < k; j++) {
      m[j] = Arrays.copyOfRange(means, j * d, (j + 1) * d);
      for (int a = 0; a < d; a++) {
        s[j][a] = Arrays.copyOfRange(covariances, (j * d + a) * d, (j * d + a + 1) * d);
      }
    }
    return new Components(weights.clone(), m, s);
  }

  /** One step; returns the mean log likelihood of the parameters before it. */
  double step() {
    System.arraycopy(means, 0, around, 0, means.length);
    double sum = collect();
    if (cancels()) {
      for (int j = 0; j < k; j++) {
        for (int a = 0; a < d; a++) {
          around[j * d + a] += shift(j, a);
        }
      }
      collect();
    }
    maximise();
    factorise();
    return sum / points.weight();
  }

  /** Collects the moments of all tuples; the sum of their log likelihoods. */
  private double collect() {
    Arrays.fill(moments, 0);
    double sum = 0;
    for (int from = 0; from < pixels.length; from += BLOCK) {
      int n = densities(from);
      for (int i = 0; i < n; i++) {
        sum += pixels[from + i] * sums[i];
      }
      collect(from, n);
    }
    return sum;
  }

  /** Whether taking off the shift costs a variance six digits or more. */
  private boolean cancels() {
    boolean cancels = false;
    for (int j = 0; j < k; j++) {
      int at = j * stride;
      for (int a = 0; a < d; a++) {
        double square = shift(j, a) * shift(j, a);
        double aroundPoint = moments[at + 1 + d + a * (a + 3) / 2] / pixels(j);
        double variance = Math.max(aroundPoint - square, 0) + regularization;
        cancels |= square > 1e6 * variance;
      }
    }
    return cancels;
  }

  /** The pixels of a component, never none. */
  private double pixels(int component) {
    return moments[component * stride] + EPSILON;
  }

  /** From where a component's moments were collected to its new mean. */
  private double shift(int component, int channel) {
    return moments[component * stride + 1 + channel] / pixels(component);
  }

  /** The mean log likelihood of the present parameters. */
  double logLikelihood() {
    double sum = 0;
    for (int from = 0; from < pixels.length; from += BLOCK) {
      int n = densities(from);
      for (int i = 0; i < n; i++) {
        sum += pixels[from + i] * sums[i];
      }
    }
    return sum / points.weight();
  }

  /** The most likely component per tuple, from 1. */
  void labels(int[] labels) {
    for (int from = 0; from < pixels.length; from += BLOCK) {
      int n = densities(from);
      for (int i = 0; i < n; i++) {
        int best = 0;
        for (int j = 1; j < k; j++) {
          if (logs[j * BLOCK + i] > logs[best * BLOCK + i]) {
            best = j;
          }
        }
        labels[from + i] = best + 1;
      }
    }
  }

  void responsibilities(double[][] rows) {
    for (int from = 0; from < pixels.length; from += BLOCK) {
      int n = densities(from);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < k; j++) {
          rows[from + i][j] = shares[j * BLOCK + i] / totals[i];
        }
      }
    }
  }

  /**
   * Fills {@link #logs}, {@link #shares} with the relative densities and {@link #sums} for the
   * tuples from one on; how many there are.
   */
  private int densities(int from) {
    int n = Math.min(BLOCK, pixels.length - from);
    int at = 0;
    for (int j = 0; j < k; j++) {
      double[] squares = scratch[0];
      Arrays.fill(squares, 0, n, 0);
      for (int a = 0; a < d; a++) {
        double[] y = scratch[1];
        Arrays.fill(y, 0, n, 0);
        for (int b = 0; b <= a; b++) {
          addScaled(y, columns[b], from, n, means[j * d + b], whitening[at++]);
        }
        for (int i = 0; i < n; i++) {
          squares[i] += y[i] * y[i];
        }
      }
      double height = heights[j];
      for (int i = 0, to = j * BLOCK; i < n; i++) {
        logs[to + i] = height - 0.5 * squares[i];
      }
    }
    sumOfExponentials(n);
    return n;
  }

  private static void addScaled(
      double[] y, double[] column, int from, int n, double origin, double scale) {
    for (int i = 0; i < n; i++) {
      y[i] += scale * (column[from + i] - origin);
    }
  }

  private void sumOfExponentials(int n) {
    double[] max = scratch[0];
    System.arraycopy(logs, 0, max, 0, n);
    for (int j = 1; j < k; j++) {
      for (int i = 0, to = j * BLOCK; i < n; i++) {
        max[i] = Math.max(max[i], logs[to + i]);
      }
    }
    Arrays.fill(totals, 0, n, 0);
    for (int j = 0; j < k; j++) {
      int to = j * BLOCK;
      for (int i = 0; i < n; i++) {
        shares[to + i] = logs[to + i] - max[i];
      }
      Elementary.exp(shares, to, n, scratch[1]);
      for (int i = 0; i < n; i++) {
        totals[i] += shares[to + i];
      }
    }
    System.arraycopy(totals, 0, sums, 0, n);
    Elementary.log(sums, n, scratch[1]);
    for (int i = 0; i < n; i++) {
      sums[i] += max[i];
    }
  }

  private void collect(int from, int n) {
    double[] r = scratch[0];
    double[] ra = scratch[1];
    double[] product = scratch[2];
    double[] scale = scratch[3];
    for (int i = 0; i < n; i++) {
      scale[i] = pixels[from + i] / totals[i];
    }
    for (int j = 0; j < k; j++) {
      for (int i = 0, to = j * BLOCK; i < n; i++) {
        r[i] = scale[i] * shares[to + i];
      }
      int at = j * stride;
      moments[at++] += sum(r, n);
      int products = at + d;
      for (int a = 0; a < d; a++) {
        multiply(r, columns[a], from, n, around[j * d + a], ra);
        moments[at++] += sum(ra, n);
        for (int b = 0; b <= a; b++) {
          multiply(ra, columns[b], from, n, around[j * d + b], product);
          moments[products++] += sum(product, n);
        }
      }
    }
  }

  private static void multiply(
      double[] factor, double[] column, int from, int n, double origin, double[] product) {
    for (int i = 0; i < n; i++) {
      product[i] = factor[i] * (column[from + i] - origin);
    }
  }

  /** In four sums side by side, which need not wait for each other. */
  private static double sum(double[] values, int n) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      first += values[i];
      second += values[i + 1];
      third += values[i + 2];
      fourth += values[i + 3];
    }
    for (; i < n; i++) {
      first += values[i];
    }
    return (first + second) + (third + fourth);
  }

  private void maximise() {
    double total = 0;
    for (int j = 0; j < k; j++) {
      weights[j] = pixels(j);
      total += weights[j];
      int products = j * stride + 1 + d;
      for (int a = 0; a < d; a++) {
        for (int b = 0; b <= a; b++) {
          double v = moments[products++] / pixels(j) - shift(j, a) * shift(j, b);
          v = a == b ? Math.max(v, 0) + regularization : v;
          covariances[(j * d + a) * d + b] = v;
          covariances[(j * d + b) * d + a] = v;
        }
      }
      for (int a = 0; a < d; a++) {
        means[j * d + a] = around[j * d + a] + shift(j, a);
      }
    }
    for (int j = 0; j < k; j++) {
      weights[j] /= total;
    }
  }

  /**
   * Cholesky factors and their inverses; a pivot lost to rounding becomes the smallest sane one.
   */
  private void factorise() {
    double[][] factor = new double[d][d];
    double[][] inverse = new double[d][d];
    int at = 0;
    for (int j = 0; j < k; j++) {
      double logDeterminant = 0;
      for (int a = 0; a < d; a++) {
        for (int b = 0; b <= a; b++) {
          double v = covariances[(j * d + a) * d + b];
          for (int c = 0; c < b; c++) {
            v -= factor[a][c] * factor[b][c];
          }
          if (a == b) {
            double least = covariances[(j * d + a) * d + a] * Math.ulp(1.0);
            factor[a][a] = Math.sqrt(Math.max(v, least));
            logDeterminant += Elementary.log(factor[a][a]);
          } else {
            factor[a][b] = v / factor[b][b];
          }
        }
      }
      invert(factor, inverse);
      for (int a = 0; a < d; a++) {
        for (int b = 0; b <= a; b++) {
          whitening[at++] = inverse[a][b];
        }
      }
      double weight = Math.max(weights[j], Double.MIN_NORMAL);
      heights[j] = Elementary.log(weight) - 0.5 * d * LOG_2_PI - logDeterminant;
    }
  }

  private static void invert(double[][] lower, double[][] inverse) {
    for (int a = 0; a < lower.length; a++) {
      inverse[a][a] = 1 / lower[a][a];
      for (int b = 0; b < a; b++) {
        double v = 0;
        for (int c = b; c < a; c++) {
          v -= lower[a][c] * inverse[c][b];
        }
        inverse[a][b] = v / lower[a][a];
      }
    }
  }
}
