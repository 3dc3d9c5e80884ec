package org.cytolake.facts;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;

/**
 * Rows and columns of one table in a form in which rows of all tables can travel together: texts
 * and numbers. NULL and missing columns come as null and NaN. {@link PartReader} does the same for
 * rows in memory.
 *
 * @param name of the table
 * @param texts names of text columns; of an array of warnings, message and remedy in a line each,
 *     with an empty line between warnings, NULL where there are none
 * @param numbers names of numeric columns; true is 1
 * @param tail name of an array of further numbers, or of an array of structs of them; or null
 * @param filters all of which a row must pass
 */
public record Part(
    String name, List<String> texts, List<String> numbers, String tail, List<Filter> filters) {
  /** What a warning says, among the fields of its struct. */
  static final List<String> OF_WARNING = List.of("message", "remedy");

  public Part {
    texts = List.copyOf(texts);
    numbers = List.copyOf(numbers);
    filters = List.copyOf(filters);
  }

  public static Part of(String name, String texts, String numbers, Filter... filters) {
    return new Part(name, words(texts), words(numbers), null, List.of(filters));
  }

  public Part withTail(String column) {
    return new Part(name, texts, numbers, column, filters);
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : Arrays.asList(text.strip().split(" ", -1));
  }

  static String quoted(String column) {
    return "`" + column + "`";
  }

  /** Rows of (image, series, z, t, part, texts, numbers). */
  public Dataset<Row> select(Dataset<Row> table) {
    StructType schema = table.schema();
    List<String> there = Arrays.asList(table.columns());
    List<String> asText = new ArrayList<>();
    for (String text : texts) {
      asText.add(there.contains(text) ? text(text, schema) : "cast(null as string)");
    }
    List<String> asNumber = new ArrayList<>();
    for (String number : numbers) {
      asNumber.add(
          there.contains(number)
              ? "coalesce(cast(" + quoted(number) + " as double), double('NaN'))"
              : "double('NaN')");
    }
    String array = "cast(array(" + String.join(", ", asNumber) + ") as array<double>)";
    Column[] columns = {
      col("image"),
      col("series"),
      col("z"),
      col("t"),
      lit(name).as("part"),
      expr("cast(array(" + String.join(", ", asText) + ") as array<string>)").as("texts"),
      expr(tail == null ? array : "concat(" + array + ", " + tail(schema) + ")").as("numbers")
    };
    Dataset<Row> rows = table;
    for (Filter filter : filters) {
      rows = rows.where(filter.sql());
    }
    return rows.select(columns);
  }

  private static String text(String column, StructType schema) {
    if (!(schema.apply(column).dataType() instanceof ArrayType)) {
      return "cast(" + quoted(column) + " as string)";
    }
    return "nullif(array_join(transform("
        + quoted(column)
        + ", s -> concat_ws('\n', s."
        + String.join(", s.", OF_WARNING)
        + ")), '\n\n'), '')";
  }

  private String tail(StructType schema) {
    ArrayType array = (ArrayType) schema.apply(tail).dataType();
    String numbers =
        array.elementType() instanceof StructType struct
            ? "flatten(transform(%s, s -> array(s.%s)))"
                .formatted(quoted(tail), String.join(", s.", struct.fieldNames()))
            : quoted(tail);
    return "coalesce(" + numbers + ", cast(array() as array<double>))";
  }

  /** Place of a column among the numbers. */
  public int number(String column) {
    return index(numbers, column);
  }

  /** Place of a column among the texts. */
  public int text(String column) {
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
