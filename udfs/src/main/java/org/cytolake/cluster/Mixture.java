package org.cytolake.cluster;

import java.util.Map;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.gaussian.Components;
import org.cytolake.gaussian.Elementary;
import org.cytolake.gaussian.Expectation;
import org.cytolake.points.Blocks;
import org.cytolake.points.WeightedPoints;

/**
 * A fitted Gaussian mixture. Components ascend by the first channel of their means, ties by the
 * next.
 *
 * @param components its parameters, in the units of the points
 * @param labels per tuple its most likely component, from 1
 * @param logLikelihood mean over pixels of the natural logarithm of the density
 * @param pixels number of pixels
 * @param iterations of the start that was best
 * @param converged whether that start came to rest within the limit of iterations
 * @param coreset what it was fitted to in place of the tuples
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Mixture(
    Components components,
    int[] labels,
    double logLikelihood,
    long pixels,
    int iterations,
    boolean converged,
    Coreset coreset)
    implements Clusters {
  /** Fitted to the tuples themselves. */
  public Mixture(
      Components components,
      int[] labels,
      double logLikelihood,
      long pixels,
      int iterations,
      boolean converged) {
    this(components, labels, logLikelihood, pixels, iterations, converged, Coreset.NONE);
  }

  public Mixture {
    if (!Double.isFinite(logLikelihood) || pixels < 1 || iterations < 0) {
      throw new IllegalArgumentException(
          "no mixture: log likelihood " + logLikelihood + " of " + pixels + " pixels");
    }
  }

  @Override
  public int k() {
    return components.k();
  }

  @Override
  public Map<Criterion, Double> scores() {
    return Map.of(
        Criterion.LOG_LIKELIHOOD, logLikelihood, Criterion.AIC, aic(), Criterion.BIC, bic());
  }

  /** Akaike's information criterion with n = pixels, as {@code GaussianMixture.aic}. */
  public double aic() {
    return -2 * logLikelihood * pixels + 2.0 * components.parameters();
  }

  /** The Bayesian information criterion with n = pixels, as {@code GaussianMixture.bic}. */
  public double bic() {
    return -2 * logLikelihood * pixels + components.parameters() * Elementary.log((double) pixels);
  }

  /**
   * The probability that a pixel is of each component.
   *
   * @return {@code [tuple][component]}, each row together 1
   * @throws IllegalArgumentException if the points have another number of channels
   */
  public double[][] responsibilities(WeightedPoints points) {
    double[][] rows = new double[points.size()][k()];
    expectation(points).responsibilities(rows);
    return rows;
  }

  /**
   * The most likely component of other points.
   *
   * @return per tuple its component, from 1
   * @throws IllegalArgumentException if the points have another number of channels
   */
  public int[] labels(WeightedPoints points) {
    int[] found = new int[points.size()];
    expectation(points).labels(found);
    return found;
  }

  /**
   * Mean over other pixels of the natural logarithm of the density.
   *
   * @throws IllegalArgumentException if the points have another number of channels
   */
  public double logLikelihood(WeightedPoints points) {
    return expectation(points).logLikelihood();
  }

  private Expectation expectation(WeightedPoints points) {
    if (points.channels() != components.channels()) {
      throw new IllegalArgumentException(
          "a mixture of " + components.channels() + " channels for points of " + points.channels());
    }
    return new Expectation(Blocks.of(points), components, 0);
  }
}
