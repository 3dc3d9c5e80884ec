package org.cytolake.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
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
}
