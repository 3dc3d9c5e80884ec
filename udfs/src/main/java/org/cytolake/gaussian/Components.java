package org.cytolake.gaussian;

import java.io.Serializable;
import org.cytolake.points.Ordering;

/**
 * The parameters of a Gaussian mixture.
 *
 * @param weights share of the pixels per component, 0 to 1, together 1
 * @param means {@code [component][channel]}
 * @param covariances {@code [component][channel][channel]}, symmetric, variances above 0
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Components(double[] weights, double[][] means, double[][][] covariances)
    implements Serializable {
  public Components {
    if (weights.length == 0
        || means.length != weights.length
        || covariances.length != weights.length) {
      throw new IllegalArgumentException(
          weights.length
              + " weights, "
              + means.length
              + " means and "
              + covariances.length
              + " covariances are no mixture");
    }
    double total = 0;
    int channels = means[0].length;
    for (int j = 0; j < weights.length; j++) {
      total += weights[j];
      if (!(weights[j] >= 0)) {
        throw new IllegalArgumentException("component " + j + " has the weight " + weights[j]);
      }
      requireMean(means[j], channels, j);
      requireCovariance(covariances[j], channels, j);
    }
    if (!(Math.abs(total - 1) <= 1e-6)) {
      throw new IllegalArgumentException("weights add up to " + total + ", not to 1");
    }
  }

  private static void requireMean(double[] mean, int channels, int component) {
    if (mean.length != channels || channels == 0) {
      throw new IllegalArgumentException(
          "the mean of component " + component + " has " + mean.length + " channels");
    }
    for (double v : mean) {
      if (!Double.isFinite(v)) {
        throw new IllegalArgumentException("component " + component + " has the mean " + v);
      }
    }
  }

  private static void requireCovariance(double[][] covariance, int channels, int component) {
    boolean square = covariance.length == channels;
    for (int a = 0; a < covariance.length && square; a++) {
      square = covariance[a].length == channels && covariance[a][a] > 0;
      for (int b = 0; b < channels && square; b++) {
        double v = covariance[a][b];
        square =
            Double.isFinite(v)
                && (b > a
                    || Math.abs(v - covariance[b][a])
                        <= 1e-9 * Math.sqrt(covariance[a][a] * covariance[b][b]));
      }
    }
    if (!square) {
      throw new IllegalArgumentException(
          "component " + component + " has no covariance of " + channels + " channels");
    }
  }

  /** Number of components. */
  public int k() {
    return weights.length;
  }

  /** Number of channels. */
  public int channels() {
    return means[0].length;
  }

  /** Number of free parameters: weights, means and covariances. */
  public int parameters() {
    int d = channels();
    return k() - 1 + k() * d + k() * d * (d + 1) / 2;
  }

  /** The components by the first channel of their means, ties by the next. */
  public Components ordered() {
    int[] order = Ordering.of(means);
    double[][][] ordered = new double[order.length][][];
    for (int j = 0; j < order.length; j++) {
      ordered[j] = covariances[order[j]];
    }
    return new Components(Ordering.apply(order, weights), Ordering.apply(order, means), ordered);
  }
}
