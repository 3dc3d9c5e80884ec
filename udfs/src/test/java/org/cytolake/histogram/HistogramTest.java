package org.cytolake.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private final Random random = new Random(3);

  private double[] samples(int n) {
    double[] samples = new double[n];
    for (int i = 0; i < n; i++) {
      samples[i] = random.nextInt(200) - 50;
    }
    return samples;
  }

  @Test
  void anySplitAddsUpToTheWhole() {
    for (int trial = 0; trial < 50; trial++) {
      double[] all = samples(1 + random.nextInt(500));
      int cut = random.nextInt(all.length + 1);
      double[] head = Arrays.copyOf(all, cut);
      double[] tail = Arrays.copyOfRange(all, cut, all.length);

      Histogram whole = Histogram.ofSamples(all);
      Histogram parts = Histogram.ofSamples(tail).plus(Histogram.ofSamples(head));
      assertThat(parts).isEqualTo(whole).hasSameHashCodeAs(whole);

      Moments merged =
          Histogram.ofSamples(head).moments().plus(Histogram.ofSamples(tail).moments());
      assertThat(merged.count()).isEqualTo(whole.count());
      assertThat(merged.mean()).isCloseTo(whole.mean(), within(1e-12 * 200));
      assertThat(merged.stddev()).isCloseTo(whole.stddev(), within(1e-10));
    }
  }

  @Test
  void ranksAndDistancesMatchSortedSamples() {
    for (int trial = 0; trial < 50; trial++) {
      double[] all = samples(1 + random.nextInt(300));
      Histogram h = Histogram.ofSamples(all);
      Arrays.sort(all);
      int from = random.nextInt(all.length);
      int to = from + 1 + random.nextInt(all.length - from);
      assertThat(h.ranked(from, to))
          .isEqualTo(Histogram.ofSamples(Arrays.copyOfRange(all, from, to)));
      double center = all[from] + random.nextInt(3) * 0.25;
      double[] distances = Arrays.stream(all).map(v -> Math.abs(v - center)).toArray();
      assertThat(h.deviations(center)).isEqualTo(Histogram.ofSamples(distances));
    }
  }

  @Test
  void countsAndMeansAboveMatchBruteForce() {
    double[] all = samples(700);
    Histogram h = Histogram.ofSamples(all);
    for (double t : new double[] {-51, -50, 0, 10.5, 149, 200}) {
      double[] above = Arrays.stream(all).filter(v -> v > t).toArray();
      assertThat(h.countAbove(t)).isEqualTo(above.length);
      assertThat(h.fractionAbove(t)).isEqualTo(above.length / 700.0);
      if (above.length == 0) {
        assertThat(h.meanAbove(t)).isEmpty();
      } else {
        assertThat(h.meanAbove(t).getAsDouble())
            .isCloseTo(Arrays.stream(above).average().getAsDouble(), within(1e-10));
      }
    }
  }

  @Test
  void mergesEqualValuesAndDropsEmptyOnes() {
    Histogram h = Histogram.of(new double[] {5, -0.0, 5, 0.0, 9}, new long[] {1, 2, 3, 4, 0});
    assertThat(h.size()).isEqualTo(2);
    assertThat(h.value(0)).isZero();
    assertThat(h.count(0)).isEqualTo(6);
    assertThat(h.count(1)).isEqualTo(4);
    assertThat(h.count()).isEqualTo(10);
    assertThat(h.max()).isEqualTo(5);
  }

  @Test
  void anyOrderOfAnyNumbersIsAsCountedOneByOne() {
    Random random = new Random(5);
    for (double[] about :
        new double[][] {{40, 1, 0}, {9, 1, -5}, {1e6, 1, 0}, {9, 0.5, 3}, {9, 32, 1e17}}) {
      double[] values = new double[300];
      long[] counts = new long[values.length];
      TreeMap<Double, Long> expected = new TreeMap<>();
      for (int i = 0; i < values.length; i++) {
        values[i] = about[2] + about[1] * Math.rint(about[0] * random.nextGaussian());
        counts[i] = random.nextInt(3);
        if (counts[i] > 0) {
          expected.merge(values[i] + 0.0, counts[i], Long::sum);
        }
      }
      Histogram histogram = Histogram.of(values, counts);
      TreeMap<Double, Long> actual = new TreeMap<>();
      for (int i = 0; i < histogram.size(); i++) {
        actual.put(histogram.value(i), histogram.count(i));
      }
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void countsBeyondIntAreExact() {
    Histogram h = Histogram.of(new double[] {1, 2}, new long[] {3_000_000_000L, 5_000_000_000L});
    assertThat(h.count()).isEqualTo(8_000_000_000L);
    assertThat(h.mean()).isEqualTo(1.625);
    assertThat(h.percentile(37)).isEqualTo(1);
    assertThat(h.percentile(38)).isEqualTo(2);
  }

  @Test
  void doesNotShareTheCallersArrays() {
    double[] values = {1, 2};
    long[] counts = {1, 1};
    Histogram h = Histogram.of(values, counts);
    values[0] = 100;
    counts[0] = 100;
    assertThat(h).isEqualTo(Histogram.ofSamples(1, 2));
  }

  @Test
  void rejectsWhatIsNoHistogram() {
    assertThatThrownBy(() -> Histogram.ofSamples(1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("finite values, not NaN");
    assertThatThrownBy(() -> Histogram.of(new double[1], new long[2]))
        .hasMessageContaining("1 values and 2 counts");
    assertThatThrownBy(() -> Histogram.of(new double[] {4}, new long[] {-1}))
        .hasMessageContaining("value 4.0 has the count -1");
    assertThatThrownBy(() -> Histogram.ofSamples(1).percentile(101))
        .hasMessageContaining("between 0 and 100");
    assertThatThrownBy(() -> Bins.of(Histogram.EMPTY, 0)).hasMessageContaining("at least 1 bin");
    assertThatThrownBy(Histogram.EMPTY::mean).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> Histogram.EMPTY.percentile(50))
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void anEmptyHistogramHasEmptyBins() {
    Bins bins = Bins.of(Histogram.EMPTY, 2);
    assertThat(bins.edges()).containsExactly(0, 0.5, 1);
    assertThat(bins.counts()).containsExactly(0, 0);
  }

  @Test
  void jointHistogramsAddUpAndProject() {
    int n = 400;
    double[][] v = {samples(n), samples(n), samples(n)};
    for (double[] channel : v) {
      for (int i = 0; i < n; i++) {
        channel[i] = Math.floorMod((int) channel[i], 8);
      }
    }
    long[] ones = new long[n];
    Arrays.fill(ones, 1);
    JointHistogram whole = JointHistogram.of(v, ones);

    JointHistogram parts = JointHistogram.empty(3);
    for (int from = 0; from < n; from += 100) {
      int start = from;
      double[][] part =
          Arrays.stream(v)
              .map(c -> Arrays.copyOfRange(c, start, start + 100))
              .toArray(double[][]::new);
      parts = parts.plus(JointHistogram.of(part, Arrays.copyOf(ones, 100)));
    }
    assertThat(parts).isEqualTo(whole).hasSameHashCodeAs(whole);
    assertThat(whole.count()).isEqualTo(n);
    for (int channel = 0; channel < 3; channel++) {
      assertThat(whole.marginal(channel)).isEqualTo(Histogram.ofSamples(v[channel]));
    }
    assertThat(whole.project(2, 0)).isEqualTo(JointHistogram.of(new double[][] {v[2], v[0]}, ones));
  }

  /** Integers are sorted as packed numbers, other values by comparing: the order is the same. */
  @Test
  void integersSortAsOtherNumbersDo() {
    Random random = new Random(11);
    for (int[] range : new int[][] {{-5, 5}, {0, 65_536}, {-1_000_000, 1_000_000}}) {
      int n = 3000;
      double[][] integers = new double[3][n];
      double[][] others = new double[3][n];
      long[] counts = random.longs(n, 0, 3).toArray();
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < n; i++) {
          integers[c][i] = range[0] + random.nextInt((range[1] - range[0]) / (c + 1));
          others[c][i] = integers[c][i] + 0.25;
        }
      }
      JointHistogram a = JointHistogram.of(integers, counts);
      JointHistogram b = JointHistogram.of(others, counts);
      assertThat(a.size()).isEqualTo(b.size());
      for (int i = 0; i < a.size(); i++) {
        assertThat(a.count(i)).isEqualTo(b.count(i));
        for (int c = 0; c < 3; c++) {
          assertThat(a.value(c, i)).isEqualTo(b.value(c, i) - 0.25);
        }
      }
    }
  }

  @Test
  void coarseningClearsLowBits() {
    JointHistogram h =
        JointHistogram.of(new double[][] {{0, 1, 4, -1}, {7, 6, 7, 0}}, new long[] {1, 2, 3, 4});
    assertThat(h.coarsened(1))
        .isEqualTo(JointHistogram.of(new double[][] {{0, 4, -2}, {6, 6, 0}}, new long[] {3, 3, 4}));
    assertThat(h.coarsened(0)).isSameAs(h);
    assertThat(h.coarsened(31).count()).isEqualTo(10);
    assertThatThrownBy(() -> JointHistogram.of(new double[][] {{0.5}}, new long[] {1}).coarsened(1))
        .hasMessageContaining("integers only, not 0.5");
  }
}
