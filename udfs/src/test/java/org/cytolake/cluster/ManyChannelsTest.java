package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cytolake.gaussian.Components;
import org.cytolake.points.Cells;
import org.cytolake.points.TupleNumbers;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Points of three and more channels, of which there are nearly as many as pixels. */
class ManyChannelsTest {
  private static final Golden GOLDEN = new Golden("channels_golden.json");
  private static final int PIXELS = 60_000;
  private static final int[] SHARES = {55, 75, 88, 96, 100};
  private static final int[][] MEANS = {
    {200, 220, 260, 240, 210},
    {1500, 400, 300, 900, 260},
    {600, 1800, 700, 300, 500},
    {900, 1500, 2200, 1200, 1400},
    {2600, 700, 1200, 2000, 900}
  };
  private static final int[] SPREADS = {40, 140, 180, 220, 260};

  /** The numbers of golden/lcg.py. */
  private static final class Lcg {
    private long state;

    Lcg(long seed) {
      state = seed;
      below(1);
    }

    int below(int bound) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      return (int) ((state >>> 33) % bound);
    }
  }

  /** The pixels of golden/channels_golden.py. */
  static int[][] pixels(int channels) {
    Lcg draw = new Lcg(channels);
    int[][] x = new int[channels][PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      int at = draw.below(100);
      int p = 0;
      while (at >= SHARES[p]) {
        p++;
      }
      int common = draw.below(SPREADS[p]);
      for (int c = 0; c < channels; c++) {
        int noise = common;
        for (int n = 0; n < 4; n++) {
          noise += draw.below(SPREADS[p]);
        }
        x[c][i] = Math.max(1, MEANS[p][c] + noise - 2 * SPREADS[p]);
      }
    }
    return x;
  }

  static WeightedPoints points(int[][] pixels) {
    Map<List<Integer>, Long> tuples = new TreeMap<>((a, b) -> compare(a, b));
    for (int i = 0; i < PIXELS; i++) {
      List<Integer> tuple = new ArrayList<>();
      for (int[] channel : pixels) {
        tuple.add(channel[i]);
      }
      tuples.merge(tuple, 1L, Long::sum);
    }
    double[][] values = new double[pixels.length][tuples.size()];
    int n = 0;
    for (List<Integer> tuple : tuples.keySet()) {
      for (int c = 0; c < values.length; c++) {
        values[c][n] = tuple.get(c);
      }
      n++;
    }
    return new WeightedPoints(values, tuples.values().stream().mapToLong(w -> w).toArray());
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    return Arrays.compare(
        a.stream().mapToInt(v -> v).toArray(), b.stream().mapToInt(v -> v).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void noWorseThanScikitLearn(int channels) {
    int[][] pixels = pixels(channels);
    double[] sums = Arrays.stream(pixels).mapToDouble(c -> Arrays.stream(c).sum()).toArray();
    assertThat(sums).containsExactly(GOLDEN.of(channels + ".sums"));
    WeightedPoints points = points(pixels);
    assertThat(Cells.areMany(points)).isTrue();
    for (int k = 2; k <= 6; k++) {
      Mixture mixture =
          GaussianMixture.fit(points, k, new GaussianMixture.Options(32, 1000, 1e-6, 1, 12345))
              .result()
              .orElseThrow();
      // the best of different starts: no worse by 0.1 %, as k-means below
      assertThat(mixture.logLikelihood())
          .as("mixture of %d", k)
          .isGreaterThanOrEqualTo(GOLDEN.of(channels + ".loglik")[k - 2] * 1.001);
      // what is stated is what the points' bound lacks, which is never above the likelihood
      assertThat(mixture.coreset().points()).isEqualTo(Cells.CORESET);
      assertThat(mixture.coreset().error()).isBetween(0.0, 0.1);
      assertThat(mixture.labels()).isEqualTo(mostLikely(mixture.components(), points));
      Clustering kMeans = KMeans.fit(points, k, KMeans.Options.DEFAULT).result().orElseThrow();
      assertThat(kMeans.cost())
          .as("k-means of %d", k)
          .isLessThanOrEqualTo(GOLDEN.of(channels + ".inertia")[k - 2] * 1.001);
      assertThat(kMeans.coreset().error()).isBetween(0.0, 0.02);
    }
  }

  /** From the densities' formula; ties do not occur. */
  private static int[] mostLikely(Components of, WeightedPoints points) {
    int d = points.channels();
    int[] labels = new int[points.size()];
    double[] best = new double[points.size()];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    for (int j = 0; j < of.k(); j++) {
      double[][] factor = new double[d][d];
      double height = Math.log(of.weights()[j]);
      for (int a = 0; a < d; a++) {
        for (int b = 0; b <= a; b++) {
          double v = of.covariances()[j][a][b];
          for (int c = 0; c < b; c++) {
            v -= factor[a][c] * factor[b][c];
          }
          factor[a][b] = a == b ? Math.sqrt(v) : v / factor[b][b];
        }
        height -= Math.log(factor[a][a]);
      }
      for (int i = 0; i < labels.length; i++) {
        double[] z = new double[d];
        double density = height;
        for (int a = 0; a < d; a++) {
          double v = points.value(a, i) - of.means()[j][a];
          for (int b = 0; b < a; b++) {
            v -= factor[a][b] * z[b];
          }
          z[a] = v / factor[a][a];
          density -= 0.5 * z[a] * z[a];
        }
        if (density > best[i]) {
          best[i] = density;
          labels[i] = j + 1;
        }
      }
    }
    return labels;
  }

  @Test
  void cellsKeepPixelsMeansAndAllOfTheCovariance() {
    WeightedPoints points = points(pixels(3));
    for (Cells cells : points.levels()) {
      assertThat(cells.points().weight()).isEqualTo(points.weight());
      double[] mean = points.mean();
      assertThat(cells.points().mean()).containsExactly(mean, within(1e-9 * mean[0]));
      double total = Arrays.stream(points.variance()).sum() * points.weight();
      double between = Arrays.stream(cells.points().variance()).sum() * points.weight();
      assertThat(between + cells.within()).isCloseTo(total, within(1e-9 * total));
    }
  }

  @Test
  void numbersAreOfTuplesWhateverTheirWidth() {
    for (int channels : new int[] {1, 3, 5, 40}) {
      int[] sizes = new int[channels];
      Arrays.fill(sizes, 1 << 16);
      TupleNumbers numbers = new TupleNumbers(sizes);
      Lcg draw = new Lcg(channels);
      int[][] tuples = new int[channels][5_000];
      for (int i = 0; i < 5_000; i++) {
        for (int c = 0; c < channels; c++) {
          tuples[c][i] = draw.below(i % 3 + 2) * 21_845 / (c % 2 + 1);
        }
      }
      Map<List<Integer>, Integer> known = new java.util.HashMap<>();
      for (int i = 0; i < 5_000; i++) {
        List<Integer> tuple = new ArrayList<>();
        for (int[] channel : tuples) {
          tuple.add(channel[i]);
        }
        int next = known.size();
        assertThat(numbers.find(tuples, i)).isEqualTo(known.getOrDefault(tuple, -1));
        int expected = known.computeIfAbsent(tuple, t -> next);
        assertThat(numbers.number(tuples, i)).isEqualTo(expected);
        for (int c = 0; c < channels; c++) {
          assertThat(numbers.level(c, expected)).isEqualTo(tuple.get(c));
        }
      }
      List<List<Integer>> sorted =
          known.keySet().stream().sorted(ManyChannelsTest::compare).toList();
      assertThat(numbers.ascending())
          .containsExactly(sorted.stream().mapToInt(known::get).toArray());
    }
  }
}
