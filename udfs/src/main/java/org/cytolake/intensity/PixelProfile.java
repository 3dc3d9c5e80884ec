package org.cytolake.intensity;

import java.util.Arrays;

/**
 * What pixels are compared by when their composition of markers counts and not how bright they are,
 * as Pixie has it (Liu et al. 2023, "Robust phenotyping of highly multiplexed tissue imaging data
 * using pixel-level clustering"): every channel divided by a percentile of its pixels, blurred,
 * divided by the sum of all channels, and by the same percentile once more.
 *
 * @param sigma of the Gaussian filter, pixels; 0: none
 * @param share whether each pixel's channels are divided by their sum
 * @param percentile of a channel's pixels above 0 that it is divided by, 0 to 100; 0: none
 */
public record PixelProfile(double sigma, boolean share, double percentile)
    implements java.io.Serializable {
  /** Intensities as they are. */
  public static final PixelProfile NONE = new PixelProfile(0, false, 0);

  public PixelProfile {
    if (!(sigma >= 0 && percentile >= 0 && percentile <= 100)) {
      throw new IllegalArgumentException("a profile with " + sigma + " and " + percentile);
    }
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /** In words. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (sigma > 0) {
      text.append(", blurred by ").append(sigma);
    }
    if (share) {
      text.append(", share of the total");
    }
    if (percentile > 0) {
      text.append(", in units of percentile ").append(percentile);
    }
    return text.toString();
  }

  /**
   * Replaces the intensities of an image. Pixels without any intensity have shares of 0; what is
   * not finite spreads as far as the filter reaches.
   *
   * @param channels row by row
   * @param width columns of the image
   */
  public void apply(float[][] channels, int width) {
    divide(channels);
    for (int c = 0; c < channels.length && sigma > 0; c++) {
      channels[c] = GaussianBlur.of(channels[c], width, sigma);
    }
    if (share) {
      shares(channels);
      divide(channels);
    }
  }

  private static void shares(float[][] channels) {
    for (int i = 0; i < channels[0].length; i++) {
      double sum = 0;
      for (float[] channel : channels) {
        sum += channel[i];
      }
      for (float[] channel : channels) {
        channel[i] = sum == 0 ? 0 : (float) (channel[i] / sum);
      }
    }
  }

  private void divide(float[][] channels) {
    for (int c = 0; c < channels.length && percentile > 0; c++) {
      double by = percentile(channels[c]);
      for (int i = 0; i < channels[c].length && by > 0; i++) {
        channels[c][i] = (float) (channels[c][i] / by);
      }
    }
  }

  /**
   * The percentile of the finite values above 0, interpolated as {@code numpy.quantile} does; 0
   * where there are none.
   */
  double percentile(float[] values) {
    int[] counts = new int[1 << 16]; // by the upper bits, which ascend as numbers above 0 do
    int n = 0;
    for (float value : values) {
      if (value > 0 && value <= Float.MAX_VALUE) {
        counts[Float.floatToRawIntBits(value) >>> 16]++;
        n++;
      }
    }
    if (n == 0) {
      return 0;
    }
    double rank = percentile / 100 * (n - 1);
    int below = (int) Math.floor(rank);
    double low = ranked(values, counts, below);
    double high = below + 1 < n ? ranked(values, counts, below + 1) : low;
    return low + (high - low) * (rank - below);
  }

  private static double ranked(float[] values, int[] counts, int rank) {
    int bucket = 0;
    int before = 0;
    while (before + counts[bucket] <= rank) {
      before += counts[bucket++];
    }
    float[] within = new float[counts[bucket]];
    int n = 0;
    for (float value : values) {
      if (value > 0 && Float.floatToRawIntBits(value) >>> 16 == bucket) {
        within[n++] = value;
      }
    }
    Arrays.sort(within);
    return within[rank - before];
  }
}
