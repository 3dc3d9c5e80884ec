package org.cytolake.cluster;

import java.io.Serializable;
import java.util.Optional;

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
