package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tables of the packaged job on the sample data against scikit-image, OpenCV, numpy and scipy:
 * golden/tables_golden.py.
 */
final class ExplorationIT {
  private static final double RELATIVE = 1e-9;

  private static Path output;
  private static JsonNode golden;

  @BeforeAll
  static void run() throws Exception {
    output = Packaged.sampleRun().output();
    try (InputStream in = ExplorationIT.class.getResourceAsStream("tables_golden.json")) {
      golden = new ObjectMapper().readTree(in);
    }
    assertThat(golden.size()).isEqualTo(6);
  }

  private interface OfRegion {
    void check(String where, JsonNode region);
  }

  private static void everyRegion(OfRegion check) {
    for (Map.Entry<String, JsonNode> image : golden.properties()) {
      for (Map.Entry<String, JsonNode> region : image.getValue().get("regions").properties()) {
        check.check(
            "image = '%s' and region = '%s'".formatted(image.getKey(), region.getKey()),
            region.getValue());
      }
    }
  }

  private static Dataset<Row> cached(String table) {
    return Packaged.table(output, table).cache();
  }

  private static List<Long> counts(JsonNode array) {
    List<Long> counts = new ArrayList<>();
    array.forEach(n -> counts.add(n.asLong()));
    return counts;
  }

  private static List<Long> counts(Dataset<Row> histograms, String where) {
    return histograms.where(where).orderBy("bin").select("count").collectAsList().stream()
        .map(r -> r.getLong(0))
        .toList();
  }

  private static void equal(Row row, JsonNode expected, String where) {
    for (Map.Entry<String, JsonNode> value : expected.properties()) {
      if (value.getValue().isNumber()) {
        double wanted = value.getValue().asDouble();
        assertThat(row.<Number>getAs(value.getKey()).doubleValue())
            .as("%s of %s", value.getKey(), where)
            .isEqualTo(wanted, within(RELATIVE * Math.abs(wanted)));
      }
    }
  }

  @Test
  void statisticsOfImagesAndRegions() {
    Dataset<Row> stats = cached("channel_stats");
    everyRegion(
        (where, region) ->
            region
                .get("channels")
                .properties()
                .forEach(
                    channel -> {
                      String all = where + " and channel = '" + channel.getKey() + "'";
                      equal(stats.where(all).first(), channel.getValue(), all);
                    }));
  }

  @Test
  void rawEqualizedAndNormalizedHistograms() {
    Dataset<Row> histograms = cached("histograms");
    everyRegion(
        (where, region) -> {
          for (String channel : List.of("nuclei", "cytoplasm")) {
            JsonNode expected = region.get("channels").get(channel);
            String all = where + " and channel = '" + channel + "'";
            assertThat(counts(histograms, all + " and transform = 'raw'"))
                .isEqualTo(counts(expected.get("raw")));
            String equalized = all + " and transform = 'equalized' and reference = ";
            assertThat(counts(histograms, equalized + "'composite'"))
                .isEqualTo(counts(expected.get("composite")));
            assertThat(counts(histograms, equalized + "'" + channel + "'"))
                .isEqualTo(counts(expected.get("own")));
          }
          for (String reference : List.of("nuclei", "cytoplasm")) {
            JsonNode expected = region.get("normalized_" + reference);
            String to = where + " and reference = '" + reference + "' and transform = ";
            for (String channel : List.of("nuclei", "cytoplasm")) {
              assertThat(counts(histograms, to + "'normalized' and channel = '" + channel + "'"))
                  .isEqualTo(counts(expected.get(channel)));
            }
            assertThat(counts(histograms, to + "'difference'"))
                .isEqualTo(counts(expected.get("difference")));
          }
        });
  }

  @Test
  void histogramsOfTwoNormalizedChannels() {
    Dataset<Row> cells = cached("histograms_2d");
    Dataset<Row> tuples = cached("normalized_joint_histograms");
    everyRegion(
        (where, region) -> {
          for (String reference : List.of("nuclei", "cytoplasm")) {
            JsonNode expected = region.get("normalized_" + reference);
            String all = where + " and reference = '" + reference + "'";
            Row found =
                cells
                    .where(all)
                    .selectExpr("count(*)", "sum(count * (50 * x_bin + y_bin + 1))")
                    .first();
            assertThat(found.getLong(0)).isEqualTo(expected.get("cells_2d").asLong());
            assertThat(found.getLong(1)).isEqualTo(expected.get("checksum_2d").asLong());
            assertThat(
                    tuples.where(all).selectExpr("sum(count * nuclei * cytoplasm)").first().get(0))
                .isEqualTo(expected.get("sum_of_products").asLong());
          }
        });
  }

