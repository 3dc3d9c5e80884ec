package org.cytolake.cluster;

import java.io.Serializable;
import java.util.Optional;
import java.util.function.Function;
import org.cytolake.points.WeightedPoints;

/** A fitted result, or the reason why these points have none. */
public sealed interface Outcome<T extends Serializable> extends Serializable {
  /** A result; every number in it is finite. */
  record Fitted<T extends Serializable>(T value) implements Outcome<T> {
    public Fitted {
      if (value == null) {
        throw new IllegalArgumentException("a fitted outcome has a value");
      }
    }
  }

  /** No result, with a reason that a user can read: what was found and what would be needed. */
  record Unfitted<T extends Serializable>(String reason) implements Outcome<T> {
    public Unfitted {
      if (reason == null || reason.isBlank()) {
        throw new IllegalArgumentException("an outcome without a result says why");
      }
    }

    /** Of points that are none, or not as many as there are to be clusters. */
    public static <T extends Serializable> Unfitted<T> tooFew(WeightedPoints points, int k) {
      return new Unfitted<>(
          points.size() == 0
              ? "there are no pixels to cluster"
              : points.distinct()
                  + " distinct tuples of intensities cannot form "
                  + k
                  + " clusters");
    }

    /** Of more tuples than a method takes. */
    public static <T extends Serializable> Unfitted<T> tooMany(
        String method, int most, WeightedPoints points) {
      return new Unfitted<>(
          method
              + " takes up to "
              + most
              + " tuples, not "
              + points.size()
              + "; coarsen them first");
    }
  }

  /** What becomes of the result; without one the reason stays. */
  default <R extends Serializable> Outcome<R> then(Function<T, Outcome<R>> next) {
    return this instanceof Fitted<T> fitted
        ? next.apply(fitted.value())
        : new Unfitted<>(reasonWhyNot().orElseThrow());
  }

  /** The result, if there is one. */
  default Optional<T> result() {
    return this instanceof Fitted<T> fitted ? Optional.of(fitted.value()) : Optional.empty();
  }

  /** Why there is no result; empty if there is one. */
  default Optional<String> reasonWhyNot() {
    return this instanceof Unfitted<T> unfitted ? Optional.of(unfitted.reason()) : Optional.empty();
  }
}
