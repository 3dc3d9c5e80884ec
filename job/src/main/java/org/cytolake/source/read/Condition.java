package org.cytolake.source.read;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A predicate over the columns of a pixel table, evaluated a tile at a time.
 *
 * <p>Truth has three values as in SQL: 1 true, 0 false, -1 unknown. A node writes one of them for
 * each pixel.
 */
public sealed interface Condition extends Serializable {

  /** The columns it looks at. */
  Set<String> columns();

  /** Writes the truth of each of the first {@code n} pixels. */
  void evaluate(Pixels pixels, int n, byte[] truth);

  /** What a condition sees of a tile. */
  interface Pixels {
    /** The value that the column has in the whole tile, or null where it varies or is NULL. */
    Object constant(String column);

    /** Whether the column is NULL in the whole tile. */
    boolean isNull(String column);

    /**
     * The value of a column that varies; integers are exact in double precision here, 32-bit ones
     * included.
     */
    double value(String column, int i);

    /** The integers of a column, or null where it does not hold an {@code int[]}. */
    int[] ints(String column);
  }

  /** Comparison operators. */
  enum Op {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE;

    boolean holds(int comparison) {
      return switch (this) {
        case EQ -> comparison == 0;
        case NE -> comparison != 0;
        case LT -> comparison < 0;
        case LE -> comparison <= 0;
        case GT -> comparison > 0;
        case GE -> comparison >= 0;
      };
    }
  }

  /**
   * Translates what Spark hands over; empty where a part is not supported, so that Spark evaluates
   * it itself.
   */
  static Optional<Condition> of(Expression expression, Set<String> columns) {
    if (!(expression instanceof Predicate predicate)) {
      return Optional.empty();
    }
    Expression[] children = predicate.children();
    return switch (predicate.name()) {
      case "AND", "OR" -> {
        Optional<Condition> left = of(children[0], columns);
        Optional<Condition> right = of(children[1], columns);
        yield left.isEmpty() || right.isEmpty()
            ? Optional.empty()
            : Optional.of(new Both(predicate.name().equals("AND"), left.get(), right.get()));
      }
      case "NOT" -> of(children[0], columns).map(Not::new);
      case "IS_NOT_NULL", "IS_NULL" ->
          column(children[0], columns)
              .map(c -> new NullTest(c, predicate.name().equals("IS_NULL")));
      case "IN" -> in(children, columns);
      case "STARTS_WITH", "ENDS_WITH", "CONTAINS" -> text(predicate.name(), children, columns);
      case "=", "<>", "<", "<=", ">", ">=" -> comparison(predicate.name(), children, columns);
      case "ALWAYS_TRUE" -> Optional.of(new Always(true));
      case "ALWAYS_FALSE" -> Optional.of(new Always(false));
      default -> Optional.empty();
    };
  }

  private static Optional<String> column(Expression expression, Set<String> columns) {
    return expression instanceof NamedReference reference
            && reference.fieldNames().length == 1
            && columns.contains(reference.fieldNames()[0])
        ? Optional.of(reference.fieldNames()[0])
        : Optional.empty();
  }

  /**
   * A literal as String or Double; empty for NULL and other types. Doubles hold every 32-bit
   * integer exactly.
   */
  private static Optional<Object> literal(Expression expression) {
    if (!(expression instanceof LiteralValue<?> literal) || literal.value() == null) {
      return Optional.empty();
    }
    Object value = literal.value();
    if (value instanceof UTF8String) {
      return Optional.of(value.toString());
    }
    if (value instanceof Long l && Math.abs(l) > 1L << 53) {
      return Optional.empty();
    }
    if (value instanceof Number number
        && (value instanceof Byte
            || value instanceof Short
            || value instanceof Integer
            || value instanceof Long
            || value instanceof Float
            || value instanceof Double)
        && !Double.isNaN(number.doubleValue())) {
      return Optional.of(number.doubleValue());
    }
    return Optional.empty();
  }

  private static Optional<Condition> in(Expression[] children, Set<String> columns) {
    Optional<String> column = column(children[0], columns);
    List<Optional<Object>> values =
        Arrays.stream(children).skip(1).map(Condition::literal).toList();
    return column.isEmpty() || values.stream().anyMatch(Optional::isEmpty)
        ? Optional.empty()
        : Optional.of(
            new In(column.get(), Set.copyOf(values.stream().map(Optional::get).toList())));
  }

  private static Optional<Condition> text(String name, Expression[] children, Set<String> columns) {
    Optional<String> column = column(children[0], columns);
    return literal(children[1]).filter(v -> v instanceof String).isEmpty() || column.isEmpty()
        ? Optional.empty()
        : Optional.of(new Text(column.get(), name, (String) literal(children[1]).get()));
  }

  private static Optional<Condition> comparison(
      String name, Expression[] children, Set<String> columns) {
    Op op = op(name);
    Optional<String> left = column(children[0], columns);
    Optional<String> right = column(children[1], columns);
    if (left.isPresent() && right.isEmpty()) {
      return literal(children[1]).map(v -> new Compare(left.get(), op, v));
    }
    if (left.isEmpty() && right.isPresent()) {
      return literal(children[0]).map(v -> new Compare(right.get(), mirrored(op), v));
    }
    return Optional.empty();
  }

  private static Op op(String name) {
    return switch (name) {
      case "=" -> Op.EQ;
      case "<>" -> Op.NE;
      case "<" -> Op.LT;
      case "<=" -> Op.LE;
      case ">" -> Op.GT;
      default -> Op.GE;
    };
  }

