package org.cytolake.gaussian;

import java.util.Arrays;
import org.cytolake.points.Blocks;

/**
 * Expectation and maximisation of a Gaussian mixture in one pass over the tuples, without keeping
 * responsibilities: moments are collected around the present means, which the new means approach as
 * the fit converges, so the shift that is taken off afterwards vanishes. Where a mean moves far in
 * comparison with the new variance, the pass is repeated around the new means.
 *
 * <p>Where points stand for several tuples, a point's log density is the mean of theirs, which
 * makes the sum a lower bound of the log likelihood of the tuples (Verbeek, Nunnink, Vlassis 2006,
 * "Accelerated EM-based clustering of large data sets").
 */
public final class Expectation {
  private static final double LOG_2_PI = 1.8378770664093453;
  private static final double EPSILON = 10 * Math.ulp(1.0);
  private static final int LENGTH = Blocks.LENGTH;

  private final Blocks blocks;
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
  private final double[][] whitening;

  /** Per component the inverse covariance by pairs of channels, those of two channels doubled. */
  private final double[][] precisions;

  /** Per component the logarithms of its densities in a block, then those over the largest. */
  private final double[][] shares;

  /** Per point of a block the largest logarithm. */
  private final double[] tops = new double[LENGTH];

  /** Per point of a block the sum of its densities over the largest. */
  private final double[] totals = new double[LENGTH];

  private final double[] scratch = new double[LENGTH];

  /** Per component: responsibility, its product with the differences, with their products. */
  private final double[] moments;

  /** As {@link #moments}, for the first, second, ... point of all blocks. */
  private final double[][][] lanes;

  private final int stride;

  public Expectation(Blocks blocks, Components start, double regularization) {
    this.blocks = blocks;
    this.k = start.k();
    this.d = blocks.channels();
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
    int pairs = d * (d + 1) / 2;
    this.heights = new double[k];
    this.whitening = new double[k][pairs];
    this.precisions = new double[k][pairs];
    this.shares = new double[k][LENGTH];
    this.stride = 1 + d + pairs;
    this.moments = new double[k * stride];
    this.lanes = new double[k][stride][LENGTH];
    factorise();
  }

