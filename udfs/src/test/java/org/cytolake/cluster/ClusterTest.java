package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.gaussian.Components;
import org.cytolake.gaussian.Elementary;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.points.Cells;
import org.cytolake.points.ClusterSummary;
import org.cytolake.points.Neighbours;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {
  private static final KMeans.Options K_MEANS = KMeans.Options.DEFAULT;
  private static final GaussianMixture.Options MIXTURE = GaussianMixture.Options.DEFAULT;

  static WeightedPoints random(long seed, int channels, int tuples, int range) {
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
  static WeightedPoints expanded(WeightedPoints points) {
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

  static int[] expanded(WeightedPoints points, int[] labels) {
    int[] found = new int[(int) points.weight()];
    int at = 0;
    for (int i = 0; i < labels.length; i++) {
      Arrays.fill(found, at, at + (int) points.weight(i), labels[i]);
      at += (int) points.weight(i);
    }
    return found;
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
        new MixtureStart(Cells.each(points), 3, 1)
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
    assertThat(
            Agglomeration.fit(points, Linkage.WARD)
                .result()
                .orElseThrow()
                .cut(2)
                .result()
                .orElseThrow()
                .labels())
        .containsExactly(2, 1, 2, 1);
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
    MergeTree tree = Agglomeration.fit(points, Linkage.WARD).result().orElseThrow();
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
}
