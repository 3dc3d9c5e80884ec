package org.cytolake.intensity;

import java.io.Serializable;
import org.cytolake.histogram.Histogram;

/**
 * How much of a channel is stained. Pixels strictly above the threshold are.
 *
 * @param threshold in the channel's unit
 * @param fraction share of stained pixels, 0 to 1; NaN without pixels
 * @param mean mean intensity of the stained pixels; NaN where none is
 * @param saturatedFraction share of pixels at or above the level at which the camera saturates, 0
 *     to 1; NaN without pixels
 */
public record Stain(double threshold, double fraction, double mean, double saturatedFraction)
    implements Serializable {
  public Stain {
    requireShare(fraction);
    requireShare(saturatedFraction);
  }

  private static void requireShare(double share) {
    if (share < 0 || share > 1) {
      throw new IllegalArgumentException("a share of pixels lies between 0 and 1, not at " + share);
    }
  }

  /**
   * Of a channel.
   *
   * @param threshold in the channel's unit
   * @param saturation the lowest saturated intensity, 255 for unsigned bytes
   */
  public static Stain of(Histogram channel, double threshold, double saturation) {
    if (channel.isEmpty()) {
      return new Stain(threshold, Double.NaN, Double.NaN, Double.NaN);
    }
    long saturated = channel.countAbove(Math.nextDown(saturation));
    return new Stain(
        threshold,
        channel.fractionAbove(threshold),
        channel.meanAbove(threshold).orElse(Double.NaN),
        (double) saturated / channel.count());
  }

  /**
   * Of a channel, with a threshold found by a rule; NaN throughout without pixels.
   *
   * @param saturation the lowest saturated intensity, 255 for unsigned bytes
   */
  public static Stain of(Histogram channel, StainThreshold rule, double saturation) {
    return of(channel, channel.isEmpty() ? Double.NaN : rule.of(channel), saturation);
  }
}
