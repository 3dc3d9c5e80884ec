package org.cytolake.picture;

import java.util.Arrays;
import org.cytolake.illumination.LightImage;

/** An illumination function as a picture: black where it is least, white where it is most. */
public final class LightPicture {
  private static final int LONGEST = 240; // pixels

  private LightPicture() {}

  /** A small JPEG file. */
  public static byte[] of(LightImage function) {
    int step = Math.max(1, (Math.max(function.height(), function.width()) - 1) / LONGEST + 1);
    int width = (function.width() + step - 1) / step;
    int height = (function.height() + step - 1) / step;
    double[] means = new double[width * height];
    int[] counts = new int[means.length];
    for (int i = 0; i < function.values().length; i++) {
      int y = i / function.width() / step;
      int at = y * width + i % function.width() / step;
      means[at] += function.values()[i];
      counts[at]++;
    }
    for (int i = 0; i < means.length; i++) {
      means[i] /= counts[i];
    }
    double low = Arrays.stream(means).min().orElse(0);
    double high = Arrays.stream(means).max().orElse(1);
    byte[] grey = new byte[means.length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) Tones.byteOf(255 * (means[i] - low) / (high > low ? high - low : 1));
    }
    try (Encoded encoded = new Encoded()) {
      return encoded.jpeg(grey, width, height);
    }
  }
}
