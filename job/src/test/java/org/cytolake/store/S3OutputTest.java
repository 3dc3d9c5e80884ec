package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.cytolake.TakesMinutes;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.OutputLock;
import org.cytolake.s3.FaultyProxy;
import org.cytolake.s3.FaultyProxy.Fate;
import org.cytolake.s3.S3Server;
import org.cytolake.store.Journal.Step;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lock, journal and tables on a real S3 server that is disturbed request by request. */
@TakesMinutes
class S3OutputTest {
  private static final OutputLock.Timing TIMING =
      new OutputLock.Timing(Duration.ofHours(1), Duration.ZERO, Duration.ofMillis(300));
  private static final Map<String, String> BEFORE =
      Map.of("nuclei/old", "a b", "nuclei/kept", "c", "images/old", "a b");
  private static final Map<String, String> AFTER =
      Map.of("nuclei/new", "A b", "nuclei/kept", "c", "images/new", "A b", "_runs/r.json", "done");
  private static final Journal JOURNAL =
      new Journal(
          "r",
          List.of(
              new Step("_staging/r/n", "nuclei/new"),
              new Step("nuclei/old", null),
              new Step("_staging/r/i", "images/new"),
              new Step("images/old", null),
              new Step("_staging/r/m", "_runs/r.json")));

  @TempDir Path folder;
  private S3Server server;
  private FaultyProxy proxy;

  @BeforeEach
  void start() throws Exception {
    server = new S3Server(folder);
    proxy = server.proxy();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private OutputFolder output(String name, String... settings) {
    Configuration hadoop = new Configuration();
    server.configure(hadoop);
    hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
    for (int i = 0; i < settings.length; i += 2) {
      hadoop.set(settings[i], settings[i + 1]);
    }
    return OutputFolder.of(server.path(name), hadoop);
  }

  /** A client whose requests are not tried again, so that it ends at the first that fails. */
  private OutputFolder impatient(String name) {
    return output(name, "fs.s3a.attempts.maximum", "1", "fs.s3a.retry.limit", "0");
  }

  private Map<String, String> contents(String name) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    Path root = server.objects().resolve(name);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  private Map<String, String> visible(String name) throws IOException {
    Map<String, String> visible = contents(name);
    visible.keySet().removeIf(n -> n.startsWith("_staging"));
    return visible;
  }

  private void stage(OutputFolder output) {
    BEFORE.forEach(output::write);
    output.write("_staging/r/n", "A b");
    output.write("_staging/r/i", "A b");
    output.write("_staging/r/m", "done");
  }

  @Test
  void ofManyAtOnceOneGetsTheLockWithoutWaiting() throws Exception {
    for (String conditional : List.of("true", "false")) {
      OutputFolder output =
          output("lock-" + conditional, "fs.s3a.create.conditional.enabled", conditional);
      assertThat(output.createsExclusively()).isEqualTo(conditional.equals("true"));
      OutputLock.Timing patient =
          new OutputLock.Timing(Duration.ofHours(1), Duration.ofHours(1), Duration.ofMillis(700));
      var threads = Executors.newFixedThreadPool(6);
      try {
        List<Callable<OutputLock>> attempts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          attempts.add(() -> OutputLock.acquire(output, patient));
        }
        List<OutputLock> holders = new ArrayList<>();
        for (Future<OutputLock> attempt : threads.invokeAll(attempts)) {
          try {
            holders.add(attempt.get());
          } catch (ExecutionException e) {
            assertThat(e).hasMessageContaining("Another run is writing");
          }
        }
        assertThat(holders).as(conditional).hasSize(1);
        holders.get(0).requireHeld();
        holders.get(0).close();
      } finally {
        threads.shutdown();
      }
      assertThat(contents("lock-" + conditional)).isEmpty();
    }
  }

  @Test
  void theCommitIsOneRequest() throws IOException {
    OutputFolder output = output("one");
    stage(output);
    assertThat(output.createsExclusively()).isTrue();
    proxy.heal();
    JOURNAL.write(output, () -> {});
    assertThat(proxy.requests()).singleElement().asString().startsWith("PUT ");
    assertThat(proxy.requests().get(0)).contains("/one/_staging/r/journal.json");
    assertThat(visible("one")).isEqualTo(BEFORE);
    JOURNAL.carryOut(output, CommitSteps.NONE);
    assertThat(visible("one")).isEqualTo(AFTER);
  }

