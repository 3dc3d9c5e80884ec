package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against scikit-learn on 12 fields of the Broad Bioimage Benchmark Collection's set BBBC008
 * (512x512, 8 bits), normalised to the first channel; {@code src/test/golden/cluster_golden.py}
 * made the numbers. The set lies beside the repository or where the environment variable
 * CYTOLAKE_TEST_DATA points.
 */
class BbbcClusterTest {
  private static final Golden GOLDEN = new Golden("cluster_bbbc.json");

  static Stream<String> fields() {
    return GOLDEN.before(".tuples");
  }

  /** Samples of a field's channel, row by row. */
  static double[] pixels(String name) throws IOException {
    String data = System.getenv().getOrDefault("CYTOLAKE_TEST_DATA", "../../shared/data");
    Path file = Path.of(data, "bbbc008", name);
    assumeTrue(Files.exists(file), () -> file.toAbsolutePath() + " is not here");
    Raster raster = ImageIO.read(file.toFile()).getRaster();
    return raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (double[]) null);
  }

  /** Clips to mean and standard deviation of the first, truncates, stretches the composite. */
  private static WeightedPoints normalized(double[] first, double[] last) {
    double mean = Arrays.stream(first).average().orElseThrow();
    double variance =
        Arrays.stream(first).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double low = mean - Math.sqrt(variance);
    double high = mean + Math.sqrt(variance);
    double[][] clipped = {
      clip(first, low, high), clip(last, low, high), clip(new double[1], low, high)
    };
    double min = Arrays.stream(clipped).flatMapToDouble(Arrays::stream).min().orElseThrow();
    double max = Arrays.stream(clipped).flatMapToDouble(Arrays::stream).max().orElseThrow();
    double[][] values = new double[2][first.length];
    long[] counts = new long[first.length];
    for (int i = 0; i < first.length; i++) {
      counts[i] = first[i] > 0 && last[i] > 0 ? 1 : 0;
      for (int c = 0; c < 2; c++) {
        values[c][i] = Math.rint((clipped[c][i] - min) * (255 / (max - min)));
      }
    }
    return WeightedPoints.of(JointHistogram.of(values, counts));
  }

  private static double[] clip(double[] values, double low, double high) {
    return Arrays.stream(values).map(v -> Math.floor(Math.max(low, Math.min(high, v)))).toArray();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void noWorseThanScikitLearn(String field) throws IOException {
    WeightedPoints points =
        normalized(pixels(field + "_channel1.tif"), pixels(field + "_channel3.tif"));
    double[] mean = points.mean();
    assertThat(new double[] {points.size(), points.weight()})
        .containsExactly(Arrays.copyOf(GOLDEN.of(field + ".tuples"), 2));
    assertThat(Math.rint(mean[0] * points.weight())).isEqualTo(GOLDEN.of(field + ".tuples")[2]);
    assertThat(Math.rint(mean[1] * points.weight())).isEqualTo(GOLDEN.of(field + ".tuples")[3]);
    for (int k = 2; k <= 6; k++) {
      Clustering c = KMeans.fit(points, k, KMeans.Options.DEFAULT).result().orElseThrow();
      assertThat(c.cost()).isLessThanOrEqualTo(GOLDEN.of(field + ".inertia")[k - 2] * 1.001);
      Mixture m =
          GaussianMixture.fit(points, k, GaussianMixture.Options.DEFAULT).result().orElseThrow();
      assertThat(m.converged()).isTrue();
      assertThat(m.logLikelihood())
          .isGreaterThanOrEqualTo(GOLDEN.of(field + ".loglik")[k - 2] - 1e-3);
    }
  }
}
