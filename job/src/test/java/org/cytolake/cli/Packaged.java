package org.cytolake.cli;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.s3.S3Server;
import org.cytolake.source.LocalSpark;

/** Runs the packaged jar with PyPI's spark-submit, and reads what it wrote. */
final class Packaged {
  static final Path ROOT =
      Path.of(System.getProperty("cytolake.root")).toAbsolutePath().normalize();
  static final Path JAR = Path.of(System.getProperty("cytolake.jar"));
  static final String PATTERN =
      "(?<plate>[^_]+)_(?<well>[A-P]\\d{2})_f(?<field>\\d+)_(?<channel>[a-z]+)\\.tif";
  static final String CHANNELS = "nuclei=nuclei,cytoplasm=cytoplasm";

  /** Fewer and shorter fits: these tests are about the rest. */
  static final List<String> QUICK =
      List.of(
          "--set",
          "clustering.starts=1",
          "--set",
          "clustering.max-iterations=5",
          "--set",
          "output.label-images=[]",
          "--set",
          "report.enabled=false");

  /** A region in every sample image, as golden/tables_golden.py has it. */
  static final List<String> REGION =
      List.of("--set", "statistics.regions=[{name=corner,x=10,y=20,width=60,height=50}]");

  private static final long LIMIT_SECONDS = 300;

  /** How a command ended. */
  record Ended(int code, String text) {}

  /** What analyze wrote, and how it ended. */
  record Analyzed(Ended ended, Path output) {}

  private static Analyzed sample;

  private Packaged() {}

  /** The tables of the sample data, made once for all tests. */
  static synchronized Analyzed sampleRun() throws IOException, InterruptedException {
    if (sample == null) {
      Path output = Files.createTempDirectory("cytolake-sample").resolve("tables");
      sample =
          new Analyzed(
              submitAndWait(analyze(sampleImages(), output, "--set", "report.enabled=true")),
              output);
    }
    return sample;
  }

  static Path sparkHome() {
    String home = System.getProperty("cytolake.spark.home");
    assertThat(home).as("run deploy/bin/verify, which fetches PySpark").isNotNull();
    return Path.of(home);
  }

  static Path sampleImages() {
    return ROOT.resolve("sample-data/images");
  }

  /** Arguments of analyze on images named as the sample data are. */
  static List<String> analyze(Path input, Path output, String... more) {
    List<String> arguments = new ArrayList<>(List.of("analyze", "--input", input.toString()));
    arguments.addAll(List.of("--pattern", PATTERN, "--channels", CHANNELS));
    arguments.addAll(List.of("--output", output.toString()));
    arguments.addAll(QUICK);
    arguments.addAll(REGION);
    arguments.addAll(List.of(more));
    return arguments;
  }

  static ProcessBuilder submit(String master, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(sparkHome().resolve("bin/spark-submit").toString());
    command.addAll(List.of("--master", master, "--driver-memory", "1g"));
    command.addAll(List.of("--executor-memory", "1g", "--conf", "spark.ui.enabled=false"));
    command.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
    command.addAll(List.of("--conf", "spark.log.level=WARN"));
    command.addAll(List.of("--conf", "spark.sql.shuffle.partitions=2"));
    command.addAll(List.of("--class", "org.cytolake.cli.Main", JAR.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_HOME", sparkHome().toString());
    return builder;
  }

  static ProcessBuilder submitWithIceberg(String master, List<String> arguments)
      throws IOException {
    ProcessBuilder builder = submit(master, arguments);
    builder.command().addAll(1, List.of("--jars", iceberg().toString()));
    return builder;
  }

  /** With the S3 client beside the jar, and where to find the server, but no credentials. */
  static ProcessBuilder submitWithS3(S3Server server, List<String> arguments) throws IOException {
    ProcessBuilder builder = submit("local[2]", arguments);
    List<String> command = builder.command();
    try (Stream<Path> jars = Files.list(JAR.resolveSibling("s3"))) {
      String list = jars.map(Path::toString).sorted().collect(Collectors.joining(","));
      command.addAll(1, List.of("--jars", list));
    }
    server
        .address()
        .forEach((k, v) -> command.addAll(1, List.of("--conf", "spark.hadoop." + k + "=" + v)));
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    return builder;
  }

  /**
   * The start of a command that runs the jar as the launcher does, without a Spark distribution.
   */
  static List<String> java() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(a -> a.startsWith("--add-") || a.startsWith("-XX:+Ignore"))
            .toList());
    command.addAll(List.of("-Djdk.reflect.useDirectMethodHandle=false", "-Xmx1g"));
    command.add("-Dlog4j.configurationFile=" + ROOT.resolve("conf/log4j2.properties"));
    command.add("-cp");
    command.add(
        Files.readString(Path.of(System.getProperty("cytolake.spark.classpath"))).strip()
            + java.io.File.pathSeparator
            + JAR);
    command.add("org.cytolake.cli.Main");
    return command;
  }

