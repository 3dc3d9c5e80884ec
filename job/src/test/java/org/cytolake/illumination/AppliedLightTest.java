package org.cytolake.illumination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.cytolake.TakesMinutes;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.s3.S3Server;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.store.StagedCommitProtocol;
import org.cytolake.store.TableStores;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Corrected images have the tables of images whose files were corrected before, wherever the tables
 * and functions are and whoever shares a model.
 */
final class AppliedLightTest {
  private static final int HEIGHT = 40;
  private static final int WIDTH = 56;

  /** What differs from run to run and from place to place. */
  private static final String[] OF_THE_RUN = {
    "run",
    "time",
    "histogram_seconds",
    "segmentation_seconds",
    "files",
    "fingerprint",
    "clipped_pixels"
  };

  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void session() {
    spark = LocalSpark.session().newSession();
    spark.conf().set(StagedCommitProtocol.SETTING, StagedCommitProtocol.class.getName());
  }

  /** What a place of a plate's channel is divided by. */
  private static float light(String plate, String channel, int y, int x) {
    double dy = y - (plate.equals("P1") ? 5 : 30);
    double dx = x - (channel.equals("w1") ? 10 : 40);
    return (float) (1 + 0.0004 * (dy * dy + dx * dx));
  }

  private static int[] scene(String plate, int well, String channel) {
    Random random = new Random((plate + well + channel).hashCode());
    int[] scene = new int[HEIGHT * WIDTH];
    for (int i = 0; i < scene.length; i++) {
      int kind = (i / WIDTH / 9 + i % WIDTH / 11 + well) % 3;
      scene[i] =
          (int)
              (light(plate, channel, i / WIDTH, i % WIDTH) * (60 + 50 * kind + random.nextInt(9)));
    }
    return scene;
  }

  private static String name(String plate, int well, String channel) {
    return "%s_A%02d_%s.ome.tif".formatted(plate, well, channel);
  }

  private void images(String into, boolean corrected, int wells) throws IOException {
    Path images = Files.createDirectories(folder.resolve(into));
    for (String plate : List.of("P1", "P2")) {
      for (int well = 1; well <= wells; well++) {
        for (String channel : List.of("w1", "w2")) {
          int[] pixels = scene(plate, well, channel);
          for (int i = 0; corrected && i < pixels.length; i++) {
            float by = light(plate, channel, i / WIDTH, i % WIDTH);
            pixels[i] = (int) Math.rint(pixels[i] / (double) by);
          }
          Path file = images.resolve(name(plate, well, channel));
          if (!Files.exists(file)) {
            TestImages.write(
                file,
                TestImages.Spec.of(
                    WIDTH, HEIGHT, "uint16", (s, c, z, t, y, x) -> pixels[y * WIDTH + x]));
          }
        }
      }
    }
  }

  private void functions(Path into) throws IOException {
    Files.createDirectories(into);
    for (String plate : List.of("P1", "P2")) {
      for (String channel : List.of("w1", "w2")) {
        String header =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n"
                .formatted(HEIGHT, WIDTH);
        ByteBuffer bytes =
            ByteBuffer.allocate(10 + header.length() + 4 * HEIGHT * WIDTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < HEIGHT * WIDTH; i++) {
          bytes.putFloat(light(plate, channel, i / WIDTH, i % WIDTH));
        }
        Files.write(into.resolve(plate + "_" + channel + ".npy"), bytes.array());
      }
    }
  }