  /** The present parameters. */
  public Components components() {
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

  /** The present parameters as one row: all weights, means, covariances. */
  public double[] parameters() {
    double[] row = new double[k * (1 + d + d * d)];
    System.arraycopy(weights, 0, row, 0, k);
    System.arraycopy(means, 0, row, k, k * d);
    System.arraycopy(covariances, 0, row, k + k * d, k * d * d);
    return row;
  }

  /**
   * Goes to other parameters.
   *
   * @return whether they are those of a mixture; if not, the next must be
   */
  boolean set(double[] row) {
    System.arraycopy(row, 0, weights, 0, k);
    System.arraycopy(row, k, means, 0, k * d);
    System.arraycopy(row, k + k * d, covariances, 0, k * d * d);
    boolean positive = true;
    for (double weight : weights) {
      positive &= weight > 0;
    }
    return factorise() && positive;
  }

  /** One step; returns the mean log likelihood of the parameters before it. */
  public double step() {
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
    return sum / blocks.weight();
  }

  /** Collects the moments of all tuples; the sum of their log likelihoods. */
  private double collect() {
    for (double[][] lane : lanes) {
      for (double[] moment : lane) {
        Arrays.fill(moment, 0);
      }
    }
    double sum = 0;
    for (int b = 0; b < blocks.count(); b++) {
      densities(b);
      Loops.quotient(blocks.pixels()[b], totals, scratch);
      for (int j = 0; j < k; j++) {
        collect(b, j);
      }
      sum += logLikelihood(b);
    }
    for (int j = 0; j < k; j++) {
      for (int m = 0; m < stride; m++) {
        moments[j * stride + m] = Loops.sum(lanes[j][m]);
      }
    }
    return sum;
  }

  private void collect(int block, int component) {
    double[] r = shares[component];
    Loops.multiply(r, scratch);
    double[][] to = lanes[component];
    double[][][] x = blocks.columns();
    int at = component * d;
    if (d == 2) {
      Loops.addMoments(r, x[0][block], x[1][block], around[at], around[at + 1], to);
    } else {
      Loops.add(r, to[0]);
      int pair = 1 + d;
      for (int a = 0; a < d; a++) {
        Loops.addProduct(r, x[a][block], around[at + a], to[1 + a]);
        for (int b = 0; b <= a; b++, pair++) {
          Loops.addProduct(r, x[a][block], around[at + a], x[b][block], around[at + b], to[pair]);
        }
      }
    }
    for (int pair = 0; pair < blocks.spreads().length; pair++) {
      Loops.addProduct(r, blocks.spreads()[pair][block], 0, to[1 + d + pair]);
    }
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
  public double logLikelihood() {
    double sum = 0;
    for (int b = 0; b < blocks.count(); b++) {
      densities(b);
      sum += logLikelihood(b);
    }
    return sum / blocks.weight();
  }

  /** Of a block whose densities are there; takes the totals. */
  private double logLikelihood(int block) {
    Elementary.log(totals, LENGTH, scratch);
    Loops.add(tops, totals);
    Loops.multiply(totals, blocks.pixels()[block]);
    return Loops.sum(totals);
  }

  /**
   * The most likely component per tuple.
   *
   * @param labels receives them, from 1
   * @return the mean log likelihood
   */
  public double labels(int[] labels) {
    double sum = 0;
    for (int b = 0; b < blocks.count(); b++) {
      logarithms(b);
      for (int i = 0; i < blocks.size(b); i++) {
        int best = 0;
        for (int j = 1; j < k; j++) {
          if (shares[j][i] > shares[best][i]) {
            best = j;
          }
        }
        labels[b * LENGTH + i] = best + 1;
      }
      sharesOverTops();
      sum += logLikelihood(b);
    }
    return sum / blocks.weight();
  }

  public void responsibilities(double[][] rows) {
    for (int b = 0; b < blocks.count(); b++) {
      densities(b);
      for (int i = 0; i < blocks.size(b); i++) {
        for (int j = 0; j < k; j++) {
          rows[b * LENGTH + i][j] = shares[j][i] / totals[i];
        }
      }
    }
  }

  /** Fills {@link #shares}, {@link #tops} and {@link #totals} for the points of a block. */
  private void densities(int block) {
    logarithms(block);
    sharesOverTops();
  }

  private void sharesOverTops() {
    System.arraycopy(shares[0], 0, tops, 0, LENGTH);
    for (int j = 1; j < k; j++) {
      Loops.max(shares[j], tops);
    }
    Arrays.fill(totals, 0);
    for (int j = 0; j < k; j++) {
      Elementary.exp(shares[j], tops, totals);
    }
  }

  /** Fills {@link #shares} with the logarithms of the densities. */
  private void logarithms(int block) {
    double[][][] x = blocks.columns();
    for (int j = 0; j < k; j++) {
      double[] w = whitening[j];
      double[] to = shares[j];
      int at = j * d;
      if (d == 2) {
        Loops.normal(
            x[0][block], x[1][block], means[at], means[at + 1], w[0], w[1], w[2], heights[j], to);
      } else {
        Arrays.fill(to, heights[j]);
        int pair = 0;
        for (int a = 0; a < d; a++) {
          Arrays.fill(scratch, 0);
          for (int b = 0; b <= a; b++, pair++) {
            Loops.addScaled(x[b][block], means[at + b], w[pair], scratch);
          }
          Loops.takeHalfSquares(scratch, to);
        }
      }
      for (int pair = 0; pair < blocks.spreads().length; pair++) {
        Loops.addScaled(blocks.spreads()[pair][block], 0, -0.5 * precisions[j][pair], to);
      }
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
   *
   * @return whether no pivot is below half the regularisation, as those of a mixture
   */
  private boolean factorise() {
    double[][] factor = new double[d][d];
    double[][] inverse = new double[d][d];
    boolean sane = true;
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
            sane &= v >= 0.5 * regularization;
            factor[a][a] = Math.sqrt(Math.max(v, least));
            logDeterminant += Elementary.log(factor[a][a]);
          } else {
            factor[a][b] = v / factor[b][b];
          }
        }
      }
      invert(factor, inverse);
      int pair = 0;
      for (int a = 0; a < d; a++) {
        for (int b = 0; b <= a; b++, pair++) {
          whitening[j][pair] = inverse[a][b];
          double v = 0;
          for (int c = a; c < d; c++) {
            v += inverse[c][a] * inverse[c][b];
          }
          precisions[j][pair] = a == b ? v : 2 * v;
        }
      }
      double weight = Math.max(weights[j], Double.MIN_NORMAL);
      heights[j] = Elementary.log(weight) - 0.5 * d * LOG_2_PI - logDeterminant;
    }
    return sane;
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
