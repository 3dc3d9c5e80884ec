package org.cytolake.intensity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against scikit-image, OpenCV and numpy; exactly, but for sums over a table. */
class IntensityGoldenTest {
  private static final Golden GOLDEN =
      new Golden(IntensityGoldenTest.class, "intensity_golden.json");
  private static final Map<String, JointHistogram> JOINTS = new ConcurrentHashMap<>();

  static Stream<String> images() {
    return GOLDEN.casesWith("difference");
  }

  static Stream<String> arrays() {
    return GOLDEN.casesWith("hist2d.counts");
  }

  private static JointHistogram joint(String name) {
    return JOINTS.computeIfAbsent(name, n -> Golden.joint(Golden.image(n).channels()));
  }

  private static int bits(String name) {
    return List.of("bytes", "SYN001_B03_f1", "SYN001_B03_f2").contains(name) ? 8 : 16;
  }

  /** Compares with every so many entries of a table and the sum over all of it. */
  private static void assertTable(LookupTable actual, String name) {
    double[] values = GOLDEN.get(name + ".values");
    double[] results = Arrays.stream(values).map(actual::apply).toArray();
    assertThat(results).as(name).containsExactly(GOLDEN.get(name + ".results"));
    double sum = 0;
    for (int i = 0; i < actual.size(); i++) {
      sum += actual.result(i);
    }
    assertThat(sum)
        .as(name)
        .isCloseTo(GOLDEN.get(name + ".sum")[0], within(1e-12 * Math.max(1, sum) * 10));
  }

  /** Compares with a table that is stored by its steps. */
  static void assertSteps(LookupTable actual, double[] values, double[] results) {
    int step = 0;
    for (int i = 0; i < actual.size(); i++) {
      if (step + 1 < values.length && actual.value(i) == values[step + 1]) {
        step++;
      }
      assertThat(actual.result(i)).as("of %s", actual.value(i)).isEqualTo(results[step]);
    }
    assertThat(step).isEqualTo(values.length - 1);
  }

