package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps against pyFlowSOM's ({@code src/test/golden/som_golden.py}) and against brute force. */
class SelfOrganizingMapTest {
  private static final Golden GOLDEN = new Golden("som_golden.json");

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void givesPixelsTheNodesThatFlowSomDoes(int channels) {
    int[][] pixels = ManyChannelsTest.pixels(channels);
    double[][] nodes = GOLDEN.rows(channels + ".nodes", channels);
    int[] expected = GOLDEN.integers(channels + ".nearest");
    double[][] values = new double[channels][expected.length];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < expected.length; i++) {
        values[c][i] = pixels[c][30 * i];
      }
    }
    long[] ones = new long[expected.length];
    Arrays.fill(ones, 1);
    WeightedPoints points = new WeightedPoints(values, ones);
    assertThat(SelfOrganizingMap.of(points, nodes).nearest()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void errsNoMoreThanFlowSom(int channels) {
    WeightedPoints points = ManyChannelsTest.points(ManyChannelsTest.pixels(channels));
    SelfOrganizingMap map = SelfOrganizingMap.fit(points, 10, 10, 50).result().orElseThrow();
    assertThat(map.quantizationError()).isLessThanOrEqualTo(GOLDEN.of(channels + ".error")[0]);
    assertThat(SelfOrganizingMap.fit(points, 10, 10, 50).result().orElseThrow().nodes())
        .isDeepEqualTo(map.nodes());
    double sum = 0;
    for (int i = 0; i < points.size(); i++) {
      double least = Double.POSITIVE_INFINITY;
      for (double[] node : map.nodes()) {
        least = Math.min(least, points.squaredDistance(i, node));
      }
      sum += points.weight(i) * Math.sqrt(least);
    }
    assertThat(map.quantizationError()).isCloseTo(sum / points.weight(), within(1e-9 * sum));
    for (int k = 2; k <= 6; k++) {
      NodeClusters clusters = map.metaclusters(points, k).result().orElseThrow();
      assertThat(Arrays.stream(clusters.labels()).distinct().sorted().toArray())
          .isEqualTo(java.util.stream.IntStream.rangeClosed(1, k).toArray());
      for (int i = 0; i < points.size(); i++) {
        assertThat(clusters.labels()[i]).isEqualTo(clusters.ofNodes()[map.nearest()[i]]);
      }
    }
  }

  /** Nodes beside each other on the grid lie closer together than any two. */
  @Test
  void keepsNeighboursTogether() {
    WeightedPoints points = ManyChannelsTest.points(ManyChannelsTest.pixels(3));
    double[][] nodes = SelfOrganizingMap.fit(points, 8, 8, 50).result().orElseThrow().nodes();
    double beside = 0;
    double any = 0;
    for (int a = 0; a < 64; a++) {
      beside += a % 8 < 7 ? distance(nodes[a], nodes[a + 1]) / 56 : 0;
      for (double[] other : nodes) {
        any += distance(nodes[a], other) / (64 * 64);
      }
    }
    assertThat(beside).isLessThan(any / 2);
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void tooFewTuplesHaveNoMap() {
    WeightedPoints points = new WeightedPoints(new double[][] {{1, 2, 3}}, new long[] {5, 5, 5});
    assertThat(SelfOrganizingMap.fit(points, 2, 2, 9).reasonWhyNot().orElseThrow())
        .contains("3 distinct tuples")
        .contains("2 x 2");
    // as many as nodes: every tuple has its own
    assertThat(SelfOrganizingMap.fit(points, 1, 3, 50).result().orElseThrow().quantizationError())
        .isLessThan(0.4);
  }
}
