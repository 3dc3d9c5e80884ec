package org.cytolake.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against numpy and scikit-image; {@code src/test/golden/histogram_golden.py} made the numbers. */
class HistogramGoldenTest {
  private static final Map<String, double[]> GOLDEN = read();

  private static Map<String, double[]> read() {
    Map<String, double[]> golden = new LinkedHashMap<>();
    try (InputStream in = HistogramGoldenTest.class.getResourceAsStream("histogram_golden.json")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Matcher m = Pattern.compile("\"([^\"]+)\": \\[([^\\]]*)\\]").matcher(text);
      while (m.find()) {
        golden.put(
            m.group(1),
            Arrays.stream(m.group(2).split(",", -1)).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return golden;
  }

  static Stream<String> cases() {
    return GOLDEN.keySet().stream()
        .filter(k -> k.endsWith(".values"))
        .map(k -> k.substring(0, k.length() - ".values".length()));
  }

  private static double[] golden(String name, String what) {
    return GOLDEN.get(name + "." + what);
  }

  private static Histogram histogram(String name) {
    long[] counts = Arrays.stream(golden(name, "counts")).mapToLong(c -> (long) c).toArray();
    return Histogram.of(golden(name, "values"), counts);
  }

  private static SampleKind kind(String name) {
    return SampleKind.valueOf(name.substring(0, name.indexOf('_')).toUpperCase(Locale.ROOT));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void percentilesEqualNumpy(String name) {
    double[] actual = Arrays.stream(GOLDEN.get("q")).map(histogram(name)::percentile).toArray();
    assertThat(actual).containsExactly(golden(name, "percentiles"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void momentsEqualNumpy(String name) {
    double[] expected = golden(name, "moments");
    Histogram h = histogram(name);
    double tolerance = 1e-12 * Math.max(1, Math.abs(expected[0]));
    assertThat(h.mean()).isCloseTo(expected[0], within(tolerance));
    assertThat(h.stddev()).isCloseTo(expected[1], within(tolerance));
    assertThat(h.sum()).isCloseTo(expected[0] * h.count(), within(tolerance * h.count()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void binsEqualNumpy(String name) {
    for (int n : new int[] {7, 100}) {
      Bins bins = Bins.of(histogram(name), n, kind(name));
      assertThat(bins.edges()).containsExactly(golden(name, "edges" + n));
      assertThat(Arrays.stream(bins.counts()).asDoubleStream().toArray())
          .containsExactly(golden(name, "bins" + n));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void otsuEqualsScikitImage(String name) {
    assertThat(Otsu.threshold(histogram(name), kind(name))).isEqualTo(golden(name, "otsu")[0]);
  }
}