  @Test
  void colocalizationOfImagesRegionsAndNuclei() {
    Dataset<Row> table = cached("colocalization");
    everyRegion(
        (where, region) ->
            equal(
                table.where(where + " and nucleus is null").first(),
                region.get("coefficients"),
                where));
    int nuclei = 0;
    for (Map.Entry<String, JsonNode> image : golden.properties()) {
      JsonNode expected = image.getValue().path("nuclei");
      if (expected.isMissingNode()) {
        continue;
      }
      for (Row row :
          table
              .where("image = '" + image.getKey() + "' and region = 'image' and nucleus > 0")
              .collectAsList()) {
        JsonNode of = expected.get(Integer.toString(row.getAs("nucleus")));
        if (of != null) {
          equal(row, of, image.getKey() + " nucleus " + row.getAs("nucleus"));
          nuclei++;
        }
      }
    }
    assertThat(nuclei).isEqualTo(golden.get("SYN001_B03_1").get("nuclei").size());
  }

  @Test
  void densityAtPointsOfSeabornsGrid() {
    Dataset<Row> density =
        Packaged.table(output, "density").where("image = 'SYN001_B03_1'").cache();
    assertThat(density.count()).isEqualTo(40_000);
    double max = density.selectExpr("max(density)").first().getDouble(0);
    for (JsonNode point : golden.get("SYN001_B03_1").get("density")) {
      Row row =
          density
              .where("row = " + point.get(0) + " and column = " + point.get(1))
              .select("x", "y", "density", "contour")
              .first();
      assertThat(row.getDouble(0)).isEqualTo(point.get(2).asDouble(), within(1e-9));
      assertThat(row.getDouble(1)).isEqualTo(point.get(3).asDouble(), within(1e-9));
      assertThat(row.getDouble(2)).isEqualTo(point.get(4).asDouble(), within(1e-6 * max));
    }
    Row levels =
        Packaged.table(output, "density_levels")
            .where("image = 'SYN001_B03_1'")
            .selectExpr("count(*)", "max(density)", "min(proportion)", "max(proportion)")
            .first();
    assertThat(levels.getLong(0)).isEqualTo(10);
    assertThat(levels.getDouble(1)).isEqualTo(max);
    assertThat(levels.getDouble(2)).isEqualTo(0.05);
    assertThat(levels.getDouble(3)).isEqualTo(1.0, within(1e-12));
  }

  /** A table applied to the raw histogram gives the histogram of the transformed image. */
  @Test
  void lookupTablesHoldEveryValueThatOccurs() {
    Dataset<Row> luts = Packaged.table(output, "lookup_tables");
    Dataset<Row> tuples =
        Packaged.table(output, "joint_histograms")
            .where("region = 'image'")
            .groupBy("image", "nuclei")
            .agg(org.apache.spark.sql.functions.sum("count").as("n"));
    Dataset<Row> joined =
        tuples
            .join(
                luts.where(
                    "channel = 'nuclei' and transform = 'normalized' and reference = 'nuclei'"),
                "image")
            .where("nuclei = value");
    Dataset<Row> normalized =
        Packaged.table(output, "normalized_joint_histograms")
            .where("region = 'image' and reference = 'nuclei'")
            .groupBy("image", "nuclei")
            .agg(org.apache.spark.sql.functions.sum("count").as("n"));
    assertThat(
            joined
                .groupBy("image", "result")
                .agg(org.apache.spark.sql.functions.sum("n").as("n"))
                .selectExpr("image", "int(result) as nuclei", "n")
                .except(normalized.select("image", "nuclei", "n"))
                .count())
        .isZero();
    assertThat(joined.selectExpr("sum(n)").first().getLong(0)).isEqualTo(6 * 328 * 360);
  }
}
