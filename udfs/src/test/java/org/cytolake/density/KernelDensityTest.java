package org.cytolake.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.intensity.Golden;
import org.junit.jupiter.api.Test;

class KernelDensityTest {
  private static JointHistogram random(Random random, int n, double correlation) {
    return random(random, n, correlation, 1);
  }

  private static JointHistogram random(Random random, int n, double correlation, double scale) {
    double[][] pixels = new double[2][n];
    for (int i = 0; i < n; i++) {
      double a = random.nextGaussian();
      double b = correlation * a + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
      pixels[0][i] = Math.rint(scale * (100 + 20 * a));
      pixels[1][i] = Math.rint(scale * (50 + 6 * b));
    }
    return Golden.joint(pixels);
  }

  /** The definition, one exponential a tuple and point. */
  private static double direct(JointHistogram joint, double x, double y) {
    Kernel kernel = Kernel.of(joint);
    double sum = 0;
    for (int i = 0; i < joint.size(); i++) {
      double dx = x - joint.value(0, i);
      double dy = y - joint.value(1, i);
      double q = kernel.yy() * dx * dx - 2 * kernel.xy() * dx * dy + kernel.xx() * dy * dy;
      sum += joint.count(i) * Math.exp(-q / kernel.determinant() / 2);
    }
    return sum / joint.count() / (2 * Math.PI * Math.sqrt(kernel.determinant()));
  }

  @Test
  void theRecurrenceEqualsTheDefinition() {
    Random random = new Random(8);
    for (double correlation : new double[] {0, 0.5, -0.9, 0.999}) {
      JointHistogram joint = random(random, 5 + random.nextInt(800), correlation);
      KernelDensity density = KernelDensity.of(joint);
      double max = Arrays.stream(density.densities()).max().getAsDouble();
      for (int k = 0; k < 500; k++) {
        int column = random.nextInt(200);
        int row = random.nextInt(200);
        double expected = direct(joint, density.x(column), density.y(row));
        assertThat(density.density(column, row)).isCloseTo(expected, within(1e-12 * max));
      }
    }
  }

  @Test
  void veryManyTuplesByWayOfNodesEqualTheDefinition() {
    Random random = new Random(9);
    for (double correlation : new double[] {0, 0.7, -0.95, 0.9999}) {
      JointHistogram joint =
          random(random, 4000, correlation, 200)
              .plus(JointHistogram.of(new double[][] {{60_000}, {100}}, new long[] {3}));
      Kernel kernel = Kernel.of(joint);
      assertThat(KernelNodes.of(kernel, joint)).isPresent();
      KernelDensity density = KernelDensity.of(joint);
      double max = Arrays.stream(density.densities()).max().getAsDouble();
      for (int k = 0; k < 200; k++) {
        int column = k == 0 ? 199 : random.nextInt(200);
        int row = k == 0 ? 0 : random.nextInt(200);
        double expected = direct(joint, density.x(column), density.y(row));
        assertThat(density.density(column, row)).isCloseTo(expected, within(1e-12 * max));
      }
    }
  }

  @Test
  void tuplesTooFarApartForNodesHaveADensityToo() {
    Random random = new Random(10);
    JointHistogram joint =
        random(random, 4000, 0.999999, 200)
            .plus(JointHistogram.of(new double[][] {{60_000}, {0}}, new long[] {1}));
    Kernel kernel = new Kernel(1, 1, 0); // far narrower than the tuples' own
    assertThat(KernelNodes.of(kernel, joint)).isEmpty();
    double[] sum = kernel.sum(joint, new double[] {59_999, 60_000}, new double[] {-1, 0});
    assertThat(sum[3] * joint.count()).isCloseTo(1 / (2 * Math.PI), within(1e-12));
  }

  @Test
  void countsAreRepeatedPixels() {
    JointHistogram joint = random(new Random(1), 500, 0.3);
    KernelDensity once = KernelDensity.of(joint, 50, 0);
    // the bandwidth alone depends on the number of pixels
    JointHistogram twice = joint.plus(joint);
    KernelDensity density = KernelDensity.of(twice, 50, 0);
    assertThat(density.x(0)).isEqualTo(once.x(0));
    assertThat(density.density(25, 25))
        .isCloseTo(direct(twice, density.x(25), density.y(25)), within(1e-15));
  }

  @Test
  void theMassIsOne() {
    KernelDensity density = KernelDensity.of(random(new Random(2), 3000, 0.6), 300, 6);
    double cell = (density.x(1) - density.x(0)) * (density.y(1) - density.y(0));
    assertThat(Arrays.stream(density.densities()).sum() * cell).isCloseTo(1, within(1e-6));
  }

  @Test
  void levelsLeaveEvenSharesOutside() {
    KernelDensity density = KernelDensity.of(random(new Random(3), 3000, 0.6));
    double[] levels = density.levels(5, 0.2);
    double total = Arrays.stream(density.densities()).sum();
    for (int i = 0; i < 5; i++) {
      double level = levels[i];
      double outside = Arrays.stream(density.densities()).filter(d -> d < level).sum() / total;
      assertThat(outside).isCloseTo(0.2 + 0.2 * i, within(2e-3));
    }
    assertThat(levels[4]).isEqualTo(Arrays.stream(density.densities()).max().getAsDouble());
  }

  @Test
  void channelsWithoutSpreadHaveNoDensityButAReason() {
    assertReason(JointHistogram.empty(2), "no pixels");
    assertReason(JointHistogram.of(new double[][] {{3}, {4}}, new long[] {1}), "one pixel");
    assertReason(JointHistogram.of(new double[][] {{3}, {4}}, new long[] {9}), "first channel");
    assertReason(
        JointHistogram.of(new double[][] {{3, 5}, {4, 4}}, new long[] {9, 1}), "second channel");
    double[] x = Golden.image("bytes").channels()[0];
    double[] line = Arrays.stream(x).map(v -> 3 * v + 7).toArray();
    assertReason(Golden.joint(x, line), "linear");
    assertReason(Golden.joint(x, x), "linear");
  }

  private static void assertReason(JointHistogram joint, String reason) {
    KernelDensity density = KernelDensity.of(joint);
    assertThat(density.isEmpty()).isTrue();
    assertThat(density.reason().orElseThrow()).contains(reason);
    assertThat(density.xSize()).isZero();
    assertThat(density.levels()).isEmpty();
    assertThat(density).asString().contains(reason);
  }

  @Test
  void parametersAreChecked() throws Exception {
    JointHistogram joint = random(new Random(3), 100, 0.6);
    assertThatThrownBy(() -> KernelDensity.of(JointHistogram.empty(3))).hasMessageContaining("3");
    assertThatThrownBy(() -> KernelDensity.of(joint, 1, 3)).hasMessageContaining("1");
    assertThatThrownBy(() -> KernelDensity.of(joint, 10, -1)).hasMessageContaining("-1");
    KernelDensity density = KernelDensity.of(joint, 20, 3);
    assertThat(density.reason()).isEmpty();
    assertThatThrownBy(() -> density.levels(1, 0.05)).hasMessageContaining("1");
    assertThatThrownBy(() -> density.levels(3, 1)).hasMessageContaining("1.0");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(density);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(density).hasToString("KernelDensity[20 x 20]");
    }
  }
}
