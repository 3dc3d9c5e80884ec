package org.cytolake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.stardist.Prediction;
import org.cytolake.stardist.StarThresholds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks of other grids, layouts and numbers of rays against Keras, and networks that the job
 * cannot run: golden/model_variants.py.
 */
final class ModelVariantsTest {
  private static final int ROWS = 64;
  private static final int COLUMNS = 96;

  /** Float32, summed in another order. */
  private static final double TOLERANCE = 1e-5;

  private static ModelFile resource(String name) throws IOException {
    try (InputStream in = ModelVariantsTest.class.getResourceAsStream(name + ".onnx")) {
      return new ModelFile(name, in.readAllBytes(), name);
    }
  }

  private static JsonNode golden(String name) throws IOException {
    try (InputStream in = ModelVariantsTest.class.getResourceAsStream("model_variants.json")) {
      return new ObjectMapper().readTree(in).get(name);
    }
  }

  private static NetworkBuffers image() {
    NetworkBuffers buffers = new NetworkBuffers();
    FloatBuffer image = buffers.input(ROWS * COLUMNS);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
      image.put(i, (31 * (i / COLUMNS) + 17 * (i % COLUMNS)) % 101 / 101f);
    }
    return buffers;
  }

  private static double meanProb(Prediction prediction) {
    return IntStream.range(0, prediction.height() * prediction.width())
        .mapToDouble(prediction::prob)
        .average()
        .getAsDouble();
  }

  private static double meanDist(Prediction prediction) {
    return IntStream.range(0, prediction.height() * prediction.width() * prediction.rays())
        .mapToDouble(i -> prediction.dist(i / prediction.rays(), i % prediction.rays()))
        .average()
        .getAsDouble();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grid1-single-output",
        "grid2-two-outputs",
        "grid2-single-output-nhwc",
        "grid4-nhwc"
      })
  void predictsWhatKerasPredicts(String name) throws Exception {
    JsonNode expected = golden(name);
    try (StarDistModel model = StarDistModel.load(resource(name), 1)) {
      assertThat(model.grid()).isEqualTo(expected.get("grid").intValue());
      assertThat(model.rays()).isEqualTo(expected.get("rays").intValue());
      assertThat(model.multiple()).isEqualTo(expected.get("multiple").intValue());
      assertThat(model.thresholds())
          .isEqualTo(
              new StarThresholds(
                  expected.get("prob_threshold").doubleValue(),
                  expected.get("nms_threshold").doubleValue()));

      Prediction prediction = model.predict(image(), ROWS, COLUMNS);
      assertThat(prediction.height()).isEqualTo(ROWS / model.grid());
      assertThat(prediction.width()).isEqualTo(COLUMNS / model.grid());
      double distTolerance = TOLERANCE * Math.max(1, expected.get("dist_largest").doubleValue());
      assertThat(meanProb(prediction))
          .isCloseTo(expected.get("prob_mean").doubleValue(), within(TOLERANCE));
      assertThat(meanDist(prediction))
          .isCloseTo(expected.get("dist_mean").doubleValue(), within(distTolerance));
      assertThat(expected.get("cells")).hasSize(4);
      for (JsonNode cell : expected.get("cells")) {
        int index = cell.get("y").intValue() * prediction.width() + cell.get("x").intValue();
        assertThat((double) prediction.prob(index))
            .isCloseTo(cell.get("prob").doubleValue(), within(TOLERANCE));
        for (int ray = 0; ray < model.rays(); ray++) {
          assertThat((double) prediction.dist(index, ray))
              .as("%s, ray %d of %s", name, ray, cell)
              .isCloseTo(cell.get("dist").get(ray).doubleValue(), within(distTolerance));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "threshold-above-1    | its metadata stardist.prob_thresh is 1.5",
        "halo-no-multiple     | its metadata stardist.halo is 50",
        "fixed-size           | it takes only images of the fixed size 64 x 64",
        "two-inputs           | it has 2 inputs",
        "only-prob            | its outputs have the shapes [1, 1, 32, 32]",
        "two-distances        | its outputs have the shapes [1, 8, 32, 32], [1, 8, 32, 32]",
        "three-outputs        | its outputs have the shapes [1, 1, 32, 32], [1, 8, 32, 32], [1, 3,"
            + " 32, 32]",
        "outputs-of-two-sizes | its outputs have the shapes [1, 1, 64, 64], [1, 8, 32, 32]",
        "states-grid-4        | its metadata stardist.grid is 4.0 where 2.0 is needed",
        "states-8-rays        | its metadata stardist.n_rays is 8.0 where 5.0 is needed",
        "other-percentiles    | its metadata stardist.pmin is 3.0 where 1.0 is needed",
        "multiple-no-number   | its metadata stardist.pad_multiple is 'sixteen'",
        "multiple-below-grid  | its metadata stardist.pad_multiple is 6",
      })
  void refusesWithTheReason(String name, String reason) throws IOException {
    ModelFile file = resource(name);
    assertThatThrownBy(() -> StarDistModel.load(file, 1))
        .isInstanceOfSatisfying(
            CytolakeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(Code.USAGE);
              assertThat(e.remedy()).startsWith("Give --model a 2D StarDist network");
            })
        .hasMessageStartingWith(
            "The model " + name + " is no StarDist network: " + reason + ". Give --model");
  }

  @Test
  void refusesWhatIsNoOnnxFile() {
    ModelFile file = new ModelFile("notes.txt", "no network".getBytes(StandardCharsets.UTF_8), "");
    assertThatThrownBy(() -> StarDistModel.load(file, 1))
        .isInstanceOf(CytolakeException.class)
        .hasMessageStartingWith(
            "The model notes.txt is neither a StarDist nor a Cellpose network: ONNX Runtime says:"
                + " ");
  }
}
