package org.cytolake.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.config.ConfigLoader;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;
import org.cytolake.image.Plane;
import org.junit.jupiter.api.Test;

/**
 * Statistics of pixels with holes, whose tuples are far too many, against the textbook's sums over
 * every single pixel.
 */
final class PlaneStatisticsTest {
  private static final int HEIGHT = 50;
  private static final int WIDTH = 60;
  private static final List<String> NAMES = List.of("bytes", "words", "holes", "wide", "nothing");
  private static final List<DataType> TYPES =
      List.of(
          DataTypes.IntegerType,
          DataTypes.IntegerType,
          DataTypes.FloatType,
          DataTypes.LongType,
          DataTypes.DoubleType);
  private static final List<int[]> PAIRS =
      List.of(
          new int[] {0, 1}, new int[] {0, 2}, new int[] {1, 3}, new int[] {2, 3}, new int[] {1, 4});

  private final double[][] samples = samples();
  private final PlaneStatistics statistics = statistics();

  private static double[][] samples() {
    Random random = new Random(7);
    double[][] samples = new double[NAMES.size()][HEIGHT * WIDTH];
    for (int i = 0; i < samples[0].length; i++) {
      double shared = random.nextDouble();
      samples[0][i] = Math.floor(256 * (shared + random.nextDouble()) / 2);
      samples[1][i] = Math.floor(65_536 * (shared + random.nextDouble()) / 2);
      samples[2][i] = (float) (shared + random.nextGaussian());
      samples[3][i] = Math.floor(4_294_967_296.0 * (shared * 3 + random.nextDouble()) / 4);
      samples[4][i] = Double.NaN;
    }
    // one of them alone would make levels far too coarse
    samples[2][17] = 1e30f;
    samples[2][18] = Double.NaN;
    samples[2][19] = Double.POSITIVE_INFINITY;
    samples[2][20] = Double.NEGATIVE_INFINITY;
    return samples;
  }

  private PlaneStatistics statistics() {
    StatisticsSettings settings =
        new StatisticsSettings(
            ConfigLoader.load(
                    Optional.empty(),
                    Map.of("input.paths", List.of("a"), "output.path", "b"),
                    List.of())
                .exploration()
                .resolved(NAMES),
            256,
            100, // of thousands
            NAMES,
            TYPES,
            PAIRS);
    List<Plane> planes = Arrays.stream(samples).map(of -> (Plane) i -> of[i]).toList();
    PlanePixels pixels = PlanePixels.of(planes, HEIGHT, WIDTH);
    ImageTraits traits =
        new ImageTraits(
            OptionalDouble.of(0.25),
            List.of(255.0, 65_535.0, Double.NaN, 4_294_967_295.0, Double.NaN),
            List.of(true, false, false, false, false));
    try {
      PlaneCounts counts = settings.counting().of(pixels, Optional.empty());
      assertThat(counts.whole().droppedBits().subList(0, 4)).allMatch(bits -> bits > 0);
      return PlaneStatistics.of(settings, counts, traits, pixels);
    } catch (org.cytolake.bioformats.ImageReadException e) {
      throw new AssertionError(e);
    }
  }

  private PlaneStatistics.OfRegion whole() {
    return statistics.regions().values().iterator().next();
  }

  private double[] finite(int c) {
    return Arrays.stream(samples[c]).filter(Double::isFinite).toArray();
  }

  private static double mean(double[] of) {
    return Arrays.stream(of).sum() / of.length;
  }

  /** numpy.percentile by its definition. */
  private static double percentile(double[] sorted, double q) {
    double place = q / 100 * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  }

  private static SampleKind kind(int c) {
    return c == 2 ? SampleKind.FLOAT : c == 4 ? SampleKind.DOUBLE : SampleKind.INTEGER;
  }

