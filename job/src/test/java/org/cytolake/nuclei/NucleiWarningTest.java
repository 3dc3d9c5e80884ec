package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cytolake.field.ChannelFacts;
import org.cytolake.field.Warning;
import org.junit.jupiter.api.Test;

/** What each warning takes; the numbers of the usual image are those of a field of BBBC008. */
final class NucleiWarningTest {
  private static final ChannelFacts FIELD = new ChannelFacts(9, 11, 180, 15.5, 0.0004);
  private static final long PIXELS = 512 * 512;

  private static NucleiFigures nuclei(
      long count, long candidates, double medianArea, long uncertain, double brightness) {
    long pixels = Math.round(count * medianArea);
    return new NucleiFigures(
        count,
        candidates,
        List.of(medianArea / 2, medianArea, medianArea, medianArea, 2 * medianArea),
        12,
        Double.NaN,
        uncertain,
        pixels,
        pixels * brightness);
  }

  private static List<String> codes(
      ChannelFacts facts, boolean integers, double pixelAreaUm2, NucleiFigures nuclei) {
    return NucleiWarning.of(
            new NucleiWarning.Seen(
                "dna", facts, integers, PIXELS, 0, pixelAreaUm2, 2_000_000, 0.5, nuclei))
        .stream()
        .map(Warning::code)
        .toList();
  }

  private static List<String> codes(NucleiFigures nuclei) {
    return codes(FIELD, true, Double.NaN, nuclei);
  }

  private static List<String> codes(double low, double median, double high) {
    return codes(
        new ChannelFacts(low, median, high, median, 0),
        true,
        Double.NaN,
        nuclei(20, 200, 90, 0, high));
  }

  @Test
  void theUsualImage() {
    assertThat(codes(nuclei(171, 1640, 66, 2, 85))).isEmpty();
    assertThat(codes(nuclei(0, 0, Double.NaN, 0, Double.NaN))).as("nothing found").isEmpty();
  }

  @Test
  void theChannel() {
    assertThat(codes(7, 7, 7)).containsExactly("BLANK");
    assertThat(codes(7, 8, 9)).as("two grey levels").containsExactly("BLANK");
    assertThat(codes(9, 9, 180)).as("most pixels at one value").isEmpty();
    assertThat(codes(132, 244, 246)).containsExactly("BRIGHT_BACKGROUND");
    assertThat(codes(883, 999, 1144)).as("noise").containsExactly("NO_BRIGHT_OBJECTS");
    ChannelFacts small = new ChannelFacts(0.009, 0.011, 0.18, 0.0155, 0);
    assertThat(codes(small, false, Double.NaN, nuclei(171, 1640, 66, 2, 0.085))).isEmpty();
    ChannelFacts constant = new ChannelFacts(0.5, 0.5, 0.5, 0.5, 0);
    assertThat(codes(constant, false, Double.NaN, nuclei(0, 0, Double.NaN, 0, Double.NaN)))
        .containsExactly("BLANK");
    ChannelFacts saturated = new ChannelFacts(9, 11, 255, 15.5, 0.02);
    assertThat(codes(saturated, true, Double.NaN, nuclei(171, 1640, 66, 2, 85)))
        .containsExactly("SATURATED");
  }

  @Test
  void theNuclei() {
    assertThat(codes(nuclei(115, 2300, 190, 3, 24))).containsExactly("WEAK_CONTRAST");
    assertThat(codes(nuclei(100, 960, 66, 12, 85))).isEmpty();
    assertThat(codes(nuclei(100, 960, 66, 13, 85))).containsExactly("LOW_PROBABILITY");
    assertThat(codes(nuclei(4, 40, 66, 2, 85))).as("two of four say little").isEmpty();
    assertThat(codes(nuclei(50, 200, 25, 0, 85))).containsExactly("SMALL_NUCLEI");
    assertThat(codes(nuclei(10, 2000, 5000, 0, 85))).contains("LARGE_NUCLEI");
    assertThat(codes(nuclei(171, 1_600_000, 66, 2, 85))).containsExactly("MANY_CANDIDATES");
  }

  @Test
  void thePixelSize() {
    NucleiFigures usual = nuclei(171, 1640, 66, 2, 85);
    assertThat(codes(FIELD, true, 0.65 * 0.65, usual)).as("6 µm").isEmpty();
    assertThat(codes(FIELD, true, 0.1 * 0.1, usual)).as("0.9 µm").containsExactly("SMALL_NUCLEI");
    assertThat(codes(FIELD, true, 25, usual)).as("46 µm").containsExactly("LARGE_NUCLEI");
  }

  @Test
  void saysWhatWasSeenAndWhatToTry() {
    Warning warning =
        NucleiWarning.of(
                new NucleiWarning.Seen(
                    "dna",
                    FIELD,
                    true,
                    PIXELS,
                    0,
                    Double.NaN,
                    2_000_000,
                    0.6,
                    nuclei(100, 960, 66, 13, 85)))
            .get(0);
    assertThat(warning.message())
        .isEqualTo("13 of 100 nuclei are hardly more probable than the threshold: below 0.66.");
    assertThat(warning.remedy()).contains("segmentation.prob-threshold");
  }
}
