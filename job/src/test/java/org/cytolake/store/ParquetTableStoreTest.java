package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.cytolake.config.LabelFormat;
import org.cytolake.output.Json;
import org.cytolake.output.OutputLock;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableStoreTest {
  private final Random random = new Random(11);

  @TempDir Path folder;

  private String output() {
    return folder.resolve("a screen, µm=1 % #2").toString();
  }

  private TableStore open(String output, long rowsPerFile) {
    return Samples.parquet(
        Samples.spark(), output, Samples.LAYOUT, OutputLock.Timing.DEFAULT, rowsPerFile);
  }

  private static void replace(TableStore store, Table table, List<Row> rows, String... images) {
    try (Run run = store.begin()) {
      run.replace(table, Samples.dataset(table, rows), List.of(images));
      run.commit(Map.of());
    }
  }

  private List<String> files(String table) {
    try (Stream<Path> files = Files.list(Path.of(output()).resolve(table))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyTableComesBackAsItWasWritten() throws IOException {
    TableStore store = Samples.parquet(output(), Samples.LAYOUT);
    assertThat(store.read(Table.IMAGES)).isEmpty();
    Map<Table, List<Row>> written = new EnumMap<>(Table.class);
    String id;
    try (Run run = store.begin()) {
      id = run.id();
      for (Table table : Table.values()) {
        List<Row> rows = new ArrayList<>(Samples.rows(table, "A01_1", 20, random));
        rows.addAll(Samples.rows(table, "A02_1", 20, random));
        written.put(table, rows);
        run.replace(table, Samples.dataset(table, rows), List.of("A01_1", "A02_1"));
        assertThat(Samples.text(run.read(table))).isEqualTo(Samples.text(rows));
        assertThat(store.read(table)).isEmpty();
      }
      run.commit(Map.of("version", "0.1.0"));
    }
    for (Table table : Table.values()) {
      Dataset<Row> read = store.read(table).orElseThrow();
      assertThat(read.schema()).isEqualTo(table.schema(Samples.LAYOUT));
      assertThat(Samples.text(read)).isEqualTo(Samples.text(written.get(table)));

      Dataset<Row> plain = Samples.spark().read().parquet(output() + "/" + table.folder());
      assertThat(Samples.text(plain)).isEqualTo(Samples.text(written.get(table)));
      for (StructField field : plain.schema().fields()) {
        assertThat(field.getComment().isDefined()).as(field.name()).isTrue();
      }
      assertThat(files(table.folder())).containsExactly("part-" + id + "-00000.zstd.parquet");
    }
    assertThat(Files.readString(Path.of(output(), "_runs", id + ".json")))
        .contains("\"version\" : \"0.1.0\"", "nuclei/part-" + id + "-00000.zstd.parquet");
    try (Stream<Path> all = Files.walk(Path.of(output()))) {
      assertThat(all.map(f -> f.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".crc") || name.equals("_SUCCESS"));
    }
    assertThat(files("_staging")).isEmpty();
  }

  @Test
  void timesAreWrittenAsMicroseconds() {
    TableStore store = open(output(), 100);
    replace(store, Table.ERRORS, Samples.rows(Table.ERRORS, "a", 3, random), "a");
    try (var reader =
        org.apache.parquet.hadoop.ParquetFileReader.open(
            org.apache.parquet.hadoop.util.HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(
                    Path.of(output(), "errors", files("errors").get(0)).toUri()),
                new org.apache.hadoop.conf.Configuration()))) {
      String schema = reader.getFileMetaData().getSchema().toString();
      assertThat(schema).contains("time (TIMESTAMP(MICROS,true))");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tablesWithoutRowsExist() {
    try (Run run = open(output(), 100).begin()) {
      run.replace(Table.NUCLEI, Samples.dataset(Table.NUCLEI, List.of()), List.of("a"));
      run.commit(Map.of());
    }
    for (Table table : Table.values()) {
      assertThat(files(table.folder())).hasSize(1);
      Dataset<Row> plain = Samples.spark().read().parquet(output() + "/" + table.folder());
      assertThat(plain.columns()).isEqualTo(table.schema(Samples.LAYOUT).fieldNames());
      assertThat(plain.count()).isZero();
    }
    replace(open(output(), 100), Table.NUCLEI, Samples.rows(Table.NUCLEI, "a", 4, random), "a");
    assertThat(files("nuclei")).as("the empty file has gone").hasSize(1);
  }

  @Test
  void filesAreFewAndSorted() {
    TableStore store = open(output(), 100);
    List<Row> rows = new ArrayList<>();
    for (int image = 9; image >= 0; image--) {
      rows.addAll(Samples.rows(Table.NUCLEI, "image " + image, 25, random));
    }
    try (Run run = store.begin()) {
      List<String> images = rows.stream().map(r -> r.getString(0)).distinct().toList();
      run.replace(Table.NUCLEI, Samples.dataset(Table.NUCLEI, rows).repartition(7), images);
      run.commit(Map.of());
    }
    assertThat(files("nuclei")).hasSizeBetween(2, 3);
    for (String file : files("nuclei")) {
      List<String> images =
          Samples.spark().read().parquet(output() + "/nuclei/" + file).collectAsList().stream()
              .map(r -> r.getString(0))
              .toList();
      assertThat(images).isSorted();
    }
    assertThat(Samples.text(store.read(Table.NUCLEI).orElseThrow())).isEqualTo(Samples.text(rows));
  }

  /** Rows that differ in a channel alone, or are of several plates and no image. */
  @Test
  void rowsLieAlikeHoweverTheyWereDivided() {
    Row row = Samples.rows(Table.JOINT_HISTOGRAMS, "a", 1, random).get(0);
    liesAlike(Table.JOINT_HISTOGRAMS, row, "nuclei", i -> i);
    row = Samples.rows(Table.CLUSTER_LABELS, null, 1, random).get(0);
    liesAlike(Table.CLUSTER_LABELS, row, "plate", i -> "P" + i);
  }

  private void liesAlike(Table table, Row row, String column, IntFunction<Object> value) {
    List<Row> rows = new ArrayList<>(copies(table, row, column, 300, value));
    TableStore store = Samples.parquet(output(), Samples.LAYOUT);
    List<List<String>> found = new ArrayList<>();
    for (int parts : new int[] {1, 5}) {
      Collections.shuffle(rows, random);
      try (Run run = store.begin()) {
        run.replace(table, Samples.dataset(table, rows).repartition(parts), List.of("a"));
        run.commit(Map.of());
      }
      found.add(
          Samples.spark().read().parquet(output() + "/" + table.folder()).collectAsList().stream()
              .map(Row::toString)
              .toList());
    }
    assertThat(found.get(0)).hasSize(300).isEqualTo(found.get(1));
  }

  /** The row so many times, each with a value of its own in a column. */
  private static List<Row> copies(
      Table table, Row row, String column, int count, IntFunction<Object> value) {
    int place = List.of(table.schema(Samples.LAYOUT).fieldNames()).indexOf(column);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object[] values = new Object[row.length()];
      for (int f = 0; f < values.length; f++) {
        values[f] = f == place ? value.apply(i) : row.get(f);
      }
      rows.add(RowFactory.create(values));
    }
    return rows;
  }

  @Test
  void pixelsOfALargeImageLieInSeveralFiles() {
    Row row = Samples.rows(Table.PIXELS, "a", 1, random).get(0);
    List<Row> rows = copies(Table.PIXELS, row, "y", 250, y -> y);
    Collections.shuffle(rows, random);
    replace(open(output(), 64), Table.PIXELS, rows, "a");
    List<List<Integer>> found = new ArrayList<>();
    for (String file : files("pixels")) {
      found.add(
          Samples.spark().read().parquet(output() + "/pixels/" + file).collectAsList().stream()
              .map(r -> r.<Integer>getAs("y"))
              .toList());
    }
    assertThat(found)
        .containsExactly(range(0, 64), range(64, 128), range(128, 192), range(192, 250));

    replace(open(output(), 64), Table.PIXELS, rows.subList(0, 10), "a");
    assertThat(Samples.text(open(output(), 64).read(Table.PIXELS).orElseThrow()))
        .isEqualTo(Samples.text(rows.subList(0, 10)));
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @Test
  void untouchedFilesStayUntilTheyAreManyAndSmall() {
    List<String> images = List.of("i0", "i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8");
    List<Row> rows = new ArrayList<>();
    images.forEach(image -> rows.addAll(Samples.rows(Table.HISTOGRAMS, image, 4, random)));
    TableStore store = open(output(), 4);
    try (Run run = store.begin()) {
      run.replace(Table.HISTOGRAMS, Samples.dataset(Table.HISTOGRAMS, rows), images);
      run.commit(Map.of());
    }
    List<String> first = files("histograms");
    assertThat(first).hasSizeGreaterThan(7);

    List<Row> newer = Samples.rows(Table.HISTOGRAMS, "i3", 1, random);
    replace(store, Table.HISTOGRAMS, newer, "i3");
    List<String> kept = new ArrayList<>(files("histograms"));
    kept.retainAll(first);
    assertThat(kept).hasSize(first.size() - 1);

    // as files of a thousand rows go, all these are small
    replace(open(output(), 1000), Table.HISTOGRAMS, List.of(), "another");
    assertThat(files("histograms")).hasSize(1);
    rows.removeIf(row -> row.getString(0).equals("i3"));
    rows.addAll(newer);
    assertThat(Samples.text(store.read(Table.HISTOGRAMS).orElseThrow()))
        .isEqualTo(Samples.text(rows));
  }

  @Test
  void aRunWithoutACommitChangesNothing() {
    TableStore store = open(output(), 100);
    List<Row> rows = Samples.rows(Table.NUCLEI, "a", 5, random);
    replace(store, Table.NUCLEI, rows, "a");
    List<String> files = files("nuclei");
    String scratch;
    try (Run run = store.begin()) {
      scratch = run.scratch();
      Samples.spark().range(3).write().parquet(scratch + "/numbers");
      run.replace(Table.NUCLEI, Samples.dataset(Table.NUCLEI, List.of()), List.of("a"));
    }
    assertThat(new java.io.File(new org.apache.hadoop.fs.Path(scratch).toUri())).doesNotExist();
    assertThat(files("nuclei")).isEqualTo(files);
    assertThat(files("_staging")).isEmpty();
    assertThat(Samples.text(store.read(Table.NUCLEI).orElseThrow())).isEqualTo(Samples.text(rows));
  }

  @Test
  void filesBesideTheTablesAreReplacedWithTheCommit() throws IOException {
    TableStore store = open(output(), 100);
    Path labels = Path.of(output(), "labels", "plate 1", "A01 µ.ome.tif");
    for (String text : List.of("first", "second")) {
      try (Run run = store.begin()) {
        Path staged = Path.of(new org.apache.hadoop.fs.Path(run.scratch()).toUri().getPath(), "a");
        Files.writeString(staged, text);
        run.replaceFile(
            ImageFiles.LABELS.name("plate 1/A01 µ", LabelFormat.OME_TIFF), staged.toString());
        if (text.equals("second")) {
          assertThat(labels).hasContent("first");
        }
        run.commit(Map.of());
      }
      assertThat(labels).hasContent(text);
    }
    try (Run run = store.begin()) {
      run.replaceFile(ImageFiles.LABELS.name("plate 1/A01 µ", LabelFormat.OME_TIFF), null);
      run.replaceFile(ImageFiles.CLUSTER_IMAGES.name("never there", LabelFormat.OME_TIFF), null);
      assertThatThrownBy(() -> run.replaceFile("nuclei/a.parquet", null))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> run.replaceFile("_runs/x.json", null))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> run.replaceFile("labels/../a", null))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> run.replaceFile("labels/a", "/etc/hosts"))
          .isInstanceOf(IllegalArgumentException.class);
      run.commit(Map.of());
    }
    assertThat(labels).doesNotExist();
  }

  @Test
  void anEndedRunTakesNothing() {
    Run run = open(output(), 100).begin();
    run.close();
    run.close();
    assertThatThrownBy(() -> run.commit(Map.of())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theCallersSessionKeepsItsSettings() {
    Samples.spark().conf().set("spark.sql.caseSensitive", false);
    replace(open(output(), 9), Table.ERRORS, Samples.rows(Table.ERRORS, "a", 3, random), "a");
    assertThat(Samples.spark().conf().get("spark.sql.caseSensitive")).isEqualTo("false");
    assertThat(Samples.spark().conf().get("spark.sql.parquet.outputTimestampType"))
        .isEqualTo("INT96");
  }

  @Test
  void aFirstCommitThatWasKilledIsFinishedBeforeTheLayoutIsCompared() throws IOException {
    List<Row> rows = Samples.rows(Table.NUCLEI, "a", 2, random);
    replace(open(output(), 100), Table.NUCLEI, rows, "a");
    // as it is when the process is killed right after its journal was written
    Path staging = Files.createDirectories(Path.of(output(), "_staging", "killed"));
    Path nuclei = Path.of(output(), "nuclei", files("nuclei").get(0));
    Files.move(Path.of(output(), "_layout.json"), staging.resolve("layout.json"));
    Files.move(nuclei, staging.resolve("0.parquet"));
    Files.writeString(staging.resolve("manifest.json"), "{}");
    Journal journal =
        new Journal(
            "killed",
            List.of(
                new Journal.Step("_staging/killed/layout.json", "_layout.json"),
                new Journal.Step("_staging/killed/0.parquet", "nuclei/" + nuclei.getFileName()),
                new Journal.Step("_staging/killed/manifest.json", "_runs/killed.json")));
    Files.writeString(staging.resolve("journal.json"), Json.write(journal));

    TableStore store = open(output(), 100);
    assertThat(Samples.text(store.read(Table.NUCLEI).orElseThrow())).isEqualTo(Samples.text(rows));
    assertThat(files("_staging")).containsExactly("killed");
    store.begin().close();
    assertThat(files("_staging")).isEmpty();
    assertThat(nuclei).exists();
    assertThat(TableStores.reader(Samples.spark(), output()).map(TableStore::layout))
        .contains(Samples.LAYOUT);
  }
}
