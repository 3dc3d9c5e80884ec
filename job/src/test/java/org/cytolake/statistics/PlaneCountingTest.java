package org.cytolake.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.PlaneHistograms;
import org.cytolake.histogram.PlaneHistograms.ChannelPair;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.junit.jupiter.api.Test;

/** Against a look at every single pixel. */
final class PlaneCountingTest {
  private static final int HEIGHT = 61;
  private static final int WIDTH = 47;
  private static final List<DataType> TYPES =
      List.of(
          DataTypes.IntegerType,
          DataTypes.IntegerType,
          DataTypes.FloatType,
          DataTypes.LongType,
          DataTypes.DoubleType);
  private static final List<Region> REGIONS =
      List.of(new Region("part", 5, 3, 20, 31), new Region("dot", 46, 60, 1, 1));
  private static final List<int[]> PAIRS =
      List.of(new int[] {0, 1}, new int[] {0, 2}, new int[] {2, 3}, new int[] {1, 4});

  /** Of 16 bits, of 16 bits with a sign, with holes, of 32 bits, and without a finite pixel. */
  private static double[][] samples() {
    Random random = new Random(12);
    double[][] samples = new double[5][HEIGHT * WIDTH];
    for (int i = 0; i < samples[0].length; i++) {
      samples[0][i] = random.nextInt(30) == 0 ? 65_535 : random.nextInt(900);
      samples[1][i] = random.nextInt(900) - 32_768;
      int kind = random.nextInt(20);
      samples[2][i] =
          kind == 0
              ? Double.NaN
              : kind == 1
                  ? (i % 2 == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY)
                  : (float) (1e-3 * random.nextGaussian());
      samples[3][i] = Math.floor(random.nextDouble() * 4_294_967_296.0);
      samples[4][i] = Double.NaN;
    }
    return samples;
  }

  private static PlanePixels plane(double[][] samples) {
    List<Plane> channels = new ArrayList<>();
    for (double[] of : samples) {
      channels.add(i -> of[i]);
    }
    return PlanePixels.of(channels, HEIGHT, WIDTH);
  }

  private static List<Integer> pixels(String name) {
    Region region =
        REGIONS.stream()
            .filter(r -> r.name().equals(name))
            .findFirst()
            .orElse(new Region("all", 0, 0, WIDTH, HEIGHT));
    List<Integer> pixels = new ArrayList<>();
    for (int y = region.y(); y < region.y() + region.height(); y++) {
      for (int x = region.x(); x < region.x() + region.width(); x++) {
        pixels.add(y * WIDTH + x);
      }
    }
    return pixels;
  }

  @Test
  void channelsMomentsAndPairs() throws Exception {
    double[][] samples = samples();
    PlaneCounts counts =
        new PlaneCounting(TYPES, PAIRS, REGIONS, 1 << 20).of(plane(samples), Optional.empty());
    assertThat(counts.levels().get(4)).isEmpty();
    assertThat(counts.regions()).containsOnlyKeys("image", "part", "dot");
    counts
        .regions()
        .forEach(
            (name, of) -> {
              for (int c = 0; c < 4; c++) {
                channel(samples[c], pixels(name), counts.levels().get(c).orElseThrow(), of, c);
              }
              assertThat(of.channels().get(4).isEmpty()).isTrue();
              assertThat(of.moments().get(4)).isEmpty();
              assertThat(of.droppedBits()).containsOnly(0);
              for (int p = 0; p < 3; p++) {
                int[] pair = PAIRS.get(p);
                assertThat(of.pairs().get(p))
                    .isEqualTo(joint(samples, pair, pixels(name), counts.levels(), 0));
              }
              assertThat(of.pairs().get(3).size()).isZero();
            });
  }

  private static void channel(
      double[] samples, List<Integer> pixels, Levels levels, PlaneCounts.OfRegion of, int c) {
    TreeMap<Double, Long> expected = new TreeMap<>();
    double[] finite =
        pixels.stream().mapToDouble(i -> samples[i]).filter(Double::isFinite).toArray();
    for (double value : finite) {
      double level = levels.intensity(levels.code(value));
      if (levels.isExact()) {
        assertThat(level).isEqualTo(value);
      } else {
        assertThat(level)
            .isCloseTo(value, within(0.5001 * levels.step() + Math.ulp((float) value)));
      }
      expected.merge(level, 1L, Long::sum);
    }
    TreeMap<Double, Long> found = new TreeMap<>();
    Histogram histogram = of.channels().get(c);
    for (int i = 0; i < histogram.size(); i++) {
      found.put(histogram.value(i), histogram.count(i));
    }
    assertThat(found).isEqualTo(expected);
    if (finite.length > 0) {
      double mean = java.util.Arrays.stream(finite).average().orElseThrow();
      double variance =
          java.util.Arrays.stream(finite).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      assertThat(of.momentsOf(c).count()).isEqualTo(finite.length);
      assertThat(of.momentsOf(c).mean()).isCloseTo(mean, within(1e-12 * Math.abs(mean) + 1e-18));
      assertThat(of.momentsOf(c).stddev())
          .isCloseTo(Math.sqrt(variance), within(1e-9 * Math.sqrt(variance)));
    }
  }

