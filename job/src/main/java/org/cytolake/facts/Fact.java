package org.cytolake.facts;

import java.util.List;

/** A row among {@link Facts}. */
public record Fact(Facts rows, int row) {
  /** NaN where NULL. */
  public double number(String column) {
    return rows.numbers(column)[row];
  }

  /** A number by its place among the part's. */
  public double number(int i) {
    return rows.numbers(i)[row];
  }

  public List<String> texts() {
    return rows.texts(row);
  }

  /** Null where NULL. */
  public String text(String column) {
    return rows.texts(column)[row];
  }

  public boolean is(String column, String value) {
    return value.equals(text(column));
  }

  /** The further numbers. */
  public double[] tail() {
    return rows.tail(row);
  }
}