  private static Op mirrored(Op op) {
    return switch (op) {
      case LT -> Op.GT;
      case LE -> Op.GE;
      case GT -> Op.LT;
      case GE -> Op.LE;
      case EQ, NE -> op;
    };
  }

  /** AND or OR. */
  record Both(boolean and, Condition left, Condition right) implements Condition {
    @Override
    public Set<String> columns() {
      Set<String> columns = new java.util.HashSet<>(left.columns());
      columns.addAll(right.columns());
      return columns;
    }

    @Override
    public void evaluate(Pixels pixels, int n, byte[] truth) {
      byte[] other = new byte[n];
      left.evaluate(pixels, n, truth);
      right.evaluate(pixels, n, other);
      byte decisive = (byte) (and ? 0 : 1);
      for (int i = 0; i < n; i++) {
        byte a = truth[i];
        byte b = other[i];
        truth[i] =
            a == decisive || b == decisive
                ? decisive
                : a == -1 || b == -1 ? -1 : (byte) (1 - decisive);
      }
    }
  }

  /** NOT. */
  record Not(Condition child) implements Condition {
    @Override
    public Set<String> columns() {
      return child.columns();
    }

    @Override
    public void evaluate(Pixels pixels, int n, byte[] truth) {
      child.evaluate(pixels, n, truth);
      for (int i = 0; i < n; i++) {
        truth[i] = truth[i] == -1 ? -1 : (byte) (1 - truth[i]);
      }
    }
  }

  /** TRUE or FALSE. */
  record Always(boolean value) implements Condition {
    @Override
    public Set<String> columns() {
      return Set.of();
    }

    @Override
    public void evaluate(Pixels pixels, int n, byte[] truth) {
      Arrays.fill(truth, 0, n, (byte) (value ? 1 : 0));
    }
  }

  /** IS NULL or IS NOT NULL. */
  record NullTest(String column, boolean wantsNull) implements Condition {
    @Override
    public Set<String> columns() {
      return Set.of(column);
    }

    @Override
    public void evaluate(Pixels pixels, int n, byte[] truth) {
      Arrays.fill(truth, 0, n, (byte) (pixels.isNull(column) == wantsNull ? 1 : 0));
    }
  }

  /** A column beside a literal (String or Double). */
  record Compare(String column, Op op, Object value) implements Condition {
    @Override
    public Set<String> columns() {
      return Set.of(column);
    }

    @Override
    public void evaluate(Pixels pixels, int n, byte[] truth) {
      if (pixels.isNull(column)) {
        Arrays.fill(truth, 0, n, (byte) -1);
        return;
      }
      Object constant = pixels.constant(column);
      if (constant != null) {
        Arrays.fill(truth, 0, n, (byte) (op.holds(compareConstant(constant, value)) ? 1 : 0));
        return;
      }
      double bound = (Double) value;
      int[] ints = pixels.ints(column);
      if (ints != null && bound == (int) bound) {
        int intBound = (int) bound;
        for (int i = 0; i < n; i++) {
          truth[i] = (byte) (op.holds(Integer.compare(ints[i], intBound)) ? 1 : 0);
        }
        return;
      }
      for (int i = 0; i < n; i++) {
        truth[i] = (byte) (op.holds(compareNumbers(pixels.value(column, i), bound)) ? 1 : 0);
      }
    }
  }

  /** IN a list of literals. */
  record In(String column, Set<Object> values) implements Condition {
    @Override
    public Set<String> columns() {
      return Set.of(column);
    }

    @Override
    public void evaluate(Pixels pixels, int n, byte[] truth) {
      Object constant = pixels.constant(column);
      if (pixels.isNull(column)) {
        Arrays.fill(truth, 0, n, (byte) -1);
      } else if (constant != null) {
        boolean in =
            constant instanceof String
                ? values.contains(constant)
                : values.stream().anyMatch(v -> compareConstant(constant, v) == 0);
        Arrays.fill(truth, 0, n, (byte) (in ? 1 : 0));
      } else {
        double[] sorted = values.stream().mapToDouble(v -> (Double) v + 0.0).sorted().toArray();
        for (int i = 0; i < n; i++) {
          truth[i] =
              (byte) (Arrays.binarySearch(sorted, pixels.value(column, i) + 0.0) >= 0 ? 1 : 0);
        }
      }
    }
  }

  /** STARTS_WITH, ENDS_WITH or CONTAINS. */
  record Text(String column, String test, String part) implements Condition {
    @Override
    public Set<String> columns() {
      return Set.of(column);
    }

    @Override
    public void evaluate(Pixels pixels, int n, byte[] truth) {
      String value = (String) pixels.constant(column);
      boolean holds =
          switch (test) {
            case "STARTS_WITH" -> value.startsWith(part);
            case "ENDS_WITH" -> value.endsWith(part);
            default -> value.contains(part);
          };
      Arrays.fill(truth, 0, n, (byte) (holds ? 1 : 0));
    }
  }

  private static int compareConstant(Object constant, Object literal) {
    if (constant instanceof String text) {
      // Spark compares strings byte by byte in UTF-8
      return UTF8String.fromString(text).compareTo(UTF8String.fromString((String) literal));
    }
    return compareNumbers(((Number) constant).doubleValue(), (Double) literal);
  }

  /** Spark's order: -0.0 equals 0.0, NaN is the largest. */
  private static int compareNumbers(double a, double b) {
    return Double.compare(a + 0.0, b + 0.0);
  }
}
