package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.histogram.JointHistogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {
  private static final KMeans.Options K_MEANS = KMeans.Options.DEFAULT;
  private static final GaussianMixture.Options MIXTURE = GaussianMixture.Options.DEFAULT;

  private static WeightedPoints random(long seed, int channels, int tuples, int range) {
    Random random = new Random(seed);
    double[][] values = new double[channels][tuples];
    long[] weights = new long[tuples];
    for (int i = 0; i < tuples; i++) {
      double centre = random.nextInt(3) * range / 2.0;
      for (double[] channel : values) {
        channel[i] = Math.rint(centre + random.nextGaussian() * range / 10);
      }
      weights[i] = 1L + random.nextInt(9);
    }
    return WeightedPoints.of(JointHistogram.of(values, weights));
  }

  /** Every pixel as a tuple of its own. */
  private static WeightedPoints expanded(WeightedPoints points) {
    int n = (int) points.weight();
    double[][] values = new double[points.channels()][n];
    int at = 0;
    for (int i = 0; i < points.size(); i++) {
      for (long j = 0; j < points.weight(i); j++, at++) {
        for (int c = 0; c < values.length; c++) {
          values[c][at] = points.value(c, i);
        }
      }
    }
    long[] ones = new long[n];
    Arrays.fill(ones, 1);
    return new WeightedPoints(values, ones);
  }

  private static int[] expanded(WeightedPoints points, int[] labels) {
    int[] found = new int[(int) points.weight()];
    int at = 0;
    for (int i = 0; i < labels.length; i++) {
      Arrays.fill(found, at, at + (int) points.weight(i), labels[i]);
      at += (int) points.weight(i);
    }
    return found;
  }

  private static byte[] bytes(Serializable value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(value);
    }
    return out.toByteArray();
  }

  @Test
  void exponentialAndLogarithmAreThoseOfTheLibrary() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      double x = -random.nextDouble() * (i % 2 == 0 ? 1 : 708);
      assertThat(Elementary.exp(x)).isCloseTo(Math.exp(x), within(3 * Math.ulp(Math.exp(x))));
      double y = Math.exp(random.nextDouble() * (i % 2 == 0 ? 1 : 600) - (i % 3 == 0 ? 300 : 0));
      assertThat(Elementary.log(y))
          .isCloseTo(Math.log(y), within(Math.max(3 * Math.ulp(Math.log(y)), 1e-17)));
    }
    assertThat(Elementary.exp(0)).isEqualTo(1);
    assertThat(Elementary.exp(-1e9)).isZero();
    assertThat(Elementary.log(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void everyMethodGivesTheSameForPixelsOneByOne(int channels) {
    WeightedPoints points = random(channels, channels, 60, 100);
    WeightedPoints pixels = expanded(points);
    double[][] start = Seeding.greedy(points, 3, new SplittableRandom(3));
    Clustering a = KMeans.fit(points, start, 100, 0).result().orElseThrow();
    Clustering b = KMeans.fit(pixels, start, 100, 0).result().orElseThrow();
    assertThat(b.labels()).isEqualTo(expanded(points, a.labels()));
    assertThat(b.cost()).isCloseTo(a.cost(), within(1e-9 * a.cost()));

    Components from =
        new MixtureStart(points, 3, 1)
            .components(Arrays.stream(a.labels()).map(l -> l - 1).toArray(), 1e-6);
    Mixture m = GaussianMixture.fit(points, from, MIXTURE).result().orElseThrow();
    Mixture n = GaussianMixture.fit(pixels, from, MIXTURE).result().orElseThrow();
    assertThat(n.logLikelihood()).isCloseTo(m.logLikelihood(), within(1e-9));
    assertThat(n.labels()).isEqualTo(expanded(points, m.labels()));
    assertThat(n.bic()).isCloseTo(m.bic(), within(1e-6));

    assertThat(Silhouette.exact(pixels, b.labels()).result().orElseThrow())
        .isCloseTo(Silhouette.exact(points, a.labels()).result().orElseThrow(), within(1e-9));
    assertThat(Silhouette.simplified(pixels, b.labels()).result().orElseThrow())
        .isCloseTo(Silhouette.simplified(points, a.labels()).result().orElseThrow(), within(1e-9));
    assertThat(AdjustedRandIndex.of(pixels, b.labels(), n.labels()))
        .isEqualTo(AdjustedRandIndex.of(points, a.labels(), m.labels()));

    assertThat(Dbscan.fit(pixels, 20, 15).result().orElseThrow().labels())
        .isEqualTo(expanded(points, Dbscan.fit(points, 20, 15).result().orElseThrow().labels()));
    assertThat(MeanShift.fit(pixels, 40).result().orElseThrow().labels())
        .isEqualTo(expanded(points, MeanShift.fit(points, 40).result().orElseThrow().labels()));
  }

  /** The least cost of all partitions into two clusters. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void kMeansFindsTheBestOfAllPartitions(long seed) {
    WeightedPoints points = random(seed, 2, 11, 30);
    double best = Double.POSITIVE_INFINITY;
    for (int subset = 1; subset < 1 << (points.size() - 1); subset++) {
      int[] labels = new int[points.size()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = 1 + (subset >> i & 1);
      }
      double cost = 0;
      for (ClusterSummary s : ClusterSummary.of(points, labels, 2)) {
        cost += s.pixels() * (s.covariance()[0][0] + s.covariance()[1][1]);
      }
      best = Math.min(best, cost);
    }
    Clustering c = KMeans.fit(points, 2, K_MEANS).result().orElseThrow();
    assertThat(c.cost()).isCloseTo(best, within(1e-9 * best));
    assertThat(c.converged()).isTrue();
  }

  @Test
  void anEmptyClusterTakesTheFarthestTuple() {
    WeightedPoints points =
        new WeightedPoints(new double[][] {{0, 1, 2, 50}}, new long[] {5, 5, 5, 1});
    Clustering c = KMeans.fit(points, new double[][] {{1}, {1000}}, 100, 0).result().orElseThrow();
    assertThat(c.labels()).containsExactly(1, 1, 1, 2);
    assertThat(c.centres()[1]).containsExactly(50);
  }

  @Test
  void logLikelihoodIsTheMeanLogDensity() {
    WeightedPoints points = random(5, 3, 80, 60);
    Mixture m = GaussianMixture.fit(points, 2, MIXTURE).result().orElseThrow();
    double sum = 0;
    double[][] responsibilities = m.responsibilities(points);
    for (int i = 0; i < points.size(); i++) {
      double[] p = new double[2];
      for (int j = 0; j < 2; j++) {
        p[j] = m.components().weights()[j] * density(points, i, m.components(), j);
      }
      sum += points.weight(i) * Math.log(p[0] + p[1]);
      assertThat(responsibilities[i][0]).isCloseTo(p[0] / (p[0] + p[1]), within(1e-9));
      assertThat(m.labels()[i]).isEqualTo(p[0] >= p[1] ? 1 : 2);
    }
    assertThat(m.logLikelihood()).isCloseTo(sum / points.weight(), within(1e-9));
    assertThat(m.components().parameters()).isEqualTo(1 + 6 + 12);
  }

  /** By the adjugate of a 3 x 3 matrix. */
  private static double density(WeightedPoints points, int i, Components components, int j) {
    double[][] s = components.covariances()[j];
    double[] v = points.copy(i, new double[3]);
    for (int c = 0; c < 3; c++) {
      v[c] -= components.means()[j][c];
    }
    double determinant = 0;
    double form = 0;
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 3; b++) {
        int a1 = (a + 1) % 3;
        int a2 = (a + 2) % 3;
        int b1 = (b + 1) % 3;
        int b2 = (b + 2) % 3;
        double cofactor = s[a1][b1] * s[a2][b2] - s[a1][b2] * s[a2][b1];
        form += v[a] * v[b] * cofactor;
        determinant += a == 0 ? s[0][b] * cofactor : 0;
      }
    }
    return Math.exp(-0.5 * form / determinant) / Math.sqrt(Math.pow(2 * Math.PI, 3) * determinant);
  }

  @Test
  void populationsAreFoundAndOrdered() {
    Random random = new Random(9);
    double[][] values = new double[2][3000];
    long[] counts = new long[3000];
    Arrays.fill(counts, 1);
    for (int i = 0; i < 3000; i++) {
      int population = i % 3;
      values[0][i] = Math.rint(200 - 80 * population + 6 * random.nextGaussian());
      values[1][i] = Math.rint(50 + 10 * population + 5 * random.nextGaussian());
    }
    WeightedPoints points = WeightedPoints.of(JointHistogram.of(values, counts));
    ModelSelection<Mixture> mixtures =
        ModelSelection.mixtures(points, List.of(1, 2, 3, 4, 5), MIXTURE, true);
    assertThat(mixtures.selected(Criterion.BIC)).hasValue(3);
    assertThat(mixtures.selected(Criterion.SILHOUETTE)).hasValue(3);
    assertThat(mixtures.selected(Criterion.EXACT_SILHOUETTE)).hasValue(3);
    assertThat(mixtures.selected(Criterion.COST)).isEmpty();
    assertThat(mixtures.candidates().get(0).scores()).doesNotContainKey(Criterion.SILHOUETTE);
    double[][] means =
        mixtures.candidates().get(2).model().result().orElseThrow().components().means();
    assertThat(means[0][0]).isCloseTo(40, within(1.0));
    assertThat(means[1][0]).isCloseTo(120, within(1.0));
    assertThat(means[2][0]).isCloseTo(200, within(1.0));
    ModelSelection<Clustering> kMeans =
        ModelSelection.kMeans(points, List.of(2, 3, 4), K_MEANS, false);
    assertThat(kMeans.selected(Criterion.SILHOUETTE)).hasValue(3);
    assertThat(kMeans.selected(Criterion.COST)).hasValue(4);
    assertThat(kMeans.selected(Criterion.AIC)).isEmpty();
  }

  @Test
  void equalFirstChannelsAreOrderedByTheNext() {
    WeightedPoints points =
        new WeightedPoints(
            new double[][] {{7, 7, 7, 7}, {90, 10, 91, 11}}, new long[] {1, 1, 1, 1});
    assertThat(KMeans.fit(points, 2, K_MEANS).result().orElseThrow().labels())
        .containsExactly(2, 1, 2, 1);
    assertThat(Dbscan.fit(points, 2, 1).result().orElseThrow().labels())
        .containsExactly(2, 1, 2, 1);
    assertThat(Ward.fit(points).result().orElseThrow().cut(2).result().orElseThrow().labels())
        .containsExactly(2, 1, 2, 1);
  }

  @Test
  void noPixelsAreAnOutcome() {
    WeightedPoints none = WeightedPoints.of(JointHistogram.empty(2));
    String reason = "there are no pixels to cluster";
    assertThat(KMeans.fit(none, 2, K_MEANS).reasonWhyNot()).hasValue(reason);
    assertThat(GaussianMixture.fit(none, 2, MIXTURE).reasonWhyNot()).hasValue(reason);
    assertThat(Dbscan.fit(none, 1, 1).reasonWhyNot()).hasValue(reason);
    assertThat(MeanShift.fit(none, 1).reasonWhyNot()).hasValue(reason);
    assertThat(Ward.fit(none).reasonWhyNot()).hasValue(reason);
    assertThat(Silhouette.simplified(none, new int[0]).result()).isEmpty();
    assertThat(ModelSelection.mixtures(none, List.of(2), MIXTURE, true).selected(Criterion.BIC))
        .isEmpty();
    assertThat(none.standardized().points().size()).isZero();
    assertThat(AdjustedRandIndex.of(none, new int[0], new int[0])).isEqualTo(1);
  }

  @Test
  void fewerTuplesThanClustersAreAnOutcome() {
    WeightedPoints three =
        new WeightedPoints(new double[][] {{1, 2, 9, 9}}, new long[] {1, 100, 4, 4});
    String reason = "3 distinct tuples of intensities cannot form 4 clusters";
    assertThat(KMeans.fit(three, 4, K_MEANS).reasonWhyNot()).hasValue(reason);
    assertThat(GaussianMixture.fit(three, 4, MIXTURE).reasonWhyNot()).hasValue(reason);
    assertThat(Ward.fit(three).result().orElseThrow().cut(4).reasonWhyNot()).hasValue(reason);
    Clustering c = KMeans.fit(three, 3, K_MEANS).result().orElseThrow();
    assertThat(c.labels()).containsExactly(1, 2, 3, 3);
    assertThat(c.cost()).isZero();
    Mixture m = GaussianMixture.fit(three, 3, MIXTURE).result().orElseThrow();
    assertThat(m.labels()).containsExactly(1, 2, 3, 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void constantChannelsGiveFiniteNumbers(int k) {
    double[] x = {3, 4, 5, 60, 61, 65_535};
    double[] constant = {65_535, 65_535, 65_535, 65_535, 65_535, 65_535};
    WeightedPoints points =
        new WeightedPoints(new double[][] {x, constant, x}, new long[] {9, 9, 1L << 40, 9, 9, 1});
    Mixture m = GaussianMixture.fit(points, k, MIXTURE).result().orElseThrow();
    assertThat(Arrays.stream(Golden.flat(m.components().covariances()))).allMatch(Double::isFinite);
    assertThat(Arrays.stream(Golden.flat(m.responsibilities(points))))
        .allMatch(r -> r >= 0 && r <= 1 + 1e-9);
    assertThat(m.aic()).isFinite();
    assertThat(m.bic()).isFinite();
    Clustering c = KMeans.fit(points, k, K_MEANS).result().orElseThrow();
    assertThat(Arrays.stream(Golden.flat(c.centres()))).allMatch(Double::isFinite);
    WeightedPoints.Standardized s = points.standardized();
    assertThat(s.points().variance()[1]).isZero();
    assertThat(s.restore(new double[][] {{0, 0, 0}})[0][1]).isEqualTo(65_535);
  }

  @Test
  void standardizedPointsHaveMeanZeroAndDeviationOne() {
    WeightedPoints points = random(2, 2, 50, 1000);
    WeightedPoints.Standardized s = points.standardized();
    for (int c = 0; c < 2; c++) {
      assertThat(s.points().mean()[c]).isCloseTo(0, within(1e-12));
      assertThat(s.points().variance()[c]).isCloseTo(1, within(1e-12));
    }
    double[] first = s.points().copy(0, new double[2]);
    assertThat(s.restore(new double[][] {first})[0])
        .containsExactly(points.copy(0, new double[2]), within(1e-9));
  }

  @Test
  void neighboursAreThoseOfAllPairs() {
    for (int channels = 1; channels <= 4; channels++) {
      WeightedPoints points = random(channels, channels, 300, 400);
      for (double radius : new double[] {0.5, 7, 33, 1000}) {
        Neighbours neighbours = new Neighbours(points, radius);
        for (int i = 0; i < points.size(); i += 7) {
          double[] centre = points.copy(i, new double[channels]);
          centre[0] += i % 3;
          int n = neighbours.find(centre);
          int expected = 0;
          for (int j = 0; j < points.size(); j++) {
            expected += points.squaredDistance(j, centre) <= radius * radius ? 1 : 0;
          }
          assertThat(n).isEqualTo(expected);
        }
      }
    }
  }

  /** Merges the pair that costs least, over and over. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void wardMergesTheCheapestPair(long seed) {
    Random random = new Random(seed);
    double[][] values = new double[2][40];
    long[] weights = new long[40];
    for (int i = 0; i < 40; i++) {
      values[0][i] = 100 * random.nextDouble();
      values[1][i] = 100 * random.nextDouble();
      weights[i] = 1L + random.nextInt(20);
    }
    WeightedPoints points = new WeightedPoints(values, weights);
    Ward.Tree tree = Ward.fit(points).result().orElseThrow();
    int[] clusters = new int[40];
    Arrays.setAll(clusters, i -> i);
    for (int left = 39; left >= 1; left--) {
      double before = sumWithin(points, clusters);
      double least = Double.POSITIVE_INFINITY;
      int[] best = clusters;
      for (int a = 0; a < 40; a++) {
        for (int b = a + 1; b < 40; b++) {
          int from = b;
          int to = a;
          int[] merged = Arrays.stream(clusters).map(c -> c == from ? to : c).toArray();
          double cost = sumWithin(points, merged) - before;
          if (!Arrays.equals(merged, clusters)
              && Arrays.stream(clusters).anyMatch(c -> c == to)
              && cost < least) {
            least = cost;
            best = merged;
          }
        }
      }
      clusters = best;
      int[] cut = tree.cut(left).result().orElseThrow().labels();
      assertThat(AdjustedRandIndex.of(points, cut, clusters)).isEqualTo(1);
      assertThat(tree.heights()[39 - left]).isCloseTo(Math.sqrt(2 * least), within(1e-5));
    }
  }

  private static double sumWithin(WeightedPoints points, int[] clusters) {
    int[] labels = Arrays.stream(clusters).map(c -> c + 1).toArray();
    double sum = 0;
    for (ClusterSummary s : ClusterSummary.of(points, labels, 40)) {
      sum += s.pixels() * (s.covariance()[0][0] + s.covariance()[1][1]);
    }
    return sum;
  }

  @Test
  void summariesLeaveOutUnclusteredPixels() {
    WeightedPoints points =
        new WeightedPoints(new double[][] {{1, 3, 100}, {2, 2, 7}}, new long[] {3, 1, 50});
    List<ClusterSummary> summaries = ClusterSummary.of(points, new int[] {2, 2, 0}, 2);
    assertThat(summaries).hasSize(1);
    assertThat(summaries.get(0).cluster()).isEqualTo(2);
    assertThat(summaries.get(0).weight()).isEqualTo(1);
    assertThat(summaries.get(0).mean()).containsExactly(1.5, 2);
    assertThat(summaries.get(0).covariance()[0]).containsExactly(0.75, 0);
  }

  @Test
  void tooManyTuplesAreAnOutcome() {
    int n = Dbscan.MAX_TUPLES + 1;
    double[][] values = new double[1][n];
    long[] weights = new long[n];
    Arrays.fill(weights, 1);
    Arrays.setAll(values[0], i -> i);
    WeightedPoints points = new WeightedPoints(values, weights);
    assertThat(Dbscan.fit(points, 1, 1).reasonWhyNot().orElseThrow())
        .isEqualTo("DBSCAN takes up to 100000 tuples, not 100001; coarsen them first");
    assertThat(MeanShift.fit(points, 1).reasonWhyNot().orElseThrow()).contains("coarsen");
    assertThat(Ward.fit(points).reasonWhyNot().orElseThrow()).contains("coarsen");
    int[] labels = new int[n];
    Arrays.setAll(labels, i -> 1 + i % 2);
    assertThat(Silhouette.exact(points, labels).reasonWhyNot().orElseThrow()).contains("coarsen");
  }

  @Test
  void theSameInputGivesTheSameBytes() throws IOException {
    WeightedPoints points = random(4, 2, 200, 80);
    WeightedPoints copy =
        WeightedPoints.of(
            JointHistogram.of(
                new double[][] {points.column(0), points.column(1)}, points.weights()));
    for (int k = 2; k <= 6; k++) {
      assertThat(bytes(GaussianMixture.fit(points, k, MIXTURE)))
          .isEqualTo(bytes(GaussianMixture.fit(copy, k, MIXTURE)));
      assertThat(bytes(KMeans.fit(points, k, K_MEANS)))
          .isEqualTo(bytes(KMeans.fit(copy, k, K_MEANS)));
    }
    assertThat(bytes(ModelSelection.mixtures(points, List.of(2, 3), MIXTURE, true)))
        .isEqualTo(bytes(ModelSelection.mixtures(copy, List.of(2, 3), MIXTURE, true)));
    assertThat(bytes(MeanShift.fit(points, 20))).isEqualTo(bytes(MeanShift.fit(copy, 20)));
    assertThat(bytes(Dbscan.fit(points, 5, 9))).isEqualTo(bytes(Dbscan.fit(copy, 5, 9)));
    assertThat(bytes(Ward.fit(points))).isEqualTo(bytes(Ward.fit(copy)));
  }

  @Test
  void resultsSurviveSerialisation() throws IOException, ClassNotFoundException {
    WeightedPoints points = random(6, 2, 40, 50);
    ModelSelection<Mixture> selection =
        ModelSelection.mixtures(points, List.of(2, 50), MIXTURE, false);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(selection)))) {
      assertThat(bytes((Serializable) in.readObject())).isEqualTo(bytes(selection));
    }
  }

  @Test
  void theSeedDecides() {
    WeightedPoints points = random(8, 2, 300, 300);
    SeedSequences first = new SeedSequences(points, 1);
    SeedSequences again = new SeedSequences(points, 1);
    SeedSequences other = new SeedSequences(points, 2);
    assertThat(first.centres).isDeepEqualTo(again.centres);
    assertThat(Arrays.deepEquals(first.centres, other.centres)).isFalse();
  }

  private static final class SeedSequences {
    private final double[][] centres;

    SeedSequences(WeightedPoints points, long seed) {
      centres = Seeding.greedy(points, 6, new SplittableRandom(seed));
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    WeightedPoints points = random(1, 2, 10, 10);
    assertThatThrownBy(() -> new WeightedPoints(new double[0][0], new long[0]))
        .hasMessage("points have 1 to 16 channels, not 0");
    assertThatThrownBy(() -> new WeightedPoints(new double[][] {{1}}, new long[] {0}))
        .hasMessage("tuple 0 has the weight 0");
    assertThatThrownBy(() -> new WeightedPoints(new double[][] {{Double.NaN}}, new long[] {1}))
        .hasMessage("tuple 0 has the value NaN in channel 0");
    assertThatThrownBy(() -> new WeightedPoints(new double[][] {{1, 2}}, new long[] {1}))
        .hasMessage("channel 0 has 2 values for 1 weights");
    assertThatThrownBy(() -> KMeans.fit(points, 0, K_MEANS))
        .hasMessage("at least one cluster, not 0");
    assertThatThrownBy(() -> KMeans.fit(points, new double[][] {{1}}, 9, 0))
        .hasMessage("a centre of 1 values for 2 channels");
    assertThatThrownBy(() -> GaussianMixture.fit(points, 0, MIXTURE))
        .hasMessage("at least one component, not 0");
    assertThatThrownBy(() -> new GaussianMixture.Options(1, 1, 0, 0, 0))
        .hasMessage("a regularization of 0.0");
    assertThatThrownBy(() -> Dbscan.fit(points, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MeanShift.fit(points, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Silhouette.exact(points, new int[3]))
        .hasMessageContaining("3 labels for");
    assertThatThrownBy(
            () ->
                new Components(
                    new double[] {1}, new double[][] {{1, 2}}, new double[][][] {{{1, 2}, {3, 1}}}))
        .hasMessage("component 0 has no covariance of 2 channels");
  }
}
