package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.cluster.online.Birch;
import org.cytolake.cluster.online.MiniBatchKMeans;
import org.cytolake.cluster.similarity.AffinityPropagation;
import org.cytolake.cluster.similarity.PowerIteration;
import org.cytolake.cluster.similarity.SpectralClustering;
import org.cytolake.gaussian.Components;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Points that no method can do much with. */
class DegenerateClusterTest {
  private static final KMeans.Options K_MEANS = KMeans.Options.DEFAULT;
  private static final GaussianMixture.Options MIXTURE = GaussianMixture.Options.DEFAULT;
  private static final MiniBatchKMeans.Options MINI_BATCH =
      new MiniBatchKMeans.Options(2, 100, 64, 10, 0.01, 1);
  private static final Birch.Options BIRCH = new Birch.Options(0.5, 50);
  private static final AffinityPropagation.Options AFFINITY =
      new AffinityPropagation.Options(0.5, 0, 200, 15);

  @Test
  void noPixelsAreAnOutcome() {
    WeightedPoints none = WeightedPoints.of(JointHistogram.empty(2));
    String reason = "there are no pixels to cluster";
    assertThat(KMeans.fit(none, 2, K_MEANS).reasonWhyNot()).hasValue(reason);
    assertThat(GaussianMixture.fit(none, 2, MIXTURE).reasonWhyNot()).hasValue(reason);
    assertThat(Dbscan.fit(none, 1, 1).reasonWhyNot()).hasValue(reason);
    assertThat(MeanShift.fit(none, 1).reasonWhyNot()).hasValue(reason);
    for (Linkage linkage : Linkage.values()) {
      assertThat(Agglomeration.fit(none, linkage).reasonWhyNot()).hasValue(reason);
    }
    assertThat(BisectingKMeans.fit(none, 2, K_MEANS).reasonWhyNot()).hasValue(reason);
    assertThat(MiniBatchKMeans.fit(none, 2, MINI_BATCH).reasonWhyNot()).hasValue(reason);
    assertThat(Birch.fit(none, BIRCH).reasonWhyNot()).hasValue(reason);
    assertThat(SpectralClustering.fit(none, List.of(2), 1, K_MEANS).get(0).reasonWhyNot())
        .hasValue(reason);
    assertThat(PowerIteration.fit(none, List.of(2), 1, 9, K_MEANS).get(0).reasonWhyNot())
        .hasValue(reason);
    assertThat(AffinityPropagation.fit(none, AFFINITY.of(none), 1).reasonWhyNot()).hasValue(reason);
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
    assertThat(Agglomeration.fit(three, Linkage.WARD).result().orElseThrow().cut(4).reasonWhyNot())
        .hasValue(reason);
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
    assertThat(Agglomeration.fit(points, Linkage.WARD).reasonWhyNot().orElseThrow())
        .contains("coarsen");
    int[] labels = new int[n];
    Arrays.setAll(labels, i -> 1 + i % 2);
    assertThat(Silhouette.exact(points, labels).reasonWhyNot().orElseThrow()).contains("coarsen");
  }

  @Test
  void wrongArgumentsAreNamed() {
    WeightedPoints points = ClusterTest.random(1, 2, 10, 10);
    assertThatThrownBy(() -> new WeightedPoints(new double[0][0], new long[0]))
        .hasMessage("points have 1 to 256 channels, not 0");
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

  /** Few tuples, on lines, far apart, with weights from 1 to 2^39, from 0 to 1 up to 1e100. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 255, 65_535, 4e9, 3e38, 1e100})
  void everyNumberIsFinite(double range) {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      int channels = 1 + random.nextInt(4);
      int tuples = 1 + random.nextInt(12);
      double[][] values = new double[channels][tuples];
      long[] weights = new long[tuples];
      for (int i = 0; i < tuples; i++) {
        double common = Math.rint(random.nextDouble() * 4) / 4;
        for (double[] channel : values) {
          channel[i] = range * (round % 2 == 0 ? common : random.nextDouble());
        }
        weights[i] = 1L << random.nextInt(40);
      }
      WeightedPoints points = new WeightedPoints(values, weights);
      for (int k = 1; k <= Math.min(4, points.distinct()); k++) {
        everyNumberIsFinite(points, k);
      }
      assertThat(MeanShift.fit(points, range / 9).result()).isPresent();
      assertThat(Dbscan.fit(points, range / 9, 5).result()).isPresent();
      for (Linkage linkage : Linkage.values()) {
        assertThat(Agglomeration.fit(points, linkage).result().orElseThrow().cut(1).result())
            .isPresent();
      }
      Birch.fit(points, BIRCH)
          .then(b -> b.clusters(points, 1))
          .result()
          .ifPresent(b -> allFinite(b.nodes()));
      AffinityPropagation.fit(points, AFFINITY.of(points), round)
          .result()
          .ifPresent(a -> allFinite(a.centres()));
    }
  }

  private static void everyNumberIsFinite(WeightedPoints points, int k) {
    Mixture m = GaussianMixture.fit(points, k, MIXTURE).result().orElseThrow();
    assertThat(m.logLikelihood()).isFinite();
    assertThat(Arrays.stream(Golden.flat(m.components().means()))).allMatch(Double::isFinite);
    assertThat(Arrays.stream(Golden.flat(m.components().covariances()))).allMatch(Double::isFinite);
    assertThat(Arrays.stream(Golden.flat(m.responsibilities(points))))
        .allMatch(r -> r >= 0 && r <= 1 + 1e-9);
    Clustering c = KMeans.fit(points, k, K_MEANS).result().orElseThrow();
    assertThat(c.cost()).isFinite();
    assertThat(Arrays.stream(Golden.flat(c.centres()))).allMatch(Double::isFinite);
    assertThat(Arrays.stream(c.labels()).distinct().count()).isEqualTo(k);
    SpectralClustering.fit(points, List.of(k), 1, K_MEANS)
        .get(0)
        .result()
        .ifPresent(s -> assertThat(s.labels()).hasSize(points.size()));
    MiniBatchKMeans.fit(points, k, MINI_BATCH)
        .result()
        .ifPresent(
            b -> {
              assertThat(b.cost()).isFinite();
              allFinite(b.centres());
            });
    Silhouette.simplified(points, c.labels())
        .result()
        .ifPresent(s -> assertThat(s).isBetween(-1.0, 1.0));
    Silhouette.exact(points, c.labels())
        .result()
        .ifPresent(s -> assertThat(s).isBetween(-1.0, 1.0));
  }

  private static void allFinite(double[][] values) {
    assertThat(Arrays.stream(Golden.flat(values))).allMatch(Double::isFinite);
  }
}
