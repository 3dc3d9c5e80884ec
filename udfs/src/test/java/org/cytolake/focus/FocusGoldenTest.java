package org.cytolake.focus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.cytolake.histogram.FieldThresholds;
import org.cytolake.histogram.Histogram;
import org.cytolake.intensity.Golden;
import org.cytolake.stardist.Lcg;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against CellProfiler's own code; the pixels are those of golden/focus_golden.py. */
final class FocusGoldenTest {
  private static final Golden GOLDEN = new Golden(FocusGoldenTest.class, "focus_golden.json");
  private static final int[] SCALES = {3, 10, 20, 50};

  static Stream<String> cases() {
    return GOLDEN.casesWith("focus_score");
  }

  private record Drawn(int height, int width, List<double[]> rows) {
    static Drawn of(String name) {
      String[] words = name.split("[x-]", -1);
      int height = Integer.parseInt(words[0]);
      int width = Integer.parseInt(words[1]);
      Lcg lcg = new Lcg(height * 1000L + width);
      List<double[]> rows = new ArrayList<>();
      for (int y = 0; y < height; y++) {
        rows.add(new double[width]);
        for (int x = 0; x < width; x++) {
          rows.get(y)[x] = pixel(words[2], lcg, y, x);
        }
      }
      return new Drawn(height, width, rows);
    }

    private static double pixel(String kind, Lcg lcg, int y, int x) {
      int dy = y % 29 - 14;
      int dx = (x + 3 * (y / 29)) % 37 - 18;
      int noise = lcg.below(40);
      int value = 100 + noise + (Math.max(0, 9000 - 50 * (dy * dy + dx * dx)) + lcg.below(300)) / 9;
      return switch (kind) {
        case "dark" -> Math.max(0, value - 130);
        case "steps" -> 32 * (value / 128);
        case "constant" -> 7;
        case "signed" -> value - 160;
        case "holes" -> (x * 7 + y * 13) % 31 == 0 ? Double.NaN : value;
        default -> value;
      };
    }

    Histogram histogram() {
      return Histogram.ofSamples(
          rows.stream().flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray());
    }
  }

  private static void check(String name, String measure, OptionalDouble value) {
    double wanted = GOLDEN.get(name + "." + measure)[0];
    Offset<Double> close = within(Math.abs(wanted) * 1e-9);
    // where there is no value, the reference has a number that stands for it
    assertThat(value.orElse(0)).as(name + " " + measure).isCloseTo(wanted, close);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void focusAndTextureAreCellProfilers(String name) {
    Drawn drawn = Drawn.of(name);
    Histogram h = drawn.histogram();
    double mean = h.mean();
    PowerSpectrum spectrum = new PowerSpectrum(drawn.height, drawn.width);
    GreyCorrelation correlation = new GreyCorrelation(drawn.width, h.min(), h.max(), SCALES);
    LocalFocus[] local =
        Arrays.stream(SCALES)
            .mapToObj(scale -> new LocalFocus(drawn.height, drawn.width, scale, Math.rint(mean)))
            .toArray(LocalFocus[]::new);
    for (double[] row : drawn.rows) {
      boolean complete = Arrays.stream(row).allMatch(Double::isFinite);
      correlation.row(row);
      spectrum.row(Arrays.stream(row).map(v -> Double.isNaN(v) ? 0 : v - mean).toArray());
      double[] less = Arrays.stream(row).map(v -> v - Math.rint(mean)).toArray();
      for (LocalFocus of : local) {
        of.row(less, complete);
      }
    }
    check(name, "power_log_log_slope", spectrum.slope());
    for (int i = 0; i < SCALES.length; i++) {
      check(name, "correlation_" + SCALES[i], correlation.at(i));
      check(name, "local_focus_score_" + SCALES[i], local[i].score());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void thresholdsAreCentrosomes(String name) {
    Histogram h = Drawn.of(name).histogram();
    check(name, "threshold_otsu", FieldThresholds.otsu(h));
    check(name, "threshold_background", OptionalDouble.of(FieldThresholds.background(h)));
    check(name, "threshold_robust_background", FieldThresholds.robustBackground(h));
    check(name, "threshold_mct", OptionalDouble.of(FieldThresholds.maximumCorrelation(h)));
    check(name, "threshold_ridler_calvard", FieldThresholds.ridlerCalvard(h));
  }
}
