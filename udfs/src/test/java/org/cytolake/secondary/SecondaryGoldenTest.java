package org.cytolake.secondary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;
import org.cytolake.image.LabelImage;
import org.cytolake.intensity.Golden;
import org.cytolake.intensity.SampleTiff;
import org.cytolake.secondary.ThresholdRule.Background;
import org.cytolake.stardist.Lcg;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against centrosome, scikit-image and scipy in CellProfiler's steps: golden/secondary_golden.py.
 */
class SecondaryGoldenTest {
  private static final double NO_LOWER = Double.NEGATIVE_INFINITY;
  private static final double NO_UPPER = Double.POSITIVE_INFINITY;
  private static final JsonNode GOLDEN = golden();

  private static JsonNode golden() {
    try (InputStream in = SecondaryGoldenTest.class.getResourceAsStream("secondary_golden.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> cases(String prefix) {
    Iterable<String> names = GOLDEN::fieldNames;
    return StreamSupport.stream(names.spliterator(), false).filter(n -> n.startsWith(prefix));
  }

  static Stream<String> random() {
    return cases("lcg_");
  }

  static Stream<String> screen() {
    return cases("SYN");
  }

  static Stream<String> lesson() {
    return cases("AS_");
  }

  @ParameterizedTest
  @MethodSource("random")
  void randomImagesGiveTheReferencesLabels(String name) {
    String[] numbers = name.split("_", -1);
    int height = 41;
    int width = 53;
    Lcg lcg = new Lcg(Integer.parseInt(numbers[1]));
    int levels = Integer.parseInt(numbers[2]);
    int noise = Integer.parseInt(numbers[4]);
    LabelImage pixels = new LabelImage(height, width);
    for (int i = 0; i < height * width; i++) {
      pixels.labels()[i] = lcg.below(100) < noise ? lcg.below(levels) : 0;
    }
    LabelImage nuclei = new LabelImage(height, width);
    for (int label = 1; label <= Integer.parseInt(numbers[3]); label++) {
      int y = lcg.below(height - 3);
      int x = lcg.below(width - 3);
      int side = 1 + lcg.below(3);
      for (int i = 0; i < side * side; i++) {
        nuclei.set(y + i / side, x + i % side, label);
      }
    }
    JsonNode golden = GOLDEN.get(name);
    assertThat(crc(nuclei)).isEqualTo(golden.get("nuclei").longValue());
    assertThat(crc(pixels)).isEqualTo(golden.get("pixels").longValue());
    float[] image = new float[height * width];
    for (int i = 0; i < image.length; i++) {
      image[i] = CellThreshold.scaled(pixels.at(i), 255);
    }
    float level = CellThreshold.scaled(1, 255);
    assertLabels(name, golden, nuclei, image, Foreground.of(image, width, level, 0));
  }

  @ParameterizedTest
  @MethodSource("screen")
  void sampleScreenGivesTheReferencesCells(String name) throws IOException {
    Path sample = Path.of("../sample-data");
    String[] parts = name.split("_", -1);
    SampleTiff cytoplasm = SampleTiff.read(sample.resolve("images/" + name + ".tif"));
    SampleTiff truth =
        SampleTiff.read(
            sample.resolve("truth/labels-" + parts[1] + "-" + parts[2].substring(1) + ".tif"));
    double[] labels = truth.pixels();
    LabelImage nuclei = new LabelImage(labels.length / truth.width(), truth.width());
    for (int i = 0; i < labels.length; i++) {
      nuclei.labels()[i] = (int) labels[i];
    }
    assertField(name, nuclei, cytoplasm.pixels(), parts[1].equals("B03") ? 255 : 65_535);
  }

  @ParameterizedTest
  @MethodSource("lesson")
  void lessonFieldGivesTheReferencesCells(String name) throws IOException {
    Path cytoplasm = Golden.bbbc008().resolve(name + ".tif");
    assumeTrue(Files.exists(cytoplasm), () -> cytoplasm + " is missing");
    double[] dna = pixels(Golden.bbbc008().resolve(name.replace("channel3", "channel1") + ".tif"));
    double threshold = Otsu.threshold(Histogram.ofSamples(dna), SampleKind.INTEGER);
    LabelImage nuclei = new LabelImage(512, 512);
    int count = 0;
    for (int i = 0; i < dna.length; i++) {
      if (dna[i] > threshold && nuclei.at(i) == 0) {
        fill(dna, threshold, nuclei, i, ++count);
      }
    }
    assertField(name, nuclei, pixels(cytoplasm), 255);
  }

  private static double[] pixels(Path tiff) throws IOException {
    return ImageIO.read(tiff.toFile()).getRaster().getSamples(0, 0, 512, 512, 0, (double[]) null);
  }

  /** Labels a part that is connected along rows and columns. */
  private static void fill(
      double[] pixels, double threshold, LabelImage labels, int first, int label) {
    int[] toDo = new int[pixels.length];
    int n = 0;
    toDo[n++] = first;
    labels.labels()[first] = label;
    while (n > 0) {
      int at = toDo[--n];
      int x = at % labels.width();
      int[] neighbours = {
        at - labels.width(),
        at + labels.width(),
        x > 0 ? at - 1 : at,
        x < labels.width() - 1 ? at + 1 : at
      };
      for (int i : neighbours) {
        if (i >= 0 && i < pixels.length && pixels[i] > threshold && labels.at(i) == 0) {
          labels.labels()[i] = label;
          toDo[n++] = i;
        }
      }
    }
  }

  private static void assertField(String name, LabelImage nuclei, double[] raw, double scale) {
    JsonNode golden = GOLDEN.get(name);
    assertThat(crc(nuclei)).as("nuclei").isEqualTo(golden.get("nuclei").longValue());
    Histogram histogram = Histogram.ofSamples(raw);
    for (Map.Entry<String, JsonNode> rule : golden.get("thresholds").properties()) {
      double expected = rule.getValue().doubleValue();
      assertThat(threshold(rule.getKey(), scale).of(histogram, scale))
          .as(rule.getKey())
          .isCloseTo(expected, within(1e-6 * expected));
    }
    float[] image = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      image[i] = CellThreshold.scaled(raw[i], scale);
    }
    double otsu = threshold("otsu", scale).of(histogram, scale);
    for (Map.Entry<String, JsonNode> mask : golden.get("foreground").properties()) {
      boolean[] found =
          Foreground.of(image, nuclei.width(), otsu, Double.parseDouble(mask.getKey()));
      LabelImage ones = new LabelImage(nuclei.height(), nuclei.width());
      for (int i = 0; i < found.length; i++) {
        ones.labels()[i] = found[i] ? 1 : 0;
      }
      assertThat(crc(ones)).as(mask.getKey()).isEqualTo(mask.getValue().longValue());
    }
    assertLabels(name, golden, nuclei, image, Foreground.of(image, nuclei.width(), otsu, 0));
  }

  private static CellThreshold threshold(String name, double scale) {
    return switch (name) {
      case "otsu_1.3" ->
          new CellThreshold(new ThresholdRule.TwoClasses(), false, 1.3, NO_LOWER, NO_UPPER);
      case "otsu_bounds" ->
          new CellThreshold(new ThresholdRule.TwoClasses(), false, 1, 0.5 * scale, 0.6 * scale);
      default -> new CellThreshold(rule(name), name.endsWith("_log"), 1, NO_LOWER, NO_UPPER);
    };
  }

  private static ThresholdRule rule(String name) {
    String[] parts = name.split("_", -1);
    if (parts[0].equals("background")) {
      return new Background(
          Double.parseDouble(parts[1]),
          Double.parseDouble(parts[2]),
          Background.Average.valueOf(parts[3].toUpperCase(java.util.Locale.ROOT)),
          parts[4].equals("sd") ? Background.Deviation.STANDARD : Background.Deviation.MEDIAN,
          Double.parseDouble(parts[5]));
    }
    return switch (parts[0]) {
      case "otsu" -> new ThresholdRule.TwoClasses();
      case "otsu3" -> new ThresholdRule.ThreeClasses(parts[1].equals("low"));
      case "li" -> new ThresholdRule.CrossEntropy();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static CellMethod method(String name) {
    String[] parts = name.split("_", -1);
    return switch (parts[0]) {
      case "distance" -> new CellMethod.Distance(Integer.parseInt(parts[1]));
      case "threshold" -> new CellMethod.DistanceThreshold(Integer.parseInt(parts[1]));
      case "gradient" -> new CellMethod.Flood(true);
      case "image" -> new CellMethod.Flood(false);
      case "propagate" ->
          new CellMethod.Propagate(
              Double.parseDouble(parts[1]), parts.length > 2 ? Integer.parseInt(parts[2]) : 0);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void assertLabels(
      String name, JsonNode golden, LabelImage nuclei, float[] image, boolean[] foreground) {
    CellChannel channel = new CellChannel(nuclei.height(), nuclei.width(), image, foreground);
    for (boolean fill : new boolean[] {false, true}) {
      for (Map.Entry<String, JsonNode> labels :
          golden.get(fill ? "filled" : "labels").properties()) {
        LabelImage cells =
            new SecondaryObjects(method(labels.getKey()), fill).around(nuclei, channel);
        assertThat(crc(cells))
            .as(name + " " + labels.getKey() + (fill ? " filled" : ""))
            .isEqualTo(labels.getValue().longValue());
      }
    }
  }

  private static long crc(LabelImage labels) {
    ByteBuffer bytes =
        ByteBuffer.allocate(4 * labels.labels().length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(labels.labels());
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
