package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.cytolake.config.ConfigLoader;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs: batches, failures of single planes, images of many channels. */
final class AnalysisTest {
  @TempDir Path folder;
  private Path images;

  @BeforeEach
  void folders() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
  }

  private RunSummary analyze(String output, String... settings) {
    Map<String, Object> flags =
        Map.of(
            "input.paths", List.of(images.toString()),
            "output.path", folder.resolve(output).toString());
    return new AnalyzePipeline(
            LocalSpark.session(),
            ConfigLoader.load(Optional.empty(), flags, List.of(settings)),
            Progress.NONE)
        .run();
  }

  private Dataset<Row> table(String output, Table table) {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve(output).resolve(table.folder()).toString());
  }

  /** Blobs on a dim background. */
  private static double blobs(int shift, int c, int y, int x) {
    int dy = (y + shift) % 32 - 16;
    int dx = (x + 3 * shift) % 40 - 20;
    return 10 + (x * 7 + y * 3 + c) % 5 + (dx * dx + dy * dy < 90 ? 120 - 30 * c : 0);
  }

  private void image(String name, int sizeZ, int channels) {
    TestImages.write(
        images.resolve(name + ".ome.tif"),
        TestImages.Spec.of(
                128, 96, "uint8", (s, c, z, t, y, x) -> blobs(name.hashCode() % 9 + 9 + z, c, y, x))
            .channels(channels)
            .zt(sizeZ, 1));
  }

  /** Rows without the run and its times. */
  private List<String> rows(String output, Table table) {
    String[] columns =
        Arrays.stream(table(output, table).schema().fields())
            .filter(f -> !List.of("run", "time").contains(f.name()))
            .filter(f -> !f.name().endsWith("_seconds"))
            .map(AnalysisTest::comparable)
            .toArray(String[]::new);
    return table(output, table).selectExpr(columns).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  private static String comparable(StructField field) {
    return field.dataType() instanceof MapType
        ? "array_sort(map_entries(" + field.name() + "))" // maps have no order
        : "`" + field.name() + "`";
  }

  private Map<String, String> files(String output, String kind) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder.resolve(output).resolve(kind))) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Arrays.toString(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private void batchesAreAsOne(String... settings) throws IOException {
    for (String name : List.of("a", "b", "c")) {
      image(name, name.equals("b") ? 2 : 1, 2);
    }
    Files.writeString(images.resolve("broken.ome.tif"), "no image at all");
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of("clustering.k=[2,3]", "output.pixels=true", "segmentation.geojson=true"));
    RunSummary one = analyze("one", all.toArray(String[]::new));
    all.add("run.batch-images=1");
    RunSummary several = analyze("several", all.toArray(String[]::new));
    assertThat(one.failures()).hasSize(1);
    for (Table table : Table.values()) {
      assertThat(rows("several", table)).as(table.folder()).isEqualTo(rows("one", table));
    }
    assertThat(rows("one", Table.NUCLEI)).isNotEmpty();
    assertThat(rows("one", Table.CLUSTER_LABELS)).isNotEmpty();
    assertThat(table("one", Table.IMAGES).select("run").distinct().count()).isOne();
    assertThat(
            table("several", Table.IMAGES).where("status = 'ok'").select("run").distinct().count())
        .isEqualTo(3);
    for (String kind : List.of("labels", "cluster_images", "geojson")) {
      assertThat(files("several", kind)).hasSize(3).isEqualTo(files("one", kind));
    }
    assertThat(several.analyzed()).isEqualTo(one.analyzed());
    assertThat(several.pixels()).isEqualTo(one.pixels());
    assertThat(several.nuclei()).isEqualTo(one.nuclei());
    assertThat(several.models()).isEqualTo(one.models());
    assertThat(several.warnings()).isEqualTo(one.warnings());
    assertThat(several.failures()).isEqualTo(one.failures());
    assertThat(several.report()).isPresent();
    Files.delete(images.resolve("broken.ome.tif"));
    assertThat(analyze("several", all.toArray(String[]::new)).analyzed()).isZero();
  }

  @Test
  void severalBatchesGiveTheTablesOfOne() throws IOException {
    batchesAreAsOne();
  }

  @Test
  void modelsOfTheDataSetComeWithTheLastBatch() throws IOException {
    batchesAreAsOne("clustering.scope=dataset", "clustering.dataset-starts=1");
  }

  /** Its second plane: the first is written already, and has to go. */
  @Test
  void aFailingPlaneCostsItsImage() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      TestImages.write(
          images.resolve(name + ".ome.tif"),
          TestImages.Spec.of(
                  64,
                  48,
                  "double",
                  (s, c, z, t, y, x) ->
                      name.equals("b") && z == 1
                          ? (x % 2 == 0 ? Double.MAX_VALUE : -Double.MAX_VALUE)
                          : blobs(z, c, y, x))
              .channels(2)
              .zt(3, 1));
    }
    onlyTheOthersHaveRows("STATISTICS_FAILED", 2);
  }

  /** The same where the data source finds it: the last page has lost its end. */
  @Test
  void aPlaneThatCannotBeReadCostsItsImage() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      TestImages.write(
          images.resolve(name + ".tif"),
          TestImages.Spec.of(64, 48, "uint8", (s, c, z, t, y, x) -> blobs(t, c, y, x)).zt(1, 3));
    }
    byte[] bytes = Files.readAllBytes(images.resolve("b.tif"));
    Files.write(images.resolve("b.tif"), Arrays.copyOf(bytes, bytes.length - 50));
    onlyTheOthersHaveRows("TRUNCATED_FILE", 1);
  }

  /** Where nothing else is left to do, too. */
  @Test
  void anImageThatStaysBadIsToldByEveryRun() throws IOException {
    image("a", 1, 2);
    Files.writeString(images.resolve("b.ome.tif"), "no image");
    for (int run = 0; run < 3; run++) {
      RunSummary summary = analyze("out", "clustering.k=2");
      assertThat(summary.analyzed()).as("run " + run).isEqualTo(run == 0 ? 1 : 0);
      assertThat(summary.failures()).extracting(f -> f.image()).containsExactly("b");
      assertThat(rows("out", Table.ERRORS)).hasSize(1);
      assertThat(table("out", Table.IMAGES).select("image").collectAsList())
          .extracting(row -> row.getString(0))
          .containsExactlyInAnyOrder("a", "b");
    }
  }

  private void onlyTheOthersHaveRows(String code, int channels) throws IOException {
    RunSummary run = analyze("out", "clustering.k=2", "output.pixels=true");
    assertThat(run.failures()).hasSize(1);
    assertThat(run.failures().get(0).image()).isEqualTo("b");
    assertThat(run.failures().get(0).code()).isEqualTo(code);
    assertThat(run.analyzed()).isEqualTo(2);
    for (Table table : Table.values()) {
      List<String> with =
          table("out", table)
              .where("image is not null")
              .select("image")
              .distinct()
              .collectAsList()
              .stream()
              .map(row -> row.getString(0))
              .sorted()
              .toList();
      switch (table) {
        case IMAGES -> assertThat(with).containsExactly("a", "b", "c");
        case ERRORS -> assertThat(with).containsExactly("b");
        default -> assertThat(with).as(table.folder()).isSubsetOf("a", "c");
      }
    }
    assertThat(table("out", Table.IMAGES).where("image = 'b'").select("status").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("failed");
    assertThat(table("out", Table.CHANNEL_STATS).count()).isEqualTo(2L * 3 * channels);
    for (String kind : List.of("labels", "cluster_images")) {
      assertThat(files("out", kind)).containsOnlyKeys("a.ome.tif", "c.ome.tif");
    }
  }

  @Test
  void imagesOfManyChannelsRunWithTheDefaults() throws IOException {
    for (int channels : new int[] {4, 5, 60}) {
      Path file = images.resolve("many.ome.tif");
      Files.deleteIfExists(file);
      image("many", 1, channels);
      String output = "out" + channels;
      RunSummary run = analyze(output);
      assertThat(run.failures()).isEmpty();
      assertThat(run.reportProblem()).isEmpty();
      assertThat(run.channels()).hasSize(channels);
      assertThat(table(output, Table.CHANNEL_STATS).count()).isEqualTo(channels);
      int pairs = channels == 4 ? 6 : channels - 1;
      assertThat(table(output, Table.COLOCALIZATION).where("nucleus is null").count())
          .isEqualTo(pairs);
      // the composite's first and last
      assertThat(table(output, Table.CLUSTER_MODELS).select("channels").distinct().collectAsList())
          .extracting(row -> row.getList(0))
          .containsExactly(List.of(run.channels().get(0), run.channels().get(2)));
      long nuclei = table(output, Table.NUCLEI).count();
      assertThat(nuclei).isPositive().isEqualTo(run.nuclei().orElseThrow());
    }
  }

  /** What is missing in one channel takes no pixels from another. */
  @Test
  void channelsHaveTheStatisticsOfTheirOwnFinitePixels() throws IOException {
    TestImages.write(
        images.resolve("holes.ome.tif"),
        TestImages.Spec.of(
                40,
                30,
                "float",
                (s, c, z, t, y, x) -> c == 1 && x < 10 ? Double.NaN : blobs(0, c, y, x))
            .channels(2));
    assertThat(analyze("out", "clustering.k=2").failures()).isEmpty();
    assertThat(
            table("out", Table.CHANNEL_STATS).orderBy("channel").select("pixels").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(40L * 30, 30L * 30);
    assertThat(table("out", Table.JOINT_HISTOGRAMS).selectExpr("sum(count)").first().getLong(0))
        .isEqualTo(30L * 30);
  }
}
