package org.cytolake.cluster;

import java.io.Serializable;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;

/**
 * Gaussian mixtures with full covariances, fitted to pixels by expectation and maximisation
 * (Dempster, Laird, Rubin 1977). From the same start it takes the steps of {@code
 * sklearn.mixture.GaussianMixture} on the pixels one by one. Without a start it makes short runs
 * from several, and a long one from the best of them (Biernacki, Celeux, Govaert 2003, "Choosing
 * starting values for the EM algorithm").
 *
 * <p>A variance is never below the regularisation. Where many pixels share one intensity (a clipped
 * range, 8 bits), a component of that variance around it has a very high density: such mixtures
 * have the highest likelihood, and from some starts they are found, here as by scikit-learn, but
 * they describe grey levels and not populations. A larger regularisation, such as 1/12, the
 * variance of rounding to integers, takes the advantage from single grey levels.
 */
public final class GaussianMixture {
  private static final int SHORT_ITERATIONS = 50;
  private static final double SHORT_TOLERANCE = 1e-3;

  private GaussianMixture() {}

  /**
   * How to fit.
   *
   * @param starts the best of so many starts, at least 1
   * @param maxIterations of the long run, at least 1
   * @param tolerance a run has come to rest when the log likelihood per pixel changes by less than
   *     this; 0 or more
   * @param regularization added to every variance, squared intensity, above 0
   * @param seed of the random choice of starts
   */
  public record Options(
      int starts, int maxIterations, double tolerance, double regularization, long seed)
      implements Serializable {
    /** On the images tested no less likely than scikit-learn's mixtures by default. */
    public static final Options DEFAULT = new Options(24, 1000, 1e-6, 1e-6, 12345);

    public Options {
      if (starts < 1 || maxIterations < 1 || !(tolerance >= 0)) {
        throw new IllegalArgumentException(
            "a mixture needs a start, an iteration and a tolerance of 0 or more, not "
                + starts
                + ", "
                + maxIterations
                + ", "
                + tolerance);
      }
      if (!(regularization > 0 && Double.isFinite(regularization))) {
        throw new IllegalArgumentException("a regularization of " + regularization);
      }
    }
  }

  /**
   * The best of several starts.
   *
   * @param k number of components, at least 1
   * @return no result if fewer than {@code k} tuples differ
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public static Outcome<Mixture> fit(WeightedPoints points, int k, Options options) {
    if (k < 1) {
      throw new IllegalArgumentException("at least one component, not " + k);
    }
    if (points.distinct() < k) {
      return new Unfitted<>(KMeans.tooFew(points, k));
    }
    MixtureStart starts = new MixtureStart(points, k, options.seed());
    Run best = null;
    for (int start = 0; start < (k == 1 ? 1 : options.starts()); start++) {
      best = better(best, starts, starts.next(start), options);
    }
    best.run(options.maxIterations(), options.tolerance());
    return new Fitted<>(best.mixture());
  }

  private static Run better(Run best, MixtureStart starts, int[] parts, Options options) {
    if (parts.length == 0) {
      return best;
    }
    Components start = starts.components(parts, options.regularization());
    Run run = new Run(starts.points(), start, options.regularization());
    run.run(
        Math.min(SHORT_ITERATIONS, options.maxIterations()),
        Math.max(SHORT_TOLERANCE, options.tolerance()));
    return best == null || run.reached > best.reached ? run : best;
  }

  /**
   * From given parameters.
   *
   * @return no result if fewer tuples differ than there are components
   * @throws IllegalArgumentException if the start has another number of channels
   */
  public static Outcome<Mixture> fit(WeightedPoints points, Components start, Options options) {
    if (start.channels() != points.channels()) {
      throw new IllegalArgumentException(
          "a start of " + start.channels() + " channels for points of " + points.channels());
    }
    if (points.distinct() < start.k()) {
      return new Unfitted<>(KMeans.tooFew(points, start.k()));
    }
    Run run = new Run(points, start, options.regularization());
    run.run(options.maxIterations(), options.tolerance());
    return new Fitted<>(run.mixture());
  }

  private static final class Run {
    private final WeightedPoints points;
    private final Expectation expectation;
    private final double regularization;
    private double reached = Double.NEGATIVE_INFINITY;
    private int iterations;
    private boolean converged;

    Run(WeightedPoints points, Components start, double regularization) {
      this.points = points;
      this.regularization = regularization;
      this.expectation = new Expectation(points, start, regularization);
    }

    /** Goes on to a limit of iterations, counted from the start, or until it comes to rest. */
    void run(int limit, double tolerance) {
      converged = false;
      while (!converged && iterations < limit) {
        iterations++;
        double before = reached;
        reached = expectation.step();
        converged = Math.abs(reached - before) < tolerance;
      }
    }

    Mixture mixture() {
      Components components = expectation.components().ordered();
      Expectation last = new Expectation(points, components, regularization);
      int[] labels = new int[points.size()];
      last.labels(labels);
      return new Mixture(
          components, labels, last.logLikelihood(), points.weight(), iterations, converged);
    }
  }
}
