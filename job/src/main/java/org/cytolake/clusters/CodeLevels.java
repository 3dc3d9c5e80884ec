package org.cytolake.clusters;

import java.util.Arrays;
import java.util.List;
import org.cytolake.image.Plane;
import org.cytolake.points.WeightedPoints;

/**
 * What a plane's samples are looked up in: by channel and code the number of the value that pixels
 * are clustered by, ascending, and whether it is above what chooses them. Not thread-safe.
 */
final class CodeLevels {
  /** The level of a pixel that is not clustered. */
  static final int NONE = -1;

  /** Pixels that are looked up together. */
  static final int CHUNK = 1 << 12;

  private final PixelValue value;
  private final double[][] values; // by channel and level
  private final int[] low; // by channel: the least code
  private final int[][] levels; // by channel and code: number of the value, or NONE
  private final byte[][] above; // by channel and code: 1 or 0
  private final int[][] found;
  private final double[] samples = new double[CHUNK];
  private final int[] channelsAbove = new int[CHUNK];

  private CodeLevels(PixelValue value, double[][] values) {
    int channels = value.channels();
    this.value = value;
    this.values = values;
    low = new int[channels];
    levels = new int[channels][];
    above = new byte[channels][];
    found = new int[channels][CHUNK];
    for (int c = 0; c < channels; c++) {
      low[c] = value.minCode(c);
      levels[c] = new int[value.maxCode(c) - low[c] + 1];
      above[c] = new byte[levels[c].length];
      for (int i = 0; i < levels[c].length; i++) {
        int at = Arrays.binarySearch(values[c], value.valueOfCode(c, low[c] + i));
        levels[c][i] = Math.max(NONE, at);
        above[c][i] = (byte) (value.isAbove(c, low[c] + i) ? 1 : 0);
      }
    }
  }

  /** With all values that codes of the plane have. */
  static CodeLevels of(PixelValue value) {
    double[][] values = new double[value.channels()][];
    for (int c = 0; c < values.length; c++) {
      double[] ofCodes = new double[value.maxCode(c) - value.minCode(c) + 1];
      for (int i = 0; i < ofCodes.length; i++) {
        ofCodes[i] = value.valueOfCode(c, value.minCode(c) + i);
      }
      values[c] = distinct(ofCodes);
    }
    return new CodeLevels(value, values);
  }

  /** With the values of some tuples; others have no level. */
  static CodeLevels of(PixelValue value, WeightedPoints points) {
    double[][] values = new double[value.channels()][];
    for (int c = 0; c < values.length; c++) {
      values[c] = distinct(points.column(c));
    }
    return new CodeLevels(value, values);
  }

  private static double[] distinct(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[n - 1]) {
        sorted[n++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, n);
  }

  /** How many levels each channel has, at least 1. */
  int[] sizes() {
    return Arrays.stream(values).mapToInt(v -> Math.max(1, v.length)).toArray();
  }

  double value(int channel, int level) {
    return values[channel][level];
  }

  /** The level of a value that is there. */
  int level(int channel, double of) {
    return Arrays.binarySearch(values[channel], of);
  }

  /**
   * The levels of up to {@value #CHUNK} pixels.
   *
   * @param channels samples of the clustering channels
   * @return by channel and pixel, the first channel's {@link #NONE} for a pixel that is not
   *     clustered; valid until the next call
   */
  int[][] read(List<Plane> channels, int from, int n) {
    Arrays.fill(channelsAbove, 0, n, 0);
    for (int c = 0; c < found.length; c++) {
      channels.get(c).read(from, n, samples, 0);
      for (int i = 0; i < n; i++) {
        if (Double.isFinite(samples[i])) {
          int code = value.code(c, samples[i]) - low[c];
          found[c][i] = levels[c][code];
          channelsAbove[i] += above[c][code];
        } else {
          found[c][i] = NONE;
        }
      }
    }
    for (int c = 1; c < found.length; c++) {
      for (int i = 0; i < n; i++) {
        found[0][i] |= found[c][i] >> 31;
      }
    }
    for (int i = 0; i < n; i++) {
      if (!value.isChosen(channelsAbove[i])) {
        found[0][i] = NONE;
      }
    }
    return found;
  }
}