  /** Of pixels that are finite in both. */
  private static JointHistogram joint(
      double[][] samples,
      int[] pair,
      List<Integer> pixels,
      List<Optional<Levels>> levels,
      int droppedBits) {
    double[][] values = new double[2][pixels.size()];
    long[] ones = new long[pixels.size()];
    for (int i = 0; i < ones.length; i++) {
      double a = samples[pair[0]][pixels.get(i)];
      double b = samples[pair[1]][pixels.get(i)];
      if (Double.isFinite(a) && Double.isFinite(b)) {
        ones[i] = 1;
        for (int c = 0; c < 2; c++) {
          Levels of = levels.get(pair[c]).orElseThrow();
          int code = of.code(c == 0 ? a : b);
          values[c][i] = of.intensity((code >> droppedBits) << droppedBits);
        }
      }
    }
    return JointHistogram.of(values, ones);
  }

  @Test
  void asFewBitsAreDroppedAsNeeded() throws Exception {
    double[][] samples = samples();
    PlaneCounts counts =
        new PlaneCounting(TYPES, PAIRS, REGIONS, 500).of(plane(samples), Optional.empty());
    for (Map.Entry<String, PlaneCounts.OfRegion> region : counts.regions().entrySet()) {
      for (int p = 0; p < 3; p++) {
        int bits = region.getValue().droppedBits().get(p);
        List<Integer> pixels = pixels(region.getKey());
        assertThat(region.getValue().few().get(p))
            .isEqualTo(joint(samples, PAIRS.get(p), pixels, counts.levels(), bits));
        assertThat(region.getValue().few().get(p).size()).isLessThanOrEqualTo(500);
        assertThat(region.getValue().pairs().get(p))
            .as("all of them")
            .isEqualTo(joint(samples, PAIRS.get(p), pixels, counts.levels(), 0));
        if (bits > 0) {
          assertThat(joint(samples, PAIRS.get(p), pixels, counts.levels(), bits - 1).size())
              .isGreaterThan(500);
        }
      }
    }
    assertThat(counts.whole().droppedBits().subList(0, 3)).allMatch(bits -> bits > 0);
    assertThat(counts.regions().get("dot").droppedBits()).containsOnly(0);
  }

  /** What the data source has counted is taken as it is. */
  @Test
  void countedBeforeOrHereIsTheSame() throws Exception {
    double[][] samples = samples();
    List<DataType> types = TYPES.subList(0, 2);
    List<int[]> pairs = PAIRS.subList(0, 1);
    PlanePixels plane = plane(new double[][] {samples[0], samples[1]});
    PlaneHistograms known =
        new PlaneHistograms(
            List.of(Histogram.ofSamples(samples[0]), Histogram.ofSamples(samples[1])),
            List.of(new ChannelPair(0, 1)),
            List.of(
                joint(
                    samples,
                    pairs.get(0),
                    pixels("image"),
                    List.of(Optional.of(Levels.exact()), Optional.of(Levels.exact())),
                    0)));
    for (long maxTuples : new long[] {1 << 20, 300}) {
      PlaneCounting counting = new PlaneCounting(types, pairs, REGIONS, maxTuples);
      assertThat(counting.of(plane, Optional.of(known)))
          .isEqualTo(counting.of(plane, Optional.empty()));
    }
  }

  /** Percentiles of 32-bit integers are numpy's, however many there are. */
  @Test
  void everyIntensityOf32BitIntegersCounts() throws Exception {
    double[] values = new double[70_000];
    Random random = new Random(5);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextLong(1L << 32);
    }
    PlaneCounting counting =
        new PlaneCounting(List.of(DataTypes.LongType), List.of(), List.of(), 1 << 20);
    PlanePixels pixels = PlanePixels.of(List.of(i -> values[i]), 700, 100);
    PlaneCounts.OfRegion whole = counting.of(pixels, Optional.empty()).whole();
    assertThat(ExactHistogram.of(pixels, pixels.whole(), List.of(0)))
        .contains(Histogram.ofSamples(values));
    assertThat(whole.channels().get(0).size()).isLessThanOrEqualTo(Levels.MOST);
  }

  @Test
  void pairsOfCodes() {
    Random random = new Random(3);
    for (int range : new int[] {1, 40, 3_000, 1 << 30}) { // the last ones are sorted
      int[] a = new int[5_000];
      int[] b = new int[5_000];
      TreeMap<List<Integer>, Long> expected =
          new TreeMap<>(
              (x, y) ->
                  x.get(0).equals(y.get(0))
                      ? x.get(1).compareTo(y.get(1))
                      : x.get(0).compareTo(y.get(0)));
      for (int i = 0; i < a.length; i++) {
        a[i] = random.nextInt(9) == 0 ? PairCounts.ABSENT : random.nextInt(range) - range / 2;
        b[i] = random.nextInt(9) == 0 ? PairCounts.ABSENT : random.nextInt(range) / 3 - range / 5;
        if (a[i] != PairCounts.ABSENT && b[i] != PairCounts.ABSENT) {
          expected.merge(List.of(a[i], b[i]), 1L, Long::sum);
        }
      }
      JointHistogram found = PairCounts.of(a, b);
      TreeMap<List<Integer>, Long> tuples = new TreeMap<>(expected.comparator());
      for (int i = 0; i < found.size(); i++) {
        tuples.put(List.of((int) found.value(0, i), (int) found.value(1, i)), found.count(i));
      }
      assertThat(tuples).isEqualTo(expected);
      assertThat(found.size()).isEqualTo(expected.size());
    }
    int[] none = {PairCounts.ABSENT, 4};
    assertThat(PairCounts.of(none, new int[] {4, PairCounts.ABSENT}).size()).isZero();
    assertThat(PairCounts.of(new int[] {PairCounts.ABSENT}, new int[] {4}).size()).isZero();
  }
}
