package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.cluster.similarity.PowerIteration;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.points.Coarsened;
import org.cytolake.points.NearestTuple;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fewer tuples in place of many, and what cannot be fitted. */
class CoarsenedTest {
  private static final KMeans.Options K_MEANS = KMeans.Options.DEFAULT;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 2_000})
  void keepsPixelsAndMeansAndStaysWithinAStep(int most) {
    WeightedPoints points = ClusterTest.random(3, 2, 1_500, 50);
    Coarsened coarse = Coarsened.of(points, most);
    assertThat(coarse.points().size()).isLessThanOrEqualTo(most);
    assertThat(coarse.points().weight()).isEqualTo(points.weight());
    assertThat(coarse.droppedBits() > 0).isEqualTo(points.size() > most);
    double[] mean = points.mean();
    assertThat(coarse.points().mean()).containsExactly(mean, within(1e-9 * (1 + mean[0])));
    for (int c = 0; c < 2; c++) {
      double range =
          Arrays.stream(points.column(c)).max().orElseThrow()
              - Arrays.stream(points.column(c)).min().orElseThrow();
      double step = range / (1L << Math.max(0, 16 - coarse.droppedBits()));
      for (int i = 0; i < points.size(); i++) {
        assertThat(Math.abs(points.value(c, i) - coarse.points().value(c, coarse.cells()[i])))
            .isLessThanOrEqualTo(coarse.droppedBits() == 0 ? 0 : step * (1 + 1e-9));
      }
    }
    // one bit less would not have been enough
    if (coarse.droppedBits() > 0) {
      long finer =
          java.util.stream.IntStream.range(0, points.size())
              .mapToObj(i -> List.of(cell(points, 0, i, coarse), cell(points, 1, i, coarse)))
              .distinct()
              .count();
      assertThat(finer).isGreaterThan(most);
    }
  }

  private static long cell(WeightedPoints points, int c, int i, Coarsened coarse) {
    double low = Arrays.stream(points.column(c)).min().orElseThrow();
    double range = Arrays.stream(points.column(c)).max().orElseThrow() - low;
    long steps = 1L << (17 - coarse.droppedBits());
    return Math.min(steps - 1, (long) ((points.value(c, i) - low) / (range / steps)));
  }

  @Test
  void nearestTupleIsThatOfAllPairs() {
    WeightedPoints points = ClusterTest.random(5, 2, 300, 9);
    NearestTuple nearest = new NearestTuple(points);
    for (WeightedPoints asked : List.of(points, ClusterTest.random(6, 2, 300, 9))) {
      for (int i = 0; i < asked.size(); i++) {
        double[] point = asked.copy(i, new double[2]);
        for (double within : new double[] {0, 1.5, Double.POSITIVE_INFINITY}) {
          int best = -1;
          for (int j = 0; j < points.size(); j++) {
            double distance = points.squaredDistance(j, point);
            if (distance <= within * within
                && (best < 0 || distance < points.squaredDistance(best, point))) {
              best = j;
            }
          }
          assertThat(nearest.of(point, within)).isEqualTo(best);
        }
      }
    }
    assertThatThrownBy(() -> new NearestTuple(WeightedPoints.of(JointHistogram.empty(2))))
        .hasMessage("no tuple is nearest among none");
  }

  @Test
  void pointsThatCannotBeFitted() {
    WeightedPoints none = WeightedPoints.of(JointHistogram.empty(2));
    WeightedPoints three =
        new WeightedPoints(new double[][] {{1, 2, 9, 9}}, new long[] {1, 100, 4, 4});
    String reason = "3 distinct tuples of intensities cannot form 4 clusters";
    assertThat(BisectingKMeans.fit(none, 2, K_MEANS).reasonWhyNot())
        .hasValue("there are no pixels to cluster");
    assertThat(BisectingKMeans.fit(three, 4, K_MEANS).reasonWhyNot()).hasValue(reason);
    assertThat(BisectingKMeans.fit(three, 3, K_MEANS).result().orElseThrow().labels())
        .containsExactly(1, 2, 3, 3);
    assertThat(PowerIteration.fit(none, List.of(2), 1, 9, K_MEANS).get(0).reasonWhyNot())
        .hasValue("there are no pixels to cluster");
    assertThat(PowerIteration.fit(three, List.of(4), 1, 9, K_MEANS).get(0).reasonWhyNot())
        .hasValue(reason);
    WeightedPoints apart = new WeightedPoints(new double[][] {{1, 9e9}}, new long[] {1, 1});
    assertThat(PowerIteration.fit(apart, List.of(2), 1, 9, K_MEANS).get(0).reasonWhyNot())
        .hasValue("a pixel is similar to no other; take a larger width");
    WeightedPoints many = ClusterTest.random(1, 2, PowerIteration.MAX_TUPLES + 500, 100_000);
    assertThat(many.size()).isGreaterThan(PowerIteration.MAX_TUPLES);
    assertThat(PowerIteration.fit(many, List.of(2), 1, 9, K_MEANS).get(0).reasonWhyNot())
        .hasValueSatisfying(r -> assertThat(r).contains("coarsen"));
    assertThat(Bandwidth.estimate(none, 0.3)).isZero();
    assertThat(Coarsened.of(none, 1).points().size()).isZero();
    assertThatThrownBy(() -> Bandwidth.estimate(three, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Coarsened.of(three, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PowerIteration.fit(three, List.of(2), 0, 9, K_MEANS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Agglomeration.fit(three, Linkage.WARD).result().orElseThrow().cutBelow(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
