package org.cytolake.clusters;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.TakesMinutes;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.intensity.PixelProfile;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.statistics.Levels;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters by four channels: the tables against the pixels themselves. */
final class ManyChannelsRunTest {
  private static final String BY_FOUR = "clustering.channels=[all]";
  private static final String VALUES =
      "array(cast(dna as double), cast(actin as double), cast(er as double), cast(mito as double))";

  @TempDir Path folder;

  @BeforeEach
  void images() throws IOException {
    Files.createDirectory(folder.resolve("images"));
    for (String name : List.of("P1_A01", "P1_A02")) {
      for (int c = 0; c < 4; c++) {
        int channel = c + (name.endsWith("2") ? 1 : 0);
        TestImages.write(
            folder.resolve("images").resolve(name + "_c" + c + ".tif"),
            TestImages.Spec.of(48, 36, "uint16", (s, k, z, t, y, x) -> sample(channel, y, x)));
      }
    }
  }

  /** Three populations with noise of each channel's own, and some pixels of 0. */
  private static double sample(int channel, int y, int x) {
    int population = (x / 16 + channel * (y / 18)) % 3;
    int noise = (x * x * 7 + y * 13 + x * y * (3 + channel)) % (31 - 5 * channel);
    return (x + 2 * y + channel) % 41 == 0 ? 0 : 40 + 900 * population + noise;
  }