  @Test
  void channelsAreExactWhateverTheirType() {
    for (int c = 0; c < 4; c++) {
      double[] sorted = finite(c);
      Arrays.sort(sorted);
      ChannelFigures of = whole().channels().get(c).orElseThrow();
      assertThat(of.isExact()).isTrue();
      assertThat(of.moments().count()).isEqualTo(sorted.length);
      assertThat(of.moments().mean()).isCloseTo(mean(sorted), within(1e-12 * mean(sorted)));
      assertThat(of.min()).isEqualTo(sorted[0]);
      assertThat(of.max()).isEqualTo(sorted[sorted.length - 1]);
      for (double q : ChannelFigures.PERCENTILES) {
        double expected = percentile(sorted, q);
        assertThat(of.percentile(q))
            .as(NAMES.get(c) + " " + q)
            .isCloseTo(expected, within(1e-14 * Math.abs(expected)));
      }
      double otsu = Otsu.threshold(Histogram.ofSamples(sorted), kind(c));
      assertThat(of.otsu()).isEqualTo(otsu);
      assertThat(of.stained())
          .isEqualTo(Arrays.stream(sorted).filter(v -> v > of.stain().threshold()).count());
    }
    assertThat(statistics.facts(2).orElseThrow().high()).isLessThan(10);
    assertThat(whole().channels().get(4)).isEmpty();
    assertThat(statistics.finite(4)).isZero();
    assertThat(ChannelWarnings.of(NAMES, statistics))
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("NOTHING_FINITE");
              assertThat(warning.message()).contains("nothing");
            });
  }

  @Test
  void pairsAreExactButForRanks() {
    for (int p = 0; p < 4; p++) {
      int[] pair = PAIRS.get(p);
      int[] both =
          IntStream.range(0, samples[0].length)
              .filter(i -> Double.isFinite(samples[pair[0]][i]))
              .filter(i -> Double.isFinite(samples[pair[1]][i]))
              .toArray();
      double[] x = Arrays.stream(both).mapToDouble(i -> samples[pair[0]][i]).toArray();
      double[] y = Arrays.stream(both).mapToDouble(i -> samples[pair[1]][i]).toArray();
      String name = Arrays.stream(pair).mapToObj(NAMES::get).collect(Collectors.joining(" "));
      Colocalization of = whole().pairs().get(p).orElseThrow();
      Colocalization.Thresholds thresholds = statistics.thresholds().get(p).orElseThrow();
      assertThat(of.pixels()).isEqualTo(both.length);
      assertThat(thresholds.otsuX())
          .as(name)
          .isEqualTo(Otsu.threshold(Histogram.ofSamples(x), kind(pair[0])));
      assertThat(thresholds.otsuY())
          .as(name)
          .isEqualTo(Otsu.threshold(Histogram.ofSamples(y), kind(pair[1])));
      assertClose(name, of.pearson(), pearson(x, y));
      assertClose(name, of.slope(), pearson(x, y) * deviation(y) / deviation(x));
      assertClose(name, of.k1(), product(x, y) / product(x, x));
      assertClose(name, of.overlap(), product(x, y) / Math.sqrt(product(x, x) * product(y, y)));
      long together =
          IntStream.range(0, x.length).filter(i -> (x[i] - mean(x)) * (y[i] - mean(y)) > 0).count();
      assertClose(name, of.liIcq(), (double) together / x.length - 0.5);
      assertClose(name, of.mandersOtsu().m1(), manders(x, y, thresholds.otsuY()));
      assertClose(name, of.mandersOtsu().m2(), manders(y, x, thresholds.otsuX()));
      assertClose(name, of.mandersCostes().m1(), manders(x, y, thresholds.costes().y()));
      if (p == 0) {
        assertClose("ranks of integers", of.spearman(), pearson(ranks(x), ranks(y)));
      }
    }
    assertThat(whole().pairs().get(4)).isEmpty();
  }

  private static void assertClose(String name, double actual, double expected) {
    assertThat(actual).as(name).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
  }

  private static double product(double[] x, double[] y) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
  }

  private static double[] deviations(double[] of) {
    double mean = mean(of);
    return Arrays.stream(of).map(v -> v - mean).toArray();
  }

  private static double deviation(double[] of) {
    return Math.sqrt(product(deviations(of), deviations(of)));
  }

  private static double pearson(double[] x, double[] y) {
    return product(deviations(x), deviations(y)) / deviation(x) / deviation(y);
  }

  private static double manders(double[] of, double[] other, double threshold) {
    return IntStream.range(0, of.length)
            .filter(i -> other[i] > threshold)
            .mapToDouble(i -> of[i])
            .sum()
        / Arrays.stream(of).sum();
  }

  private static double[] ranks(double[] of) {
    return Arrays.stream(of)
        .map(
            v ->
                Arrays.stream(of).filter(o -> o < v).count()
                    + (Arrays.stream(of).filter(o -> o == v).count() + 1) / 2.0)
        .toArray();
  }
}
