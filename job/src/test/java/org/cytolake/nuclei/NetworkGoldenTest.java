package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.Raster;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.network.ModelFile;
import org.cytolake.network.StarDistModel;
import org.cytolake.stardist.StarThresholds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nuclei against those of Python StarDist with the same weights, network and all:
 * golden/network_golden.py. Images and models that may not be shipped lie beside the repository,
 * or, the images, where the environment variable CYTOLAKE_TEST_DATA points.
 */
final class NetworkGoldenTest {
  private static final Path SHARED = Path.of("..", "..", "shared");

  /** Name of an image and its plane. */
  private interface Images {
    Mosaic.Field read(String name) throws IOException;
  }

  private static Path data(String name) {
    String data = System.getenv("CYTOLAKE_TEST_DATA");
    Path path = (data == null ? SHARED.resolve("data") : Path.of(data)).resolve(name);
    assumeTrue(Files.exists(path), () -> path.toAbsolutePath() + " is not here");
    return path;
  }

  private static ModelFile model(String name) {
    Path path = SHARED.resolve("models").resolve(name);
    assumeTrue(Files.exists(path), () -> path.toAbsolutePath() + " is not here");
    return ModelFile.read(path.toString(), new Configuration(false));
  }

  private static ModelFile modelOf(String key) {
    return switch (key.substring(0, key.lastIndexOf('-'))) {
      case "built-in" -> ModelFile.builtIn("fp32");
      case "nuclei-fluo" -> model("nuclei-fluo/nuclei-fluo.onnx");
      default -> model("stardist-dsb2018-grid1.onnx");
    };
  }

  private static Mosaic.Field read(byte[] file) throws IOException {
    Raster raster = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
    int height = raster.getHeight();
    int width = raster.getWidth();
    return new Mosaic.Field(height, width, raster.getSamples(0, 0, width, height, 0, (int[]) null));
  }

  private static Images imagesOf(String key) throws IOException {
    String set = key.substring(key.lastIndexOf('-') + 1);
    if (set.equals("dsb2018")) {
      Map<String, byte[]> training = training();
      return name -> read(training.get(name));
    }
    Path folder = set.equals("samples") ? Path.of("..", "sample-data", "images") : data(set);
    return name -> Mosaic.read(folder.resolve(name));
  }

  private static Map<String, byte[]> training() throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (TarArchiveInputStream archive =
        new TarArchiveInputStream(
            new XZCompressorInputStream(
                new BufferedInputStream(
                    Files.newInputStream(data("dsb2018/dsb2018-train.tar.xz")))))) {
      for (TarArchiveEntry e = archive.getNextEntry(); e != null; e = archive.getNextEntry()) {
        if (e.getName().contains("/images/")) {
          files.put(e.getName(), archive.readAllBytes());
        }
      }
    }
    return files;
  }

  private static JsonNode golden(String key) throws IOException {
    try (InputStream in = NetworkGoldenTest.class.getResourceAsStream("network_golden.json")) {
      return new ObjectMapper().readTree(in).get(key);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "built-in-samples",
        "grid1-samples",
        "nuclei-fluo-bbbc008",
        "grid1-bbbc008",
        "nuclei-fluo-dsb2018",
        "grid1-dsb2018"
      })
  void nucleiAreThoseOfPython(String key) throws Exception {
    JsonNode golden = golden(key);
    Images images = imagesOf(key);
    GoldenLabels labels = GoldenLabels.of(key + ".png");
    StarThresholds thresholds =
        new StarThresholds(
            golden.get("prob_threshold").doubleValue(), golden.get("nms_threshold").doubleValue());
    try (StarDistModel model = StarDistModel.load(modelOf(key), 2)) {
      StarDistFinder finder = GoldenLabels.finder(model, thresholds);
      assertThat(golden.get("images")).isNotEmpty();
      for (JsonNode image : golden.get("images")) {
        String name = image.get("image").textValue();
        Mosaic.Field field = images.read(name);
        PaintedNuclei found = segment(finder, field);
        assertThat(found.stars()).as(name).hasSize(image.get("objects").intValue());
        GoldenLabels.same(name, found.labels(), labels.next(field.height(), field.width()));
      }
    }
  }

  private static PaintedNuclei segment(StarDistFinder finder, Mosaic.Field field) throws Exception {
    double[] samples = Arrays.stream(field.samples()).asDoubleStream().toArray();
    return GoldenLabels.segment(finder, List.of(samples), field.height(), field.width());
  }

  /** Another arithmetic, so about the same nuclei: within 2 in 100 in every field. */
  @Test
  void int8FindsAboutTheSame() throws Exception {
    about(ModelFile.builtIn("int8"), "built-in-samples");
    about(model("nuclei-fluo/nuclei-fluo-int8.onnx"), "nuclei-fluo-bbbc008");
  }

  private static void about(ModelFile file, String key) throws Exception {
    Images images = imagesOf(key);
    try (StarDistModel model = StarDistModel.load(file, 2)) {
      StarDistFinder finder = GoldenLabels.finder(model, model.thresholds());
      for (JsonNode image : golden(key).get("images")) {
        int expected = image.get("objects").intValue();
        int found = segment(finder, images.read(image.get("image").textValue())).stars().size();
        assertThat((double) found)
            .as(image.toString())
            .isCloseTo(expected, within(2 + 0.02 * expected));
      }
    }
  }
}
