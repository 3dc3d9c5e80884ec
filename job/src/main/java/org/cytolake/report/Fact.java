package org.cytolake.report;

/**
 * A row of a table, as {@link Part} chose its columns.
 *
 * @param texts null where NULL
 * @param numbers NaN where NULL
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Fact(Part part, String[] texts, double[] numbers) {
  double number(String column) {
    return numbers[part.number(column)];
  }

  String text(String column) {
    return texts[part.text(column)];
  }

  boolean is(String column, String value) {
    return value.equals(text(column));
  }

  /** A number of the tail. */
  double tail(int i) {
    return numbers[part.numbers().size() + i];
  }

  int tailSize() {
    return numbers.length - part.numbers().size();
  }
}
