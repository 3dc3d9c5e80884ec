package org.cytolake.populations;

import java.util.Optional;
import java.util.function.Function;
import org.cytolake.cluster.AdjustedRandIndex;
import org.cytolake.points.WeightedPoints;

/**
 * Whether half of the pixels would have given the same clusters (Lange, Roth, Braun, Buhmann 2004,
 * "Stability-based validation of clustering solutions"): a method is fitted to the upper halves of
 * the images and to the lower ones, and both models label the pixels of both.
 */
public final class Stability {
  private Stability() {}

  /** A model: to points their clusters, whatever their numbers. */
  public interface Labelling extends Function<WeightedPoints, int[]> {}

  /**
   * The adjusted Rand index of both models' labels.
   *
   * @param upper tuples of pixels in the upper halves
   * @param lower in the lower ones
   * @param both all of them
   * @param fit gives a model of points, or none
   * @return 1 where both models have the same clusters, about 0 where they have nothing in common;
   *     empty where a half has no model
   */
  public static Optional<Double> of(
      WeightedPoints upper,
      WeightedPoints lower,
      WeightedPoints both,
      Function<WeightedPoints, Optional<Labelling>> fit) {
    Optional<int[]> first = fit.apply(upper).map(model -> model.apply(both));
    Optional<int[]> second = fit.apply(lower).map(model -> model.apply(both));
    return first.isPresent() && second.isPresent()
        ? Optional.of(AdjustedRandIndex.of(both, first.get(), second.get()))
        : Optional.empty();
  }
}
