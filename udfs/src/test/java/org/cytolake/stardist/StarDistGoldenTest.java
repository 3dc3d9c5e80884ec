package org.cytolake.stardist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cytolake.image.LabelImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what the Python package stardist made of the same predictions. */
final class StarDistGoldenTest {
  private static final int RAYS = 32;

  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Golden(
      StarPrediction prediction,
      StarThresholds thresholds,
      int height,
      int width,
      List<String> stars,
      int[] labels) {}

  private static Golden read(String name) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                StarDistGoldenTest.class.getResourceAsStream("/org/cytolake/golden/" + name),
                StandardCharsets.UTF_8))) {
      String[] head = in.readLine().split(" ", -1);
      String[] thresholds = in.readLine().split(" ", -1);
      int cells = Integer.parseInt(head[3]);
      int height = Integer.parseInt(head[5]);
      int width = Integer.parseInt(head[7]);
      float[] prob = new float[cells * cells];
      float[] dist = new float[cells * cells * RAYS];
      List<String> stars = new ArrayList<>();
      int[] labels = null;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] parts = line.split(" ", -1);
        if (parts[0].equals("cell")) {
          int cell = Integer.parseInt(parts[1]) * cells + Integer.parseInt(parts[2]);
          prob[cell] = Float.parseFloat(parts[3]);
          for (int k = 0; k < RAYS; k++) {
            dist[cell * RAYS + k] = Float.parseFloat(parts[4 + k]);
          }
        } else if (parts[0].equals("star")) {
          stars.add(parts[1] + " " + parts[2] + " " + Float.parseFloat(parts[3]));
        } else {
          labels = labels(parts, height * width);
        }
      }
      return new Golden(
          new StarPrediction(cells, cells, RAYS, Integer.parseInt(head[1]), prob, dist),
          new StarThresholds(Double.parseDouble(thresholds[1]), Double.parseDouble(thresholds[3])),
          height,
          width,
          stars,
          labels);
    }
  }

  private static int[] labels(String[] runs, int pixels) {
    int[] labels = new int[pixels];
    int at = 0;
    for (int r = 1; r < runs.length; r++) {
      int star = runs[r].indexOf('*');
      int length = Integer.parseInt(runs[r].substring(star + 1));
      java.util.Arrays.fill(labels, at, at + length, Integer.parseInt(runs[r].substring(0, star)));
      at += length;
    }
    assertThat(at).isEqualTo(pixels);
    return labels;
  }

  @ParameterizedTest
  @ValueSource(strings = {"stars-1.txt", "stars-2.txt", "stars-3.txt"})
  void starsAndLabelsAreThoseOfStarDist(String name) throws IOException {
    Golden golden = read(name);
    List<Star> stars =
        StarDist.detect(
            golden.prediction(), golden.thresholds(), golden.height(), golden.width(), 1000);
    assertThat(stars.stream().map(s -> s.y() + " " + s.x() + " " + s.prob()))
        .isEqualTo(golden.stars());
    LabelImage labels = StarDist.paint(stars, golden.height(), golden.width());
    assertThat(labels.labels()).isEqualTo(golden.labels());
  }

  @ParameterizedTest
  @ValueSource(strings = "stars-1.txt")
  void tooManyCandidatesAreRefused(String name) throws IOException {
    Golden golden = read(name);
    assertThatThrownBy(
            () -> StarDist.detect(golden.prediction(), golden.thresholds(), 153, 147, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 10 candidates");
  }
}
