package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.cluster.online.Birch;
import org.cytolake.cluster.online.MiniBatchKMeans;
import org.cytolake.cluster.similarity.AffinityPropagation;
import org.cytolake.cluster.similarity.SpectralClustering;
import org.cytolake.points.NearestCentres;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Its cost is no higher by 0.1 %. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6})
  void miniBatchKMeans(int k) {
    MiniBatchKMeans.Options options = new MiniBatchKMeans.Options(32, 1000, 1024, 10, 0.01, 1);
    Clustering found = MiniBatchKMeans.fit(CROP, k, options).result().orElseThrow();
    assertThat(found.cost()).isLessThanOrEqualTo(1.001 * GOLDEN.of("batches" + k)[0]);
    assertThat(found.converged()).isTrue();
    assertThat(found.iterations()).isBetween(12, 999);
    double best = KMeans.fit(CROP, k, KMeans.Options.DEFAULT).result().orElseThrow().cost();
    assertThat(found.cost()).isBetween(best * (1 - 1e-9), best * 1.01);
    int[] nearest = NearestCentres.of(CROP, found.centres());
    assertThat(found.labels()).isEqualTo(Arrays.stream(nearest).map(j -> j + 1).toArray());
  }

  @Test
  void miniBatchesThatLeaveOutARareTuple() {
    WeightedPoints points =
        new WeightedPoints(new double[][] {{1, 2, 3, 99}}, new long[] {1L << 50, 1L << 50, 1, 1});
    MiniBatchKMeans.Options options = new MiniBatchKMeans.Options(3, 20, 10, 10, 0.01, 1);
    assertThat(MiniBatchKMeans.fit(points, 4, options).reasonWhyNot().orElseThrow())
        .startsWith("none of 3 starts has pixels in all of 4 clusters");
    assertThat(MiniBatchKMeans.fit(points, 5, options).reasonWhyNot().orElseThrow())
        .isEqualTo("4 distinct tuples of intensities cannot form 5 clusters");
    assertThat(MiniBatchKMeans.fit(points, 2, options).result().orElseThrow().labels())
        .startsWith(1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void birch(int option) {
    double[] options = GOLDEN.of("birch" + option);
    Birch found =
        Birch.fit(CROP, new Birch.Options(options[0], (int) options[1])).result().orElseThrow();
    double[] nodes = GOLDEN.of("birch" + option + ".nodes");
    assertThat(Arrays.stream(found.nodes()).mapToDouble(n -> n[0]).sorted().toArray())
        .containsExactly(nodes, within(1e-9));
    for (int k : new int[] {2, 3, 5}) {
      assertThat(found.clusters(CROP, k).result().orElseThrow().labels())
          .isEqualTo(GOLDEN.integers("birch" + option + ".labels" + k));
    }
  }

  /** Pixels of a tuple at once are what they are one after the other. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void birchOfTuplesIsThatOfPixels(long seed) {
    Random random = new Random(seed);
    double[][] values = new double[2][300];
    long[] weights = new long[300];
    for (int i = 0; i < 300; i++) {
      values[0][i] = 20 * random.nextDouble() * random.nextDouble();
      values[1][i] = 20 * random.nextDouble() * random.nextDouble();
      weights[i] = 1L + random.nextInt(20);
    }
    WeightedPoints tuples = new WeightedPoints(values, weights);
    WeightedPoints pixels = ClusterTest.expanded(tuples);
    for (double threshold : new double[] {0.1, 0.3, 0.7, 1.9}) {
      Birch.Options options = new Birch.Options(threshold, 3);
      Birch ofTuples = Birch.fit(tuples, options).result().orElseThrow();
      Birch ofPixels = Birch.fit(pixels, options).result().orElseThrow();
      assertThat(ofTuples.nodes().length).isGreaterThan(9);
      assertThat(Golden.flat(ofTuples.nodes()))
          .containsExactly(Golden.flat(ofPixels.nodes()), within(1e-9));
      assertThat(ClusterTest.expanded(tuples, ofTuples.nearest())).isEqualTo(ofPixels.nearest());
    }
  }

  @Test
  void birchSaysWhyThereAreNoClusters() {
    WeightedPoints few =
        new WeightedPoints(new double[][] {{1, 2, 3, 99}}, new long[] {5, 5, 1, 1});
    Birch birch = Birch.fit(few, new Birch.Options(5, 50)).result().orElseThrow();
    assertThat(birch.nodes()).hasDimensions(2, 1);
    assertThat(birch.clusters(few, 2).result().orElseThrow().labels()).containsExactly(1, 1, 1, 2);
    assertThat(birch.clusters(few, 3).reasonWhyNot().orElseThrow())
        .isEqualTo("2 small clusters cannot form 3 clusters; take a smaller threshold");
    WeightedPoints many = ClusterTest.random(1, 2, 15_000, 1_000_000);
    assertThat(Birch.fit(many, new Birch.Options(1, 50)).reasonWhyNot().orElseThrow())
        .isEqualTo(
            "Birch merges up to 10000 small clusters, and there are more; take a larger"
                + " threshold");
  }

  private static Modes affinity(WeightedPoints points, double damping, double preference) {
    return AffinityPropagation.fit(
            points, new AffinityPropagation.Options(damping, preference, 2000, 15), 1)
        .result()
        .orElseThrow();
  }

  /** Tuples of one pixel each have the clusters, and the preference, of distinct points. */
  @Test
  void affinityPropagation() {
    long[] ones = new long[CROP.size()];
    Arrays.fill(ones, 1);
    WeightedPoints tuples =
        new WeightedPoints(new double[][] {CROP.column(0), CROP.column(1)}, ones);
    Modes found = affinity(tuples, 0.7, 0);
    assertThat(found.labels()).isEqualTo(GOLDEN.integers("affinity.labels"));
    assertThat(found.converged()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void affinityPropagationOfPixels(int option) {
    double preference = GOLDEN.of("weighted" + option)[0];
    Modes found = affinity(CROP, 0.7, option == 0 ? 0 : preference);
    assertThat(found.labels()).isEqualTo(GOLDEN.integers("weighted" + option + ".labels"));
    assertThat(new AffinityPropagation.Options(0.7, 0, 9, 9).of(CROP).preference() / preference)
        .isCloseTo(option == 0 ? 1 : 1 / 3.0, within(1e-9));
  }

  /** The sum that exemplars seek is no lower by 0.1 % than that of the pixels one by one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void exemplarsOfTuplesAreAsGoodAsThoseOfPixels(int option) {
    WeightedPoints some = GOLDEN.points("some");
    double[] expected = GOLDEN.of("some.net" + option);
    Modes found = affinity(some, 0.9, expected[0] * some.size() / some.weight());
    double net = expected[0] * found.k();
    for (int i = 0; i < some.size(); i++) {
      net -= some.weight(i) * some.squaredDistance(i, found.centres()[found.labels()[i] - 1]);
    }
    assertThat(net).isGreaterThanOrEqualTo(1.001 * expected[1]);
  }

  @Test
  void affinityPropagationSaysWhyThereAreNoClusters() {
    WeightedPoints many = ClusterTest.random(1, 2, 3_000, 100_000);
    AffinityPropagation.Options options = new AffinityPropagation.Options(0.7, 0, 1, 15);
    assertThat(AffinityPropagation.fit(many, options, 1).reasonWhyNot().orElseThrow())
        .startsWith("affinity propagation takes up to 2000 tuples, not ");
    assertThat(AffinityPropagation.fit(CROP, options, 1).reasonWhyNot().orElseThrow())
        .startsWith("no tuple became an exemplar in 1 iterations");
    WeightedPoints one = new WeightedPoints(new double[][] {{7}}, new long[] {9});
    assertThat(AffinityPropagation.fit(one, options, 1).result().orElseThrow().labels())
        .containsExactly(1);
    WeightedPoints two = new WeightedPoints(new double[][] {{7, 9}}, new long[] {9, 9});
    assertThat(affinity(two, 0.7, -9).k()).isOne();
    assertThat(affinity(two, 0.7, -1).k()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void spectralClustering(int option) {
    double width = GOLDEN.of("spectral" + option)[0];
    List<Integer> ks = List.of(2, 3, 5);
    List<Outcome<Partition>> found =
        SpectralClustering.fit(CROP, ks, width, new KMeans.Options(50, 300, 0, 1));
    for (int i = 0; i < ks.size(); i++) {
      int[] labels = found.get(i).result().orElseThrow().labels();
      int[] expected = GOLDEN.integers("spectral" + option + ".labels" + ks.get(i));
      assertThat(normalizedCut(CROP, labels, ks.get(i), width))
          .isLessThanOrEqualTo(1.001 * GOLDEN.of("spectral" + option + ".cut" + ks.get(i))[0]);
      assertThat(AdjustedRandIndex.of(CROP, labels, expected)).isGreaterThan(0.999);
    }
  }

  /** The sum over clusters of the similarity to other clusters by that to all pixels. */
  static double normalizedCut(WeightedPoints points, int[] labels, int k, double width) {
    double[] within = new double[k + 1];
    double[] all = new double[k + 1];
    for (int i = 0; i < points.size(); i++) {
      for (int j = 0; j < points.size(); j++) {
        double pairs = (double) points.weight(i) * (points.weight(j) - (i == j ? 1 : 0));
        double s = pairs * Math.exp(-points.squaredDistance(i, j) / (2 * width * width));
        all[labels[i]] += s;
        within[labels[i]] += labels[i] == labels[j] ? s : 0;
      }
    }
    double cut = 0;
    for (int c = 1; c <= k; c++) {
      cut += 1 - within[c] / all[c];
    }
    return cut;
  }

  /** Groups that share nothing are found whatever their shape: eigenvalue 1 as often as groups. */
  @Test
  void spectralClusteringOfGroupsApart() {
    double[][] values = new double[2][90];
    long[] weights = new long[90];
    for (int i = 0; i < 90; i++) {
      int group = i / 30;
      values[0][i] = group * 1000.0 + i % 30 * 3.0;
      values[1][i] = i % 2 * 2.5;
      weights[i] = 1L + i % 7;
    }
    WeightedPoints points = new WeightedPoints(values, weights);
    int[] labels =
        SpectralClustering.fit(points, List.of(3), 4, KMeans.Options.DEFAULT)
            .get(0)
            .result()
            .orElseThrow()
            .labels();
    for (int i = 0; i < 90; i++) {
      assertThat(labels[i]).isEqualTo(1 + i / 30);
    }
    WeightedPoints alone = new WeightedPoints(new double[][] {{1, 9e9}}, new long[] {1, 1});
    assertThat(
            SpectralClustering.fit(alone, List.of(2, 3), 4, KMeans.Options.DEFAULT).stream()
                .map(o -> o.reasonWhyNot().orElseThrow()))
        .containsExactly(
            "a pixel is similar to no other; take a larger width",
            "2 distinct tuples of intensities cannot form 3 clusters");
  }
}
