package org.cytolake.output;

import java.util.Locale;
import java.util.Optional;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.StorePath;

/** Turns what the file system and Spark throw into an error with a remedy. */
public final class StoreErrors {
  private StoreErrors() {}

  /**
   * A run failed on the file system, or while the rows were computed.
   *
   * @param what the failed deed and its path, a clause without a full stop
   * @param remedy what to do where the cause does not say better
   */
  public static CytolakeException failed(String what, String remedy, Throwable cause) {
    CytolakeException own = find(cause, CytolakeException.class);
    if (own != null) {
      return own;
    }
    Optional<CytolakeException> store = StorePath.explain(what, cause);
    if (store.isPresent()) {
      return store.get();
    }
    String better =
        isFull(cause)
            ? "Free some space there or choose another --output, then run the same command again."
            : isDenied(cause)
                ? "Give this account write permission there, or choose another --output."
                : remedy;
    return new CytolakeException(Code.FAILED, what + ": " + reason(cause) + ".", better, cause);
  }

  /** The output cannot be used at all: the user's words are wrong, unless the disk is full. */
  public static CytolakeException unusable(String what, Throwable cause) {
    if (isFull(cause)) {
      return failed(what, "", cause);
    }
    return StorePath.explain(what, cause)
        .orElseGet(
            () ->
                new CytolakeException(
                    Code.USAGE,
                    what + ": " + reason(cause) + ".",
                    "Give a folder that this account may write to as --output.",
                    cause));
  }

  /** The first line of the innermost cause that has a message. */
  public static String reason(Throwable cause) {
    String reason = cause.getClass().getSimpleName();
    for (Throwable t = cause; t != null; t = next(t)) {
      if (t.getMessage() != null && !t.getMessage().isBlank()) {
        reason = t.getMessage().strip().lines().findFirst().orElseThrow();
      }
    }
    return reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
  }

  private static boolean isFull(Throwable cause) {
    return mentions(cause, "no space left") || mentions(cause, "quota");
  }

  private static boolean isDenied(Throwable cause) {
    return mentions(cause, "permission denied")
        || mentions(cause, "accesscontrol")
        || mentions(cause, "accessdenied");
  }

  private static boolean mentions(Throwable cause, String text) {
    for (Throwable t = cause; t != null; t = next(t)) {
      if (t.toString().toLowerCase(Locale.ROOT).contains(text)) {
        return true;
      }
    }
    return false;
  }

  public static <T extends Throwable> T find(Throwable cause, Class<T> type) {
    for (Throwable t = cause; t != null; t = next(t)) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  private static Throwable next(Throwable t) {
    return t.getCause() == t ? null : t.getCause();
  }
}
