package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.network.ModelFile;
import org.cytolake.network.StarDistModel;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small trained networks of the configurations of StarDist's own four (grid 1, 2 and 4, one channel
 * and three, both layouts, one output and two) find what Python StarDist finds with the same
 * weights: golden/trained_variants.py.
 */
final class TrainedVariantsTest {
  private static final String FOLDER = "trained/";

  @TempDir Path folder;

  private static InputStream resource(String name) {
    return TrainedVariantsTest.class.getResourceAsStream(FOLDER + name);
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = resource("labels.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static Raster image(int channels) throws IOException {
    try (InputStream in = resource(channels == 1 ? "image.png" : "rgb.png")) {
      return ImageIO.read(in).getRaster();
    }
  }

  @Test
  void labelsAreThoseOfPython() throws Exception {
    GoldenLabels labels = GoldenLabels.of(FOLDER + "labels.png");
    int tested = 0;
    for (JsonNode variant : golden()) {
      int channels = variant.get("channels").intValue();
      Raster raster = image(channels);
      int[] expected = labels.next(raster.getHeight(), raster.getWidth());
      if (variant.get("normalize").textValue().equals("together")) {
        continue; // below: percentiles are not the segmenter's
      }
      String name = variant.get("model").textValue();
      try (InputStream in = resource(name + ".onnx");
          StarDistModel model =
              StarDistModel.load(new ModelFile(name, in.readAllBytes(), name), 1)) {
        assertThat(model.channels()).isEqualTo(channels);
        StarDistFinder finder = GoldenLabels.finder(model, model.thresholds());
        List<double[]> samples =
            IntStream.range(0, channels).mapToObj(c -> GoldenLabels.samples(raster, c)).toList();
        PaintedNuclei found =
            GoldenLabels.segment(finder, samples, raster.getHeight(), raster.getWidth());
        assertThat(found.stars())
            .as(name)
            .hasSize(variant.get("objects").intValue())
            .hasSizeGreaterThan(30);
        GoldenLabels.same(name, found.labels(), expected);
        tested++;
      }
    }
    assertThat(tested).isEqualTo(6);
  }

  private CytolakeConfig config(String model, String... settings) throws IOException {
    Path images = folder.resolve("images");
    if (Files.notExists(images)) {
      Files.createDirectory(images);
      Files.copy(resource("rgb.png"), images.resolve("rgb.png"));
    }
    Path file = folder.resolve(model + ".onnx");
    if (Files.notExists(file)) {
      Files.copy(resource(model + ".onnx"), file);
    }
    return ConfigLoader.load(
        Optional.empty(),
        Map.of(
            "input.paths", List.of(images.toString()),
            "input.channels", "1=red,2=green,3=blue",
            "segmentation.model", file.toString(),
            "output.path", folder.resolve("tables").toString()),
        List.of(settings));
  }

  private static AnalyzePipeline segment(CytolakeConfig config) {
    return AnalyzePipeline.onlyNuclei(LocalSpark.session(), config, Progress.NONE);
  }

  /** From the file to the table, in both kinds of normalisation and in tiles. */
  @Test
  void rgbImagesOfAFile() throws Exception {
    for (JsonNode variant : golden()) {
      if (variant.get("channels").intValue() != 3) {
        continue;
      }
      String how = variant.get("normalize").textValue();
      RunSummary summary =
          segment(config(variant.get("model").textValue(), "segmentation.normalize=" + how)).run();
      assertThat(summary.failures()).isEmpty();
      assertThat(summary.nuclei())
          .as(variant.toString())
          .hasValue(variant.get("objects").intValue());
    }
  }

  /** What analyze finds, which has the percentiles from its statistics. */
  @Test
  void analyzeFindsTheSame() throws Exception {
    List<String> settings =
        List.of(
            "clustering.enabled=false",
            "density.enabled=false",
            "report.enabled=false",
            "segmentation.channel=[blue, green, red]");
    List<List<Row>> found = new ArrayList<>();
    for (boolean all : new boolean[] {false, true}) {
      CytolakeConfig config = config("versatile-he", settings.toArray(String[]::new));
      RunSummary summary =
          all
              ? new AnalyzePipeline(LocalSpark.session(), config, Progress.NONE).run()
              : segment(config).run();
      assertThat(summary.failures()).isEmpty();
      found.add(
          LocalSpark.session()
              .read()
              .parquet(folder.resolve("tables/nuclei").toString())
              .orderBy("nucleus")
              .collectAsList());
      long joint =
          LocalSpark.session()
              .read()
              .parquet(folder.resolve("tables/joint_histograms").toString())
              .count();
      assertThat(joint > 0).isEqualTo(all);
    }
    assertThat(found.get(0)).isNotEmpty().isEqualTo(found.get(1));

    assertThatThrownBy(() -> segment(config("versatile-he")).run())
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("holds tables that segment would not renew")
        .hasMessageContaining("Use another --output");
  }

  @Test
  void channelsThatDoNotFitAreRefusedBeforeAnyPixel() throws Exception {
    refused(
        config("versatile-he", "segmentation.channel=[red, green]"),
        "takes 3 channels, but segmentation.channel names 2: red, green.",
        "--channel red,green,blue");
    refused(
        config("demo", "segmentation.channel=[red, green]"),
        "takes one channel, but segmentation.channel names 2: red, green.",
        "--channel");
    refused(
        config("versatile-he", "input.channels=1=red,2=green"),
        "takes 3 channels, but the input names 2: red, green.",
        "Name 3 channels");
    refused(
        config("versatile-he", "segmentation.channel=[red, green, violet]"),
        "segmentation.channel is 'violet', but the channels are red, green, blue.",
        "Name one of them");
  }

  private static void refused(CytolakeConfig config, String message, String remedy) {
    assertThatThrownBy(() -> segment(config).run())
        .isInstanceOfSatisfying(
            CytolakeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(Code.USAGE);
              assertThat(e.remedy()).contains(remedy);
            })
        .hasMessageContaining(message);
  }
}
