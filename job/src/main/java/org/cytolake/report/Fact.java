package org.cytolake.report;

import java.util.List;

/** A row among {@link Facts}. */
record Fact(Facts rows, int row) {
  /** NaN where NULL. */
  double number(String column) {
    return rows.numbers(column)[row];
  }

  /** A number by its place among the part's. */
  double number(int i) {
    return rows.numbers(i)[row];
  }

  List<String> texts() {
    return rows.texts(row);
  }

  /** Null where NULL. */
  String text(String column) {
    return rows.texts(column)[row];
  }

  boolean is(String column, String value) {
    return value.equals(text(column));
  }

  /** The further numbers. */
  double[] tail() {
    return rows.tail(row);
  }
}
