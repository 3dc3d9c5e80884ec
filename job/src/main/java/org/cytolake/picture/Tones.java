package org.cytolake.picture;

import java.util.Arrays;
import org.cytolake.facts.Fact;
import org.cytolake.intensity.LookupTable;

/** From intensities to brightness, 0 to 255: rounded and clipped, 0 for NaN. */
final class Tones {
  /** The widest span of integers that is looked up by index. */
  private static final int DENSE = 1 << 17;

  private Tones() {}

  /** Rounded and clipped; 0 for NaN. */
  static int byteOf(double value) {
    return (int) Math.max(0, Math.min(255, value + 0.5));
  }

  /**
   * From the 1st to the 99.8th percentile; black where the channel has no statistics.
   *
   * @param values {@code count} of them
   * @param into receives each at every {@code step}-th place from {@code first} on
   */
  static void contrast(
      double[] values, int count, Fact statistics, byte[] into, int first, int step) {
    if (statistics == null) {
      return;
    }
    double low = statistics.number("p1");
    double high = statistics.number("p99_8");
    double scale = 255 / (high > low ? high - low : 1);
    for (int i = 0, at = first; i < count; i++, at += step) {
      into[at] = (byte) byteOf((values[i] - low) * scale);
    }
  }

  /**
   * What a look-up table makes of intensities.
   *
   * @param table not empty
   * @param factor results are multiplied by it
   * @param into receives each at every {@code step}-th place from {@code first} on
   */
  static void lookup(
      double[] values, LookupTable table, double factor, byte[] into, int first, int step) {
    byte[] dense = dense(table, factor);
    double least = table.value(0);
    for (int i = 0, at = first; i < values.length; i++, at += step) {
      double offset = values[i] - least;
      int index = (int) offset;
      if (index == offset && index >= 0 && index < dense.length) {
        into[at] = dense[index];
      } else if (!Double.isNaN(offset)) {
        into[at] = (byte) byteOf(factor * table.nearest(values[i]));
      }
    }
  }

  /** Tones of all integers from the first value to the last; empty where they are too many. */
  private static byte[] dense(LookupTable table, double factor) {
    double least = table.value(0);
    double span = table.value(table.size() - 1) - least;
    if (span >= DENSE || least != Math.rint(least)) {
      return new byte[0];
    }
    byte[] dense = new byte[(int) span + 1];
    for (int i = 0; i < dense.length; i++) {
      dense[i] = (byte) byteOf(factor * table.nearest(least + i));
    }
    return dense;
  }

  /**
   * A smaller picture, each of its pixels the mean of the area that it covers.
   *
   * @param samples so many bytes a pixel as there are bands
   */
  static byte[] shrunk(
      byte[] samples, int bands, int width, int height, int toWidth, int toHeight) {
    double[] narrow = narrowed(samples, bands, width, height, toWidth);
    byte[] small = new byte[bands * toWidth * toHeight];
    double[] sums = new double[bands * toWidth];
    double scale = height / (double) toHeight;
    for (int y = 0; y < toHeight; y++) {
      Arrays.fill(sums, 0);
      double to = Math.min(height, (y + 1) * scale);
      for (int row = (int) (y * scale); row < to; row++) {
        double share = Math.min(to, row + 1) - Math.max(y * scale, row);
        for (int i = 0; i < sums.length; i++) {
          sums[i] += share * narrow[row * sums.length + i];
        }
      }
      for (int i = 0; i < sums.length; i++) {
        small[y * sums.length + i] = (byte) byteOf(sums[i] / scale);
      }
    }
    return small;
  }

  private static double[] narrowed(byte[] samples, int bands, int width, int height, int toWidth) {
    double[] narrow = new double[bands * toWidth * height];
    double scale = width / (double) toWidth;
    for (int x = 0; x < toWidth; x++) {
      double to = Math.min(width, (x + 1) * scale);
      for (int column = (int) (x * scale); column < to; column++) {
        double share = (Math.min(to, column + 1) - Math.max(x * scale, column)) / scale;
        for (int y = 0; y < height; y++) {
          for (int c = 0; c < bands; c++) {
            narrow[bands * (y * toWidth + x) + c] +=
                share * (samples[bands * (y * width + column) + c] & 0xff);
          }
        }
      }
    }
    return narrow;
  }
}
