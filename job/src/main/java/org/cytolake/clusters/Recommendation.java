package org.cytolake.clusters;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.cytolake.cluster.Clusters;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Mixture;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.config.ClusterOptions;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.points.NearestCentres;
import org.cytolake.points.WeightedPoints;
import org.cytolake.populations.Populations;
import org.cytolake.populations.Stability;

/**
 * What the pixels at even places say of the number of clusters.
 *
 * @param settings of the clustering
 * @param mixtures how mixtures are fitted
 * @param even the tuples of pixels at even places, as they are fitted
 * @param upper those in the upper halves of the images
 * @param lower those in the lower halves
 * @param populations as many as there are; empty where no pixel lies at an even place
 */
record Recommendation(
    Clustering settings,
    GaussianMixture.Options mixtures,
    WeightedPoints even,
    WeightedPoints upper,
    WeightedPoints lower,
    Optional<Populations> populations) {
  /** Components that edges and skewed populations may take beside the largest k. */
  private static final int FURTHER = 6;

  static Recommendation of(FittedPoints fitted, EvenTuples tuples, Clustering settings) {
    WeightedPoints points = fitted.points();
    WeightedPoints even = tuples.of(points);
    double squaredStep = fitted.squaredStep();
    GaussianMixture.Options mixtures = FittedPoints.mixtureOptions(settings, squaredStep);
    // a grey level by itself is no population
    double narrowest = Math.max(mixtures.regularization(), squaredStep);
    int largest = settings.k().get(settings.k().size() - 1);
    return new Recommendation(
        settings,
        mixtures,
        even,
        tuples.upper(points),
        tuples.lower(points),
        Populations.of(even, largest + FURTHER, narrowest, settings.seed()));
  }

  /** Pixels that count as independent. */
  double pixels() {
    return Populations.independent(even);
  }

  /** The populations; null without a pixel at an even place. */
  Integer modes() {
    return populations.map(Populations::modes).orElse(null);
  }

  /** The scores of a method's model of so many clusters. */
  Map<Criterion, Double> scores(String method, int k, Clusters model) {
    Map<Criterion, Double> scores = new EnumMap<>(Criterion.class);
    populations.ifPresent(p -> scores.put(Criterion.MODES, (double) Math.abs(k - p.modes())));
    if (populations.isPresent() && model instanceof Mixture mixture) {
      scores.putAll(Populations.scores(mixture, even));
    }
    if (settings.options().recommend() == Criterion.STABILITY) {
      halves(method, k)
          .flatMap(fit -> Stability.of(upper, lower, even, fit))
          .ifPresent(s -> scores.put(Criterion.STABILITY, s));
    }
    return scores;
  }

  /** How models of halves are fitted, for methods whose models label any point. */
  private Optional<Function<WeightedPoints, Optional<Stability.Labelling>>> halves(
      String method, int k) {
    if (method.equals(ClusterOptions.GAUSSIAN_MIXTURE)) {
      return Optional.of(
          half -> GaussianMixture.fit(half, k, mixtures).result().map(m -> m::labels));
    }
    if (method.equals(ClusterOptions.K_MEANS)) {
      KMeans.Options options = FittedPoints.kMeansOptions(settings);
      return Optional.of(
          half ->
              KMeans.fit(half, k, options)
                  .result()
                  .map(m -> points -> NearestCentres.of(points, m.centres())));
    }
    return Optional.empty();
  }
}