  @ParameterizedTest
  @MethodSource("images")
  void equalizationEqualsScikitImage(String name) {
    JointHistogram joint = joint(name);
    assertTable(Equalization.composite(Composite.of(joint)), name + ".equalized");
    for (int c = 0; c < joint.channels(); c++) {
      assertTable(Equalization.channel(joint.marginal(c)), name + ".equalized" + c);
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void normalizationEqualsOpenCv(String name) {
    JointHistogram joint = joint(name);
    Composite composite = Composite.of(joint);
    for (int c = 0; c < joint.channels(); c++) {
      for (String offset : List.of("1", "0.5", "2.3")) {
        LookupTable table =
            Normalization.toReference(
                composite, joint.marginal(c), Double.parseDouble(offset), bits(name));
        String key = name + ".normalized" + c + "_" + offset;
        assertSteps(table, GOLDEN.get(key + ".values"), GOLDEN.get(key + ".results"));
      }
    }
  }

  @Test
  void bytesStretchAsOpenCvForEveryMinimumAndMaximum() {
    double[] sums = new double[256];
    for (int low = 0; low < 256; low++) {
      for (int high = low; high < 256; high++) {
        double[] clipped = new double[high - low + 1];
        for (int i = 0; i < clipped.length; i++) {
          clipped[i] = low + i;
        }
        double[] stretched = Normalization.stretchBytes(clipped);
        for (int i = 0; i < stretched.length; i++) {
          sums[low] += (high + 1) * stretched[i] * (i + 1);
        }
      }
    }
    assertThat(sums).containsExactly(GOLDEN.get("stretch"));
  }

  @ParameterizedTest
  @MethodSource("images")
  void differenceAndGridEqualNumpy(String name) {
    JointHistogram joint = joint(name);
    LookupTable table =
        Normalization.toReference(Composite.of(joint), joint.marginal(0), 1, bits(name));
    JointHistogram pair = table.apply(joint.project(0, joint.channels() - 1));
    assertThat(dense(Difference.of(pair, 0, 1))).containsExactly(GOLDEN.get(name + ".difference"));
    assertThat(doubles(Histogram2d.of(pair, 15).counts()))
        .containsExactly(GOLDEN.get(name + ".hist2d"));
    assertThat(cells(Histogram2d.of(pair, 50))).containsExactly(GOLDEN.get(name + ".hist2d50"));
    Histogram2d raw =
        Histogram2d.of(joint.project(0, joint.channels() - 1), 17, 9, SampleKind.INTEGER);
    assertThat(doubles(raw.counts())).containsExactly(GOLDEN.get(name + ".hist2d_raw.counts"));
    assertThat(raw.xEdges()).containsExactly(GOLDEN.get(name + ".hist2d_raw.xedges"));
    assertThat(raw.yEdges()).containsExactly(GOLDEN.get(name + ".hist2d_raw.yedges"));
  }

  @ParameterizedTest
  @MethodSource("images")
  void stainEqualsNumpy(String name) {
    JointHistogram joint = joint(name);
    double full = bits(name) == 8 ? 255 : 4095;
    for (int c = 0; c < joint.channels(); c++) {
      Histogram h = joint.marginal(c);
      StainThreshold otsu = new StainThreshold.OtsuRule(SampleKind.INTEGER);
      assertStain(Stain.of(h, otsu, full), name + ".stain" + c);
      StainThreshold p75 = new StainThreshold.Percentile(75);
      assertStain(Stain.of(h, p75, full), name + ".stain75_" + c);
    }
  }

  private static void assertStain(Stain stain, String name) {
    double[] expected = GOLDEN.get(name);
    assertThat(stain.threshold()).isEqualTo(expected[0]);
    assertThat(stain.fraction()).isEqualTo(expected[1]);
    assertThat(stain.mean()).isCloseTo(expected[2], within(1e-12 * expected[2]));
    assertThat(stain.saturatedFraction()).isEqualTo(expected[3]);
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void samplesOfOtherKindsEqualScikitImageAndNumpy(String name) {
    double[] pixels = array(name);
    SampleKind kind =
        name.startsWith("float")
            ? SampleKind.FLOAT
            : name.equals("double") ? SampleKind.DOUBLE : SampleKind.INTEGER;
    assertTable(Equalization.channel(Histogram.ofSamples(pixels), kind), name + ".equalized");
    double[] reversed = new double[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      reversed[i] = pixels[pixels.length - 1 - i];
    }
    Histogram2d grid = Histogram2d.of(Golden.joint(pixels, reversed), 7, 5, kind);
    assertThat(doubles(grid.counts())).containsExactly(GOLDEN.get(name + ".hist2d.counts"));
    assertThat(grid.xEdges()).containsExactly(GOLDEN.get(name + ".hist2d.xedges"));
    assertThat(grid.yEdges()).containsExactly(GOLDEN.get(name + ".hist2d.yedges"));
  }

  private static double[] array(String name) {
    double[][] words = Golden.image("words").channels();
    return switch (name) {
      case "float" -> Arrays.stream(words[0]).map(v -> (float) v / 7f).toArray();
      case "double" -> Arrays.stream(words[0]).map(v -> v / 7 - 100).toArray();
      case "integer" -> Arrays.stream(words[1]).map(v -> (short) ((int) v - 20000)).toArray();
      default -> {
        double[] constant = new double[20];
        Arrays.fill(constant, name.startsWith("float") ? 0.25 : 7);
        yield constant;
      }
    };
  }

  static double[] dense(Histogram difference) {
    double[] counts = new double[256];
    for (int i = 0; i < difference.size(); i++) {
      counts[(int) difference.value(i)] = difference.count(i);
    }
    return counts;
  }

  static double[] cells(Histogram2d grid) {
    double[] cells = new double[2];
    long[] counts = grid.counts();
    for (int i = 0; i < counts.length; i++) {
      cells[0] += counts[i] > 0 ? 1 : 0;
      cells[1] += (double) i * counts[i];
    }
    return cells;
  }

  private static double[] doubles(long[] counts) {
    return Arrays.stream(counts).asDoubleStream().toArray();
  }
}
