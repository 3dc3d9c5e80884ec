package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a waiting person reads. */
final class ConsoleProgressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3456 | 56600000000 | 864 | 200 | 864 of 3456 images, 14.2 GB of 56.6 GB, 4.3/s, 10 min 00"
            + " s left",
        "3456 | 0 | 864 | 200 | 864 of 3456 images, 4.3/s, 10 min 00 s left",
        "3456 | 1000 | 3456 | 100 | 3456 of 3456 images, 1.00 kB of 1.00 kB, 34.6/s",
        "20 | 1000 | 0 | 5 | 0 of 20 images, 0 bytes of 1.00 kB, 0.0/s",
        "2 | 8000000 | 0.5 | 30 | 25 %, 2.00 MB of 8.00 MB, 1 min 30 s left"
      })
  void saysWhatIsDoneAndWhatIsLeft(
      long images, long bytes, double done, double seconds, String expected) {
    assertThat(ConsoleProgress.counts(images, bytes, done, seconds)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 999 bytes",
    "999.6, 1.00 kB",
    "9994, 9.99 kB",
    "9995, 10.0 kB",
    "99949, 99.9 kB",
    "99950, 100 kB",
    "999499, 999 kB",
    "999500, 1.00 MB",
    "1.5e15, 1.50 PB",
    "2e18, 2000 PB"
  })
  void sizesHaveThreeDigits(double bytes, String expected) {
    assertThat(ConsoleProgress.size(bytes)).isEqualTo(expected);
  }
}
