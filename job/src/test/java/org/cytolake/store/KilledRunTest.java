package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.OutputLock;
import org.cytolake.store.FaultyFileSystem.Fault;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run over an output with two images replaces one of them; each of its file operations fails in
 * turn, Spark's included. Whatever happens, a reader sees the tables before or after, and the same
 * run once more ends as an undisturbed one does.
 */
class KilledRunTest {
  private static final OutputLock.Timing TIMING =
      new OutputLock.Timing(Duration.ofHours(1), Duration.ZERO, Duration.ZERO);
  private static final Table TABLE = Table.HISTOGRAMS;

  private static final StructType SCHEMA = TABLE.schema(Samples.LAYOUT);

  @TempDir Path folder;

  private final SparkSession spark = Samples.spark().newSession();
  private final Random random = new Random(5);
  private final List<Row> a = Samples.rows(TABLE, "a", 3, random);
  private final List<Row> b = Samples.rows(TABLE, "b", 3, random);
  private final List<Row> newer = Samples.rows(TABLE, "a", 4, random);
  private final List<String> before = Samples.text(join(a, b));
  private final List<String> after = Samples.text(join(newer, b));
  private Path base;
  private Path output;
  private int next;

  private static List<Row> join(List<Row> a, List<Row> b) {
    List<Row> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private TableStore open() {
    return Samples.parquet(spark, "faulty://" + output, Samples.LAYOUT, TIMING, 100);
  }

  @BeforeEach
  void twoImages() {
    spark.sparkContext().setLogLevel("OFF"); // of failures that are meant to be
    spark.conf().set("spark.sql.adaptive.enabled", false);
    spark.conf().set(StagedCommitProtocol.SETTING, StagedCommitProtocol.class.getName());
    base = folder.resolve("base");
    output = base;
    try (Run run = open().begin()) {
      run.replace(TABLE, spark.createDataFrame(join(a, b), SCHEMA), List.of("a", "b"));
      stageFile(run, "labels/plate/a.ome.tif", "labels of a");
      stageFile(run, "labels/b.ome.tif", "labels of b");
      stageFolder(run, "labels/a.ome.zarr", "labels of a", "zarr.json", "0/c/0", "0/c/1");
      stageFolder(run, "labels/b.ome.zarr", "labels of b", "zarr.json", "0/c/0");
      run.commit(Map.of());
    }
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
    spark.sparkContext().setLogLevel("WARN");
  }

  private void freshCopy() throws IOException {
    output = folder.resolve("copy" + next++);
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.toList()) {
        Files.copy(file, output.resolve(base.relativize(file).toString()));
      }
    }
  }

  private void replaceA(TableStore store) {
    try (Run run = store.begin()) {
      run.replace(TABLE, spark.createDataFrame(newer, SCHEMA).coalesce(1), List.of("a"));
      stageFile(run, "labels/plate/a.ome.tif", "newer labels of a");
      stageFile(run, "geojson/a.geojson", "outlines of a");
      run.replaceFile("labels/b.ome.tif", null);
      stageFolder(run, "labels/a.ome.zarr", "newer labels of a", "zarr.json", "0/c/0");
      run.replaceFile("labels/b.ome.zarr", null);
      run.commit(Map.of());
    }
  }

  private static void stageFile(Run run, String name, String text) {
    Path staged = Path.of(java.net.URI.create(run.scratch()).getPath(), name.replace('/', '-'));
    try {
      Files.writeString(staged, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run.replaceFile(name, staged.toString());
  }

  private static void stageFolder(Run run, String name, String text, String... files) {
    Path staged = Path.of(java.net.URI.create(run.scratch()).getPath(), name);
    try {
      for (String file : files) {
        Files.createDirectories(staged.resolve(file).getParent());
        Files.writeString(staged.resolve(file), text + " in " + file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run.replaceFile(name, staged.toString());
  }

  /** What Spark alone sees in the folder: also what pandas or DuckDB would. */
  private List<String> plain() {
    return Samples.text(spark.read().schema(SCHEMA).parquet(output + "/" + TABLE.folder()));
  }

  /** Every visible file with its contents. */
  private static Map<String, String> visible(Path output) throws IOException {
    Map<String, String> contents = new HashMap<>();
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = output.relativize(file).toString();
        if (!name.startsWith("_")) {
          contents.put(name, Arrays.toString(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }

  private static final Map<String, String> BESIDE =
      Map.of(
          "labels/plate/a.ome.tif", "newer labels of a",
          "labels/a.ome.zarr/zarr.json", "newer labels of a in zarr.json",
          "labels/a.ome.zarr/0/c/0", "newer labels of a in 0/c/0",
          "geojson/a.geojson", "outlines of a");

  private Map<String, String> besideTables() throws IOException {
    Map<String, String> contents = new HashMap<>();
    for (String name : visible(output).keySet()) {
      if (name.startsWith("labels/") || name.startsWith("geojson/")) {
        contents.put(name, Files.readString(output.resolve(name)));
      }
    }
    return contents;
  }

  /** Fails the n-th operation of the run; returns whether there was an n-th. */
  private boolean disturbed(int n, Fault fault) throws IOException {
    freshCopy();
    Map<String, String> old = visible(output);
    TableStore store = open();
    FaultyFileSystem.failAt(n, fault, "injected");
    boolean failed = false;
    try {
      replaceA(store);
    } catch (CytolakeException e) {
      failed = true;
      assertThat(e.code()).isEqualTo(CytolakeException.Code.FAILED);
      assertThat(e).hasMessageContaining("injected").hasMessageContaining(output.toString());
    } finally {
      FaultyFileSystem.heal();
    }
    boolean reached = FaultyFileSystem.count() > n;
    String at = fault + " at operation " + n;
    boolean untouched = visible(output).equals(old);
    if (untouched) {
      assertThat(failed).as(at).isTrue();
    } else {
      // between the moves a row may be seen twice, but none of those before or after is missing
      List<String> seen = plain();
      assertThat(seen.containsAll(before) || seen.containsAll(after)).as(at).isTrue();
      Set<String> known = new HashSet<>(before);
      known.addAll(after);
      assertThat(known).as(at).containsAll(seen);
      assertThat(Samples.text(open().read(TABLE).orElseThrow())).as(at).isEqualTo(after);
    }

    // the next run finishes or removes what was left
    open().begin().close();
    assertThat(output.resolve("_staging")).as(at).isEmptyDirectory();
    if (!visible(output).equals(old)) {
      assertThat(plain()).as(at).isEqualTo(after);
    } else {
      assertThat(untouched && failed).as(at).isTrue();
    }
    if (!visible(output).equals(old)) {
      assertThat(besideTables()).as(at).isEqualTo(BESIDE);
    }
    // where the output is as it was, the run that follows is each time the same
    if (!untouched || n % 20 == 0) {
      replaceA(open());
      assertThat(plain()).as(at).isEqualTo(after);
      assertThat(output.resolve("_staging")).as(at).isEmptyDirectory();
    }
    return reached;
  }

  /** At every third, from a random one on; {@code -Dcytolake.full}: at every one. */
  @Test
  void killedAtAnyOperation() throws IOException {
    int step = Boolean.getBoolean("cytolake.full") ? 1 : 3;
    int n = random.nextInt(step);
    while (disturbed(n, Fault.FROM_THEN_ON)) {
      n += step;
    }
    assertThat(n).as("operations").isGreaterThan(50);
  }

  @Test
  void disturbedOnce() throws IOException {
    // every operation of the commit itself is tried in JournalTest
    for (Fault fault : List.of(Fault.ONCE, Fault.AFTERWARDS)) {
      for (int n = random.nextInt(9); disturbed(n, fault); ) {
        n += 1 + random.nextInt(40);
      }
    }
  }
}
