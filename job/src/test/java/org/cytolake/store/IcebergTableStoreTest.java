package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.config.CytolakeConfig.Output;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.LabelFormat;
import org.cytolake.output.OutputFolder;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IcebergTableStoreTest {
  private static final Layout ONE_CHANNEL =
      new Layout(List.of("plate"), List.of(new ChannelColumn("nuclei", DataTypes.IntegerType)));
  private static final Layout TWO_CHANNELS =
      new Layout(
          List.of("plate", "well"),
          List.of(
              new ChannelColumn("nuclei", DataTypes.LongType),
              new ChannelColumn("er", DataTypes.FloatType)));

  private final Random random = new Random(17);

  @TempDir Path folder;

  private String output() {
    return folder.resolve("a screen, µm=1 %").toString();
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

  private List<Row> snapshots(Table table) {
    return Samples.spark()
        .read()
        .format("iceberg")
        .load(output() + "/" + table.folder() + "#snapshots")
        .orderBy("committed_at")
        .collectAsList();
  }

  @Test
  void everyTableComesBackAsItWasWritten() throws IOException {
    TableStore store = open(Samples.LAYOUT);
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
      run.commit(Map.of("version", "0.1.0", "configuration", "{\"k\": 3}", "failures", "[]"));
    }
    TableStore again = TableStores.reader(Samples.spark(), output()).orElseThrow();
    assertThat(again.layout()).isEqualTo(Samples.LAYOUT);
    assertThat(again.facts()).containsEntry("version", "0.1.0");
    for (Table table : Table.values()) {
      Dataset<Row> read = again.read(table).orElseThrow();
      assertThat(read.schema()).isEqualTo(table.schema(Samples.LAYOUT));
      assertThat(Samples.text(read)).isEqualTo(Samples.text(written.get(table)));
      Dataset<Row> plain =
          Samples.spark().read().format("iceberg").load(output() + "/" + table.folder());
      assertThat(Samples.text(plain)).isEqualTo(Samples.text(written.get(table)));
      assertThat(plain.schema().fields()).allMatch(field -> field.getComment().isDefined());
      assertThat(snapshots(table)).hasSize(1);
      Map<Object, Object> summary = snapshots(table).get(0).getJavaMap(5);
      assertThat(summary)
          .containsEntry("cytolake.run", id)
          .containsEntry("cytolake.version", "0.1.0")
          .containsEntry("cytolake.configuration", "{\"k\": 3}")
          .doesNotContainKey("cytolake.failures");
    }
    assertThat(Path.of(output(), "_staging")).isEmptyDirectory();
    assertThat(Files.readString(Path.of(output(), "_runs", id + ".json")))
        .contains("\"snapshots\"", "\"version\" : \"0.1.0\"");
  }

  @Test
  void aTableChangesInOneSnapshotOrNotAtAll() {
    TableStore store = open(Samples.LAYOUT);
    List<Row> kept = Samples.rows(Table.NUCLEI, "kept", 30, random);
    List<Row> both = new ArrayList<>(kept);
    both.addAll(Samples.rows(Table.NUCLEI, "changed", 30, random));
    replace(store, Table.NUCLEI, both, "kept", "changed");
    List<Row> changed = Samples.rows(Table.NUCLEI, "changed", 5, random);
    replace(store, Table.NUCLEI, changed, "changed", "of no row");
    assertThat(snapshots(Table.NUCLEI)).hasSize(2);
    List<Row> after = new ArrayList<>(kept);
    after.addAll(changed);
    assertThat(Samples.plain(output(), "iceberg", Table.NUCLEI)).isEqualTo(Samples.text(after));

    try (Run run = store.begin()) {
      run.replace(
          Table.NUCLEI,
          Samples.dataset(Table.NUCLEI, Samples.rows(Table.NUCLEI, "kept", 1, random)),
          List.of("kept"));
    }
    replace(store, Table.NUCLEI, List.of(), "another");
    assertThat(snapshots(Table.NUCLEI)).hasSize(2);
    assertThat(Samples.text(store.read(Table.NUCLEI).orElseThrow())).isEqualTo(Samples.text(after));
  }

  @Test
  void severalRunsAtOnceLeaveTheRowsOfEach() throws Exception {
    int runs = 4;
    replace(
        open(Samples.LAYOUT),
        Table.ERRORS,
        Samples.rows(Table.ERRORS, "shared", 9, random),
        "shared");
    List<List<Row>> own = new ArrayList<>();
    List<List<Row>> shared = new ArrayList<>();
    for (int r = 0; r < runs; r++) {
      own.add(Samples.rows(Table.ERRORS, "own " + r, 10, random));
      shared.add(Samples.rows(Table.ERRORS, "shared", 3, random));
    }
    CyclicBarrier allHaveStaged = new CyclicBarrier(runs);
    ExecutorService threads = Executors.newFixedThreadPool(runs);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int r = 0; r < runs; r++) {
        List<Row> rows = new ArrayList<>(own.get(r));
        rows.addAll(shared.get(r));
        List<String> images = List.of("own " + r, "shared");
        ends.add(
            threads.submit(
                () -> {
                  try (Run run = open(Samples.LAYOUT).begin()) {
                    run.replace(Table.ERRORS, Samples.dataset(Table.ERRORS, rows), images);
                    allHaveStaged.await();
                    run.commit(Map.of());
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdown();
    }
    Dataset<Row> errors = open(Samples.LAYOUT).read(Table.ERRORS).orElseThrow();
    for (int r = 0; r < runs; r++) {
      assertThat(Samples.text(errors.where("image = 'own " + r + "'")))
          .isEqualTo(Samples.text(own.get(r)));
    }
    assertThat(Samples.text(errors.where("image = 'shared'")))
        .isIn(shared.stream().map(Samples::text).toList());
    assertThat(errors.count()).isEqualTo(10L * runs + 3);
  }

  /** Somebody else, such as a compaction, commits without Cytolake's lock. */
  @Test
  void aCommitThatMeetsAnotherWritersIsRepeated() throws Exception {
    TableStore store = open(Samples.LAYOUT);
    List<Row> first = Samples.rows(Table.HISTOGRAMS, "a", 10, random);
    replace(store, Table.HISTOGRAMS, first, "a");
    IcebergTables tables =
        IcebergTables.of(
            OutputFolder.of(output(), Samples.spark().sparkContext().hadoopConfiguration()), "");
    AtomicBoolean stop = new AtomicBoolean();
    Thread other =
        new Thread(
            () -> {
              SparkSession session = Samples.spark().newSession();
              tables.register(session);
              while (!stop.get()) {
                session.sql(
                    "DELETE FROM " + tables.name(Table.HISTOGRAMS) + " WHERE image = 'noise'");
                Samples.spark()
                    .createDataFrame(
                        Samples.rows(Table.HISTOGRAMS, "noise", 2, new Random(1)),
                        Table.HISTOGRAMS.schema(Samples.LAYOUT))
                    .write()
                    .format("iceberg")
                    .mode("append")
                    .save(output() + "/histograms");
              }
            });
    other.start();
    List<Row> last = List.of();
    for (int i = 0; i < 4; i++) {
      last = Samples.rows(Table.HISTOGRAMS, "a", 10, random);
      replace(store, Table.HISTOGRAMS, last, "a");
    }
    stop.set(true);
    other.join();
    assertThat(Samples.text(store.read(Table.HISTOGRAMS).orElseThrow().where("image = 'a'")))
        .isEqualTo(Samples.text(last));
  }

  @Test
  void onlyAConflictIsTriedAgain() {
    int[] tries = {0};
    IcebergRun.again(
        Table.NUCLEI,
        () -> {
          if (++tries[0] < 3) {
            throw new IllegalStateException(new ValidationException("conflicting files"));
          }
        });
    assertThat(tries[0]).isEqualTo(3);
    assertThatThrownBy(
            () ->
                IcebergRun.again(
                    Table.NUCLEI,
                    () -> {
                      tries[0]++;
                      throw new IllegalStateException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(tries[0]).isEqualTo(4);
  }

  @Test
  void foldersOfOthersAreNotWrittenInto() throws IOException {
    Files.createDirectories(Path.of(output(), "images"));
    Files.writeString(Path.of(output(), "images", "plate.tif"), "an image");
    Output settings =
        new Output(output(), List.of(), LabelFormat.OME_TIFF, false, Output.ICEBERG, "");
    assertUsage(
        () -> TableStores.requireWritable(Samples.spark(), settings), "has a folder 'images'");
  }

  @Test
  void imagesOfOtherChannelsAndGroupsAddColumns() {
    try (Run run = open(ONE_CHANNEL).begin()) {
      List<Row> rows = Samples.rows(ONE_CHANNEL, Table.JOINT_HISTOGRAMS, "old", 8, random);
      run.replace(
          Table.JOINT_HISTOGRAMS,
          Samples.spark().createDataFrame(rows, Table.JOINT_HISTOGRAMS.schema(ONE_CHANNEL)),
          List.of("old"));
      run.commit(Map.of());
    }
    List<String> before =
        Samples.text(open(ONE_CHANNEL).read(Table.JOINT_HISTOGRAMS).orElseThrow());
    List<Row> rows = Samples.rows(TWO_CHANNELS, Table.JOINT_HISTOGRAMS, "new", 8, random);
    TableStore store = TableStores.writer(Samples.spark(), output()).orElseThrow();
    try (Run run = store.begin()) {
      assertThat(run.layout(TWO_CHANNELS)).isEqualTo(TWO_CHANNELS);
      run.replace(
          Table.JOINT_HISTOGRAMS,
          Samples.spark().createDataFrame(rows, Table.JOINT_HISTOGRAMS.schema(TWO_CHANNELS)),
          List.of("new"));
      run.commit(Map.of());
    }
    TableStore after = TableStores.reader(Samples.spark(), output()).orElseThrow();
    assertThat(after.layout()).isEqualTo(TWO_CHANNELS);
    Dataset<Row> all = after.read(Table.JOINT_HISTOGRAMS).orElseThrow();
    assertThat(all.schema()).isEqualTo(Table.JOINT_HISTOGRAMS.schema(TWO_CHANNELS));
    assertThat(Samples.text(all.where("image = 'new'"))).isEqualTo(Samples.text(rows));
    assertThat(all.where("image = 'old' AND well IS NULL AND er IS NULL").count()).isEqualTo(8);

    // one channel again: nothing is taken away, a wider type stays
    assertThat(after.fitting(ONE_CHANNEL).channels())
        .containsExactly(new ChannelColumn("nuclei", DataTypes.LongType));
    assertThat(
            Samples.text(
                all.where("image = 'old'")
                    .drop("well", "er")
                    .withColumn(
                        "nuclei", org.apache.spark.sql.functions.col("nuclei").cast("int"))))
        .isEqualTo(before);
  }

  @Test
  void anyCatalogueOfSparksHoldsTheTables() {
    SparkSession spark = Samples.spark();
    String warehouse = folder.resolve("warehouse").toString();
    spark.conf().set("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog");
    spark.conf().set("spark.sql.catalog.lake.type", "hadoop");
    spark.conf().set("spark.sql.catalog.lake.warehouse", warehouse);
    List<Row> rows = Samples.rows(Table.NUCLEI, "a", 3, random);
    replace(
        Samples.iceberg(output(), "lake.screens.ht29", Samples.LAYOUT), Table.NUCLEI, rows, "a");
    assertThat(Samples.text(spark.table("lake.screens.ht29.nuclei"))).isEqualTo(Samples.text(rows));
    TableStore again = TableStores.reader(spark, output()).orElseThrow();
    assertThat(Samples.text(again.read(Table.NUCLEI).orElseThrow())).isEqualTo(Samples.text(rows));

    Output other =
        new Output(
            folder.resolve("o").toString(),
            List.of(),
            LabelFormat.OME_TIFF,
            false,
            "iceberg",
            "lake.screens.ht29");
    assertUsage(() -> TableStores.requireWritable(spark, other), "belongs to the output");
    Output unknown =
        new Output(folder + "/o", List.of(), LabelFormat.OME_TIFF, false, "iceberg", "sea");
    assertUsage(() -> TableStores.requireWritable(spark, unknown), "no Iceberg catalogue 'sea'");
    Output nameless =
        new Output(folder + "/o", List.of(), LabelFormat.OME_TIFF, false, "iceberg", "lake..x");
    assertUsage(() -> TableStores.requireWritable(spark, nameless), "no name of a catalogue");
  }

  @Test
  void anOutputStaysInItsFormat() {
    replace(open(Samples.LAYOUT), Table.NUCLEI, Samples.rows(Table.NUCLEI, "a", 1, random), "a");
    Output parquet = new Output(output(), List.of(), LabelFormat.OME_TIFF, false, "parquet", "");
    assertUsage(
        () -> TableStores.requireWritable(Samples.spark(), parquet), "output.format = iceberg");
    assertUsage(
        () -> TableStores.open(Samples.spark(), parquet, Samples.LAYOUT),
        "output.format = iceberg");
  }

  private static void assertUsage(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CytolakeException.class, e -> assertThat(e.code()).isEqualTo(Code.USAGE))
        .hasMessageContaining(message);
  }
}
