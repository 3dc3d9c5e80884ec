package org.cytolake.query;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_csv;
import static org.apache.spark.sql.functions.to_json;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows of a query as text. */
public final class Results {
  private static final int LINES_BETWEEN_CHECKS = 1000;

  private Results() {}

  /**
   * The first rows as a table.
   *
   * @param limit most rows, 1 or more
   * @param more told true if there are more rows
   */
  public static TextTable table(Dataset<Row> rows, int limit, boolean[] more) {
    StructField[] fields = rows.schema().fields();
    boolean[] right = new boolean[fields.length];
    for (int c = 0; c < right.length; c++) {
      right[c] = fields[c].dataType() instanceof NumericType;
    }
    TextTable table = new TextTable(Arrays.asList(rows.columns()), right);
    List<Row> first = flat(rows).takeAsList(limit + 1);
    more[0] = first.size() > limit;
    for (Row row : more[0] ? first.subList(0, limit) : first) {
      List<Object> values = new ArrayList<>();
      for (int c = 0; c < right.length; c++) {
        values.add(row.get(c));
      }
      table.add(values);
    }
    return table;
  }

  /**
   * All rows as CSV (RFC 4180, line feeds) with a header. NULL is an empty field, the empty text
   * {@code ""}; arrays, structs and maps are JSON. Rows pass the driver one partition at a time.
   */
  public static void csv(Dataset<Row> rows, PrintWriter out) {
    Map<String, String> options =
        Map.of(
            "escape", "\"",
            "nullValue", "",
            "emptyValue", "\"\"",
            "ignoreLeadingWhiteSpace", "false",
            "ignoreTrailingWhiteSpace", "false");
    out.print(String.join(",", Arrays.stream(rows.columns()).map(Results::quoted).toList()) + "\n");
    Dataset<Row> flat = flat(rows);
    Column line = to_csv(struct(columns(flat)), options);
    print(flat.select(line).as(Encoders.STRING()).toLocalIterator(), out);
  }

  private static String quoted(String text) {
    return text.matches("[^\",\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }

  /** All rows as JSON, one object a line, NULLs included; one partition at a time. */
  public static void json(Dataset<Row> rows, PrintWriter out) {
    Dataset<Row> plain = rows.toDF(positions(rows));
    String[] names = rows.columns();
    Column[] columns = columns(plain);
    for (int c = 0; c < columns.length; c++) {
      columns[c] = columns[c].as(names[c]);
    }
    Column line = to_json(struct(columns), Map.of("ignoreNullFields", "false"));
    print(plain.select(line).as(Encoders.STRING()).toLocalIterator(), out);
  }

  /** Stops when nobody reads any more. */
  private static void print(Iterator<String> lines, PrintWriter out) {
    long count = 0;
    while (lines.hasNext()) {
      out.print(lines.next() + "\n");
      if (++count % LINES_BETWEEN_CHECKS == 0 && out.checkError()) {
        return;
      }
    }
    out.flush();
  }

  /** Columns by position, since a query may give two the same name; nested values as JSON. */
  private static Dataset<Row> flat(Dataset<Row> rows) {
    Dataset<Row> plain = rows.toDF(positions(rows));
    StructField[] fields = plain.schema().fields();
    Column[] columns = columns(plain);
    for (int c = 0; c < columns.length; c++) {
      DataType type = fields[c].dataType();
      if (type instanceof ArrayType || type instanceof StructType || type instanceof MapType) {
        columns[c] = to_json(columns[c]).as(fields[c].name());
      } else if (type instanceof BinaryType) {
        columns[c] = base64(columns[c]).as(fields[c].name());
      } else if (!(type instanceof NumericType
          || type instanceof StringType
          || type instanceof BooleanType)) {
        columns[c] = columns[c].cast("string").as(fields[c].name());
      }
    }
    return plain.select(columns);
  }

  private static String[] positions(Dataset<Row> rows) {
    String[] names = new String[rows.columns().length];
    for (int c = 0; c < names.length; c++) {
      names[c] = "c" + c;
    }
    return names;
  }

  private static Column[] columns(Dataset<Row> rows) {
    return Arrays.stream(rows.columns())
        .map(org.apache.spark.sql.functions::col)
        .toArray(Column[]::new);
  }
}
