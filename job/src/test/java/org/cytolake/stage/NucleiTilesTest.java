package org.cytolake.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.segment.Mosaic;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of a plane that was cut into tiles are those of the plane at once. */
final class NucleiTilesTest {
  @TempDir static Path folder;

  @BeforeAll
  static void write() throws Exception {
    Mosaic nuclei = Mosaic.ofSamples("nuclei");
    Mosaic cytoplasm = Mosaic.ofSamples("cytoplasm");
    Path images = Files.createDirectory(folder.resolve("images"));
    TestImages.write(
        images.resolve("mosaic.ome.tif"),
        TestImages.Spec.of(
                731, 569, "uint16", (s, c, z, t, y, x) -> (c == 0 ? nuclei : cytoplasm).at(y, x))
            .channels(2));
    TestImages.write(
        images.resolve("small.ome.tif"),
        TestImages.Spec.of(
                331, 240, "uint16", (s, c, z, t, y, x) -> (c == 0 ? nuclei : cytoplasm).at(y, x))
            .channels(2));
    TestImages.write(
        images.resolve("empty.ome.tif"),
        TestImages.Spec.of(700, 401, "uint16", (s, c, z, t, y, x) -> 100 + (x + y) % 2)
            .channels(2));
    Path bad = Files.createDirectory(folder.resolve("bad"));
    TestImages.write(
        bad.resolve("crowded.ome.tif"),
        TestImages.Spec.of(641, 561, "uint16", (s, c, z, t, y, x) -> nuclei.at(y, x)).channels(2));
    TestImages.write(
        bad.resolve("large.ome.tif"),
        TestImages.Spec.of(801, 561, "uint16", (s, c, z, t, y, x) -> x % 2).channels(2));
  }

  private static RunSummary analyze(String input, String output, String... settings) {
    Map<String, Object> flags =
        Map.of(
            "input.paths", List.of(folder.resolve(input).toString()),
            "input.channels", "1=nuclei,2=cytoplasm",
            "output.path", folder.resolve(output).toString());
    List<String> all = new java.util.ArrayList<>(List.of(settings));
    all.addAll(
        List.of("clustering.enabled=false", "density.enabled=false", "histograms.max-tuples=1024"));
    return new AnalyzePipeline(
            LocalSpark.session(), ConfigLoader.load(Optional.empty(), flags, all), Progress.NONE)
        .run();
  }

  private static Dataset<Row> table(String output, String name) {
    return LocalSpark.session().read().parquet(folder.resolve(output).resolve(name).toString());
  }

  @Test
  void sameTables() {
    RunSummary whole = analyze("images", "whole", "segmentation.tile=1024");
    RunSummary tiled = analyze("images", "tiled", "segmentation.tile=400");
    assertThat(whole.failures()).isEmpty();
    assertThat(tiled.failures()).isEmpty();
    assertThat(tiled.nuclei()).isEqualTo(whole.nuclei());
    assertThat(whole.nuclei().getAsLong()).isGreaterThan(100);
    same("nuclei", "image", "nucleus");
    same("colocalization", "image", "region", "nucleus");
    String[] counts = {"image", "nuclei", "status"};
    assertThat(table("tiled", "images").orderBy("image").selectExpr(counts).collectAsList())
        .isEqualTo(table("whole", "images").orderBy("image").selectExpr(counts).collectAsList())
        .hasSize(3);
  }

  private static void same(String name, String... order) {
    Dataset<Row> expected = table("whole", name);
    List<Row> rows = expected.selectExpr("*").orderBy(columns(order)).collectAsList();
    List<Row> found = table("tiled", name).orderBy(columns(order)).collectAsList();
    assertThat(found).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      for (int c = 0; c < expected.columns().length; c++) {
        Object value = rows.get(i).get(c);
        String what = name + " row " + i + " " + expected.columns()[c];
        if (value instanceof Double number && !number.isNaN()) {
          // prob and what follows from it: the network's noise; the rest: the order of summation
          assertThat((Double) found.get(i).get(c))
              .as(what)
              .isEqualTo(number, within(1e-5 * Math.max(1, Math.abs(number))));
        } else if (!expected.columns()[c].equals("polygon")) {
          assertThat(found.get(i).get(c)).as(what).isEqualTo(value);
        }
      }
    }
  }

  private static org.apache.spark.sql.Column[] columns(String... names) {
    return java.util.Arrays.stream(names)
        .map(org.apache.spark.sql.functions::col)
        .toArray(org.apache.spark.sql.Column[]::new);
  }

  @Test
  void limits() {
    RunSummary summary =
        analyze(
            "bad",
            "limits",
            "segmentation.tile=400",
            "segmentation.max-pixels=400000",
            "segmentation.max-candidates=900");
    Map<String, String> messages = new TreeMap<>();
    summary.failures().forEach(f -> messages.put(f.image(), f.message()));
    assertThat(messages).containsOnlyKeys("crowded", "large");
    assertThat(messages.get("large")).contains("segmentation.max-pixels = 400000");
    assertThat(messages.get("crowded")).contains("segmentation.max-candidates");
    assertThat(table("limits", "nuclei").count()).isZero();
  }
}
