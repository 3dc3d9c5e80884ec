package org.cytolake.colocalization;

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
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Golden;
import org.junit.jupiter.api.Test;

class ColocalizationTest {
  private static double[][] random(Random random, int n, int levels, double mix) {
    double[][] pixels = new double[2][n];
    for (int i = 0; i < n; i++) {
      double shared = random.nextGaussian();
      for (int c = 0; c < 2; c++) {
        double v = mix * shared + (1 - Math.abs(mix)) * random.nextGaussian();
        pixels[c][i] = Math.max(0, Math.rint((v + 1) * levels / 4));
      }
    }
    return pixels;
  }

  /** The descent pixel by pixel; nothing where the regression does not rise. */
  private static double[] descend(double[][] p) {
    int n = p[0].length;
    Comoments regression = new Comoments();
    for (int i = 0; i < n; i++) {
      if (p[0][i] > 0 || p[1][i] > 0) {
        regression.add(p[0][i], p[1][i], 1);
      }
    }
    double d = regression.yy() - regression.xx();
    double slope =
        (d + Math.sqrt(d * d + 4 * regression.xy() * regression.xy())) / (2 * regression.xy());
    if (!(slope > 0) || Double.isInfinite(slope)) {
      return new double[0];
    }
    double intercept = regression.yMean() - slope * regression.xMean();
    double xMax = Arrays.stream(p[0]).max().getAsDouble();
    double yMax = Arrays.stream(p[1]).max().getAsDouble();
    double level = Math.max(xMax, yMax) + 1;
    while (level > xMax && slope * level + intercept > yMax) {
      level--;
    }
    double reached = level;
    for (; level > 1; level--) {
      reached = level;
      Comoments below = new Comoments();
      for (int i = 0; i < n; i++) {
        if (p[0][i] < level || p[1][i] < slope * level + intercept) {
          below.add(p[0][i], p[1][i], 1);
        }
      }
      if (below.weight() < 2 || below.pearson() <= 1e-12) {
        break;
      }
    }
    return new double[] {reached, slope * reached + intercept};
  }

  private static double max(double[][] pixels) {
    return Arrays.stream(pixels[0]).max().getAsDouble();
  }

  @Test
  void costesThresholdsAreThoseOfADescentOverPixels() {
    Random random = new Random(11);
    int inside = 0;
    for (int round = 0; round < 300; round++) {
      double[][] pixels = random(random, 2 + random.nextInt(400), 2 + random.nextInt(60), 0.6);
      CostesThresholds actual = CostesThresholds.of(Golden.joint(pixels));
      double[] expected = descend(pixels);
      if (expected.length == 0) {
        assertThat(actual.x())
            .satisfiesAnyOf(
                x -> assertThat(x).isNaN(), x -> assertThat(x).isGreaterThan(max(pixels)));
        continue;
      }
      inside += expected[0] > 2 ? 1 : 0;
      assertThat(actual.x()).isEqualTo(expected[0]);
      assertThat(actual.y()).isCloseTo(expected[1], within(1e-9 * (1 + Math.abs(expected[1]))));
    }
    assertThat(inside).isGreaterThan(100);
  }

  @Test
  void channelsThatExcludeEachOtherHaveNoThresholds() {
    double[][] pixels = random(new Random(5), 500, 40, 0.5);
    double[] against = Arrays.stream(pixels[0]).map(v -> 50 - v).toArray();
    JointHistogram joint = Golden.joint(pixels[0], against);
    CostesThresholds costes = CostesThresholds.of(joint);
    assertThat(costes.x()).isGreaterThan(joint.marginal(0).max());
    Manders.Sums sums = new Manders.Sums(costes.x(), costes.y());
    joint.each(sums);
    assertThat(sums.ofStained().m1()).isNaN();
    assertThat(sums.ofAll().m2()).isZero();
  }