  @Test
  void killedAtEverySecondRequest() throws IOException {
    int n = 0;
    boolean reached = true;
    for (; reached; n += 2) {
      String name = "killed" + n;
      stage(output(name));
      OutputFolder output = impatient(name);
      int last = n;
      proxy.disturb((i, method, target) -> i < last ? Fate.SERVED : Fate.LOST);
      boolean failed = false;
      try {
        JOURNAL.write(output, () -> {});
        JOURNAL.carryOut(output, CommitSteps.NONE);
      } catch (CytolakeException e) {
        failed = true;
      }
      reached = proxy.requests().size() > n;
      assertThat(failed).as("at %s", n).isEqualTo(reached);
      proxy.heal();
      Map<String, String> seen = visible(name);
      boolean committed = Journal.exists(output(name), "r") || seen.equals(AFTER);
      if (!committed) {
        assertThat(seen).isEqualTo(BEFORE);
      } // else nothing is missing, though old and new may both be there
      assertThat(seen.keySet()).containsAnyOf("nuclei/old", "nuclei/new").contains("nuclei/kept");
      assertThat(seen.keySet()).containsAnyOf("images/old", "images/new");
      Journal.recover(output(name));
      assertThat(visible(name)).as("at %s", n).isEqualTo(committed ? AFTER : BEFORE);
      assertThat(contents(name).keySet())
          .filteredOn(f -> f.startsWith("_staging/") && !f.contains(OutputFolder.PROBE))
          .isEqualTo(committed ? List.of() : List.of("_staging/r/journal.json"));
    }
    assertThat(n).isGreaterThan(20);
  }

  @Test
  void aRequestThatFailsOnceIsTriedAgain() throws IOException {
    for (Fate fate : List.of(Fate.INTERNAL_ERROR, Fate.SLOW_DOWN, Fate.LOST, Fate.ANSWER_LOST)) {
      tryAgain(fate, fate == Fate.ANSWER_LOST ? 2 : 9);
    }
  }

  @Test
  void anAnswerOfWhichHalfComesIsAskedForAgain() throws IOException {
    tryAgain(Fate.ANSWER_CUT, 2);
  }

  private void tryAgain(Fate fate, int step) throws IOException {
    for (int n = 0, requests = 1; n < requests; n += step) {
      String name = fate.name() + n;
      OutputFolder output = output(name);
      stage(output);
      int failing = n;
      proxy.disturb((i, method, target) -> i == failing ? fate : Fate.SERVED);
      JOURNAL.write(output, () -> {});
      JOURNAL.carryOut(output, CommitSteps.NONE);
      assertThat(visible(name)).as("%s at %s", fate, n).isEqualTo(AFTER);
      requests = proxy.requests().size();
      proxy.heal();
    }
  }

  /** It ends in the time that is set, in words; what was committed is carried out later. */
  @Test
  void aStoreThatNeverAnswersIsSaidToBe() throws IOException {
    for (Fate fate : List.of(Fate.SILENCE, Fate.HALF_SILENCE)) {
      String name = "never" + fate;
      stage(output(name));
      OutputFolder output =
          output(
              name,
              bucket("attempts.maximum"),
              "1",
              bucket("retry.limit"),
              "0",
              bucket("connection.timeout"),
              "2s");
      JOURNAL.write(output, () -> {});
      proxy.disturb((n, method, target) -> n < 3 ? Fate.SERVED : fate);
      long start = System.nanoTime();
      assertThatThrownBy(() -> JOURNAL.carryOut(output, CommitSteps.NONE))
          .isInstanceOfSatisfying(
              CytolakeException.class,
              e -> assertThat(e.code()).isEqualTo(CytolakeException.Code.FAILED))
          .hasMessageContaining("the store has not answered in time")
          .hasMessageContaining("run the same command again");
      assertThat((System.nanoTime() - start) / 1e9).isLessThan(40); // Hadoop's least time is 15 s
      proxy.heal();
      Journal.recover(output(name));
      assertThat(visible(name)).isEqualTo(AFTER);
    }
  }

  private String bucket(String setting) {
    return "fs.s3a.bucket." + server.path("").split("/", -1)[2] + "." + setting;
  }

