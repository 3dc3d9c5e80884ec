package org.cytolake.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cytolake.histogram.PlaneHistograms.ChannelPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counting against {@link JointHistogram#of} over single pixels; bytes and sums by properties. */
final class PlaneHistogramsTest {
  private static final List<ChannelPair> PAIRS =
      List.of(new ChannelPair(0, 1), new ChannelPair(2, 1));

  private static int[] samples(SplittableRandom random, int n, int min, int max) {
    return random.ints(n, min, max + 1).toArray();
  }

  private static double[] doubles(int[] samples) {
    return Arrays.stream(samples).asDoubleStream().toArray();
  }

  private static long[] ones(int n) {
    long[] ones = new long[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static PlaneHistograms counted(int[]... channels) {
    int n = channels[0].length;
    GreyLevels[] levels =
        Arrays.stream(channels).map(c -> GreyLevels.of(c, n)).toArray(GreyLevels[]::new);
    PairCounter counter = new PairCounter();
    return new PlaneHistograms(
        Arrays.stream(levels).map(GreyLevels::histogram).toList(),
        PAIRS,
        PAIRS.stream()
            .map(
                p ->
                    counter.count(
                        channels[p.x()], levels[p.x()], channels[p.y()], levels[p.y()], n))
            .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 255, 0, 255",
    "1, 7, 7, -3, -3",
    "5000, 0, 255, 0, 255",
    "5000, -128, 127, -128, 127",
    "50000, 0, 4095, 100, 1400",
    "50000, 0, 40, 0, 65535",
    "50000, 0, 65535, 0, 65535",
    "50000, -32768, 32767, 65000, 65535"
  })
  void countsWhatSinglePixelsAddUpTo(int n, int minX, int maxX, int minY, int maxY) {
    SplittableRandom random = new SplittableRandom(n + maxX);
    PairCounter counter = new PairCounter();
    for (int plane = 0; plane < 3; plane++) { // the tables are used again
      int[] x = samples(random, n, minX, maxX);
      int[] y = samples(random, n, minY, maxY);
      if (plane == 2 && n > 1) { // half of the plane is background
        Arrays.fill(x, 0, n / 2, minX + 1);
      }
      GreyLevels ofX = GreyLevels.of(x, n);
      GreyLevels ofY = GreyLevels.of(y, n);
      assertThat(ofX.histogram()).isEqualTo(Histogram.ofSamples(doubles(x)));
      assertThat(counter.count(x, ofX, y, ofY, n))
          .isEqualTo(JointHistogram.of(new double[][] {doubles(x), doubles(y)}, ones(n)));
    }
  }

  @Test
  void countsBytesWithoutSign() {
    byte[] x = {0, -1, 127, -128, -1};
    byte[] y = {5, 5, 0, -1, 5};
    assertThat(GreyLevels.of(x, 5).histogram())
        .isEqualTo(Histogram.ofSamples(0, 255, 127, 128, 255));
    assertThat(new PairCounter().count(x, y, 5))
        .isEqualTo(
            JointHistogram.of(
                new double[][] {{0, 255, 127, 128}, {5, 5, 0, 255}}, new long[] {1, 2, 1, 1}));
    assertThat(GreyLevels.of(x, 1).histogram()).isEqualTo(Histogram.ofSamples(0));
  }

  @Test
  void samplesOfMoreThan16BitsAreRejected() {
    for (int[] samples : new int[][] {{65536}, {-32769}, {-1, 65535}}) {
      assertThatThrownBy(() -> GreyLevels.of(samples, samples.length))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("16 bits");
    }
  }

  @Test
  void bytesAreTheSameHistograms() {
    SplittableRandom random = new SplittableRandom(5);
    for (int n : new int[] {0, 1, 3000}) {
      PlaneHistograms of =
          counted(
              samples(random, n, -32768, 32767),
              samples(random, n, 0, 12),
              samples(random, n, 0, 65535));
      PlaneHistograms again = PlaneHistograms.of(of.toBytes());
      assertThat(again).isEqualTo(of);
      assertThat(again.toBytes()).isEqualTo(of.toBytes());
      assertThat(again.count()).isEqualTo(n);
      assertThat(again.joint(2, 1)).isEqualTo(of.joint().get(1));
    }
  }

  @Test
  void partsAddUpToTheWhole() {
    SplittableRandom random = new SplittableRandom(6);
    int[][] channels = {
      samples(random, 4000, 0, 90), samples(random, 4000, -5, 5), samples(random, 4000, 0, 65535)
    };
    PlaneHistograms whole = counted(channels);
    PlaneHistograms left =
        counted(Arrays.stream(channels).map(c -> Arrays.copyOf(c, 1500)).toArray(int[][]::new));
    PlaneHistograms right =
        counted(
            Arrays.stream(channels)
                .map(c -> Arrays.copyOfRange(c, 1500, 4000))
                .toArray(int[][]::new));
    PlaneHistograms none = counted(new int[3][0]);
    assertThat(left.plus(right)).isEqualTo(whole).isEqualTo(right.plus(left));
    assertThat(none.plus(whole)).isEqualTo(whole).isEqualTo(whole.plus(none));
    assertThat(left.plus(right).toBytes()).isEqualTo(whole.toBytes());
    for (int i = 0; i < PAIRS.size(); i++) {
      assertThat(whole.joint().get(i).marginal(0))
          .isEqualTo(whole.channels().get(PAIRS.get(i).x()));
    }
  }

  @Test
  void damagedBytesAreRejected() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] bytes =
        counted(samples(random, 40, 0, 9), samples(random, 40, 0, 9), samples(random, 40, 0, 9))
            .toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> PlaneHistograms.of(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> PlaneHistograms.of(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(IllegalArgumentException.class);
    bytes[0] = 9;
    assertThatThrownBy(() -> PlaneHistograms.of(bytes)).hasMessageContaining("version");
  }

  @Test
  void whatDoesNotBelongTogetherIsRejected() {
    Histogram two = Histogram.ofSamples(1, 2);
    JointHistogram one = JointHistogram.of(new double[][] {{1}, {1}}, new long[] {1});
    List<ChannelPair> pair = List.of(new ChannelPair(0, 1));
    assertThatThrownBy(() -> new ChannelPair(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PlaneHistograms(List.of(two), pair, List.of(one)))
        .hasMessageContaining("no pair 0-1");
    assertThatThrownBy(() -> new PlaneHistograms(List.of(two, two), pair, List.of(one)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PlaneHistograms(List.of(two, two), pair, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    PlaneHistograms plane = new PlaneHistograms(List.of(two, two), List.of(), List.of());
    assertThatThrownBy(() -> plane.joint(0, 1)).hasMessageContaining("0-1");
    assertThatThrownBy(
            () ->
                plane.plus(
                    new PlaneHistograms(
                        List.of(two), List.<ChannelPair>of(), List.<JointHistogram>of())))
        .hasMessageContaining("do not add up");
    PlaneHistograms halves =
        new PlaneHistograms(List.of(Histogram.ofSamples(0.5)), List.of(), List.of());
    assertThatThrownBy(halves::toBytes).hasMessageContaining("integers");
  }
}
