package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.cluster.similarity.PowerIteration;
import org.cytolake.points.ClusterSummary;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against scikit-learn, scipy and numpy on the pixels of a sample image one by one; {@code
 * src/test/golden/partition_golden.py} made the numbers.
 */
class PartitionGoldenTest {
  private static final Golden GOLDEN = new Golden("partition_golden.json");
  private static final WeightedPoints CROP = GOLDEN.points("crop");

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void bisectingKMeans(int k) {
    Clustering found =
        BisectingKMeans.fit(CROP, k, new KMeans.Options(50, 300, 0, 1)).result().orElseThrow();
    double cost = GOLDEN.of("bisecting" + k)[0];
    assertThat(found.cost()).isCloseTo(cost, within(1e-9 * cost));
    assertThat(found.labels()).isEqualTo(GOLDEN.integers("bisecting" + k + ".labels"));
    for (ClusterSummary s : ClusterSummary.of(CROP, found.labels(), k)) {
      assertThat(found.centres()[s.cluster() - 1]).containsExactly(s.mean(), within(1e-9));
    }
  }

  @Test
  void bandwidth() {
    double[] expected = GOLDEN.of("bandwidth");
    for (int i = 0; i < expected.length; i += 2) {
      assertThat(Bandwidth.estimate(CROP, expected[i]))
          .isCloseTo(expected[i + 1], within(1e-9 * expected[i + 1]));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void wardBelowADistance(int option) {
    double[] moved = GOLDEN.of("ward.moved");
    int n = CROP.size();
    WeightedPoints points =
        new WeightedPoints(
            new double[][] {Arrays.copyOf(moved, n), Arrays.copyOfRange(moved, n, 2 * n)},
            CROP.weights());
    Partition found =
        Agglomeration.fit(points, Linkage.WARD)
            .result()
            .orElseThrow()
            .cutBelow(GOLDEN.of("ward.distances")[option])
            .result()
            .orElseThrow();
    assertThat(found.labels()).isEqualTo(GOLDEN.integers("ward" + option + ".labels"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void powerIteration(int option) {
    double[] options = GOLDEN.of("power" + option);
    List<Outcome<Partition>> found =
        PowerIteration.fit(
            CROP, List.of(2, 3), options[0], (int) options[1], new KMeans.Options(50, 300, 0, 1));
    for (int k = 2; k <= 3; k++) {
      assertThat(found.get(k - 2).result().orElseThrow().labels())
          .isEqualTo(GOLDEN.integers("power" + option + ".labels" + k));
    }
  }
}
