package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of nuclei and the figures of images against scikit-image, numpy and scipy on the labels
 * of Python stardist: sample-data/golden, golden/nuclei_golden.py.
 */
final class NucleiGoldenTest {
  private static final Path BBBC008 = Path.of("..", "..", "shared", "data", "bbbc008");
  private static final Path SAMPLES = Path.of("..", "sample-data");
  private static final Map<String, String> SHAPE =
      Map.of(
          "perimeter", "perimeter_px",
          "eccentricity", "eccentricity",
          "solidity", "solidity",
          "axis_major_length", "major_axis_px",
          "axis_minor_length", "minor_axis_px",
          "orientation", "orientation_rad",
          "equivalent_diameter_area", "equivalent_diameter_px");

  @TempDir Path tables;

  private static JsonNode json(InputStream in) throws IOException {
    try (in) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static JsonNode golden() throws IOException {
    return json(NucleiGoldenTest.class.getResourceAsStream("nuclei_golden.json"));
  }

  private RunSummary analyze(Path images, String pattern, String channels) {
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(images.toAbsolutePath().normalize().toString()),
            "input.pattern",
            pattern,
            "input.channels",
            channels,
            "output.path",
            tables.toString());
    List<String> off =
        List.of(
            "clustering.enabled=false",
            "density.enabled=false",
            "output.label-images=[]",
            "report.enabled=false");
    return new AnalyzePipeline(
            LocalSpark.session(), ConfigLoader.load(Optional.empty(), flags, off), Progress.NONE)
        .run();
  }

  private Dataset<Row> table(String name) {
    return LocalSpark.session().read().parquet(tables.resolve(name).toString());
  }

  @Test
  void sampleData() throws IOException {
    RunSummary summary =
        analyze(
            SAMPLES.resolve("images"),
            "(?<plate>[^_]+)_(?<well>[A-P]\\d{2})_f(?<field>\\d+)_(?<channel>[a-z]+)\\.tif",
            "nuclei=nuclei,cytoplasm=cytoplasm");
    assertThat(summary.warnings()).as("nothing to warn of").isEmpty();
    everyNucleus(json(Files.newInputStream(SAMPLES.resolve("golden/golden.json"))));
    figuresAndNuclei(golden().get("samples"), "SYN001_", 6);
    colocalizationAgrees("image", "area_px", "pearson_nuclei_cytoplasm");
    colocalizationAgrees("ring", "ring_area_px", "ring_pearson_nuclei_cytoplasm");
  }

  /**
   * The rows of nuclei, or of rings, have the pixels and the correlation that are checked above.
   */
  private void colocalizationAgrees(String region, String pixels, String pearson) {
    Dataset<Row> joined =
        table("colocalization")
            .where("region = '" + region + "' and nucleus is not null")
            .select("image", "nucleus", "pixels", "pearson")
            .join(
                table("nuclei").selectExpr("image", "nucleus", pixels + " as p", pearson + " as r"),
                scala.jdk.javaapi.CollectionConverters.asScala(List.of("image", "nucleus")).toSeq(),
                "full")
            .cache();
    assertThat(joined.count()).isEqualTo(448);
    assertThat(joined.where("pixels <=> p and (pearson <=> r or abs(pearson - r) < 1e-9)").count())
        .isEqualTo(448);
  }

  @Test
  void fieldsOfHt29AndU2osCells() throws IOException {
    assumeThat(Files.isDirectory(BBBC008)).as("no %s", BBBC008).isTrue();
    RunSummary summary =
        analyze(
            BBBC008,
            "AS_.+_(?<well>[A-P]\\d{2})f\\d+d\\d_slice(?<field>\\d+)_channel(?<channel>\\d)\\.tif",
            "1=nuclei,3=cytoplasm");
    assertThat(summary.warnings()).as("nothing to warn of").isEmpty();
    figuresAndNuclei(golden().get("bbbc008"), "", 12);
  }

