package org.cytolake.intensity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Against scipy and numpy ({@code src/test/golden/profile_golden.py}). */
class PixelProfileTest {
  private static final int HEIGHT = 23;
  private static final int WIDTH = 31;
  private static final int STEP = 17;

  private long state;

  private int below(int bound) {
    state = state * 6364136223846793005L + 1442695040888963407L;
    return (int) ((state >>> 33) % bound);
  }

  private float[][] image() {
    state = 22;
    below(1);
    float[][] channels = new float[3][HEIGHT * WIDTH];
    for (float[] channel : channels) {
      for (int i = 0; i < channel.length; i++) {
        channel[i] = below(3) > 0 ? below(900) : 0;
      }
    }
    return channels;
  }

  @Test
  void asScipyAndNumpyHaveIt() throws IOException {
    String text;
    try (InputStream in = PixelProfileTest.class.getResourceAsStream("profile_golden.json")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher golden = Pattern.compile("\"(\\S+) (\\S+) (\\S+)\": \\[([^\\]]*)\\]").matcher(text);
    int cases = 0;
    while (golden.find()) {
      PixelProfile profile =
          new PixelProfile(
              Double.parseDouble(golden.group(1)),
              Boolean.parseBoolean(golden.group(2)),
              Double.parseDouble(golden.group(3)));
      double[] expected =
          Arrays.stream(golden.group(4).split(",", -1)).mapToDouble(Double::parseDouble).toArray();
      float[][] channels = image();
      profile.apply(channels, WIDTH);
      int at = 0;
      for (float[] channel : channels) {
        for (int i = 0; i < channel.length; i += STEP) {
          // single precision, rounded a few times in either
          assertThat((double) channel[i])
              .as("%s, pixel %d", profile, i)
              .isCloseTo(expected[at], within(4e-7 * Math.abs(expected[at]) + 1e-12));
          at++;
        }
      }
      assertThat(at).isEqualTo(expected.length);
      cases++;
    }
    assertThat(cases).isEqualTo(24);
  }

  @Test
  void nothingLeavesEverythingAndEmptyPixelsHaveNoShare() {
    float[][] channels = image();
    PixelProfile.NONE.apply(channels, WIDTH);
    assertThat(channels).isDeepEqualTo(image());
    float[][] dark = new float[2][6];
    new PixelProfile(2, true, 99.9).apply(dark, 3);
    assertThat(dark).isDeepEqualTo(new float[2][6]);
  }
}
