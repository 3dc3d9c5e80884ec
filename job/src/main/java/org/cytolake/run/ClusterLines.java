package org.cytolake.run;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.cytolake.store.Run;
import org.cytolake.tables.Table;

/** What the console says of the models. */
final class ClusterLines {
  private ClusterLines() {}

  /** What was selected, a line for each method. */
  static List<String> of(Run run) {
    List<String> lines = new ArrayList<>();
    List<Row> selected =
        run.read(Table.CLUSTER_MODELS)
            .where("selected")
            .groupBy("scope", "method", "k")
            .count()
            .orderBy("scope", "method", "k")
            .collectAsList();
    Map<String, List<Row>> byMethod = new LinkedHashMap<>();
    for (Row row : selected) {
      byMethod
          .computeIfAbsent(row.getString(1) + " by " + row.getString(0), m -> new ArrayList<>())
          .add(row);
    }
    byMethod.forEach(
        (method, rows) -> {
          String best =
              rows.stream()
                  .map(r -> r.getInt(2) + " (" + r.getLong(3) + ")")
                  .collect(Collectors.joining(", "));
          boolean one = rows.size() == 1 && rows.get(0).getLong(3) == 1;
          lines.add(
              method
                  + ": best k = "
                  + (one ? rows.get(0).getInt(2) + clusters(run, rows.get(0)) : best));
        });
    return lines;
  }

  /** Share and mean of every cluster of the only model. */
  private static String clusters(Run run, Row model) {
    return run
        .read(Table.CLUSTERS)
        .where(col("method").equalTo(model.getString(1)).and(col("k").equalTo(model.getInt(2))))
        .where(col("scope").equalTo(model.getString(0)))
        .orderBy("cluster")
        .selectExpr("weight", "array_join(transform(mean, m -> format_number(m, 1)), ', ')")
        .collectAsList()
        .stream()
        .map(
            r ->
                String.format(Locale.ROOT, "%.1f %% at (%s)", 100 * r.getDouble(0), r.getString(1)))
        .collect(Collectors.joining("; ", ": ", ""));
  }
}
