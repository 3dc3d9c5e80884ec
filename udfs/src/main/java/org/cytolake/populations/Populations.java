package org.cytolake.populations;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.Mixture;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.gaussian.Elementary;
import org.cytolake.points.WeightedPoints;

/**
 * How many populations pixels are of: the modes of the mixture that the Bayesian information
 * criterion picks of pixels at {@link EvenPlaces}, counted as so many independent ones.
 *
 * @param pixels that count as independent, above 0
 * @param components of the mixture that was picked, 1 or more
 * @param modes of its density, 1 to {@code components}
 */
public record Populations(double pixels, int components, int modes) {
  /** After so many mixtures that are no better, further components are not tried. */
  private static final int PATIENCE = 2;

  private static final int STARTS = 8;
  private static final int ITERATIONS = 200;
  private static final double TOLERANCE = 1e-5;

  /**
   * Counts.
   *
   * @param even tuples of pixels at even places
   * @param most components of a mixture, 1 or more
   * @param regularization of mixtures, squared units of the values, above 0
   * @return empty without a pixel
   */
  public static Optional<Populations> of(
      WeightedPoints even, int most, double regularization, long seed) {
    GaussianMixture.Options options =
        new GaussianMixture.Options(STARTS, ITERATIONS, TOLERANCE, regularization, seed);
    Mixture best = null;
    for (int k = 1; k <= most && (best == null || k <= best.k() + PATIENCE); k++) {
      Mixture mixture = GaussianMixture.fit(even, k, options).result().orElse(null);
      if (mixture != null && (best == null || bic(mixture, even) < bic(best, even))) {
        best = mixture;
      }
    }
    return Optional.ofNullable(best)
        .map(m -> new Populations(independent(even), m.k(), MixtureModes.count(m.components())));
  }

  /** How many independent pixels those at even places count as. */
  public static double independent(WeightedPoints even) {
    return (double) even.weight() / EvenPlaces.PER_PIXEL;
  }

  private static double bic(Mixture mixture, WeightedPoints even) {
    return -2 * mixture.logLikelihood() * independent(even) + penalty(mixture, even);
  }

  private static double penalty(Mixture mixture, WeightedPoints even) {
    return mixture.components().parameters() * Elementary.log(Math.max(1, independent(even)));
  }

  /**
   * What a mixture is worth on pixels at even places, counted as so many independent ones.
   *
   * @return {@link Criterion#EFFECTIVE_BIC} and {@link Criterion#ICL}
   */
  public static Map<Criterion, Double> scores(Mixture mixture, WeightedPoints even) {
    double bic = -2 * mixture.logLikelihood(even) * independent(even) + penalty(mixture, even);
    double[][] shares = mixture.responsibilities(even);
    double entropy = 0;
    for (int i = 0; i < shares.length; i++) {
      for (double share : shares[i]) {
        entropy -= share > 0 ? even.weight(i) * share * Elementary.log(share) : 0;
      }
    }
    Map<Criterion, Double> scores = new EnumMap<>(Criterion.class);
    scores.put(Criterion.EFFECTIVE_BIC, bic);
    scores.put(Criterion.ICL, bic + 2 * entropy / EvenPlaces.PER_PIXEL);
    return scores;
  }
}
