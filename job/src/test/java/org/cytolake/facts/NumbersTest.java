package org.cytolake.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NumbersTest {
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
