package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs over images with pixels that are NaN or infinite, and of mixed types. */
final class FinitePixelsTest {
  private static final Path CASES = Path.of("../../shared/cases");
  private static final int WIDTH = 160;
  private static final int HEIGHT = 128;

  @TempDir Path folder;
  private Path images;

  @BeforeEach
  void folders() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
  }

  private RunSummary analyze(Path input, String output, String pattern) {
    Map<String, Object> flags = new HashMap<>();
    flags.put("input.paths", List.of(input.toString()));
    flags.put("output.path", folder.resolve(output).toString());
    if (!pattern.isEmpty()) {
      flags.put("input.pattern", pattern);
    }
    List<String> settings =
        new ArrayList<>(List.of("clustering.k=2", "clustering.methods=[k_means]"));
    settings.add("report.enabled=false");
    return new AnalyzePipeline(
            LocalSpark.session(),
            ConfigLoader.load(Optional.empty(), flags, settings),
            Progress.NONE)
        .run();
  }

  private List<Row> rows(String output, String table, String where, String... columns) {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve(output).resolve(table).toString())
        .where(where)
        .selectExpr(columns)
        .collectAsList();
  }

  /** Twelve blobs. */
  private static double blobs(int y, int x) {
    int dy = y % 40 - 20;
    int dx = x % 40 - 20;
    double light = y < 120 ? 0.9 * Math.exp(-(dx * dx + dy * dy) / 60.0) : 0;
    return 0.05 + light + (x * 7 + y * 3) % 5 * 0.002;
  }

  private void write(String name, String type, TestImages.Pattern pattern) {
    TestImages.write(
        images.resolve(name + ".ome.tif"), TestImages.Spec.of(WIDTH, HEIGHT, type, pattern));
  }

  /** A pixel of a nucleus, beside others. */
  private static boolean isHole(int y, int x) {
    return y == 60 && x == 101;
  }

  @Test
  void nucleiAreFoundAndMeasuredAroundThem() throws IOException {
    for (String hole : List.of("none", "infinity", "minus", "nan")) {
      double value =
          switch (hole) {
            case "infinity" -> Double.POSITIVE_INFINITY;
            case "minus" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
          };
      boolean has = !hole.equals("none");
      write(
          hole + "_dna", "float", (s, c, z, t, y, x) -> has && isHole(y, x) ? value : blobs(y, x));
      write(
          hole + "_rna",
          "float",
          (s, c, z, t, y, x) ->
              has && (isHole(y, x) || (y >= 120 && x < 40)) ? value : 1 - blobs(y, x));
      write(hole + "_grey", "uint8", (s, c, z, t, y, x) -> (x * 3 + y * 5) % 250);
      write(hole + "_void", "float", (s, c, z, t, y, x) -> has ? Double.NaN : x);
    }
    RunSummary run = analyze(images, "out", "(?<well>[a-z]+)_(?<channel>[a-z]+)\\.ome\\.tif");
    assertThat(run.failures()).isEmpty();
    Map<String, Integer> nuclei = new HashMap<>();
    Map<String, List<String>> warnings = new HashMap<>();
    rows("out", "images", "true", "image", "nuclei", "warnings.code")
        .forEach(
            row -> {
              nuclei.put(row.getString(0), row.getInt(1));
              warnings.put(row.getString(0), row.getList(2));
            });
    assertThat(nuclei).hasSize(4);
    assertThat(nuclei.get("none")).isGreaterThanOrEqualTo(9);
    assertThat(nuclei.values()).containsOnly(nuclei.get("none"));
    assertThat(warnings.get("none")).doesNotContain("NOTHING_FINITE", "NOT_FINITE");
    for (String hole : List.of("infinity", "minus", "nan")) {
      assertThat(warnings.get(hole)).contains("NOTHING_FINITE", "NOT_FINITE");
      Row around =
          rows(
                  "out",
                  "nuclei",
                  "image = '" + hole + "' and pixels_dna < area_px",
                  "area_px - pixels_dna",
                  "area_px - pixels_grey",
                  "pixels_void",
                  "mean_void",
                  "max_dna",
                  "min_rna",
                  "mean_dna",
                  "pearson_dna_rna")
              .get(0);
      assertThat(around.getLong(0)).isOne();
      assertThat(around.getLong(1)).isZero();
      assertThat(around.getLong(2)).isZero();
      assertThat(around.isNullAt(3)).isTrue();
      assertThat(around.getDouble(4)).isBetween(0.5, 1.0);
      assertThat(around.getDouble(5)).isBetween(0.0, 0.5);
      assertThat(around.getDouble(6)).isBetween(0.2, 1.0);
      assertThat(around.getDouble(7)).isCloseTo(-1, within(1e-6));
    }
  }

  @Test
  void channelsAndPairsHaveTheirOwnPixels() throws IOException {
    nucleiAreFoundAndMeasuredAroundThem();
    long all = (long) WIDTH * HEIGHT;
    Map<String, Long> pixels = new HashMap<>();
    rows("out", "channel_stats", "image = 'nan'", "channel", "pixels")
        .forEach(row -> pixels.put(row.getString(0), row.getLong(1)));
    assertThat(pixels)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("grey", all, "dna", all - 1, "rna", all - 1 - 8 * 40));
    String statistics = "array(mean, stddev, min, max, p1, p50, p99_8, otsu_threshold)";
    assertThat(rows("out", "channel_stats", "image = 'nan' and channel = 'grey'", statistics))
        .isEqualTo(rows("out", "channel_stats", "image = 'none' and channel = 'grey'", statistics));
    Map<String, Long> pairs = new HashMap<>();
    rows(
            "out",
            "colocalization",
            "image = 'nan' and nucleus is null",
            "concat(x_channel, '-', y_channel)",
            "pixels")
        .forEach(row -> pairs.put(row.getString(0), row.getLong(1)));
    assertThat(pairs)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("dna-grey", all - 1, "grey-rna", all - 321, "dna-rna", all - 321));
  }

  private Row only(String output, String table, String where, String... columns) {
    List<Row> rows = rows(output, table, where, columns);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  /** Figures of the cases' READMEs, which numpy printed. */
  @Test
  void cases() {
    assumeTrue(Files.isDirectory(CASES), "no cases");
    Path nan = CASES.resolve("nan-in-one-channel");
    assertThat(analyze(nan, "nan", "(?<well>i1)_(?<channel>[ab])\\.tif").failures()).isEmpty();
    Row a = only("nan", "channel_stats", "channel = 'a'", "pixels", "mean", "max", "p50");
    assertThat(a.getLong(0)).isEqualTo(2000);
    assertThat(a.getDouble(1)).isCloseTo(174.437, within(1e-9));
    assertThat(a.getDouble(2)).isEqualTo(250);
    assertThat(a.getDouble(3)).isEqualTo(224.5);
    analyze(CASES.resolve("uint32-percentiles-binned"), "uint32", "");
    Row wide = only("uint32", "channel_stats", "true", "p50", "p99", "levels");
    assertThat(wide.getDouble(0)).isEqualTo(2126540000.0);
    assertThat(wide.getDouble(1)).isEqualTo(4220412950.0);
    assertThat(wide.isNullAt(2)).isTrue();
    RunSummary four = analyze(CASES.resolve("four-channels-default-settings"), "four", "");
    assertThat(four.failures()).isEmpty();
    assertThat(rows("four", "channel_stats", "true", "channel")).hasSize(4);
  }

  /** One odd image costs itself at most; what the others' figures are does not depend on it. */
  @Test
  void floatBesideBytes() throws IOException {
    Path source = CASES.resolve("float-beside-bytes");
    assumeTrue(Files.isDirectory(source), "no cases");
    String figures =
        "concat_ws(' ', channel, pixels, mean, stddev, min, max, p1, p50, p99_8, otsu_threshold)";
    Files.copy(source.resolve("grey.tif"), images.resolve("grey.tif"));
    analyze(images, "alone", "");
    List<Row> expected = rows("alone", "channel_stats", "image = 'grey'", figures);
    for (String odd : List.of("float32", "values-1e308", "000_rgb")) {
      Path input = Files.createDirectory(folder.resolve(odd));
      for (String copy : List.of("grey", "grey2")) {
        Files.copy(source.resolve("grey.tif"), input.resolve(copy + ".tif"));
      }
      Files.copy(source.resolve(odd + ".tif"), input.resolve(odd + ".tif"));
      RunSummary run = analyze(input, "beside-" + odd, "");
      assertThat(run.failures()).as(odd).extracting(f -> f.image()).isSubsetOf(odd);
      assertThat(rows("beside-" + odd, "channel_stats", "image = 'grey'", figures))
          .as(odd)
          .isEqualTo(expected);
    }
  }
}
