package org.cytolake.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.intensity.Composite;
import org.cytolake.intensity.Golden;
import org.cytolake.intensity.LookupTable;
import org.cytolake.intensity.Normalization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what {@code seaborn.kdeplot} computes and draws. */
public class KernelDensityGoldenTest {
  private static final Golden GOLDEN =
      new Golden(KernelDensityGoldenTest.class, "density_golden.json");

  static Stream<String> cases() {
    return GOLDEN.casesWith("drawn");
  }

  private static JointHistogram joint(String name) {
    return switch (name) {
      case "constant" -> {
        double[] x = Golden.image("bytes").part(0, 0, 97, 5)[0];
        yield Golden.joint(x, Arrays.stream(x).map(v -> 3).toArray());
      }
      case "single" -> Golden.joint(new double[] {4}, new double[] {5});
      case "two" -> JointHistogram.of(new double[][] {{1, 4, 9}, {2, 3, 1}}, new long[] {3, 1, 1});
      default -> ofImage(name);
    };
  }

  private static JointHistogram ofImage(String name) {
    String image = name.replaceAll("_(part|raw)$", "");
    boolean bytes = image.equals("bytes") || image.contains("B03");
    Golden.Image pixels = Golden.image(image);
    double[][] all = pixels.channels();
    double[][] part = bytes ? pixels.part(0, 0, 83, 61) : pixels.part(3, 7, 63, 40);
    if (name.endsWith("_raw")) {
      return Golden.joint(part[0], part[part.length - 1]);
    }
    JointHistogram joint = Golden.joint(all);
    LookupTable table =
        Normalization.toReference(Composite.of(joint), joint.marginal(0), 1, bytes ? 8 : 16);
    double[][] drawn = name.endsWith("_part") ? part : all;
    return table.apply(Golden.joint(drawn[0], drawn[drawn.length - 1]));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void densityEqualsSeaborn(String name) {
    KernelDensity actual = KernelDensity.of(joint(name));
    assertThat(actual.isEmpty()).isEqualTo(GOLDEN.get(name + ".drawn")[0] == 0);
    if (!actual.isEmpty()) {
      assertGolden(GOLDEN, name, actual, 997);
    }
  }

  /** Compares grid, every so many densities, their sum and the contour levels. */
  public static void assertGolden(Golden golden, String name, KernelDensity actual, int every) {
    double[] grid = golden.get(name + ".grid");
    double spanX = grid[2] - grid[0];
    double spanY = grid[5] - grid[3];
    assertThat(actual.x(0)).isCloseTo(grid[0], within(1e-12 * spanX));
    assertThat(actual.x(1)).isCloseTo(grid[1], within(1e-12 * spanX));
    assertThat(actual.x(199)).isCloseTo(grid[2], within(1e-12 * spanX));
    assertThat(actual.y(0)).isCloseTo(grid[3], within(1e-12 * spanY));
    assertThat(actual.y(1)).isCloseTo(grid[4], within(1e-12 * spanY));
    assertThat(actual.y(199)).isCloseTo(grid[5], within(1e-12 * spanY));
    double max = golden.get(name + ".max")[0];
    double[] densities = actual.densities();
    assertThat(Arrays.stream(densities).max().getAsDouble()).isCloseTo(max, within(1e-10 * max));
    double sum = golden.get(name + ".sum")[0];
    assertThat(Arrays.stream(densities).sum()).isCloseTo(sum, within(1e-10 * sum));
    double[] samples = golden.get(name + ".samples");
    for (int i = 0; i < samples.length; i++) {
      assertThat(densities[i * every]).isCloseTo(samples[i], within(1e-10 * max));
    }
    assertThat(densities).hasSizeBetween((samples.length - 1) * every + 1, samples.length * every);
    double[] levels = golden.get(name + ".levels");
    double[] actualLevels = actual.levels();
    assertThat(actualLevels).hasSize(levels.length);
    for (int i = 0; i < levels.length; i++) {
      assertThat(actualLevels[i]).isCloseTo(levels[i], within(1e-9 * levels[i]));
    }
  }
}
