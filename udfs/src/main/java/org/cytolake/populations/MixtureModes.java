package org.cytolake.populations;

import java.util.Arrays;
import org.cytolake.gaussian.Components;
import org.cytolake.gaussian.Elementary;

/**
 * The modes of a Gaussian mixture's density: from the mean of every component the density is
 * climbed (Li, Ray, Lindsay 2007, "A nonparametric statistical approach to clustering via mode
 * identification"). Components whose climbs end at one place describe one population together.
 */
final class MixtureModes {
  private static final int MOST_STEPS = 2000;

  /** A step below this, in standard deviations of the narrowest component, is the last. */
  private static final double REST = 1e-5;

  /** Ends that are nearer, in those, are one. */
  private static final double SAME = 0.05;

  private final Components of;
  private final double[][][] precisions; // by component, channel, channel
  private final double[] heights; // by component: logarithm of weight and of the density's factor
  private final double[] narrowest; // standard deviation by channel

  private MixtureModes(Components of) {
    int d = of.channels();
    this.of = of;
    precisions = new double[of.k()][][];
    heights = new double[of.k()];
    narrowest = new double[d];
    Arrays.fill(narrowest, Double.POSITIVE_INFINITY);
    for (int j = 0; j < of.k(); j++) {
      double[] logDeterminant = new double[1];
      precisions[j] = inverse(of.covariances()[j], logDeterminant);
      heights[j] =
          Elementary.log(Math.max(of.weights()[j], Double.MIN_NORMAL)) - logDeterminant[0] / 2;
      for (int c = 0; c < d; c++) {
        narrowest[c] = Math.min(narrowest[c], Math.sqrt(of.covariances()[j][c][c]));
      }
    }
  }

  /** How many there are, 1 to the number of components. */
  static int count(Components of) {
    MixtureModes modes = new MixtureModes(of);
    double[][] ends = new double[of.k()][];
    int found = 0;
    for (int j = 0; j < of.k(); j++) {
      double[] end = modes.climb(of.means()[j].clone());
      boolean known = false;
      for (int i = 0; i < found && !known; i++) {
        known = modes.distance(end, ends[i]) < SAME;
      }
      if (!known) {
        ends[found++] = end;
      }
    }
    return found;
  }

  private double[] climb(double[] x) {
    int d = x.length;
    double[] shares = new double[of.k()];
    for (int step = 0; step < MOST_STEPS; step++) {
      shares(x, shares);
      double[][] precision = new double[d][d];
      double[] pull = new double[d];
      for (int j = 0; j < shares.length; j++) {
        for (int a = 0; a < d; a++) {
          for (int b = 0; b < d; b++) {
            double p = shares[j] * precisions[j][a][b];
            precision[a][b] += p;
            pull[a] += p * (of.means()[j][b] - x[b]);
          }
        }
      }
      double[][] inverse = inverse(precision, new double[1]);
      double[] next = x.clone();
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d; b++) {
          next[a] += inverse[a][b] * pull[b];
        }
      }
      boolean rests = distance(next, x) < REST;
      System.arraycopy(next, 0, x, 0, d);
      if (rests) {
        break;
      }
    }
    return x;
  }

  /** The probability of every component at a point. */
  private void shares(double[] x, double[] shares) {
    double top = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < shares.length; j++) {
      double square = 0;
      for (int a = 0; a < x.length; a++) {
        for (int b = 0; b < x.length; b++) {
          square += (x[a] - of.means()[j][a]) * precisions[j][a][b] * (x[b] - of.means()[j][b]);
        }
      }
      shares[j] = heights[j] - square / 2;
      top = Math.max(top, shares[j]);
    }
    double total = 0;
    for (int j = 0; j < shares.length; j++) {
      shares[j] = StrictMath.exp(shares[j] - top);
      total += shares[j];
    }
    for (int j = 0; j < shares.length; j++) {
      shares[j] /= total;
    }
  }

  private double distance(double[] a, double[] b) {
    double largest = 0;
    for (int c = 0; c < a.length; c++) {
      largest = Math.max(largest, Math.abs(a[c] - b[c]) / narrowest[c]);
    }
    return largest;
  }

  /** Of a symmetric positive matrix, by Gauss and Jordan; pivots are never below rounding. */
  private static double[][] inverse(double[][] matrix, double[] logDeterminant) {
    int d = matrix.length;
    double[][] left = new double[d][];
    double[][] right = new double[d][d];
    for (int a = 0; a < d; a++) {
      left[a] = matrix[a].clone();
      right[a][a] = 1;
    }
    for (int p = 0; p < d; p++) {
      double pivot = Math.max(left[p][p], matrix[p][p] * Math.ulp(1.0));
      logDeterminant[0] += Elementary.log(pivot);
      for (int b = 0; b < d; b++) {
        left[p][b] /= pivot;
        right[p][b] /= pivot;
      }
      for (int a = 0; a < d; a++) {
        double factor = left[a][p];
        for (int b = 0; a != p && b < d; b++) {
          left[a][b] -= factor * left[p][b];
          right[a][b] -= factor * right[p][b];
        }
      }
    }
    return right;
  }
}
