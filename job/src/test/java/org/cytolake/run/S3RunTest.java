package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.s3.FaultyProxy.Fate;
import org.cytolake.s3.S3Server;
import org.cytolake.store.StagedCommitProtocol;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job with input and output on S3: the same tables as on the local disk. */
final class S3RunTest {
  private static final Path IMAGES = Path.of("../sample-data/images");

  @TempDir Path folder;
  private SparkSession spark;
  private S3Server server;

  @BeforeEach
  void start() throws Exception {
    spark = org.cytolake.source.LocalSpark.session().newSession();
    spark.conf().set(StagedCommitProtocol.SETTING, StagedCommitProtocol.class.getName());
    server = new S3Server(folder.resolve("store"));
    server.configure(spark.sparkContext().hadoopConfiguration());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private RunSummary analyze(String input, String output) {
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(input),
            "input.pattern",
            "(?<plate>[^_]+)_(?<well>[A-P]\\d{2})_f(?<field>\\d+)_(?<channel>[a-z]+)\\.tif",
            "input.channels",
            "nuclei=nuclei,cytoplasm=cytoplasm",
            "output.path",
            output);
    List<String> quick = List.of("clustering.starts=1", "clustering.max-iterations=5");
    return new AnalyzePipeline(
            spark, ConfigLoader.load(Optional.empty(), flags, quick), Progress.NONE)
        .run();
  }

  /** Adds a field of view to the inputs, on S3 and on the disk. */
  private void add(String field) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Files.createDirectories(folder.resolve("images"));
    for (String channel : List.of("nuclei", "cytoplasm")) {
      String name = "SYN001_" + field + "_" + channel + ".tif";
      Files.copy(IMAGES.resolve(name), folder.resolve("images").resolve(name));
      var target = new org.apache.hadoop.fs.Path(server.path("images/" + name));
      target
          .getFileSystem(hadoop)
          .copyFromLocalFile(
              new org.apache.hadoop.fs.Path(IMAGES.resolve(name).toAbsolutePath().toString()),
              target);
    }
  }

  /** All rows of all tables, without what differs from run to run and from place to place. */
  private List<String> rows(String output) {
    List<String> rows = new ArrayList<>();
    for (Table table : Table.values()) {
      Dataset<Row> read =
          spark
              .read()
              .parquet(output + "/" + table.folder())
              .drop("run", "time", "histogram_seconds", "segmentation_seconds")
              .drop("files", "fingerprint");
      read.collectAsList().forEach(row -> rows.add(table + " " + row));
    }
    rows.sort(null);
    return rows;
  }

  @Test
  void runsLikeOnTheDiskThroughErrorsAndAKill() throws IOException {
    assumeTrue(
        Boolean.getBoolean("cytolake.full"), "takes minutes; deploy/bin/verify --full runs it");
    String input = server.path("images");
    String output = server.path("tables");
    String local = folder.resolve("tables").toString();
    add("B02_f1");
    add("B03_f1");

    // the server is at its limits: every eighth request is refused
    server
        .proxy()
        .disturb(
            (n, method, target) ->
                n % 8 != 7 ? Fate.SERVED : n % 16 == 7 ? Fate.SLOW_DOWN : Fate.INTERNAL_ERROR);
    RunSummary first = analyze(input, output);
    assertThat(first.analyzed()).isEqualTo(2);
    assertThat(first.failures()).isEmpty();
    analyze(folder.resolve("images").toString(), local);
    server.proxy().heal();
    List<String> rows = rows(output);
    assertThat(rows).hasSizeGreaterThan(10_000).isEqualTo(rows(local));

    // nothing is read a second time
    server.proxy().heal();
    RunSummary second = analyze(input, output);
    assertThat(second.unchanged()).isEqualTo(2);
    assertThat(server.proxy().requests())
        .noneMatch(S3RunTest::readsAnImage)
        .anyMatch(r -> r.contains("list-type=2"));

    // killed in the middle of the commit's moves: a copy is a PUT of a table's file
    add("B04_f1");
    AtomicBoolean committed = new AtomicBoolean();
    AtomicBoolean dead = new AtomicBoolean();
    server
        .proxy()
        .disturb(
            (n, method, target) -> {
              if (method.equals("PUT") && target.contains("/journal.json")) {
                committed.set(true);
              } else if (committed.get() && method.equals("PUT") && target.contains("/nuclei/")) {
                dead.set(true);
              }
              return dead.get() ? Fate.LOST : Fate.SERVED;
            });
    assertThatThrownBy(() -> analyze(input, output))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("is committed, but its files are not all in place");
    assertThat(dead).isTrue();
    server.proxy().heal();
    RunSummary again = analyze(input, output);
    assertThat(again.unchanged()).isEqualTo(3);
    assertThat(server.proxy().requests()).noneMatch(S3RunTest::readsAnImage);
    analyze(folder.resolve("images").toString(), local);
    rows = rows(output);
    assertThat(rows).isEqualTo(rows(local));

    nothingHolds(rows, S3Server.SECRET);
    nothingHolds(rows, S3Server.KEY);
  }

  private static boolean readsAnImage(String request) {
    return request.matches("GET /[^/?]+/images/.*");
  }

  /** Neither a name nor a byte of what lies on S3, nor a value in a table. */
  private void nothingHolds(List<String> rows, String secret) throws IOException {
    assertThat(rows).noneMatch(r -> r.contains(secret));
    try (Stream<Path> files = Files.walk(server.objects())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file.toString()).doesNotContain(secret);
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secret);
      }
    }
  }
}
