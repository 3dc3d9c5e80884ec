package org.cytolake.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.cytolake.image.LabelImage;
import org.junit.jupiter.api.Test;

/**
 * Rings, scaled shapes, distances of neighbours and quantiles against scikit-image and scipy:
 * golden/measures_golden.py.
 */
final class MeasuresGoldenTest {
  private static JsonNode golden() throws IOException {
    try (InputStream in = MeasuresGoldenTest.class.getResourceAsStream("measures_golden.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static LabelImage image(JsonNode image, String runs) {
    LabelImage labels =
        new LabelImage(image.get("height").intValue(), image.get("width").intValue());
    int at = 0;
    for (String run : runs.split(" ", -1)) {
      int star = run.indexOf('*');
      int length = Integer.parseInt(run.substring(star + 1));
      Arrays.fill(labels.labels(), at, at + length, Integer.parseInt(run.substring(0, star)));
      at += length;
    }
    return labels;
  }

  @Test
  void ringsAreExpandedLabelsWithoutTheObjects() throws IOException {
    int images = 0;
    for (JsonNode image : golden().get("images")) {
      LabelImage labels = image(image, image.get("labels").textValue());
      for (Map.Entry<String, JsonNode> ring : image.get("rings").properties()) {
        assertThat(Ring.around(labels, Integer.parseInt(ring.getKey())).labels())
            .as(image.get("name") + " at " + ring.getKey())
            .isEqualTo(image(image, ring.getValue().textValue()).labels());
        images++;
      }
    }
    assertThat(images).isGreaterThan(40);
  }

  /** A ring in a window with twice the distance around the object is that in the whole image. */
  @Test
  void twiceTheDistanceIsMarginEnough() {
    Random random = new Random(11);
    LabelImage whole = new LabelImage(80, 90);
    for (int i = 0; i < whole.labels().length; i++) {
      whole.labels()[i] = random.nextInt(40) == 0 ? 1 + random.nextInt(30) : 0;
    }
    int distance = 6;
    LabelImage rings = Ring.around(whole, distance);
    int top = 31;
    int left = 17;
    int side = 8; // the objects of these rows and columns
    int margin = 2 * distance;
    LabelImage window = new LabelImage(side + 2 * margin, side + 2 * margin);
    for (int y = 0; y < window.height(); y++) {
      for (int x = 0; x < window.width(); x++) {
        window.set(y, x, whole.at(top - margin + y, left - margin + x));
      }
    }
    LabelImage found = Ring.around(window, distance);
    for (int y = distance; y < window.height() - distance; y++) {
      for (int x = distance; x < window.width() - distance; x++) {
        assertThat(found.at(y, x)).isEqualTo(rings.at(top - margin + y, left - margin + x));
      }
    }
  }

  @Test
  void noRingWithoutWidth() {
    assertThatThrownBy(() -> Ring.around(new LabelImage(2, 2), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 512 pixels wide, not 0");
  }

  @Test
  void centroidsAndScaledLengths() throws IOException {
    JsonNode golden = golden();
    double height = golden.get("spacing").get(0).doubleValue();
    double width = golden.get("spacing").get(1).doubleValue();
    int objects = 0;
    for (JsonNode image : golden.get("images")) {
      Iterator<Shape> shapes =
          Shape.of(LabelledPixels.of(image(image, image.get("labels").textValue()))).iterator();
      for (JsonNode expected : image.get("objects")) {
        Shape shape = shapes.next();
        assertThat(shape.label()).isEqualTo(expected.get("label").intValue());
        same(shape.centroidY(), expected.get("centroid").get(0));
        same(shape.centroidX(), expected.get("centroid").get(1));
        SecondMoments scaled = shape.moments().scaled(height, width);
        same(scaled.majorAxis(), expected.get("axis_major_length_scaled"));
        same(scaled.minorAxis(), expected.get("axis_minor_length_scaled"));
        double area = shape.area() * height * width;
        same(area, expected.get("area_scaled"));
        same(Shape.diameter(area), expected.get("equivalent_diameter_area_scaled"));
        objects++;
      }
    }
    assertThat(objects).isGreaterThan(50);
  }

  private static void same(double found, JsonNode expected) {
    double value = expected.doubleValue();
    // regionprops takes differences of raw moments: a one-pixel-wide axis keeps half the digits
    assertThat(found).isEqualTo(value, within(1e-6 * Math.max(1, Math.abs(value))));
  }

  @Test
  void meanDistanceToTheNearest() throws IOException {
    for (JsonNode points : golden().get("points")) {
      double mean = points.get("mean").doubleValue();
      assertThat(
              NearestNeighbours.meanDistance(numbers(points.get("ys")), numbers(points.get("xs"))))
          .as(points.get("name").textValue())
          .isEqualTo(mean, within(1e-12 * Math.max(1, mean)));
    }
  }

  @Test
  void quantiles() throws IOException {
    JsonNode golden = golden();
    double[] shares = numbers(golden.get("shares"));
    for (JsonNode sample : golden.get("samples")) {
      assertThat(Quantiles.of(numbers(sample.get("values")), shares))
          .containsExactly(numbers(sample.get("quantiles")), within(1e-12));
    }
    assertThat(Quantiles.of(new double[0], 0.5)).containsExactly(Double.NaN);
    assertThatThrownBy(() -> Quantiles.of(new double[1], 1.5))
        .hasMessageContaining("between 0 and 1, not at 1.5");
  }

  @Test
  void noNeighbour() {
    assertThat(NearestNeighbours.meanDistance(new double[0], new double[0])).isNaN();
    assertThat(NearestNeighbours.meanDistance(new double[] {3}, new double[] {4})).isNaN();
    assertThatThrownBy(() -> NearestNeighbours.meanDistance(new double[1], new double[2]))
        .hasMessageContaining("1 rows, but 2 columns");
    assertThatThrownBy(
            () -> NearestNeighbours.meanDistance(new double[] {0, Double.NaN}, new double[2]))
        .hasMessageContaining("no point: NaN, 0.0");
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
