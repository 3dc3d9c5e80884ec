package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeConfig.Output;
import org.cytolake.config.LabelFormat;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed commands leave in an output of Iceberg's tables. */
final class IcebergKilledTest {
  private final Random random = new Random(19);

  @TempDir Path folder;

  private String output() {
    return folder.resolve("screen").toString();
  }

  private TableStore open(Layout layout) {
    return Samples.iceberg(output(), "", layout);
  }

  private static void replace(TableStore store, Table table, List<Row> rows, String... images) {
    try (Run run = store.begin()) {
      run.replace(table, Samples.dataset(table, rows), List.of(images));
      run.commit(Map.of());
    }
  }

  /** What a killed command left goes with the next one; what one that lives is writing stays. */
  @Test
  void whatKilledCommandsLeftIsRemoved() throws Exception {
    TableStore store = open(Samples.LAYOUT);
    Path staging = Path.of(output(), "_staging");
    Path killed = Files.createDirectories(staging.resolve("20260101T000000Z-12345678-00002"));
    Files.createFile(killed.resolve("a.parquet"));
    Files.createFile(staging.resolve("_alive-20260101T000000Z-12345678-token"));
    Path foreign = Files.createDirectory(staging.resolve("notes"));
    try (Run living = store.begin()) {
      assertThat(killed).doesNotExist();
      List<Row> rows = Samples.rows(Table.NUCLEI, "a", 3, random);
      living.replace(Table.NUCLEI, Samples.dataset(Table.NUCLEI, rows), List.of("a"));
      store.begin().close();
      living.commit(Map.of());
      Run next = living.next();
      store.begin().close();
      assertThat(staging.resolve(next.id())).isDirectory();
      next.close();
      assertThat(Samples.text(store.read(Table.NUCLEI).orElseThrow()))
          .isEqualTo(Samples.text(rows));
    }
    assertThat(foreign).isEmptyDirectory();
    Files.delete(foreign);
    assertThat(staging).isEmptyDirectory();
  }

  /** As it is when a process is killed after it made some tables, and one in part. */
  @Test
  void afterAFirstCommitThatWasKilledTheNextGoesOn() throws Exception {
    List<Row> rows = Samples.rows(Table.NUCLEI, "a", 3, random);
    replace(open(Samples.LAYOUT), Table.NUCLEI, rows, "a");
    Files.delete(Path.of(output(), "_layout.json"));
    for (Path file : list(Path.of(output(), "_runs"))) {
      Files.delete(file);
    }
    for (Path file : list(Path.of(output(), "images", "metadata"))) {
      Files.delete(file);
    }
    Files.createFile(Path.of(output(), "images", "metadata", "0e0f.metadata.json"));

    TableStores.requireWritable(
        Samples.spark(),
        new Output(output(), List.of(), LabelFormat.OME_TIFF, false, Output.ICEBERG, ""));
    TableStore store = open(Samples.LAYOUT);
    assertThat(store.read(Table.IMAGES)).isEmpty();
    List<Row> newer = Samples.rows(Table.NUCLEI, "a", 4, random);
    replace(store, Table.NUCLEI, newer, "a");
    assertThat(Samples.text(store.read(Table.NUCLEI).orElseThrow())).isEqualTo(Samples.text(newer));
    assertThat(store.read(Table.IMAGES).orElseThrow().count()).isZero();
    assertThat(TableStores.reader(Samples.spark(), output())).isPresent();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
