package org.cytolake.cluster;

import java.io.Serializable;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.gaussian.Ascent;
import org.cytolake.gaussian.Components;
import org.cytolake.gaussian.Expectation;
import org.cytolake.points.Blocks;
import org.cytolake.points.Cells;
import org.cytolake.points.WeightedPoints;

/**
 * Gaussian mixtures with full covariances, fitted to pixels by expectation and maximisation
 * (Dempster, Laird, Rubin 1977). From the same start it takes the steps of {@code
 * sklearn.mixture.GaussianMixture} on the pixels one by one. Without a start it makes short runs
 * from several, and a long one from the best of them (Biernacki, Celeux, Govaert 2003, "Choosing
 * starting values for the EM algorithm"), most of it on few cells in place of the tuples, and with
 * leaps between the steps.
 *
 * <p>A variance is never below the regularisation. Where many pixels share one intensity (a clipped
 * range, 8 bits), a component of that variance around it has a very high density: such mixtures
 * have the highest likelihood, and from some starts they are found, here as by scikit-learn, but
 * they describe grey levels and not populations. A larger regularisation, such as 1/12, the
 * variance of rounding to integers, takes the advantage from single grey levels.
 */
public final class GaussianMixture {
  private GaussianMixture() {}

  /**
   * How to fit.
   *
   * @param starts the best of so many starts on the fewest cells, at least 1
   * @param maxIterations of any run, at least 1
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
      return Unfitted.tooFew(points, k);
    }
    Ascent best = MixtureSearch.best(points, k, options);
    int size = points.levels().get(points.levels().size() - 1).points().size();
    return new Fitted<>(mixture(best, Blocks.of(points), Cells.areMany(points) ? size : 0));
  }

  private static Mixture mixture(Ascent ascent, Blocks blocks, int coreset) {
    Components components = ascent.components().ordered();
    Expectation last = new Expectation(blocks, components, 0);
    int[] labels = new int[blocks.size()];
    double logLikelihood = last.labels(labels);
    return new Mixture(
        components,
        labels,
        logLikelihood,
        blocks.weight(),
        ascent.iterations(),
        ascent.converged(),
        coreset > 0
            ? new Coreset(coreset, Math.max(0, logLikelihood - ascent.reached()))
            : Coreset.NONE);
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
      return Unfitted.tooFew(points, start.k());
    }
    Blocks blocks = Blocks.of(points);
    Ascent ascent = new Ascent(blocks, start, options.regularization(), points.variance());
    ascent.walk(options.maxIterations(), options.tolerance());
    return new Fitted<>(mixture(ascent, blocks, 0));
  }
}
