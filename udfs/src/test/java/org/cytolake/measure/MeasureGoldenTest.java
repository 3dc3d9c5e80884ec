package org.cytolake.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.cytolake.image.LabelImage;
import org.junit.jupiter.api.Test;

/** Against skimage.measure.regionprops and numpy. */
final class MeasureGoldenTest {
  // rounding of sums taken in another order; eigenvalues of thin objects lose half the digits
  private static final Offset<Double> CLOSE = within(1e-6);
  private static final Offset<Double> EXACT = within(1e-9);

  @Test
  void everyObjectOfEveryImage() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                MeasureGoldenTest.class.getResourceAsStream("/org/cytolake/golden/shapes.txt"),
                StandardCharsets.UTF_8))) {
      LabelImage image = null;
      double[] first = {};
      double[] second = {};
      int objects = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] parts = line.split(" ", -1);
        switch (parts[0]) {
          case "image" ->
              image = new LabelImage(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
          case "labels" -> fill(image, parts);
          case "first" -> first = numbers(parts);
          case "second" -> second = numbers(parts);
          default -> {
            check(image, first, second, parts);
            objects++;
          }
        }
      }
      assertThat(objects).isGreaterThan(35);
    }
  }

  private static void fill(LabelImage image, String[] runs) {
    int at = 0;
    for (int r = 1; r < runs.length; r++) {
      int star = runs[r].indexOf('*');
      int length = Integer.parseInt(runs[r].substring(star + 1));
      Arrays.fill(image.labels(), at, at + length, Integer.parseInt(runs[r].substring(0, star)));
      at += length;
    }
  }

  private static double[] numbers(String[] parts) {
    return Arrays.stream(parts)
        .skip(1)
        .mapToDouble(v -> v.equals("nan") ? Double.NaN : Double.parseDouble(v))
        .toArray();
  }

  private static void check(LabelImage image, double[] first, double[] second, String[] parts) {
    int label = Integer.parseInt(parts[1]);
    double[] v = numbers(parts);
    LabelledPixels pixels = LabelledPixels.of(image);
    List<Shape> shapes = Shape.of(pixels);
    Shape s = shapes.stream().filter(o -> o.label() == label).findFirst().orElseThrow();
    assertThat(new int[] {s.area(), s.y0(), s.x0(), s.y1(), s.x1()})
        .as("object %s", label)
        .isEqualTo(Arrays.stream(v, 1, 6).mapToInt(d -> (int) d).toArray());
    assertThat(s.perimeter()).isEqualTo(v[6], EXACT);
    assertThat(s.moments().eccentricity()).as("eccentricity of %s", label).isEqualTo(v[7], CLOSE);
    assertThat(s.solidity()).as("solidity of %s", label).isEqualTo(v[8], EXACT);
    assertThat(s.moments().majorAxis()).isEqualTo(v[9], CLOSE);
    assertThat(s.moments().minorAxis()).isEqualTo(v[10], CLOSE);
    if (s.moments().eccentricity() > 1e-6) { // a round object has no axis
      assertThat(s.moments().orientation()).as("orientation of %s", label).isEqualTo(v[11], CLOSE);
    }
    assertThat(s.equivalentDiameter()).isEqualTo(v[12], EXACT);
    assertThat(s.touchesBorder())
        .isEqualTo(v[2] == 0 || v[3] == 0 || v[4] == image.height() || v[5] == image.width());
    Intensities a = Intensities.of(pixels, i -> first[i]);
    Intensities b = Intensities.of(pixels, i -> second[i]);
    check(a, label, Arrays.copyOfRange(v, 13, 18));
    check(b, label, Arrays.copyOfRange(v, 18, 23));
    double pearson = Intensities.pearson(pixels, i -> first[i], a, i -> second[i], b)[label];
    if (Double.isNaN(v[23])) {
      assertThat(pearson).isNaN();
    } else {
      assertThat(pearson).isEqualTo(v[23], EXACT);
    }
  }

  private static void check(Intensities of, int label, double[] expected) {
    assertThat(of.mean(label)).isEqualTo(expected[0], EXACT);
    assertThat(of.sum(label)).isEqualTo(expected[1], EXACT);
    assertThat(of.stddev(label)).isEqualTo(expected[2], EXACT);
    assertThat(of.min(label)).isEqualTo(expected[3]);
    assertThat(of.max(label)).isEqualTo(expected[4]);
  }
}
