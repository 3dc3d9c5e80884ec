package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged job on twelve fields of HT29 cells (BBBC008), where they are at hand. */
final class LessonRunIT {
  private static final Path FIELDS = Packaged.ROOT.resolve("../shared/data/bbbc008").normalize();
  private static final String PATTERN =
      "(?<plate>.+)_(?<well>[A-P]\\d{2})f\\d+d\\d_slice(?<field>\\d+)_channel(?<channel>\\d)\\.tif";

  @TempDir static Path folder;

  private static Path output;
  private static Packaged.Ended ended;

  @BeforeAll
  static void run() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(FIELDS), "the fields are not at hand");
    output = folder.resolve("tables");
    List<String> arguments =
        new ArrayList<>(List.of("analyze", "--input", FIELDS.toString(), "--pattern", PATTERN));
    arguments.addAll(List.of("--channels", "1=nuclei,3=cytoplasm", "--output", output.toString()));
    arguments.addAll(Packaged.QUICK);
    arguments.addAll(List.of("--set", "output.label-images=[nuclei,clusters]"));
    ended = Packaged.submitAndWait(arguments);
  }

  @Test
  void allFieldsAreComplete() {
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(Packaged.table(output, "images").where("status = 'ok'").count()).isEqualTo(12);
    assertThat(Packaged.table(output, "errors").count()).isZero();
  }

  /** Values by numpy and scikit-image. */
  @Test
  void statisticsOfOneField() {
    String image = "image like '%A24%_1' and channel = ";
    Row nuclei = Packaged.table(output, "channel_stats").where(image + "'nuclei'").first();
    assertThat(nuclei.<Number>getAs("max").doubleValue()).isEqualTo(255);
    assertThat(nuclei.<Double>getAs("mean")).isEqualTo(15.70911, within(5e-6));
    assertThat(nuclei.<Double>getAs("stddev")).isEqualTo(20.42713, within(5e-6));
    assertThat(nuclei.<Double>getAs("p1")).isEqualTo(9);
    assertThat(nuclei.<Double>getAs("p99_8")).isEqualTo(180);
    assertThat(nuclei.<Number>getAs("otsu_threshold").doubleValue()).isEqualTo(57);
    Row cytoplasm = Packaged.table(output, "channel_stats").where(image + "'cytoplasm'").first();
    assertThat(cytoplasm.<Number>getAs("max").doubleValue()).isEqualTo(122);
  }

  @Test
  void tuplesAddUpToThePixelsOfEveryImage() {
    List<Row> sums =
        Packaged.table(output, "joint_histograms")
            .groupBy("image")
            .agg(org.apache.spark.sql.functions.sum("count"))
            .collectAsList();
    assertThat(sums).hasSize(12).allMatch(r -> r.getLong(1) == 262_144);
  }

  @Test
  void everyImageHasItsLabelImages() {
    for (String kind : List.of("labels", "cluster_images")) {
      assertThat(output.resolve(kind).toFile().list())
          .hasSize(12)
          .allMatch(name -> name.endsWith(".ome.tif"));
    }
  }

  /** As many as Python StarDist finds with the same weights. */
  @Test
  void nucleiOnEveryImage() {
    List<Long> counts =
        Packaged.table(output, "nuclei")
            .groupBy("image")
            .count()
            .orderBy("image")
            .collectAsList()
            .stream()
            .map(r -> r.getLong(1))
            .toList();
    assertThat(counts)
        .containsExactly(174L, 335L, 298L, 188L, 65L, 171L, 64L, 102L, 74L, 45L, 75L, 51L);
  }

  /** Grid 1, other thresholds: Python StarDist finds 171 with this network. */
  @Test
  void somebodyElsesModel() throws Exception {
    Path model = Packaged.ROOT.resolve("../shared/models/stardist-dsb2018-grid1.onnx").normalize();
    Assumptions.assumeTrue(Files.exists(model), "the model is not at hand");
    Path other = folder.resolve("other");
    List<String> arguments =
        new ArrayList<>(
            List.of("analyze", "--input", FIELDS + "/*A24f00d0_slice1_*", "--pattern", PATTERN));
    arguments.addAll(List.of("--channels", "1=nuclei,3=cytoplasm", "--output", other.toString()));
    arguments.addAll(List.of("--model", model.toString(), "--set", "clustering.enabled=false"));
    arguments.addAll(List.of("--set", "segmentation.prob-threshold=0.5"));
    arguments.addAll(List.of("--set", "segmentation.nms-threshold=0.4"));
    Packaged.Ended run = Packaged.submitAndWait(arguments);
    assertThat(run.code()).as(run.text()).isZero();
    assertThat(Packaged.table(other, "nuclei").count()).isEqualTo(171);
  }
}
