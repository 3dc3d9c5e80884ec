package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against scikit-learn and scipy on the pixels of a sample image one by one; {@code
 * src/test/golden/methods_golden.py} made the numbers.
 */
class MethodsGoldenTest {
  private static final Golden GOLDEN = new Golden("methods_golden.json");
  private static final WeightedPoints CROP = GOLDEN.points("crop");

  @ParameterizedTest
  @EnumSource(names = {"AVERAGE", "COMPLETE", "SINGLE"})
  void linkages(Linkage linkage) {
    String name = linkage.name().toLowerCase(Locale.ROOT);
    MergeTree tree = Agglomeration.fit(CROP, linkage).result().orElseThrow();
    double[] heights = GOLDEN.of(name + ".heights");
    for (int i = 0; i < heights.length; i++) {
      assertThat(tree.heights()[7 * i]).isCloseTo(heights[i], within(1e-9 * heights[i]));
    }
    for (int k : new int[] {2, 3, 5, 8}) {
      assertThat(tree.cut(k).result().orElseThrow().labels())
          .isEqualTo(GOLDEN.integers(name + ".labels" + k));
    }
    assertThat(tree.cutBelow(GOLDEN.of(name + ".distance")[0]).result().orElseThrow().labels())
        .isEqualTo(GOLDEN.integers(name + ".labels0"));
  }

  /** Of every tuple as often as it has pixels, each pixel a tuple of its own. */
  @ParameterizedTest
  @EnumSource
  void linkagesOfTuplesAreThoseOfPixels(Linkage linkage) {
    WeightedPoints tuples = ClusterTest.random(3, 2, 120, 9_999);
    WeightedPoints pixels = ClusterTest.expanded(tuples);
    MergeTree ofTuples = Agglomeration.fit(tuples, linkage).result().orElseThrow();
    MergeTree ofPixels = Agglomeration.fit(pixels, linkage).result().orElseThrow();
    for (int k = 1; k <= 9; k++) {
      int[] labels = ofTuples.cut(k).result().orElseThrow().labels();
      assertThat(ClusterTest.expanded(tuples, labels))
          .isEqualTo(ofPixels.cut(k).result().orElseThrow().labels());
    }
  }

  @Test
  void linkagesOfMoreTuplesThanTheyTake() {
    WeightedPoints many = ClusterTest.random(1, 2, 5_000, 100_000);
    assertThat(many.size()).isGreaterThan(Linkage.SINGLE.maxTuples());
    assertThat(Agglomeration.fit(many, Linkage.SINGLE).reasonWhyNot().orElseThrow())
        .isEqualTo(
            "single linkage takes up to 4000 tuples, not " + many.size() + "; coarsen them first");
  }
}
