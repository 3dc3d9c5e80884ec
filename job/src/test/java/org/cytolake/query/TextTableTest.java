package org.cytolake.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextTableTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "0.1, 0.1",
    "0.30000000000000004, 0.3",
    "1234.56789, 1234.568",
    "123456789.75, 123456790",
    "-2.5, -2.5",
    "100, 100",
    "0.0000123456789, 0.00001234568",
    "1.23456789e-9, 1.234568E-9",
    "1e300, 1E+300",
    "NaN, NaN",
    "Infinity, Infinity"
  })
  void numbersHaveSevenDigitsAndWholeIntegerParts(double value, String text) {
    assertThat(TextTable.number(value)).isEqualTo(text);
  }

  @Test
  void columnsAreAligned() {
    TextTable table = new TextTable(List.of("well", "n"), new boolean[] {false, true});
    table.add(List.of("B02", 5L));
    table.add(Arrays.asList(null, 12345L));
    assertThat(table.lines())
        .containsExactly(" well │     n", "──────┼───────", " B02  │     5", " NULL │ 12345");
    assertThat(table.width()).isEqualTo(table.lines().get(1).length());
    assertThat(table.records())
        .containsExactly(
            "─[ row 1 ]─",
            " well │ B02",
            " n    │ 5",
            "─[ row 2 ]─",
            " well │ NULL",
            " n    │ 12345");
  }

  @Test
  void cellsAreCutAndCannotSteerTheTerminal() {
    TextTable table = new TextTable(List.of("file"), new boolean[] {false});
    table.add(List.of("µ".repeat(70)));
    table.add(List.of("a\u001b[31m\nb"));
    assertThat(table.lines().get(2)).isEqualTo(" " + "µ".repeat(59) + "…");
    assertThat(table.lines().get(3)).isEqualTo(" a\\u001b[31m\\nb");
  }
}
