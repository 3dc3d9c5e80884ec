package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.gaussian.Components;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against scikit-learn on the pixels of sample images one by one; {@code
 * src/test/golden/cluster_golden.py} made the numbers.
 */
class ClusterGoldenTest {
  private static final Golden GOLDEN = new Golden("cluster_golden.json");

  static Stream<String> starts() {
    return GOLDEN.before(".start");
  }

  static Stream<String> cases() {
    return GOLDEN.before(".values");
  }

  private static String image(String start) {
    return start.substring(0, start.indexOf('.'));
  }

  private static void assertClose(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double scale = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(1));
    assertThat(actual).containsExactly(expected, within(1e-9 * scale));
  }

  @ParameterizedTest
  @MethodSource("starts")
  void kMeansFromTheSameStart(String start) {
    WeightedPoints points = GOLDEN.points(image(start));
    double[] options = GOLDEN.of(start + ".options");
    double[] expected = GOLDEN.of(start + ".kmeans");
    Clustering c =
        KMeans.fit(
                points,
                GOLDEN.rows(start + ".start", points.channels()),
                (int) options[1],
                options[2])
            .result()
            .orElseThrow();
    assertThat(c.cost()).isCloseTo(expected[0], within(1e-9 * expected[0]));
    assertThat(c.iterations()).isEqualTo((int) expected[1]);
    assertClose(Golden.flat(c.centres()), Arrays.copyOfRange(expected, 2, expected.length));
    if (GOLDEN.has(start + ".kmeans.labels")) {
      assertThat(c.labels()).isEqualTo(GOLDEN.integers(start + ".kmeans.labels"));
    }
  }

  private static Mixture mixture(String start, WeightedPoints points) {
    double[] options = GOLDEN.of(start + ".options");
    int k = (int) options[0];
    double[] weights = new double[k];
    Arrays.fill(weights, 1.0 / k);
    double[][][] covariances = new double[k][][];
    Arrays.fill(covariances, GOLDEN.rows(start + ".covariance", points.channels()));
    Components components =
        new Components(weights, GOLDEN.rows(start + ".start", points.channels()), covariances);
    GaussianMixture.Options o =
        new GaussianMixture.Options(1, (int) options[1], options[2], options[3], 0);
    return GaussianMixture.fit(points, components, o).result().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("starts")
  void mixtureFromTheSameStart(String start) {
    WeightedPoints points = GOLDEN.points(image(start));
    double[] expected = GOLDEN.of(start + ".mixture");
    Mixture m = mixture(start, points);
    assertThat(m.iterations()).isEqualTo((int) expected[1]);
    assertThat(m.converged()).isEqualTo(expected[2] == 1);
    assertClose(new double[] {m.logLikelihood()}, new double[] {expected[0]});
    assertClose(new double[] {m.aic(), m.bic()}, new double[] {expected[3], expected[4]});
    assertClose(m.components().weights(), GOLDEN.of(start + ".mixture.weights"));
    assertClose(Golden.flat(m.components().means()), GOLDEN.of(start + ".mixture.means"));
    assertClose(
        Golden.flat(m.components().covariances()), GOLDEN.of(start + ".mixture.covariances"));
    double[][] responsibilities = m.responsibilities(points);
    double[][] some = new double[(points.size() + 96) / 97][];
    for (int i = 0; i < some.length; i++) {
      some[i] = responsibilities[97 * i];
    }
    assertClose(Golden.flat(some), GOLDEN.of(start + ".mixture.responsibilities"));
    if (GOLDEN.has(start + ".mixture.labels")) {
      assertThat(m.labels()).isEqualTo(GOLDEN.integers(start + ".mixture.labels"));
    }
    assertThat(m.labels(points)).isEqualTo(m.labels());
  }

  @ParameterizedTest
  @MethodSource("starts")
  void adjustedRandIndex(String start) {
    WeightedPoints points = GOLDEN.points(image(start));
    if (GOLDEN.has(start + ".mixture.labels")) {
      double found =
          AdjustedRandIndex.of(
              points,
              GOLDEN.integers(start + ".kmeans.labels"),
              GOLDEN.integers(start + ".mixture.labels"));
      assertClose(new double[] {found}, GOLDEN.of(start + ".rand"));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noWorseThanScikitLearn(String name) {
    WeightedPoints points = GOLDEN.points(name);
    double[] logLikelihoods = GOLDEN.of(name + ".loglik");
    double[] costs = GOLDEN.of(name + ".inertia");
    for (int k = 2; k <= 6; k++) {
      Clustering c = KMeans.fit(points, k, KMeans.Options.DEFAULT).result().orElseThrow();
      assertThat(c.cost()).isLessThanOrEqualTo(costs[k - 2] * 1.001);
      Mixture m =
          GaussianMixture.fit(points, k, GaussianMixture.Options.DEFAULT).result().orElseThrow();
      assertThat(m.logLikelihood()).isGreaterThanOrEqualTo(logLikelihoods[k - 2] - 1e-3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void exactSilhouette(int k) {
    WeightedPoints points = GOLDEN.points("crop");
    int[] labels = GOLDEN.integers("crop.silhouette" + k + ".labels");
    assertThat(Silhouette.exact(points, labels).result().orElseThrow())
        .isCloseTo(GOLDEN.of("crop.silhouette" + k)[0], within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void dbscan(int option) {
    double[] options = GOLDEN.of("crop.dbscan");
    Partition found =
        Dbscan.fit(GOLDEN.points("crop"), options[2 * option], (long) options[2 * option + 1])
            .result()
            .orElseThrow();
    int[] expected = GOLDEN.integers("crop.dbscan" + option + ".labels");
    assertThat(found.labels()).isEqualTo(expected);
    assertThat(found.k()).isEqualTo(Arrays.stream(expected).max().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void meanShift(int option) {
    double bandwidth = GOLDEN.of("crop.meanshift")[option];
    Modes found = MeanShift.fit(GOLDEN.points("crop"), bandwidth).result().orElseThrow();
    assertClose(Golden.flat(found.centres()), GOLDEN.of("crop.meanshift" + option + ".centres"));
    assertThat(found.labels()).isEqualTo(GOLDEN.integers("crop.meanshift" + option + ".labels"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 40})
  void ward(int k) {
    WeightedPoints points = GOLDEN.points("ward", "moved");
    MergeTree tree = Agglomeration.fit(points, Linkage.WARD).result().orElseThrow();
    assertClose(tree.heights(), GOLDEN.of("ward.heights"));
    assertThat(tree.cut(k).result().orElseThrow().labels())
        .isEqualTo(GOLDEN.integers("ward.labels" + k));
  }
}
