package org.cytolake.statistics;

import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of three-channel, 16-bit and floating-point images against brute force over pixels. */
final class ExplorePipelineTest {
  private static final int WIDTH = 83;
  private static final int HEIGHT = 59;

  @TempDir Path folder;

  private static double sample(int channel, int y, int x) {
    return (x * (37 + channel) + y * y * (11 - channel) + 5 * channel) % 1801 + 3 * channel;
  }

  private RunSummary analyze(String pixelType, double scale, String... settings)
      throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    TestImages.write(
        images.resolve("three.ome.tif"),
        TestImages.Spec.of(WIDTH, HEIGHT, pixelType, (s, c, z, t, y, x) -> scale * sample(c, y, x))
            .channels(3));
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    all.add("clustering.enabled=false");
    return pipeline(images, all.toArray(String[]::new));
  }

  private RunSummary pipeline(Path images, String... settings) {
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    all.add("segmentation.enabled=false");
    all.add("report.enabled=false");
    all.add("output.label-images=[]");
    if (all.stream().noneMatch(s -> s.startsWith("statistics.regions"))) {
      all.add("statistics.regions=[{name=part,x=7,y=3,width=20,height=11}]");
    }
    Map<String, Object> flags =
        Map.of(
            "input.paths", List.of(images.toString()),
            "input.channels", "1=dna,2=er,3=actin",
            "output.path", folder.resolve("tables").toString());
    return new AnalyzePipeline(
            LocalSpark.session(), ConfigLoader.load(Optional.empty(), flags, all), Progress.NONE)
        .run();
  }

  private Dataset<Row> table(String name) {
    return LocalSpark.session().read().parquet(folder.resolve("tables").resolve(name).toString());
  }

  private static double mean(int channel, int x0, int y0, int width, int height) {
    double sum = 0;
    for (int y = y0; y < y0 + height; y++) {
      for (int x = x0; x < x0 + width; x++) {
        sum += sample(channel, y, x);
      }
    }
    return sum / width / height;
  }

  private void meansAre(double scale, double relative) {
    String[] names = {"dna", "er", "actin"};
    for (int c = 0; c < 3; c++) {
      String where = "channel = '" + names[c] + "' and region = ";
      double whole = scale * mean(c, 0, 0, WIDTH, HEIGHT);
      assertThat(stat(where + "'image'", "mean"))
          .isEqualTo(whole, within(relative * Math.abs(whole)));
      double part = scale * mean(c, 7, 3, 20, 11);
      assertThat(stat(where + "'part'", "mean")).isEqualTo(part, within(relative * Math.abs(part)));
    }
  }

  private double stat(String where, String column) {
    return table("channel_stats").where(where).select(column).first().getDouble(0);
  }

  private List<String> pixelsByRegion(String table, String... by) {
    return table(table)
        .groupBy("region", by)
        .agg(sum("count").as("n"))
        .select("region", "n")
        .distinct()
        .collectAsList()
        .stream()
        .map(r -> r.getString(0) + " " + r.getLong(1))
        .toList();
  }

  @Test
  void threeChannelsOf16Bits() throws IOException {
    assertThat(analyze("uint16", 1).failures()).isEmpty();
    meansAre(1, 1e-12);
    assertThat(table("colocalization").count()).as("every pair, image and region").isEqualTo(6);
    assertThat(pixelsByRegion("joint_histograms"))
        .as("a set of tuples for every pair")
        .containsExactlyInAnyOrder("image " + 3L * WIDTH * HEIGHT, "part " + 3L * 20 * 11);
    // raw, equalised alone and with the composite, normalised by three references, three
    // differences
    assertThat(
            table("histograms")
                .select("region", "transform", "reference", "channel")
                .distinct()
                .count())
        .isEqualTo(2 * (3 + 3 + 3 + 9 + 3));
    assertThat(pixelsByRegion("histograms", "transform", "reference", "channel"))
        .containsExactlyInAnyOrder("image " + WIDTH * HEIGHT, "part " + 20 * 11);
  }

  /** Values are shares of the composite, whose three slots are full here. */
  @Test
  void equalisedComposite() throws IOException {
    assertThat(analyze("uint16", 1).failures()).isEmpty();
    long below = 0;
    double value = sample(1, 13, 17);
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          below += sample(c, y, x) <= value ? 1 : 0;
        }
      }
    }
    double result =
        table("lookup_tables")
            .where("transform = 'equalized' and reference = 'composite' and channel = 'er'")
            .where("value = " + value)
            .select("result")
            .first()
            .getDouble(0);
    assertThat(result).isEqualTo((double) below / (3 * WIDTH * HEIGHT), within(1e-12));
  }

  @Test
  void crowdedTuplesAreCoarsenedAndStatisticsStayExact() throws IOException {
    assertThat(analyze("uint16", 1, "histograms.max-tuples=1024").failures()).isEmpty();
    meansAre(1, 1e-12);
    Row tuples =
        table("joint_histograms")
            .where("region = 'image'")
            .selectExpr("max(dropped_bits)", "sum(count)")
            .first();
    assertThat(tuples.getInt(0)).isPositive();
    assertThat(tuples.getLong(1)).isEqualTo(3L * WIDTH * HEIGHT);
    assertThat(pixelsByRegion("normalized_joint_histograms", "reference"))
        .contains("image " + 3L * WIDTH * HEIGHT);
  }

  @Test
  void floatingPointByItsRule() throws IOException {
    assertThat(analyze("float", 0.37).failures()).isEmpty();
    meansAre(0.37, 1e-6); // samples are of 32 bits
    assertThat(table("joint_histograms").where("levels is null").count()).isZero();
    assertThat(pixelsByRegion("histograms", "transform", "reference", "channel"))
        .containsExactlyInAnyOrder("image " + WIDTH * HEIGHT, "part " + 20 * 11);
  }

  @Test
  void aRegionWithoutAFinitePixelGivesNoModelAndNoFailure() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    TestImages.write(
        images.resolve("holes.ome.tif"),
        TestImages.Spec.of(
                WIDTH,
                HEIGHT,
                "float",
                (s, c, z, t, y, x) -> x < 30 && y < 20 ? Double.NaN : 1 + sample(c, y, x))
            .channels(3));
    RunSummary run =
        pipeline(images, "clustering.pixels=part", "clustering.k=[2]", "clustering.starts=1");
    assertThat(run.failures()).isEmpty();
    assertThat(table("cluster_models").where("reason is not null").count()).isEqualTo(2);
    assertThat(table("channel_stats").where("region = 'image'").count()).isEqualTo(3);
    assertThat(table("channel_stats").where("region = 'part'").count()).isZero();
  }

  @Test
  void negativeIntensities() throws IOException {
    assertThat(analyze("int16", -1).failures()).isEmpty();
    meansAre(-1, 1e-12);
    assertThat(table("colocalization").count()).isEqualTo(6);
  }

  /** Here for intensities that lie too far apart for levels between them. */
  @Test
  void anImageWhoseStatisticsFailIsOneFailure() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    for (String name : List.of("far", "near")) {
      double scale = name.equals("far") ? Double.MAX_VALUE : 1;
      TestImages.write(
          images.resolve(name + ".ome.tif"),
          TestImages.Spec.of(9, 7, "double", (s, c, z, t, y, x) -> x % 2 == 0 ? scale : -scale)
              .channels(3));
    }
    RunSummary run = pipeline(images, "clustering.enabled=false", "statistics.regions=[]");
    assertThat(run.failures()).hasSize(1);
    assertThat(run.failures().get(0).code()).isEqualTo("STATISTICS_FAILED");
    assertThat(run.failures().get(0).message())
        .startsWith("The statistics of the image far cannot be computed");
    assertThat(table("channel_stats").select("image").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("near");
  }

  @Test
  void aRegionOutsideFailsTheImage() throws IOException {
    RunSummary run =
        analyze("uint16", 1, "statistics.regions=[{name=far,x=75,y=0,width=9,height=5}]");
    assertThat(run.failures()).hasSize(1);
    assertThat(run.failures().get(0).message())
        .isEqualTo(
            "The region 'far' (x 75, y 0, 9 x 5) does not lie in the image three, which has 83 x 59"
                + " pixels.");
    assertThat(table("errors").select("code").first().getString(0)).isEqualTo("REGION_OUTSIDE");
  }

  @Test
  void otherThresholdsAndComposite() throws IOException {
    assertThat(
            analyze(
                    "uint16",
                    1,
                    "statistics.threshold=p90",
                    "statistics.thresholds=\"er=500\"",
                    "composite.channels=[actin,dna]",
                    "normalization.references=[er]")
                .failures())
        .isEmpty();
    String dna = "region = 'image' and channel = 'dna'";
    assertThat(stat(dna, "stained_fraction")).isBetween(0.05, 0.1 + 1.0 / WIDTH / HEIGHT);
    assertThat(stat("region = 'image' and channel = 'er'", "stain_threshold")).isEqualTo(500);
    assertThat(
            table("histograms")
                .where("transform = 'normalized'")
                .select("reference", "channel")
                .distinct()
                .collectAsList())
        .extracting(r -> r.getString(0) + " " + r.getString(1))
        .containsExactlyInAnyOrder("er actin", "er dna");
  }
}
