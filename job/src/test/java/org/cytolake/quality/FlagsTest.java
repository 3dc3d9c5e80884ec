package org.cytolake.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.QualityOptions;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags of whole runs, on plates of small images some of which are spoilt. */
final class FlagsTest {
  private static final String PATTERN =
      "(?<plate>P\\d)_(?<well>[A-H]\\d\\d)_(?<channel>w1)\\.ome\\.tif";

  @TempDir Path folder;
  private Path images;

  @BeforeEach
  void folders() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
  }

  private CytolakeConfig config(String... settings) {
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(images.toString()),
            "input.pattern",
            PATTERN,
            "output.path",
            folder.resolve("out").toString(),
            "quality.scales",
            List.of(4),
            "segmentation.enabled",
            false,
            "clustering.enabled",
            false,
            "density.enabled",
            false,
            "report.enabled",
            false);
    return ConfigLoader.load(Optional.empty(), flags, List.of(settings));
  }

  private RunSummary qc(String... settings) {
    return AnalyzePipeline.onlyQuality(LocalSpark.session(), config(settings), Progress.NONE).run();
  }

  private RunSummary analyze(String... settings) {
    return new AnalyzePipeline(LocalSpark.session(), config(settings), Progress.NONE).run();
  }

  private Dataset<Row> table(Table table) {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve("out").resolve(table.folder()).toString());
  }

  /** Spots in random places, all the same light: {@code spread} pixels wide. */
  private void field(String plate, int well, double spread, double light) {
    Random random = new Random(well + plate.hashCode());
    double[] scene = new double[72 * 64];
    Arrays.fill(scene, 100);
    for (int spot = 0; spot < 30; spot++) {
      double cy = 64 * random.nextDouble();
      double cx = 72 * random.nextDouble();
      for (int i = 0; i < scene.length; i++) {
        int y = i / 72;
        double dy = y - cy;
        double dx = i % 72 - cx;
        scene[i] += 3000 / (spread * spread) * Math.exp(-(dy * dy + dx * dx) / 2 / spread / spread);
      }
    }
    for (int i = 0; i < scene.length; i++) {
      scene[i] = Math.min(4095, Math.rint(light * scene[i] + random.nextInt(9)));
    }
    TestImages.write(
        images.resolve("%s_A%02d_w1.ome.tif".formatted(plate, well)),
        TestImages.Spec.of(72, 64, "uint16", (s, c, z, t, y, x) -> scene[y * 72 + x]));
  }

  private List<String> flags() {
    return table(Table.FLAGS).select("image", "flag").distinct().collectAsList().stream()
        .map(row -> row.getString(0) + " " + row.getString(1))
        .sorted()
        .toList();
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Row row : table(Table.IMAGES).selectExpr("image", "warnings.code").collectAsList()) {
      List<String> codes = row.isNullAt(1) ? List.of() : row.getList(1);
      codes.forEach(code -> warnings.add(row.getString(0) + " " + code));
    }
    return warnings.stream().sorted().toList();
  }

  @Test
  void spoiltFieldsOfAPlateAreFlagged() {
    for (int well = 1; well <= 12; well++) {
      field("P1", well, 2, 1);
    }
    field("P1", 13, 8, 1); // blurred
    field("P1", 14, 2, 0.2);
    TestImages.write(
        images.resolve("P1_A15_w1.ome.tif"),
        TestImages.Spec.of(72, 64, "uint16", (s, c, z, t, y, x) -> 100));
    field("P1", 16, 2, 8); // cut off at 4095
    RunSummary run = qc();
    assertThat(flags())
        .contains("P1_A13 OUT_OF_FOCUS", "P1_A14 DARK", "P1_A15 CONSTANT", "P1_A16 BRIGHT")
        .contains("P1_A16 OVEREXPOSED")
        .allMatch(flag -> flag.matches("P1_A1[3-6] .*"))
        .doesNotContain("P1_A15 EMPTY", "P1_A15 DARK", "P1_A15 OVEREXPOSED");
    assertThat(warnings()).isEqualTo(flags());
    assertThat(run.flags()).containsEntry("CONSTANT", 1L).containsEntry("OUT_OF_FOCUS", 1L);
    Row blurred =
        table(Table.FLAGS).where("flag = 'OUT_OF_FOCUS'").collectAsList().stream()
            .findFirst()
            .orElseThrow();
    double[] slopes =
        table(Table.IMAGE_QUALITY)
            .where("power_log_log_slope is not null")
            .select("power_log_log_slope")
            .collectAsList()
            .stream()
            .mapToDouble(row -> row.getDouble(0))
            .toArray();
    double median = median(slopes);
    double[] deviations = Arrays.stream(slopes).map(v -> Math.abs(v - median)).toArray();
    double value = blurred.getAs("value");
    assertThat(blurred.<Double>getAs("plate_median")).isCloseTo(median, within(1e-12));
    assertThat(blurred.<Double>getAs("plate_mad")).isCloseTo(median(deviations), within(1e-12));
    assertThat(blurred.<Double>getAs("z_score"))
        .isCloseTo((value - median) / (1.4826 * median(deviations)), within(1e-9));
    assertThat(blurred.<String>getAs("message")).contains("more steeply", "power_log_log_slope");
    Row blank = table(Table.FLAGS).where("flag = 'CONSTANT'").first();
    assertThat(blank.isNullAt(blank.fieldIndex("z_score"))).isTrue();
  }

  /** A few grey levels have many pixels each: none is the last that the camera has. */
  @Test
  void dimFieldsAreNotOverexposed() {
    levels("P1", 1, "uint16", 1200);
    levels("P1", 2, "uint8", 254);
    levels("P1", 3, "uint8", 255);
    levels("P1", 4, "uint16", 4095);
    levels("P1", 5, "uint16", 65_535);
    levels("P1", 6, "uint16", 255);
    levels("P1", 7, "int16", 32_767);
    qc();
    assertThat(flags())
        .containsExactly(
            "P1_A03 OVEREXPOSED", "P1_A04 OVEREXPOSED", "P1_A05 OVEREXPOSED", "P1_A07 OVEREXPOSED");
  }

  /** Whatever the value is at which a camera cuts off. */
  @Test
  void peaksThatAreCutOffAreOverexposed() {
    for (int well = 1; well <= 3; well++) {
      Random random = new Random(well);
      int top = well == 1 ? 3000 : 100_000; // of the first the brightest are cut off
      int[] scene = new int[72 * 64];
      for (int i = 0; i < scene.length; i++) {
        double value = 500 + 1000 * Math.abs(random.nextGaussian());
        // of the third all values are as frequent
        scene[i] = well == 3 ? 100 + i % 40 : (int) Math.min(top, value);
      }
      TestImages.write(
          images.resolve("P1_A%02d_w1.ome.tif".formatted(well)),
          TestImages.Spec.of(72, 64, "uint16", (s, c, z, t, y, x) -> scene[y * 72 + x]));
    }
    qc();
    assertThat(flags()).containsExactly("P1_A01 OVEREXPOSED");
    assertThat(
            table(Table.IMAGE_QUALITY)
                .where("image = 'P1_A03'")
                .first()
                .<Double>getAs("maximal_spike"))
        .isCloseTo(1, within(0.01));
  }

  /** Four grey levels, a quarter of the pixels each. */
  private void levels(String plate, int well, String type, int largest) {
    TestImages.write(
        images.resolve("%s_A%02d_w1.ome.tif".formatted(plate, well)),
        TestImages.Spec.of(72, 64, type, (s, c, z, t, y, x) -> largest - (x + y) % 4));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** What is usual depends on the plate alone, in whatever order and batches images come. */
  @Test
  void flagsAreThoseOfAllImagesAfterEveryRun() throws IOException {
    for (int well = 1; well <= 9; well++) {
      field("P1", well, 2, 1);
      field("P2", well, 2, 3);
    }
    qc("run.batch-images=4");
    assertThat(flags()).isEmpty();
    assertThat(warnings()).isEmpty();
    field("P1", 10, 2, 3); // usual on the other plate
    field("P2", 10, 8, 3);
    assertThat(qc().analyzed()).isEqualTo(2);
    List<String> flagged = flags();
    assertThat(flagged).contains("P1_A10 BRIGHT", "P2_A10 OUT_OF_FOCUS");
    assertThat(warnings()).isEqualTo(flagged);

    assertThat(qc("quality.bright=1000", "quality.out-of-focus=1000").analyzed()).isZero();
    assertThat(flags()).doesNotContain("P1_A10 BRIGHT", "P2_A10 OUT_OF_FOCUS");
    assertThat(warnings()).isEqualTo(flags());
    qc();
    assertThat(flags()).isEqualTo(flagged);

    qc("quality.plate=all", "quality.least-images=100");
    assertThat(flags()).isEmpty();
    assertThat(warnings()).isEmpty();
    assertThat(table(Table.IMAGES).count()).isEqualTo(20);

    field("P1", 10, 2, 1); // taken again
    assertThat(qc().analyzed()).isEqualTo(1);
    assertThat(new TreeSet<>(flags())).doesNotContain("P1_A10 BRIGHT");
  }

  private List<String> imagesIn(Table table) {
    return table(table).select("image").distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  @Test
  @TakesMinutes
  void imagesAreLeftOutByTheirFlags() {
    for (int well = 1; well <= 9; well++) {
      field("P1", well, 2, 1);
    }
    field("P1", 10, 8, 1);
    String blurred = "P1_A10";
    RunSummary run = analyze("quality.exclude=OUT_OF_FOCUS", "run.batch-images=4");
    assertThat(run.excluded()).isEqualTo(1);
    assertThat(imagesIn(Table.CHANNEL_STATS)).hasSize(9).doesNotContain(blurred);
    assertThat(imagesIn(Table.HISTOGRAMS)).doesNotContain(blurred);
    assertThat(imagesIn(Table.IMAGE_QUALITY)).hasSize(10);
    assertThat(imagesIn(Table.FLAGS)).contains(blurred);
    assertThat(table(Table.IMAGES).where("status = 'excluded'").select("image").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(blurred);
    assertThat(analyze("quality.exclude=OUT_OF_FOCUS").analyzed()).isZero();

    assertThat(analyze("quality.exclude=CONSTANT").analyzed()).isEqualTo(1);
    assertThat(imagesIn(Table.CHANNEL_STATS)).hasSize(10);
    assertThat(table(Table.IMAGES).where("status = 'ok'").count()).isEqualTo(10);

    assertThat(analyze("quality.exclude=[CONSTANT,OUT_OF_FOCUS]").analyzed()).isZero();
    assertThat(imagesIn(Table.CHANNEL_STATS)).hasSize(9).doesNotContain(blurred);
    assertThat(analyze().analyzed()).isEqualTo(1);
    assertThat(imagesIn(Table.CHANNEL_STATS)).hasSize(10);
  }

  @Test
  void theSettingsKnowAllFlags() {
    assertThat(Arrays.stream(Flag.values()).map(Flag::name))
        .containsExactlyElementsOf(QualityOptions.FLAGS);
  }

  @Test
  void aPlateThatIsNoGroupIsRefused() {
    field("P1", 1, 2, 1);
    assertThatThrownBy(() -> qc("quality.plate=[plate,batch]"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("plate, batch")
        .hasMessageContaining("plate, well");
  }
}
