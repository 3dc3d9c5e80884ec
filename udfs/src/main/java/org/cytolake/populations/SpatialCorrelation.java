package org.cytolake.populations;

import java.util.Arrays;

/**
 * How alike pixels some way apart are: Pearson's correlation of a plane's pixels with those a
 * distance along the row and along the column, as the mean over channels. A few distances, and of
 * long planes every fourth row and column, tell enough.
 */
public final class SpatialCorrelation {
  /** Below it pixels count as more different than alike. */
  private static final double ALIKE = 0.5;

  /** Distances, pixels. */
  private static final int[] LAGS = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256};

  private static final int STEP = 4;

  private final int channels;
  private final int lags;
  private final double[] origin; // what sums are taken around, by channel
  private final double[] sum;
  private final double[] squares;
  private final double[][] products; // by channel and lag
  private final long[] pairs; // by lag, the same for all channels
  private long pixels;

  /**
   * @param height of the whole plane, pixels; distances of more than a quarter of it, or of the
   *     width, count for nothing
   */
  public SpatialCorrelation(int channels, int height, int width) {
    this.channels = channels;
    int most = Math.min(height, width) / 4;
    lags = (int) Math.max(1, Arrays.stream(LAGS).filter(lag -> lag <= most).count());
    origin = new double[channels];
    sum = new double[channels];
    squares = new double[channels];
    products = new double[channels][lags];
    pairs = new long[lags];
  }

  /**
   * Adds rows of the plane.
   *
   * @param samples by channel, row by row, finite
   */
  public void add(float[][] samples, int height, int width) {
    if (samples.length != channels) {
      throw new IllegalArgumentException(samples.length + " channels, not " + channels);
    }
    for (int c = 0; c < channels; c++) {
      float[] x = samples[c];
      origin[c] = pixels == 0 && x.length > 0 ? x[0] : origin[c];
      for (float v : x) {
        sum[c] += v - origin[c];
      }
      squares[c] += products(x, 0, 0, x.length, 1, origin[c]);
      for (int l = 0; l < lags; l++) {
        products[c][l] += along(x, origin[c], height, width, LAGS[l]);
        products[c][l] += across(x, origin[c], height, width, LAGS[l]);
      }
    }
    for (int l = 0; l < lags; l++) {
      pairs[l] += (long) steps(height) * Math.max(0, width - LAGS[l]);
      pairs[l] += (long) steps(width) * Math.max(0, height - LAGS[l]);
    }
    pixels += (long) height * width;
  }

  private static int steps(int size) {
    return (size + STEP - 1) / STEP;
  }

  private static double along(float[] x, double origin, int height, int width, int lag) {
    double products = 0;
    for (int row = 0; row < height; row += STEP) {
      products += products(x, row * width, row * width + lag, width - lag, 1, origin);
    }
    return products;
  }

  private static double across(float[] x, double origin, int height, int width, int lag) {
    double products = 0;
    for (int row = 0; row < height - lag; row++) {
      products += products(x, row * width, (row + lag) * width, steps(width), STEP, origin);
    }
    return products;
  }

  /** Of so many pixels from two places on; four sums side by side, which need not wait. */
  private static double products(
      float[] x, int first, int second, int count, int step, double origin) {
    double p0 = 0;
    double p1 = 0;
    double p2 = 0;
    double p3 = 0;
    int a = first;
    int b = second;
    int left = count;
    for (; left >= 4; left -= 4, a += 4 * step, b += 4 * step) {
      p0 += (x[a] - origin) * (x[b] - origin);
      p1 += (x[a + step] - origin) * (x[b + step] - origin);
      p2 += (x[a + 2 * step] - origin) * (x[b + 2 * step] - origin);
      p3 += (x[a + 3 * step] - origin) * (x[b + 3 * step] - origin);
    }
    for (; left > 0; left--, a += step, b += step) {
      p0 += (x[a] - origin) * (x[b] - origin);
    }
    return p0 + p1 + (p2 + p3);
  }

  /**
   * The distance up to which pixels are alike: where the correlation first falls below one half,
   * between distances by a straight line. What is alike for other reasons than that it lies in the
   * same cell, such as a colony's pixels or an empty half of the image, hardly counts.
   *
   * @return pixels, from 1 to the longest distance looked at, which it is where pixels stay alike
   */
  public double distance() {
    double before = 1;
    int from = 0;
    for (int l = 0; l < lags; l++) {
      double now = correlation(l);
      if (now < ALIKE) {
        double distance = from + (LAGS[l] - from) * (before - ALIKE) / (before - now);
        return Math.max(1, distance);
      }
      before = now;
      from = LAGS[l];
    }
    return from;
  }

  /** Population variances of the channels. */
  double[] variances() {
    double[] variances = new double[channels];
    Arrays.setAll(variances, this::variance);
    return variances;
  }

  private double variance(int channel) {
    if (pixels == 0) {
      return 0;
    }
    double mean = sum[channel] / pixels;
    return Math.max(0, squares[channel] / pixels - mean * mean);
  }

  /** Of channels that vary; 0 where none does. */
  private double correlation(int lag) {
    double total = 0;
    int varying = 0;
    for (int c = 0; c < channels && pairs[lag] > 0; c++) {
      double mean = sum[c] / pixels;
      if (variance(c) > 0) {
        total += (products[c][lag] / pairs[lag] - mean * mean) / variance(c);
        varying++;
      }
    }
    return varying == 0 ? 0 : total / varying;
  }
}
