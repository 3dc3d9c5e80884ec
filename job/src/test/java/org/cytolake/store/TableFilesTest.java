package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.output.OutputLock;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that tasks write where they make them, and what becomes of them. */
class TableFilesTest {
  private final Random random = new Random(31);

  @TempDir Path folder;

  private TableStore open(long rowsPerFile) {
    return Samples.parquet(
        Samples.spark(), folder.toString(), Samples.LAYOUT, OutputLock.Timing.DEFAULT, rowsPerFile);
  }

  /** Some rows of each of the images in every table. */
  static Map<Table, List<Row>> rows(List<String> images, int n, Random random) {
    Map<Table, List<Row>> rows = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      rows.put(table, new ArrayList<>());
      for (String image : images) {
        rows.get(table).addAll(Samples.rows(table, image, n, random));
      }
    }
    return rows;
  }

  /** Writes them in this process, as a task does. */
  static List<StagedFile> written(TableFiles files, int share, Map<Table, List<Row>> rows) {
    try (TableFiles.Writer writer = files.open(share)) {
      rows.forEach(
          (table, values) -> {
            RowByName named = new RowByName(table, files.layout());
            values.forEach(
                row ->
                    writer.write(table, Samples.filled(named, table.schema(files.layout()), row)));
          });
      return writer.finish();
    }
  }

  static void add(Map<Table, List<Row>> model, Map<Table, List<Row>> rows, Set<String> images) {
    for (Table table : Table.values()) {
      List<Row> all = model.computeIfAbsent(table, t -> new ArrayList<>());
      all.removeIf(row -> images.contains(row.getString(0)));
      all.addAll(rows.getOrDefault(table, List.of()));
    }
  }

  static void requireSame(TableStore store, Map<Table, List<Row>> model, String what) {
    for (Table table : Table.values()) {
      assertThat(Samples.text(store.read(table).orElseThrow()))
          .as(what + ", " + table)
          .isEqualTo(Samples.text(model.get(table)));
    }
  }

  private static int jobs(Runnable deed) {
    AtomicInteger jobs = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            jobs.incrementAndGet();
          }
        };
    var context = Samples.spark().sparkContext();
    context.addSparkListener(listener);
    try {
      deed.run();
      context.listenerBus().waitUntilEmpty();
      return jobs.get();
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    } finally {
      context.removeSparkListener(listener);
    }
  }

  @Test
  void theFilesAreThoseThatSparkWrites() throws IOException {
    List<String> images = List.of("a", "b µ");
    Map<Table, List<Row>> rows = rows(images, 20, random);
    TableStore store = open(1000);
    try (Run run = store.begin()) {
      List<StagedFile> files = written(run.files(), 3, rows);
      assertThat(files).hasSize(Table.values().length);
      run.stage(files, Set.copyOf(images));
      run.commit(Map.of());
    }
    requireSame(store, rows, "written");
    for (Table table : Table.values()) {
      Dataset<Row> plain = Samples.spark().read().parquet(folder + "/" + table.folder());
      assertThat(plain.schema()).isEqualTo(table.schema(Samples.LAYOUT));
    }
    Path other = folder.resolve("other");
    TableStore spark = Samples.parquet(other.toString(), Samples.LAYOUT);
    try (Run run = spark.begin()) {
      Map<Table, Dataset<Row>> datasets = new EnumMap<>(Table.class);
      rows.forEach((table, values) -> datasets.put(table, Samples.dataset(table, values)));
      run.replace(datasets, images);
      run.commit(Map.of());
    }
    for (Table table : Table.values()) {
      var mine = footer(folder.resolve(table.folder()));
      var sparks = footer(other.resolve(table.folder()));
      assertThat(mine.getFileMetaData().getSchema())
          .isEqualTo(sparks.getFileMetaData().getSchema());
      assertThat(mine.getFileMetaData().getKeyValueMetaData())
          .isEqualTo(sparks.getFileMetaData().getKeyValueMetaData());
      assertThat(mine.getBlocks().get(0).getColumns().get(0).getCodec())
          .isEqualTo(CompressionCodecName.ZSTD);
    }
  }

  private static ParquetMetadata footer(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      return footer(table, file.getFileName().toString());
    }
  }

  private static ParquetMetadata footer(Path table, String name) throws IOException {
    var file = new org.apache.hadoop.fs.Path(table.resolve(name).toUri());
    try (var reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, new Configuration()))) {
      return reader.getFooter();
    }
  }

  @Test
  void tasksWriteAndTheDriverStartsNoJob() throws IOException {
    TableStore store = open(1000);
    Map<Table, List<Row>> model = new EnumMap<>(Table.class);
    List<Map<Table, List<Row>>> shares = new ArrayList<>();
    for (int share = 0; share < 4; share++) {
      shares.add(rows(List.of("image " + share), 3, random));
      add(model, shares.get(share), Set.of());
    }
    Set<String> images = Set.of("image 0", "image 1", "image 2", "image 3");
    try (Run run = store.begin()) {
      TableFiles files = run.files();
      List<StagedFile> staged =
          JavaSparkContext.fromSparkContext(Samples.spark().sparkContext())
              .parallelize(List.of(0, 1, 2, 3), 4)
              .flatMap(
                  share -> {
                    assertThat(TaskContext.get()).isNotNull();
                    return written(files, share, shares.get(share)).iterator();
                  })
              .collect();
      // an attempt that was not taken
      List<StagedFile> lost = written(files, 1, shares.get(1));
      assertThat(lost).doesNotContainAnyElementsOf(staged);
      int jobs =
          jobs(
              () -> {
                run.stage(staged, images);
                run.commit(Map.of());
              });
      assertThat(jobs).isZero();
    }
    requireSame(store, model, "four shares");
    assertThat(folder.resolve("_staging")).isEmptyDirectory();

    // other images, before, among and after the present ones: the tables are not read either
    Map<Table, List<Row>> others = rows(List.of("a", "image 11", "z"), 2, random);
    add(model, others, Set.of());
    try (Run run = store.begin()) {
      List<StagedFile> staged = written(run.files(), 0, others);
      assertThat(jobs(() -> run.stage(staged, Set.of("a", "image 11", "z")))).isZero();
      run.commit(Map.of());
    }
    requireSame(store, model, "others");
  }

  @Test
  void rowsOfReplacedImagesGoFromEveryTable() throws IOException {
    TableStore store = open(1000);
    Map<Table, List<Row>> model = new EnumMap<>(Table.class);
    List<String> before = new ArrayList<>(); // in the order of the runs
    for (List<String> images : List.of(List.of("a", "b"), List.of("c"), List.of("d"))) {
      Map<Table, List<Row>> rows = rows(images, 4, random);
      add(model, rows, Set.of());
      try (Run run = store.begin()) {
        run.stage(written(run.files(), 0, rows), Set.copyOf(images));
        run.commit(Map.of());
      }
      names("nuclei").stream().filter(name -> !before.contains(name)).forEach(before::add);
    }
    assertThat(before).hasSize(3);
    Map<Table, List<Row>> newer = rows(List.of("b", "c", "e"), 2, random);
    newer.put(Table.NUCLEI, List.of());
    newer.get(Table.HISTOGRAMS).removeIf(row -> row.getString(0).equals("c"));
    Set<String> images = new HashSet<>(List.of("b", "c", "e", "never seen"));
    add(model, newer, images);
    try (Run run = store.begin()) {
      run.stage(written(run.files(), 0, newer), images);
      assertThat(Samples.text(run.read(Table.NUCLEI)))
          .isEqualTo(Samples.text(model.get(Table.NUCLEI)));
      run.commit(Map.of());
    }
    requireSame(store, model, "replaced");
    assertThat(names("nuclei")).hasSize(2).contains(before.get(2)).doesNotContain(before.get(1));
  }

  private List<String> names(String table) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(table))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void rowsWithoutAnImageAreOfTheLastCommand() {
    TableStore store = open(1000);
    List<Row> all = new ArrayList<>();
    for (int command = 0; command < 3; command++) {
      all.removeIf(row -> row.getString(0) == null);
      Run run = store.begin();
      for (int batch = 0; batch < 2; batch++) {
        List<Row> rows = new ArrayList<>(Samples.rows(Table.ERRORS, null, 2, random));
        String image = "image " + command + batch;
        rows.addAll(Samples.rows(Table.ERRORS, image, 2, random));
        all.addAll(rows);
        run.stage(written(run.files(), 0, Map.of(Table.ERRORS, rows)), Set.of(image));
        run.commit(Map.of());
        run = run.next();
        assertThat(Samples.text(store.read(Table.ERRORS).orElseThrow()))
            .as("command " + command + " batch " + batch)
            .isEqualTo(Samples.text(all));
      }
      run.close();
    }
  }

  @Test
  void foreignFilesAndImagesAreRefused() {
    TableStore store = open(1000);
    Map<Table, List<Row>> rows = Map.of(Table.NUCLEI, Samples.rows(Table.NUCLEI, "a", 2, random));
    List<StagedFile> old;
    try (Run run = store.begin()) {
      old = written(run.files(), 0, rows);
      assertThatThrownBy(() -> run.stage(old, Set.of("b")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "rows for table nuclei are of images that are not to be replaced");
      Map<Table, List<Row>> without =
          Map.of(Table.NUCLEI, Samples.rows(Table.NUCLEI, null, 2, random));
      assertThatThrownBy(() -> written(run.files(), 0, without))
          .hasMessage("rows for table nuclei: some have no image");
      assertThatThrownBy(run::next).isInstanceOf(IllegalStateException.class);
    }
    try (Run run = store.begin()) {
      assertThatThrownBy(() -> run.stage(old, Set.of("a")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(" is of another run than ");
    }
  }

  @Test
  void whatIsNotFinishedIsRemoved() throws IOException {
    try (Run run = open(1000).begin()) {
      TableFiles files = run.files();
      RowByName rows = new RowByName(Table.NUCLEI, Samples.LAYOUT);
      Row row = Samples.rows(Table.NUCLEI, "a", 1, random).get(0);
      try (TableFiles.Writer writer = files.open(0)) {
        writer.write(Table.NUCLEI, Samples.filled(rows, Table.NUCLEI.schema(Samples.LAYOUT), row));
        assertThat(staged()).isNotEmpty();
      }
      assertThat(staged()).isEmpty();
    }
  }

  private List<String> staged() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("_staging"))) {
      return files.map(Path::toString).filter(f -> f.endsWith(".parquet")).toList();
    }
  }

  @Test
  void manyBatchesDoNotMakeManyFiles() throws IOException {
    TableStore store = open(400);
    Map<Table, List<Row>> model = new EnumMap<>(Table.class);
    long rewritten = 0;
    Set<String> seen = new HashSet<>();
    Run run = store.begin();
    for (int batch = 0; batch < 40; batch++) {
      String image = "image " + batch;
      Map<Table, List<Row>> rows =
          Map.of(
              Table.IMAGES, Samples.rows(Table.IMAGES, image, 1, random),
              Table.NUCLEI, Samples.rows(Table.NUCLEI, image, 5, random));
      add(model, rows, Set.of());
      run.stage(written(run.files(), 0, rows), Set.of(image));
      run.commit(Map.of());
      run = run.next();
      for (String name : names("nuclei")) {
        if (seen.add(name)) {
          rewritten += footer(folder.resolve("nuclei"), name).getBlocks().get(0).getRowCount();
        }
      }
      assertThat(names("nuclei").size()).isLessThan(2 * SmallFiles.MANY);
    }
    run.close();
    assertThat(rewritten).as("rows written").isBetween(200L, 3 * 200L);
    requireSame(store, model, "40 batches");
    List<String> manifests = new ArrayList<>(names("_runs"));
    manifests.replaceAll(name -> name.replace(".json", ""));
    assertThat(manifests).hasSize(40).allMatch(id -> Manifest.began(id).isPresent());
    assertThat(Arrays.asList("00002", "00040"))
        .allMatch(n -> manifests.stream().anyMatch(id -> id.endsWith("-" + n)));
  }
}
