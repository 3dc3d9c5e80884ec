package org.cytolake.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HtmlTest {
  private static final List<String> HOSTILE =
      List.of(
          "</script><script>alert(1)</script>",
          "<!-- <script>",
          "\" onmouseover='x' &amp; <b>",
          "line\u2028and paragraph\u2029 separators, \u0000 and \ud83d\ude00",
          "{{title}} ${x} \\ $1",
          "Zellkerne ü 細胞");

  @Test
  void jsonMayStandInAScriptAndSaysTheSame() throws Exception {
    String json = Html.json(Map.of("names", HOSTILE));
    assertThat(json).doesNotContain("<", ">", "&", "\u2028", "\u2029");
    assertThat(new ObjectMapper().readTree(json).get("names"))
        .extracting(n -> n.asText())
        .containsExactlyElementsOf(HOSTILE);
  }

  @Test
  void escapedTextHasNoMarkup() {
    for (String text : HOSTILE) {
      assertThat(Html.escape(text)).doesNotContain("<", ">", "\"", "'");
    }
    assertThat(Html.escape("a<b> & \"c\" 'd'"))
        .isEqualTo("a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  }

  @Test
  void slotsAreFilledOnceAndAllOfThem() {
    assertThat(Html.fill("<p>{{a}}{{b}}</p>", Map.of("a", "{{b}} $1 \\", "b", "2")))
        .isEqualTo("<p>{{b}} $1 \\2</p>");
    assertThatThrownBy(() -> Html.fill("{{a}}", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a");
  }

  @Test
  void fileNamesStayInTheirFolderAndApart() {
    List<String> names =
        List.of(
            "../../etc/passwd",
            "..",
            ".",
            "",
            "a/b",
            "a\\b",
            "a b",
            "a_b",
            "a.b",
            "con?",
            "ü",
            "ö",
            "x".repeat(300),
            "x".repeat(301));
    List<String> safe = names.stream().map(FileNames::safe).toList();
    assertThat(safe).doesNotHaveDuplicates().allMatch(s -> s.matches("[A-Za-z0-9_-]{1,89}"));
    assertThat(FileNames.safe("SYN001_B02_1")).isEqualTo("SYN001_B02_1");
    assertThat(new ImageKey("a", 0, 1, 0).fileName())
        .isNotEqualTo(new ImageKey("a", 0, 0, 1).fileName());
  }

  @Test
  void numbersAreShort() {
    assertThat(Arrays.asList(Numbers.shortened(Double.NaN), Numbers.shortened(1 / 0.0)))
        .containsOnlyNulls();
    assertThat(Numbers.shortened(3)).isEqualTo(3L);
    assertThat(Numbers.shortened(-0.0)).isEqualTo(0L);
    assertThat(Numbers.shortened(0.123456789)).isEqualTo(0.12346);
    assertThat(Numbers.shortened(123456.7)).isEqualTo(123460L);
    assertThat(Numbers.shortened(1e-12 / 3)).isEqualTo(3.3333e-13);
    assertThat(Numbers.shortened(Math.pow(2, 60))).isEqualTo(1.1529e18);
  }

  /** Against decimal arithmetic, most of all where five digits end in a half. */
  @Test
  void numbersAreRoundedExactly() {
    Random random = new Random(6);
    for (int i = 0; i < 100_000; i++) {
      double value =
          i % 3 == 0
              ? (random.nextInt(100_000) + 0.5) * Math.pow(10, random.nextInt(24) - 18)
              : (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(30) - 15);
      double rounded =
          new BigDecimal(value).round(new MathContext(5, RoundingMode.HALF_EVEN)).doubleValue();
      if (value != Math.rint(value)) {
        assertThat(Numbers.shortened(value).doubleValue()).isEqualTo(rounded);
      }
    }
  }
}
