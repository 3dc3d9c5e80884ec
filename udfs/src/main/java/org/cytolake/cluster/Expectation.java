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

  private final WeightedPoints points;
  private final double[][] columns;
  private final long[] pixels;
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

  private final double[] logs;

  /** Per component its density at the latest tuple, relative to the largest, and their sum. */
  private final double[] shares;

  private double shareSum;

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
    this.pixels = points.weights();
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
    this.logs = new double[k];
    this.shares = new double[k];
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
    for (int i = 0; i < pixels.length; i++) {
      double w = pixels[i];
      if (d == 2) {
        sum += w * logsOfPair(i);
        collectPair(i, w / shareSum);
      } else {
        sum += w * logs(i);
        collect(i, w / shareSum);
      }
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
    for (int i = 0; i < pixels.length; i++) {
      sum += pixels[i] * logs(i);
    }
    return sum / points.weight();
  }

  /** The most likely component per tuple, from 1. */
  void labels(int[] labels) {
    for (int i = 0; i < labels.length; i++) {
      logs(i);
      int best = 0;
      for (int j = 1; j < k; j++) {
        if (logs[j] > logs[best]) {
          best = j;
        }
      }
      labels[i] = best + 1;
    }
  }

  void responsibilities(double[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      logs(i);
      for (int j = 0; j < k; j++) {
        rows[i][j] = shares[j] / shareSum;
      }
    }
  }

  /** Fills {@link #logs} and {@link #shares} for a tuple; the log of its density. */
  private double logs(int i) {
    int at = 0;
    for (int j = 0; j < k; j++) {
      double squares = 0;
      for (int a = 0; a < d; a++) {
        double y = 0;
        for (int b = 0; b <= a; b++) {
          y += whitening[at++] * (columns[b][i] - means[j * d + b]);
        }
        squares += y * y;
      }
      logs[j] = heights[j] - 0.5 * squares;
    }
    return logSum();
  }

  private double logsOfPair(int i) {
    double x = columns[0][i];
    double y = columns[1][i];
    for (int j = 0; j < k; j++) {
      double dx = x - means[2 * j];
      double dy = y - means[2 * j + 1];
      double a = whitening[3 * j] * dx;
      double b = whitening[3 * j + 1] * dx + whitening[3 * j + 2] * dy;
      logs[j] = heights[j] - 0.5 * (a * a + b * b);
    }
    return logSum();
  }

  private double logSum() {
    double max = logs[0];
    for (int j = 1; j < k; j++) {
      max = Math.max(max, logs[j]);
    }
    double sum = 0;
    for (int j = 0; j < k; j++) {
      shares[j] = Elementary.exp(logs[j] - max);
      sum += shares[j];
    }
    shareSum = sum;
    return max + Elementary.log(sum);
  }

  private void collect(int i, double w) {
    for (int j = 0; j < k; j++) {
      double r = w * shares[j];
      int at = j * stride;
      moments[at++] += r;
      int products = at + d;
      for (int a = 0; a < d; a++) {
        double ra = r * (columns[a][i] - around[j * d + a]);
        moments[at++] += ra;
        for (int b = 0; b <= a; b++) {
          moments[products++] += ra * (columns[b][i] - around[j * d + b]);
        }
      }
    }
  }

  private void collectPair(int i, double w) {
    double x = columns[0][i];
    double y = columns[1][i];
    for (int j = 0; j < k; j++) {
      double r = w * shares[j];
      if (r == 0) {
        continue;
      }
      double dx = x - around[2 * j];
      double dy = y - around[2 * j + 1];
      double rx = r * dx;
      double ry = r * dy;
      int at = 6 * j;
      moments[at] += r;
      moments[at + 1] += rx;
      moments[at + 2] += ry;
      moments[at + 3] += rx * dx;
      moments[at + 4] += ry * dx;
      moments[at + 5] += ry * dy;
    }
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
