package org.cytolake.colocalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Golden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against scikit-image and scipy on pixels, and CellProfiler's rule for Costes' thresholds written
 * with scipy.
 */
public class ColocalizationGoldenTest {
  private static final Golden GOLDEN =
      new Golden(ColocalizationGoldenTest.class, "colocalization_golden.json");

  static Stream<String> cases() {
    return GOLDEN.casesWith("pearson");
  }

  private static double[][] pixels(String name) {
    if (name.endsWith("_self")) {
      Golden.Image image = Golden.image(name.substring(0, name.length() - 5));
      int width = name.startsWith("bytes") ? 97 : name.startsWith("words") ? 83 : 360;
      double[] x = image.part(0, 0, width, 20)[0];
      return new double[][] {x, Arrays.stream(x).map(v -> Math.floor(v / 2)).toArray()};
    }
    boolean firstTwo = name.endsWith("_01");
    double[][] all =
        Golden.image(firstTwo ? name.substring(0, name.length() - 3) : name).channels();
    return new double[][] {all[0], all[firstTwo ? 1 : all.length - 1]};
  }

  @ParameterizedTest
  @MethodSource("cases")
  void coefficientsEqualTheReferences(String name) {
    JointHistogram joint = Golden.joint(pixels(name));
    assertGolden(GOLDEN, name, Colocalization.of(joint, SampleKind.INTEGER));
  }

  /** Compares all coefficients with a case of a golden file. */
  public static void assertGolden(Golden golden, String name, Colocalization actual) {
    assertClose(actual.pearson(), golden.get(name + ".pearson")[0]);
    assertClose(actual.spearman(), golden.get(name + ".spearman")[0]);
    assertClose(actual.slope(), golden.get(name + ".slope")[0]);
    assertClose(actual.overlap(), golden.get(name + ".overlap")[0]);
    assertClose(actual.k1(), golden.get(name + ".k")[0]);
    assertClose(actual.k2(), golden.get(name + ".k")[1]);
    assertThat(actual.liIcq()).isEqualTo(golden.get(name + ".icq")[0]);
    assertManders(actual.manders(), golden.get(name + ".manders_all"));
    assertManders(actual.mandersOtsu(), golden.get(name + ".manders_otsu"));
    double[] costes = golden.get(name + ".manders_costes");
    assertThat(actual.mandersCostes().xThreshold()).isEqualTo(costes[0]);
    assertManders(actual.mandersCostes(), costes);
    double[] both = golden.get(name + ".above_both");
    assertManders(
        actual.mandersCostesStained(), new double[] {costes[0], costes[1], both[0], both[1]});
  }

  private static void assertManders(Manders actual, double[] expected) {
    assertClose(actual.xThreshold(), expected[0]);
    assertClose(actual.yThreshold(), expected[1]);
    assertClose(actual.m1(), expected[2]);
    assertClose(actual.m2(), expected[3]);
  }

  private static void assertClose(double actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).isNaN();
    } else {
      Offset<Double> tolerance = within(1e-9 * Math.abs(expected));
      assertThat(actual).isCloseTo(expected, tolerance);
    }
  }
}
