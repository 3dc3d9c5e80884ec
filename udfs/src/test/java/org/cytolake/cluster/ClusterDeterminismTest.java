package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;

class ClusterDeterminismTest {
  private static final KMeans.Options K_MEANS = KMeans.Options.DEFAULT;
  private static final GaussianMixture.Options MIXTURE = GaussianMixture.Options.DEFAULT;

  private static byte[] bytes(Serializable value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(value);
    }
    return out.toByteArray();
  }

  @Test
  void theSameInputGivesTheSameBytes() throws IOException {
    WeightedPoints points = ClusterTest.random(4, 2, 200, 80);
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
    assertThat(bytes(Agglomeration.fit(points, Linkage.WARD)))
        .isEqualTo(bytes(Agglomeration.fit(copy, Linkage.WARD)));
  }

  @Test
  void resultsSurviveSerialisation() throws IOException, ClassNotFoundException {
    WeightedPoints points = ClusterTest.random(6, 2, 40, 50);
    ModelSelection<Mixture> selection =
        ModelSelection.mixtures(points, List.of(2, 50), MIXTURE, false);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(selection)))) {
      assertThat(bytes((Serializable) in.readObject())).isEqualTo(bytes(selection));
    }
  }

  @Test
  void theSeedDecides() {
    WeightedPoints points = ClusterTest.random(8, 2, 300, 300);
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
}