  /** All nuclei of the sample data, by what is committed beside it. */
  private void everyNucleus(JsonNode golden) {
    int nuclei = 0;
    for (JsonNode image : golden.get("images")) {
      Map<Integer, Row> found = nuclei(image.get("image").textValue().replace("_f", "_"));
      for (JsonNode expected : image.get("nuclei")) {
        Row row = found.remove(expected.get("label").intValue());
        if (expected.get("area").intValue() == 0) {
          assertThat(row).as("covered by others").isNull();
          continue;
        }
        String what = image.get("image") + " " + expected.get("label");
        same(what, row, "prob", expected.get("prob"), 1e-5); // float32, summed in another order
        same(what, row, "y", expected.get("centre_y"), 0);
        same(what, row, "x", expected.get("centre_x"), 0);
        same(what, row, "area_px", expected.get("area"), 0);
        List<String> box = List.of("bbox_y0", "bbox_x0", "bbox_y1", "bbox_x1");
        for (int i = 0; i < box.size(); i++) {
          same(what, row, box.get(i), expected.get("bbox").get(i), 0);
        }
        SHAPE.forEach((name, column) -> same(what, row, column, expected.get(name), 1e-6));
        for (String c : List.of("nuclei", "cytoplasm")) {
          JsonNode of = expected.get(c);
          same(what, row, "mean_" + c, of.get("mean"), 1e-9);
          same(what, row, "sum_" + c, of.get("sum"), 0);
          same(what, row, "stddev_" + c, of.get("std"), 1e-9);
          same(what, row, "min_" + c, of.get("min"), 0);
          same(what, row, "max_" + c, of.get("max"), 0);
        }
        same(what, row, "pearson_nuclei_cytoplasm", expected.get("pearson"), 1e-6);
        nuclei++;
      }
      assertThat(found).as("nuclei that the reference does not have").isEmpty();
    }
    assertThat(nuclei).isEqualTo(448);
  }

  /** Some nuclei, the sums of all, and the images' own figures. */
  private void figuresAndNuclei(JsonNode golden, String prefix, int images) {
    assertThat(golden).hasSize(images);
    Map<String, Row> rows = new HashMap<>();
    for (Row row : table("images").collectAsList()) {
      rows.put(row.getAs("image"), row);
    }
    for (JsonNode image : golden) {
      String name = image.get("image").textValue();
      Row ofImage = rows.get(name.startsWith(prefix) ? name : prefix + name);
      assertThat(ofImage).as(name).isNotNull();
      assertThat((int) ofImage.<Integer>getAs("nuclei")).isEqualTo(image.get("count").intValue());
      image
          .get("figures")
          .properties()
          .forEach(e -> same(name, ofImage, e.getKey(), e.getValue(), 1e-8));
      Double side = ofImage.getAs("pixel_size_x_um"); // 72 dots an inch are no pixel size
      Double density = ofImage.getAs("nuclei_per_mm2");
      if (side == null) {
        assertThat(density).isNull();
      } else {
        assertThat(density)
            .isCloseTo(
                ofImage.<Double>getAs("nuclei_per_megapixel") / (side * side),
                withinPercentage(1e-9));
      }
      assertThat(ofImage.getList(ofImage.fieldIndex("warnings"))).isEmpty();
      Map<Integer, Row> found = nuclei(name);
      List<String> columns =
          java.util.stream.StreamSupport.stream(image.get("columns").spliterator(), false)
              .map(JsonNode::textValue)
              .toList();
      assertThat(columns).contains("ring_area_px", "ring_mean_cytoplasm", "centroid_y");
      for (JsonNode expected : image.get("nuclei")) {
        int number = expected.get(columns.indexOf("nucleus")).intValue();
        for (int c = 0; c < columns.size(); c++) {
          String column = columns.get(c);
          same(name + " " + number, found.get(number), column, expected.get(c), tolerance(column));
        }
      }
      for (int c = 0; c < columns.size(); c++) {
        String column = columns.get(c);
        double sum = found.values().stream().mapToDouble(r -> summand(r, column)).sum();
        double expected = image.get("sums").get(c).doubleValue();
        assertThat(sum)
            .as(name + ", sum of " + column)
            .isEqualTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  private static double tolerance(String column) {
    return column.equals("prob") ? 1e-5 : 1e-6;
  }

  private Map<Integer, Row> nuclei(String image) {
    Map<Integer, Row> rows = new HashMap<>();
    for (Row row : table("nuclei").where("image = '" + image + "'").collectAsList()) {
      rows.put(row.getAs("nucleus"), row);
    }
    return rows;
  }

  /** The sine of the double orientation: it is one direction at both ends of its range. */
  private static double summand(Row row, String column) {
    Number value = row.getAs(column);
    if (value == null) {
      return 0;
    }
    return column.equals("orientation_rad")
        ? Math.sin(2 * value.doubleValue())
        : value.doubleValue();
  }

  /** Whole numbers are identical; the others are so to a share of them, or of 1 where smaller. */
  private static void same(
      String what, Row row, String column, JsonNode expected, double tolerance) {
    Number value = row.getAs(column);
    if (expected == null || expected.isNull()) {
      assertThat(value).as(what + ", " + column).isNull();
      return;
    }
    double wanted = expected.doubleValue();
    assertThat(value).as(what + ", " + column).isNotNull();
    double allowed = value instanceof Double ? tolerance * Math.max(1, Math.abs(wanted)) : 0;
    assertThat(value.doubleValue()).as(what + ", " + column).isEqualTo(wanted, within(allowed));
  }
}
