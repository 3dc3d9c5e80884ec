package org.cytolake.intensity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.ColocalizationGoldenTest;
import org.cytolake.density.KernelDensity;
import org.cytolake.density.KernelDensityGoldenTest;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against what scikit-image, OpenCV, numpy, scipy and seaborn give for the lesson's 12 fields of
 * the Broad Bioimage Benchmark Collection's set BBBC008 (512x512, 8 bits). The set lies beside the
 * repository or where the environment variable CYTOLAKE_TEST_DATA points.
 */
class BbbcExploreTest {
  private static final Golden GOLDEN = new Golden(BbbcExploreTest.class, "bbbc_golden.json");

  static Stream<String> fields() {
    return GOLDEN.casesWith("difference");
  }

  @ParameterizedTest
  @MethodSource("fields")
  void fieldEqualsTheReferences(String name) {
    assumeTrue(Golden.hasField(name), () -> name + " is not in " + Golden.bbbc008());
    Golden.Image image = Golden.field(name);
    JointHistogram joint = Golden.joint(image.channels());
    Composite composite = Composite.of(joint);
    LookupTable equalized = Equalization.composite(composite);
    for (int c = 0; c < 2; c++) {
      double expected = GOLDEN.get(name + ".equalized")[c];
      Histogram h = equalized.apply(joint.marginal(c));
      assertThat(h.sum()).isCloseTo(expected, within(1e-12 * expected));
      LookupTable normalized = Normalization.toReference(composite, joint.marginal(c), 1, 8);
      String key = name + ".normalized" + c + "_1";
      IntensityGoldenTest.assertSteps(
          normalized, GOLDEN.get(key + ".values"), GOLDEN.get(key + ".results"));
    }
    LookupTable normalized = Normalization.toReference(composite, joint.marginal(0), 1, 8);
    JointHistogram pair = normalized.apply(joint);
    assertThat(IntensityGoldenTest.dense(Difference.of(pair, 0, 1)))
        .containsExactly(GOLDEN.get(name + ".difference"));
    assertThat(IntensityGoldenTest.cells(Histogram2d.of(pair, 50)))
        .containsExactly(GOLDEN.get(name + ".hist2d50"));
    ColocalizationGoldenTest.assertGolden(
        GOLDEN, name, Colocalization.of(joint, SampleKind.INTEGER));
    JointHistogram part = normalized.apply(Golden.joint(image.part(192, 192, 128, 128)));
    assertDensity(name + ".part", part);
    if (GOLDEN.has(name + ".whole.drawn")) {
      assertDensity(name + ".whole", pair);
    }
  }

  private static void assertDensity(String name, JointHistogram pair) {
    KernelDensity density = KernelDensity.of(pair);
    assertThat(density.isEmpty()).isEqualTo(GOLDEN.get(name + ".drawn")[0] == 0);
    if (!density.isEmpty()) {
      KernelDensityGoldenTest.assertGolden(GOLDEN, name, density, 4001);
    }
  }
}