  private RunSummary analyze(String output, String... settings) {
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    all.addAll(List.of("segmentation.enabled=false", "density.enabled=false"));
    all.addAll(List.of("output.pixels=true", "clustering.starts=4", "clustering.k=[3]"));
    all.addAll(List.of("clustering.values=raw", "output.label-images=[]"));
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(folder.resolve("images").toString()),
            "input.pattern",
            ClusterRuns.PATTERN,
            "input.channels",
            "0=dna,1=actin,2=er,3=mito",
            "output.path",
            folder.resolve(output).toString());
    return new AnalyzePipeline(
            LocalSpark.session(), ConfigLoader.load(Optional.empty(), flags, all), Progress.NONE)
        .run();
  }

  private Dataset<Row> table(String output, String name) {
    return LocalSpark.session().read().parquet(folder.resolve(output).resolve(name).toString());
  }

  /** Every pixel has the label of its tuple, and those that are not clustered have 0. */
  private void pixelsAreLabelledByTheirTuples(String output, String value, String scope) {
    Dataset<Row> labels =
        table(output, "cluster_labels").select("image", "plate", "values", "labels");
    Dataset<Row> pixels =
        table(output, "pixels")
            .selectExpr("image as i", "plate as p", value + " as v", "clusters")
            .join(labels, expr("v = values and " + scope), "left");
    assertThat(pixels.count()).isEqualTo(2 * 48 * 36);
    for (String method : List.of("gaussian_mixture", "k_means")) {
      assertThat(
              pixels
                  .where("clusters['" + method + "'] <> coalesce(labels['" + method + "_3'], 0)")
                  .count())
          .isZero();
    }
    assertThat(pixels.where("labels is null").count())
        .isEqualTo(pixels.where("exists(v, x -> x = 0)").count())
        .isPositive();
  }

  @Test
  void ofAnImage() throws IOException {
    assertThat(analyze("out", BY_FOUR, "clustering.axes=[mito,actin]").failures()).isEmpty();
    Dataset<Row> counted =
        table("out", "pixels")
            .where("dna > 0 and actin > 0 and er > 0 and mito > 0")
            .selectExpr("image", VALUES + " as values")
            .groupBy("image", "values")
            .count();
    Dataset<Row> values =
        table("out", "cluster_values").selectExpr("image", "values", "pixels as count");
    assertThat(values.count()).isEqualTo(counted.count()).isGreaterThan(1024);
    assertThat(values.except(counted).count()).isZero();
    pixelsAreLabelledByTheirTuples("out", VALUES, "image = i");
    Row model = table("out", "cluster_models").where("image = 'P1_A01'").first();
    assertThat(model.<String>getList(model.fieldIndex("channels")))
        .containsExactly("dna", "actin", "er", "mito");
    assertThat(model.<Integer>getAs("dropped_bits")).isZero();
    assertThat(model.<Integer>getAs("coreset_points")).isZero();
    assertThat(model.isNullAt(model.fieldIndex("coreset_error"))).isTrue();
    String page = pages("out");
    assertThat(page).contains("\"clusterAxes\":[3,1]").contains("\"clusterMaps\":{\"gauss");
  }

  private String pages(String output) throws IOException {
    StringBuilder text = new StringBuilder();
    try (var files = Files.walk(folder.resolve(output).resolve("report"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  @Test
  void ofAPlateAndCoarsened() {
    assertThat(analyze("plate", BY_FOUR, "clustering.scope=plate").failures()).isEmpty();
    pixelsAreLabelledByTheirTuples("plate", VALUES, "plate = p");
    assertThat(analyze("few", BY_FOUR, "histograms.max-tuples=1024").failures()).isEmpty();
    Row model = table("few", "cluster_models").where("image = 'P1_A01'").first();
    int bits = model.getAs("dropped_bits");
    assertThat(bits).isPositive();
    assertThat(model.<Long>getAs("tuples")).isLessThanOrEqualTo(1024);
    // both images drop as many bits here; else the tuples of one could not be told below
    assertThat(table("few", "cluster_models").select("dropped_bits").distinct().count()).isOne();
    String coarse =
        "transform("
            + VALUES
            + ", x -> floor(x / "
            + (1 << bits)
            + ") * double("
            + (1 << bits)
            + "))";
    pixelsAreLabelledByTheirTuples("few", coarse, "image = i");
  }

  /** A map of a plate, and what it makes of another image. */
  @Test
  @TakesMinutes
  void aMapLabelsNewImagesByTheirNearestNodes() throws IOException {
    String[] map = {
      BY_FOUR,
      "clustering.methods=[self_organizing_map]",
      "clustering.self-organizing-map.side=4",
      "clustering.scope=plate"
    };
    assertThat(analyze("map", map).failures()).isEmpty();
    for (int c = 0; c < 4; c++) {
      int channel = c;
      for (String name : List.of("P1_A01", "P1_A02")) {
        Files.delete(folder.resolve("images").resolve(name + "_c" + c + ".tif"));
      }
      TestImages.write(
          folder.resolve("images").resolve("P1_B01_c" + c + ".tif"),
          TestImages.Spec.of(48, 36, "uint16", (s, k, z, t, y, x) -> 7 + sample(channel, x, y)));
    }
    String[] labelled = Arrays.copyOf(map, map.length + 1);
    labelled[map.length] = "clustering.model=" + folder.resolve("map");
    assertThat(analyze("again", labelled).failures()).isEmpty();
    for (String output : List.of("map", "again")) {
      Row model = table(output, "cluster_models").first();
      List<Integer> clusters = model.getList(model.fieldIndex("node_clusters"));
      List<double[]> nodes =
          model.<scala.collection.Seq<Double>>getList(model.fieldIndex("nodes")).stream()
              .map(
                  n ->
                      scala.jdk.javaapi.CollectionConverters.asJava(n).stream()
                          .mapToDouble(v -> v)
                          .toArray())
              .toList();
      assertThat(nodes).hasSize(16);
      List<Row> tuples = table(output, "cluster_labels").select("values", "labels").collectAsList();
      assertThat(tuples).hasSizeGreaterThan(1000);
      for (Row tuple : tuples) {
        double[] values = tuple.<Double>getList(0).stream().mapToDouble(v -> v).toArray();
        assertThat(tuple.<String, Integer>getJavaMap(1).get("self_organizing_map_3"))
            .isEqualTo(clusters.get(nearest(nodes, clusters, values)));
      }
    }
  }

  /** The nearest of the nodes that training had pixels for. */
  private static int nearest(List<double[]> nodes, List<Integer> clusters, double[] values) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < nodes.size(); j++) {
      double distance = 0;
      for (int c = 0; c < values.length; c++) {
        distance += (nodes.get(j)[c] - values[c]) * (nodes.get(j)[c] - values[c]);
      }
      if (clusters.get(j) > 0 && distance < least) {
        least = distance;
        best = j;
      }
    }
    return best;
  }

  @Test
  void byWhatPixelsAreMadeOf() throws IOException {
    String[] profile = {
      BY_FOUR,
      "clustering.profile.blur=1",
      "clustering.profile.share=true",
      "clustering.profile.percentile=99.9"
    };
    assertThat(analyze("profile", profile).failures()).isEmpty();
    float[][] channels = new float[4][48 * 36];
    for (int c = 0; c < 4; c++) {
      for (int i = 0; i < channels[c].length; i++) {
        channels[c][i] = (float) sample(c, i / 48, i % 48);
      }
    }
    new PixelProfile(1, true, 99.9).apply(channels, 48);
    Map<List<Double>, Map<String, Integer>> labels = new HashMap<>();
    table("profile", "cluster_labels")
        .where("image = 'P1_A01'")
        .select("values", "labels")
        .collectAsList()
        .forEach(row -> labels.put(List.copyOf(row.getList(0)), row.getJavaMap(1)));
    List<List<Double>> values = values(channels);
    List<Row> pixels =
        table("profile", "pixels")
            .where("image = 'P1_A01'")
            .selectExpr("48 * y + x as place", "clusters")
            .collectAsList();
    assertThat(pixels).hasSize(48 * 36);
    for (Row pixel : pixels) {
      List<Double> value = values.get(pixel.getInt(0));
      Map<String, Integer> found = pixel.getJavaMap(1);
      for (String method : List.of("gaussian_mixture", "k_means")) {
        int expected = value.contains(0.0) ? 0 : labels.get(value).get(method + "_3");
        assertThat(found.get(method)).as("pixel %s", pixel).isEqualTo(expected);
      }
    }
    assertThat(values.stream().filter(v -> !v.contains(0.0)).distinct().count())
        .isEqualTo(labels.size());
    Row model = table("profile", "cluster_models").first();
    assertThat(model.<String>getAs("fitted_to"))
        .isEqualTo("raw, blurred by 1.0, share of the total, in units of percentile 99.9");
    assertThat(pages("profile")).contains("\"clusterMaps\":{\"gauss");
  }

  /** Of pixels, as floats are counted: in levels of a channel's range. */
  private static List<List<Double>> values(float[][] channels) {
    List<List<Double>> values = new ArrayList<>();
    for (int i = 0; i < channels[0].length; i++) {
      values.add(new ArrayList<>());
    }
    for (float[] channel : channels) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (float v : channel) {
        min = Math.min(min, v);
        max = Math.max(max, v);
      }
      Levels levels = Levels.of(DataTypes.FloatType, min, max);
      for (int i = 0; i < channel.length; i++) {
        values.get(i).add(levels.intensity(levels.code(channel[i])));
      }
    }
    return values;
  }

  @Test
  void profilesOfWhatHasNoneAreRefused() {
    assertThatThrownBy(
            () -> analyze("out", "clustering.profile.blur=2", "clustering.pixels=stained"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("clustering.profile is set");
    assertThatThrownBy(() -> analyze("out", "clustering.profile.percentile=101"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("clustering.profile.percentile");
  }

  @Test
  void wrongNamesAreRefused() {
    assertThatThrownBy(() -> analyze("out", "clustering.channels=[dna,erg,mito]"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("clustering.channels is [dna, erg, mito]");
    assertThatThrownBy(() -> analyze("out", BY_FOUR, "clustering.axes=[dna]"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("clustering.axes is [dna]");
  }
}
