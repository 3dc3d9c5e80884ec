package org.cytolake.report;

import org.cytolake.field.Columns;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Columns of one table in a form in which rows of all tables can travel together: texts and
 * numbers. NULL and missing columns come as null and NaN.
 *
 * @param name of the table
 * @param texts names of text columns
 * @param numbers names of numeric columns; true is 1
 * @param tail an expression for an array of further numbers, or null
 */
record Part(String name, List<String> texts, List<String> numbers, String tail)
    implements java.io.Serializable {
  Part {
    texts = List.copyOf(texts);
    numbers = List.copyOf(numbers);
  }

  static Part of(String name, String texts, String numbers) {
    return of(name, texts, numbers, null);
  }

  static Part of(String name, String texts, String numbers, String tail) {
    return new Part(name, words(texts), words(numbers), tail);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
  }

  static String quoted(String column) {
    return "`" + column + "`";
  }

  Dataset<Row> select(Dataset<Row> table) {
    List<String> there = Arrays.asList(table.columns());
    List<String> asText = new ArrayList<>();
    for (String text : texts) {
      asText.add(
          there.contains(text) ? "cast(" + quoted(text) + " as string)" : "cast(null as string)");
    }
    List<String> asNumber = new ArrayList<>();
    for (String number : numbers) {
      asNumber.add(
          there.contains(number)
              ? "coalesce(cast(" + quoted(number) + " as double), double('NaN'))"
              : "double('NaN')");
    }
    String array = "array(" + String.join(", ", asNumber) + ")";
    Column[] columns = {
      col("image"),
      col("series"),
      col("z"),
      col("t"),
      lit(name).as("part"),
      expr(texts.isEmpty()
              ? "cast(array() as array<string>)"
              : "array(" + String.join(", ", asText) + ")")
          .as("texts"),
      expr(tail == null ? array : "concat(" + array + ", " + tail + ")").as("numbers")
    };
    return table.select(columns);
  }

  /** The rows of {@code images} with their warnings as one text; NULL where there are none. */
  static Dataset<Row> withWarnings(Dataset<Row> images) {
    return images.withColumn(
        "warnings",
        expr(
            "nullif(array_join(transform(warnings, w -> concat_ws(' ', w.message, w.remedy)), ' '),"
                + " '')"));
  }

  int number(String column) {
    return index(numbers, column);
  }

  int text(String column) {
    return index(texts, column);
  }

  private int index(List<String> columns, String column) {
    int at = columns.indexOf(column);
    if (at < 0) {
      throw new IllegalArgumentException(name + " has no column " + column + " here");
    }
    return at;
  }
}