  /** The same with Iceberg's runtime on the class path, as the launcher has it. */
  static List<String> javaWithIceberg() throws IOException {
    List<String> command = new ArrayList<>(java());
    int classPath = command.indexOf("-cp") + 1;
    command.set(classPath, command.get(classPath) + java.io.File.pathSeparator + iceberg());
    return command;
  }

  /** Iceberg's runtime, where the build has put it. */
  static Path iceberg() throws IOException {
    try (Stream<Path> jars = Files.list(JAR.resolveSibling("iceberg"))) {
      return jars.findFirst().orElseThrow();
    }
  }

  static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path log = Files.createTempFile("cytolake", ".log");
    try {
      Process process = builder.redirectOutput(log.toFile()).start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("not finished in time: " + Files.readString(log));
      }
      return new Ended(process.exitValue(), Files.readString(log));
    } finally {
      Files.delete(log);
    }
  }

  static Ended submitAndWait(List<String> arguments) throws IOException, InterruptedException {
    return run(submit("local[2]", arguments));
  }

  static Dataset<Row> table(Path output, String table) {
    return LocalSpark.session().read().parquet(output.resolve(table).toString());
  }

  /** A table of an output in Iceberg's format. */
  static Dataset<Row> icebergTable(Path output, String table) {
    SparkSession spark = LocalSpark.session().newSession(); // each keeps its catalogues
    String catalog = "spark.sql.catalog.screens";
    spark.conf().set(catalog, "org.apache.iceberg.spark.SparkCatalog");
    spark.conf().set(catalog + ".type", "hadoop");
    spark.conf().set(catalog + ".cache-enabled", "false");
    spark.conf().set(catalog + ".warehouse", output.toString());
    return spark.table("screens." + table);
  }

  /** All rows of all tables as text, without what differs from run to run: times and run ids. */
  static List<String> rows(Path output, Predicate<String> image) {
    return rows(name -> table(output, name), image);
  }

  /** The same of tables that are found by name. */
  static List<String> rows(Function<String, Dataset<Row>> tables, Predicate<String> image) {
    List<String> rows = new ArrayList<>();
    for (String name :
        List.of(
            "images",
            "channel_stats",
            "histograms",
            "joint_histograms",
            "lookup_tables",
            "normalized_joint_histograms",
            "histograms_2d",
            "density",
            "density_levels",
            "colocalization",
            "cluster_models",
            "clusters",
            "nuclei",
            "errors")) {
      Dataset<Row> table =
          tables.apply(name).drop("run", "time", "histogram_seconds", "segmentation_seconds");
      boolean perImage = Arrays.asList(table.columns()).contains("image");
      if (name.equals("density")) { // tens of thousands of rows an image
        table = table.groupBy("image").agg(expr("count(*)"), expr("bit_xor(xxhash64(*))"));
      }
      table.collectAsList().stream()
          .filter(r -> !perImage || image.test(r.getAs("image")))
          .map(r -> name + " " + r)
          .forEach(rows::add);
    }
    rows.sort(null);
    return rows;
  }

  static List<String> rows(Path output) {
    return rows(output, i -> true);
  }
}
