package org.cytolake.run;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.cytolake.source.LocalSpark;
import org.cytolake.tables.Table;

/** The rows of a table as text that is the same for runs that found the same. */
final class ComparableRows {
  private ComparableRows() {}

  /**
   * Sorted, without the run and its times.
   *
   * @param output the output folder of a run
   */
  static List<String> of(Path output, Table table) {
    Dataset<Row> rows =
        LocalSpark.session().read().parquet(output.resolve(table.folder()).toString());
    String[] columns =
        Arrays.stream(rows.schema().fields())
            .filter(f -> !List.of("run", "time").contains(f.name()))
            .filter(f -> !f.name().endsWith("_seconds"))
            .map(ComparableRows::comparable)
            .toArray(String[]::new);
    return rows.selectExpr(columns).collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static String comparable(StructField field) {
    if (field.dataType() instanceof NumericType) {
      return "cast(`" + field.name() + "` as double)"; // a column that was widened stays so
    }
    return field.dataType() instanceof MapType
        ? "array_sort(map_entries(" + field.name() + "))" // maps have no order
        : "`" + field.name() + "`";
  }
}
