package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.output.OutputLock;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random runs against lists in memory. */
class ReplaceModelTest {
  private static final List<Table> TABLES = List.of(Table.HISTOGRAMS, Table.ERRORS, Table.CLUSTERS);

  @TempDir Path folder;

  private final Random random = new Random(20261);

  @Test
  void anySequenceOfReplacementsIsThatOfAListInMemory() {
    // files of 30 rows, so that tables have several and small ones are written into one
    check(
        Samples.parquet(
            Samples.spark(), folder.toString(), Samples.LAYOUT, OutputLock.Timing.DEFAULT, 30),
        8);
  }

  @Test
  void soItIsInIceberg() {
    check(Samples.iceberg(folder.toString(), "", Samples.LAYOUT), 4);
  }

  private void check(TableStore store, int steps) {
    Map<Table, List<Row>> model = new EnumMap<>(Table.class);
    TABLES.forEach(table -> model.put(table, new ArrayList<>()));
    for (int step = 0; step < steps; step++) {
      Map<Table, List<Row>> changed = new EnumMap<>(model);
      boolean committed = random.nextInt(4) > 0;
      try (Run run = store.begin()) {
        for (int i = random.nextInt(4); i >= 0; i--) {
          Table table = TABLES.get(random.nextInt(TABLES.size()));
          changed.put(table, operation(run, table, changed.get(table)));
          assertThat(Samples.text(run.read(table)))
              .as("staged in step " + step)
              .isEqualTo(Samples.text(changed.get(table)));
        }
        if (committed) {
          run.commit(Map.of());
        }
      }
      if (committed) {
        model.putAll(changed);
      }
      for (Table table : TABLES) {
        List<String> stored = store.read(table).map(Samples::text).orElse(List.of());
        assertThat(stored).as("step " + step).isEqualTo(Samples.text(model.get(table)));
      }
    }
    String format = store instanceof IcebergTableStore ? "iceberg" : "parquet";
    for (Table table : TABLES) {
      assertThat(Samples.plain(folder.toString(), format, table))
          .isEqualTo(Samples.text(model.get(table)));
    }
  }

  private List<Row> operation(Run run, Table table, List<Row> present) {
    Set<String> images = new HashSet<>();
    List<Row> rows = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      String image = "i" + random.nextInt(6);
      images.add(image);
      rows.addAll(Samples.rows(table, image, random.nextInt(4) * 7, random));
    }
    if (table.mayLackImage()) {
      rows.addAll(Samples.rows(table, null, random.nextInt(2), random));
    }
    Collections.shuffle(rows, random);
    run.replace(table, dataset(table, rows), images);

    List<Row> after = new ArrayList<>(rows);
    for (Row row : present) {
      if (row.getString(0) != null && !images.contains(row.getString(0))) {
        after.add(row);
      }
    }
    return after;
  }

  private Dataset<Row> dataset(Table table, List<Row> rows) {
    return Samples.dataset(table, rows).repartition(1 + random.nextInt(3));
  }
}
