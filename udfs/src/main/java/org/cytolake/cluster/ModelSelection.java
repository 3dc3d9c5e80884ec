package org.cytolake.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.cytolake.points.WeightedPoints;

/**
 * Models with different numbers of clusters, and which number each criterion picks.
 *
 * @param candidates in the order asked for
 */
public record ModelSelection<T extends Clusters>(List<Candidate<T>> candidates)
    implements Serializable {
  /** What models are compared by. */
  public enum Criterion {
    /** Mean over pixels of the log density, mixtures only; larger is better. */
    LOG_LIKELIHOOD(true),
    /** Akaike's information criterion, mixtures only; smaller is better. */
    AIC(false),
    /** The Bayesian information criterion, mixtures only; smaller is better. */
    BIC(false),
    /** Sum over pixels of squared distances to the centre, k-means only; smaller is better. */
    COST(false),
    /** {@link Silhouette#simplified}; larger is better. */
    SILHOUETTE(true),
    /** {@link Silhouette#exact}, if asked for; larger is better. */
    EXACT_SILHOUETTE(true),
    /** BIC of pixels at evenly spread places, mixtures only; smaller is better. */
    EFFECTIVE_BIC(false),
    /** That with the entropy of the assignment, mixtures only; smaller is better. */
    ICL(false),
    /** How alike the clusters of the halves of images are; larger is better. */
    STABILITY(true),
    /** How far the number of clusters is from that of modes; smaller is better. */
    MODES(false);

    private final boolean largest;

    Criterion(boolean largest) {
      this.largest = largest;
    }
  }

  /** Scores by criteria that the points and labels do not tell. */
  @FunctionalInterface
  public interface Scoring<T extends Clusters> {
    /** Of a model that was told to have so many clusters. */
    Map<Criterion, Double> of(int k, T model);
  }

  /**
   * A model and its scores.
   *
   * @param k number of clusters asked for, or found by a method that is not asked
   * @param model the model, or why there is none
   * @param scores by those criteria that have one, finite; none without a model
   */
  public record Candidate<T extends Clusters>(
      int k, Outcome<T> model, Map<Criterion, Double> scores) implements Serializable {
    public Candidate {
      Map<Criterion, Double> copy = new EnumMap<>(Criterion.class);
      copy.putAll(scores);
      if (!copy.values().stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException("scores are finite, not " + copy);
      }
      scores = Collections.unmodifiableMap(copy);
    }

    private static <T extends Clusters> Candidate<T> of(
        WeightedPoints points, int k, Outcome<T> model, boolean exact, Scoring<? super T> further) {
      Map<Criterion, Double> scores = new EnumMap<>(Criterion.class);
      model
          .result()
          .ifPresent(
              m -> {
                scores.putAll(m.scores());
                silhouettes(points, m.labels(), exact, scores);
                scores.putAll(further.of(k, m));
              });
      return new Candidate<>(k, model, scores);
    }
  }

  public ModelSelection {
    candidates = new ArrayList<>(candidates);
    candidates = Collections.unmodifiableList(candidates);
  }

  /**
   * Gaussian mixtures.
   *
   * @param ks numbers of components, each at least 1
   * @param exact whether to take the exact silhouette too
   */
  public static ModelSelection<Mixture> mixtures(
      WeightedPoints points, List<Integer> ks, GaussianMixture.Options options, boolean exact) {
    return of(points, ks, k -> GaussianMixture.fit(points, k, options), exact);
  }

  /**
   * K-means.
   *
   * @param ks numbers of clusters, each at least 1
   * @param exact whether to take the exact silhouette too
   */
  public static ModelSelection<Clustering> kMeans(
      WeightedPoints points, List<Integer> ks, KMeans.Options options, boolean exact) {
    return of(points, ks, k -> KMeans.fit(points, k, options), exact);
  }

  /**
   * Models of any method that is told the number of clusters.
   *
   * @param fit gives the model of {@code points} for a number of clusters
   * @param exact whether to take the exact silhouette too
   */
  public static <T extends Clusters> ModelSelection<T> of(
      WeightedPoints points, List<Integer> ks, IntFunction<Outcome<T>> fit, boolean exact) {
    return of(points, ks, fit, exact, (k, model) -> Map.of());
  }

  /**
   * Models of any method that is told the number of clusters.
   *
   * @param fit gives the model of {@code points} for a number of clusters
   * @param exact whether to take the exact silhouette too
   * @param further criteria
   */
  public static <T extends Clusters> ModelSelection<T> of(
      WeightedPoints points,
      List<Integer> ks,
      IntFunction<Outcome<T>> fit,
      boolean exact,
      Scoring<? super T> further) {
    return new ModelSelection<>(
        ks.stream().map(k -> Candidate.of(points, k, fit.apply(k), exact, further)).toList());
  }

  /**
   * The one model of a method that finds the number of clusters itself; 0 without a model.
   *
   * @param exact whether to take the exact silhouette too
   */
  public static <T extends Clusters> ModelSelection<T> of(
      WeightedPoints points, Outcome<T> model, boolean exact) {
    int k = model.result().map(Clusters::k).orElse(0);
    return new ModelSelection<>(List.of(Candidate.of(points, k, model, exact, (n, m) -> Map.of())));
  }

  private static void silhouettes(
      WeightedPoints points, int[] labels, boolean exact, Map<Criterion, Double> scores) {
    Silhouette.simplified(points, labels)
        .result()
        .ifPresent(s -> scores.put(Criterion.SILHOUETTE, s));
    if (exact) {
      Silhouette.exact(points, labels)
          .result()
          .ifPresent(s -> scores.put(Criterion.EXACT_SILHOUETTE, s));
    }
  }

  /**
   * The number of clusters that a criterion picks, the smallest of equals; empty if none has it.
   */
  public OptionalInt selected(Criterion criterion) {
    Candidate<T> best = null;
    for (Candidate<T> c : candidates) {
      if (c.scores().containsKey(criterion) && (best == null || isBetter(c, best, criterion))) {
        best = c;
      }
    }
    return best == null ? OptionalInt.empty() : OptionalInt.of(best.k());
  }

  private static boolean isBetter(Candidate<?> a, Candidate<?> b, Criterion criterion) {
    int order = Double.compare(a.scores().get(criterion), b.scores().get(criterion));
    return order == 0 ? a.k() < b.k() : order > 0 == criterion.largest;
  }
}
