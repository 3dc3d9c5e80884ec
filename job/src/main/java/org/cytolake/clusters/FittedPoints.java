package org.cytolake.clusters;

import java.util.Arrays;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.KMeans;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.points.Coarsened;
import org.cytolake.points.WeightedPoints;

/**
 * What a method is fitted to, and the way back to the values.
 *
 * @param values as the table {@code cluster_values} has them
 * @param standardized of them, or null where the fit is to the values themselves
 * @param coarsened of those: as few tuples as the method takes
 */
record FittedPoints(
    WeightedPoints values, WeightedPoints.Standardized standardized, Coarsened coarsened) {

  /** A variance that is never undercut: scikit-learn's {@code reg_covar}. */
  private static final double LEAST_VARIANCE = 1e-6;

  static FittedPoints of(WeightedPoints values, boolean standardize) {
    WeightedPoints.Standardized standardized =
        standardize && values.size() > 0 ? values.standardized() : null;
    WeightedPoints fitted = standardized == null ? values : standardized.points();
    return new FittedPoints(values, standardized, Coarsened.of(fitted, Math.max(1, fitted.size())));
  }

  /** For a method that takes only so many tuples. */
  FittedPoints upTo(int tuples) {
    return new FittedPoints(values, standardized, Coarsened.of(coarsened.points(), tuples));
  }

  WeightedPoints points() {
    return coarsened.points();
  }

  /** What each channel's values were divided by, or null. */
  double[] scale() {
    return standardized == null ? null : standardized.scale();
  }

  /** Points {@code [point][channel]} in the units of the values. */
  double[][] restore(double[][] points) {
    return standardized == null ? points : standardized.restore(points);
  }

  double[][] restoreCovariance(double[][] covariance) {
    if (standardized == null) {
      return covariance;
    }
    double[][] scaled = new double[covariance.length][covariance.length];
    for (int a = 0; a < scaled.length; a++) {
      for (int b = 0; b < scaled.length; b++) {
        scaled[a][b] = covariance[a][b] * scale()[a] * scale()[b];
      }
    }
    return scaled;
  }

  /**
   * How mixtures are fitted to these.
   *
   * @param squaredStep see {@link #squaredStep}
   */
  static GaussianMixture.Options mixtureOptions(Clustering settings, double squaredStep) {
    return new GaussianMixture.Options(
        settings.fitStarts(),
        settings.maxIterations(),
        settings.tolerance(),
        settings.regularization() > 0
            ? settings.regularization()
            : Math.max(LEAST_VARIANCE, squaredStep / 12), // the variance of rounding
        settings.seed());
  }

  /** How k-means is fitted. */
  static KMeans.Options kMeansOptions(Clustering settings) {
    return new KMeans.Options(
        settings.fitStarts(), settings.maxIterations(), settings.tolerance(), settings.seed());
  }

  /**
   * The square of the mean step between the levels that occur, of the channel with the smallest; 0
   * where all have one level.
   */
  double squaredStep() {
    double smallest = Double.POSITIVE_INFINITY;
    for (int c = 0; c < points().channels(); c++) {
      double[] levels = points().column(c).clone();
      Arrays.sort(levels);
      int steps = 0;
      for (int i = 1; i < levels.length; i++) {
        steps += levels[i] > levels[i - 1] ? 1 : 0;
      }
      if (steps > 0) {
        double step = (levels[levels.length - 1] - levels[0]) / steps;
        smallest = Math.min(smallest, step * step);
      }
    }
    return smallest < Double.POSITIVE_INFINITY ? smallest : 0;
  }
}