  @Test
  void tuplesGiveWhatPixelsGive() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      double[][] pixels = random(random, 300, 30, random.nextDouble());
      JointHistogram whole = Golden.joint(pixels);
      JointHistogram parts =
          Golden.joint(Arrays.copyOf(pixels[0], 100), Arrays.copyOf(pixels[1], 100))
              .plus(
                  Golden.joint(
                      Arrays.copyOfRange(pixels[0], 100, 300),
                      Arrays.copyOfRange(pixels[1], 100, 300)));
      Colocalization expected = Colocalization.of(whole, SampleKind.INTEGER);
      assertThat(Colocalization.of(parts, SampleKind.INTEGER)).isEqualTo(expected);
      Comoments single = new Comoments();
      for (int i = 0; i < 300; i++) {
        single.add(pixels[0][i], pixels[1][i], 1);
      }
      assertThat(expected.pearson()).isCloseTo(single.pearson(), within(1e-12));
      Colocalization swapped = Colocalization.of(whole.project(1, 0), SampleKind.INTEGER);
      assertThat(swapped.pearson()).isCloseTo(expected.pearson(), within(1e-12));
      assertThat(swapped.spearman()).isCloseTo(expected.spearman(), within(1e-12));
      assertThat(swapped.liIcq()).isEqualTo(expected.liIcq());
      assertThat(swapped.mandersOtsu().m1()).isCloseTo(expected.mandersOtsu().m2(), within(1e-12));
    }
  }

  /** Whole numbers close together and far apart, others, and both zeros. */
  @Test
  void anObjectsPixelsGiveWhatTheirTuplesGive() {
    Random random = new Random(8);
    for (int round = 0; round < 200; round++) {
      double[][] pixels = random(random, 1 + random.nextInt(400), 30, random.nextDouble());
      double scale = new double[] {1, 4_000, 0.1, -1, 0}[round % 5];
      for (double[] channel : pixels) {
        Arrays.setAll(channel, i -> scale * channel[i]);
      }
      JointHistogram joint = Golden.joint(pixels);
      Colocalization.Thresholds thresholds =
          Colocalization.Thresholds.of(joint, SampleKind.INTEGER);
      assertThat(Colocalization.of(new ObjectPairs(pixels[0], pixels[1]), thresholds))
          .usingRecursiveComparison()
          .withComparatorForType(
              (a, b) -> Double.compare(a, b) == 0 || Math.abs(a - b) <= 1e-12 ? 0 : 1, Double.class)
          .isEqualTo(Colocalization.of(joint, thresholds));
    }
  }

  @Test
  void anObjectsPixelsArePairs() {
    assertThat(new ObjectPairs(new double[0], new double[0]).spearman()).isNaN();
    assertThatThrownBy(() -> new ObjectPairs(new double[2], new double[1]))
        .hasMessageContaining("2 values of x for 1 of y");
    assertThatThrownBy(() -> new ObjectPairs(new double[] {1}, new double[] {Double.NaN}))
        .hasMessageContaining("finite");
  }

  @Test
  void anOffsetLeavesPearsonAlone() {
    double[][] pixels = random(new Random(2), 1000, 50, 0.4);
    double expected = Colocalization.of(Golden.joint(pixels), SampleKind.INTEGER).pearson();
    for (double[] channel : pixels) {
      for (int i = 0; i < channel.length; i++) {
        channel[i] += 1 << 30;
      }
    }
    double actual = Comoments.of(Golden.joint(pixels)).pearson();
    assertThat(actual).isCloseTo(expected, within(1e-9));
  }

  @Test
  void degenerateChannelsGiveNaN() {
    Colocalization none = Colocalization.of(JointHistogram.empty(2), SampleKind.INTEGER);
    assertThat(none.pixels()).isZero();
    for (double v :
        new double[] {
          none.pearson(),
          none.spearman(),
          none.slope(),
          none.overlap(),
          none.k1(),
          none.liIcq(),
          none.manders().m1(),
          none.mandersOtsu().m2(),
          none.mandersCostesStained().m1()
        }) {
      assertThat(v).isNaN();
    }
    Colocalization constant =
        Colocalization.of(
            JointHistogram.of(new double[][] {{7, 7}, {1, 2}}, new long[] {3, 4}),
            SampleKind.INTEGER);
    assertThat(constant.pearson()).isNaN();
    assertThat(constant.spearman()).isNaN();
    assertThat(constant.slope()).isNaN();
    assertThat(constant.liIcq()).isNaN();
    assertThat(constant.mandersCostes().m1()).isNaN();
    assertThat(constant.manders().m1()).isEqualTo(1);
    Colocalization black =
        Colocalization.of(
            JointHistogram.of(new double[][] {{0, 0}, {1, 2}}, new long[] {3, 4}),
            SampleKind.FLOAT);
    assertThat(black.overlap()).isNaN();
    assertThat(black.manders().m1()).isNaN();
    assertThat(black.manders().m2()).isZero();
    assertThatThrownBy(() -> Colocalization.of(JointHistogram.empty(3), SampleKind.INTEGER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3");
    assertThatThrownBy(
            () ->
                CostesThresholds.of(
                    JointHistogram.of(new double[][] {{1}, {1}}, new long[] {1}), 0))
        .hasMessageContaining("0.0");
  }

  @Test
  void floatsAndWideIntegersHaveThresholds() {
    double[][] pixels = random(new Random(4), 2000, 200, 0.6);
    JointHistogram joint = Golden.joint(pixels);
    CostesThresholds bytes = CostesThresholds.of(joint);
    double[][] scaled = new double[2][];
    for (double scale : new double[] {1 / 256.0, 1 << 24}) {
      for (int c = 0; c < 2; c++) {
        scaled[c] = Arrays.stream(pixels[c]).map(v -> v * scale).toArray();
      }
      CostesThresholds same = CostesThresholds.of(Golden.joint(scaled), scale);
      assertThat(same.x()).isEqualTo(bytes.x() * scale);
      assertThat(same.y()).isCloseTo(bytes.y() * scale, within(1e-9 * bytes.y() * scale));
      SampleKind kind = scale < 1 ? SampleKind.FLOAT : SampleKind.INTEGER;
      CostesThresholds fine = Colocalization.Thresholds.of(Golden.joint(scaled), kind).costes();
      assertThat(fine.x()).isCloseTo(bytes.x() * scale, within(1.5 * scale));
    }
  }

  @Test
  void resultsSurviveSerialization() throws Exception {
    JointHistogram joint = Golden.joint(random(new Random(6), 100, 20, 0.5));
    Colocalization expected = Colocalization.of(joint, SampleKind.INTEGER);
    Colocalization.Thresholds thresholds = Colocalization.Thresholds.of(joint, SampleKind.INTEGER);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(expected);
      out.writeObject(thresholds);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(expected);
      assertThat(in.readObject()).isEqualTo(thresholds);
    }
    assertThat(Colocalization.of(joint, thresholds)).isEqualTo(expected);
  }
}
