package org.cytolake.sql;

import java.util.function.DoublePredicate;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/**
 * An argument of a function.
 *
 * @param name as the documentation calls it
 * @param meaning in words
 * @param limits what values it may have; null where any
 * @param fallback its value where it is left out; null where it must be given
 */
record Argument(String name, Kind kind, String meaning, Limits limits, Object fallback) {

  /** What values a number may have. */
  record Limits(String text, DoublePredicate allowed) {}

  Argument(String name, Kind kind, String meaning) {
    this(name, kind, meaning, null, null);
  }

  Argument(String name, Kind kind, String meaning, Limits limits) {
    this(name, kind, meaning, limits, null);
  }

  boolean isOptional() {
    return fallback != null;
  }

  Expression whereLeftOut() {
    return Literal$.MODULE$.apply(fallback);
  }

  /** In words, for the documentation. */
  String description() {
    return name
        + " - "
        + meaning
        + ": "
        + kind.expected()
        + (limits == null ? "" : ", " + limits.text())
        + (isOptional() ? "; " + fallback + " where left out" : "");
  }

  /**
   * What is wrong with an expression in this place, and what to do; null where nothing is.
   *
   * @param given as the user wrote it, with its type
   */
  String fault(Expression given) {
    if (!kind.accepts(given.dataType())) {
      return "must be "
          + kind.expected()
          + ", not "
          + given.dataType().sql()
          + ". "
          + kind.remedy();
    }
    Double value = limits == null ? null : constant(given);
    if (value != null && !limits.allowed().test(value)) {
      return "must be " + limits.text() + ", not " + given.sql();
    }
    return null;
  }

  /** The value where it is known before any row is read; null otherwise. */
  private static Double constant(Expression given) {
    if (!given.foldable() || !(given.dataType() instanceof NumericType)) {
      return null;
    }
    try {
      return (Double) Kind.cast(given, DataTypes.DoubleType).eval(InternalRow.empty());
    } catch (RuntimeException e) {
      return null; // an error of the expression's own, which its evaluation will report
    }
  }
}