  private RunSummary analyze(String input, String output, String... settings) {
    Map<String, Object> flags = new HashMap<>();
    flags.put("input.paths", List.of(input));
    flags.put("input.pattern", "(?<plate>P\\d)_(?<well>[A-H]\\d\\d)_(?<channel>w\\d)\\.ome\\.tif");
    flags.put("output.path", output);
    flags.put("segmentation.enabled", false);
    flags.put("report.enabled", false);
    flags.put("quality.scales", List.of(4));
    flags.put("clustering.methods", List.of("k_means"));
    flags.put("clustering.values", "raw");
    CytolakeConfig config = ConfigLoader.load(Optional.empty(), flags, List.of(settings));
    RunSummary summary = new AnalyzePipeline(spark, config, Progress.NONE).run();
    assertThat(summary.failures()).isEmpty();
    return summary;
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  /** All rows of all tables but those of functions. */
  private Map<Table, List<String>> rows(String output) {
    Map<Table, List<String>> rows = new TreeMap<>();
    for (Table table : Table.values()) {
      Dataset<Row> read = TableStores.reader(spark, output).orElseThrow().read(table).orElseThrow();
      List<Column> columns =
          Stream.of(read.columns())
              .filter(c -> !List.of(OF_THE_RUN).contains(c))
              .sorted()
              .map(functions::col)
              .toList();
      List<String> found = new ArrayList<>();
      read.select(columns.toArray(Column[]::new))
          .collectAsList()
          .forEach(row -> found.add(row.toString()));
      found.sort(null);
      rows.put(table, found);
    }
    rows.remove(Table.ILLUMINATION_FUNCTIONS);
    return rows;
  }

  private static Map<String, byte[]> pictures(Path output) throws IOException {
    Map<String, byte[]> pictures = new TreeMap<>();
    try (Stream<Path> files = Files.list(output.resolve("cluster_images"))) {
      for (Path file : files.toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          pictures.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
      }
    }
    return pictures;
  }

  /** All scopes: --full; else that which is painted in a pass of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"image", "plate", "dataset"})
  void modelsAreOfCorrectedIntensities(String scope) throws IOException {
    assumeTrue(Boolean.getBoolean("cytolake.full") || scope.equals("plate"));
    images("dark", false, 3);
    images("even", true, 3);
    functions(folder.resolve("lamps"));
    String[] settings = {"clustering.scope=" + scope, "output.pixels=true", "run.batch-images=2"};
    List<String> applied = new ArrayList<>(List.of(settings));
    applied.add("illumination.apply=divide");
    applied.add("illumination.from=" + at("lamps"));
    analyze(at("dark"), at("applied"), applied.toArray(String[]::new));
    analyze(at("even"), at("before"), settings);
    Map<Table, List<String>> rows = rows(at("applied"));
    assertThat(rows.get(Table.CLUSTER_LABELS)).hasSizeGreaterThan(100);
    assertThat(rows.get(Table.PIXELS)).hasSize(6 * HEIGHT * WIDTH);
    assertThat(rows).isEqualTo(rows(at("before")));
    Map<String, byte[]> painted = pictures(folder.resolve("applied"));
    assertThat(painted).hasSize(6);
    pictures(folder.resolve("before"))
        .forEach((name, bytes) -> assertThat(painted.get(name)).as(name).isEqualTo(bytes));
  }

  private static final String[] MADE = {
    "illumination.method=regular",
    "illumination.smoothing=gaussian",
    "illumination.smoothing-size=3",
    "illumination.apply=divide"
  };

  @Test
  @TakesMinutes
  void icebergHasTheSameTables() throws IOException {
    images("dark", false, 3);
    String[] iceberg =
        Stream.concat(Stream.of("output.format=iceberg"), Stream.of(MADE)).toArray(String[]::new);
    assertThat(analyze(at("dark"), at("lake"), iceberg).analyzed()).isEqualTo(6);
    assertThat(analyze(at("dark"), at("lake"), iceberg).analyzed()).isZero();
    images("dark", false, 4); // other functions, so all anew
    assertThat(analyze(at("dark"), at("lake"), iceberg).analyzed()).isEqualTo(8);
    analyze(at("dark"), at("folders"), MADE);
    assertThat(rows(at("lake"))).isEqualTo(rows(at("folders")));
    for (String output : List.of("lake", "folders")) {
      Dataset<Row> functions =
          TableStores.reader(spark, at(output))
              .orElseThrow()
              .read(Table.ILLUMINATION_FUNCTIONS)
              .orElseThrow();
      assertThat(functions.select("plate", "channel", "planes").collectAsList())
          .extracting(Row::toString)
          .containsExactlyInAnyOrder("[P1,w1,4]", "[P1,w2,4]", "[P2,w1,4]", "[P2,w2,4]");
    }
    assertThat(function(at("lake"))).isEqualTo(function(at("folders")));
  }

  @Test
  @TakesMinutes
  void s3HasTheSameTables() throws Exception {
    images("dark", false, 2);
    analyze(at("dark"), at("local"), MADE);
    try (S3Server server = new S3Server(folder.resolve("store"))) {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      server.configure(hadoop);
      copy(folder.resolve("dark"), server.path("images"), hadoop);
      String made = server.path("made");
      analyze(server.path("images"), made, MADE);
      assertThat(rows(made)).isEqualTo(rows(at("local")));
      assertThat(function(made)).isEqualTo(function(at("local")));
      assertThat(analyze(server.path("images"), made, MADE).analyzed()).isZero();
      // functions that lie there, of this program and of others
      String[] taken = {"illumination.apply=divide", "illumination.from=" + made};
      analyze(server.path("images"), server.path("taken"), taken);
      assertThat(rows(server.path("taken"))).isEqualTo(rows(at("local")));
      functions(folder.resolve("lamps"));
      copy(folder.resolve("lamps"), server.path("lamps"), hadoop);
      String npy = "illumination.from=" + server.path("lamps");
      analyze(at("dark"), at("npy"), "illumination.apply=divide", npy);
      images("even", true, 2);
      analyze(at("even"), at("even-tables"));
      assertThat(rows(at("npy"))).isEqualTo(rows(at("even-tables")));
    }
  }

  private static void copy(Path from, String to, Configuration hadoop) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        var target = new org.apache.hadoop.fs.Path(to, file.getFileName().toString());
        target
            .getFileSystem(hadoop)
            .copyFromLocalFile(new org.apache.hadoop.fs.Path(file.toString()), target);
      }
    }
  }

  private float[] function(String output) throws IOException {
    return FunctionFiles.read(
            new org.apache.hadoop.fs.Path(output + "/illumination/P2_w1.ome.tif"),
            spark.sparkContext().hadoopConfiguration())
        .values();
  }
}