  @Test
  void aRunThatOnlySeemedDeadCannotCommit() throws IOException {
    OutputFolder output = output("fenced");
    stage(output);
    Journal.recover(output); // by another process
    assertThatThrownBy(() -> JOURNAL.write(output, () -> {}))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("gave no sign of life, and another run has removed it")
        .hasMessageContaining("run the same command again");
    assertThat(Journal.exists(output, "r")).isFalse();
    assertThat(Journal.pending(output)).isEmpty();
    Journal.recover(output);
    assertThat(visible("fenced")).isEqualTo(BEFORE);
  }

  @Test
  void tablesAreWrittenWithoutRenames() throws IOException {
    SparkSession spark = Samples.spark().newSession();
    spark.conf().set(StagedCommitProtocol.SETTING, StagedCommitProtocol.class.getName());
    server.configure(spark.sparkContext().hadoopConfiguration());
    Table table = Table.HISTOGRAMS;
    StructType schema = table.schema(Samples.LAYOUT);
    Random random = new Random(5);
    List<Row> a = Samples.rows(table, "a", 30, random);
    List<Row> b = Samples.rows(table, "b", 3, random);
    List<Row> newer = Samples.rows(table, "a", 4, random);
    List<Row> both = new ArrayList<>(a);
    both.addAll(b);
    List<Row> after = new ArrayList<>(newer);
    after.addAll(b);

    TableStore store = open(spark);
    try (Run run = store.begin()) {
      proxy.heal();
      run.replace(table, spark.createDataFrame(both, schema).repartition(3), List.of("a", "b"));
      // a copy is a PUT without a body; what Spark's own committer would do can be told by its
      // names
      assertThat(proxy.requests())
          .noneMatch(r -> r.contains("_temporary"))
          .filteredOn(r -> r.startsWith("PUT") && r.contains(".parquet"))
          .hasSize(1); // of three partitions
      stageFiles(run, "1", "2");
      run.commit(Map.of());
    }
    assertThat(Samples.text(store.read(table).orElseThrow())).isEqualTo(Samples.text(both));
    assertThat(contents("t").keySet())
        .filteredOn(name -> name.startsWith("zarr") || name.startsWith("labels"))
        .containsExactlyInAnyOrder("labels/a.tif", "zarr/a/1", "zarr/a/below/2");

    for (int every : List.of(7, 11)) {
      proxy.disturb(
          (n, method, target) ->
              n % every != 0 ? Fate.SERVED : n % 2 == 0 ? Fate.SLOW_DOWN : Fate.INTERNAL_ERROR);
      try (Run run = store.begin()) {
        run.replace(table, spark.createDataFrame(newer, schema), List.of("a"));
        stageFiles(run, "2", "3");
        run.commit(Map.of());
      }
      proxy.heal();
      assertThat(Samples.text(store.read(table).orElseThrow())).isEqualTo(Samples.text(after));
      assertThat(
              Samples.text(spark.read().schema(schema).parquet(server.path("t/" + table.folder()))))
          .isEqualTo(Samples.text(after));
    }
    assertThat(contents("t"))
        .containsEntry("labels/a.tif", "2")
        .containsEntry("zarr/a/2", "2")
        .containsEntry("zarr/a/below/3", "3")
        .doesNotContainKeys("zarr/a/1", "zarr/a/below/2");
    open(spark).begin().close(); // removes what a failed request left
    try (Stream<Path> left = Files.walk(server.objects().resolve("t/_staging"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  /** A file, and a folder of two, beside the tables. */
  private void stageFiles(Run run, String one, String two) throws IOException {
    for (String name : List.of("labels/a.tif", "zarr/a/" + one, "zarr/a/below/" + two)) {
      var path = new org.apache.hadoop.fs.Path(run.scratch(), name);
      Configuration hadoop = Samples.spark().sparkContext().hadoopConfiguration();
      try (var out = path.getFileSystem(hadoop).create(path)) {
        out.write((name.contains("below") ? two : one).getBytes(StandardCharsets.UTF_8));
      }
    }
    run.replaceFile("labels/a.tif", run.scratch() + "/labels/a.tif");
    run.replaceFile("zarr/a", run.scratch() + "/zarr/a");
  }

  private TableStore open(SparkSession spark) {
    return Samples.parquet(spark, server.path("t"), Samples.LAYOUT, TIMING, 100);
  }
}
