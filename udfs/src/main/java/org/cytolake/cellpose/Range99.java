package org.cytolake.cellpose;

import java.util.Arrays;
import org.cytolake.histogram.Histogram;

/**
 * What is 0 and 1 for the network in a channel: its percentiles 1 and 99; {@code
 * cellpose.transforms.normalize99} on 32-bit floats, percentiles as numpy computes them of such, to
 * the last bit.
 *
 * @param low percentile 1
 * @param high percentile 99
 * @param constant whether all pixels are the same: the network is given them as they are
 */
public record Range99(float low, float high, boolean constant) {
  private static final int LOW = 1;
  private static final int HIGH = 99;
  private static final float LEAST = 1e-3f;
  private static final int SAMPLED_SIDE = 224;

  /** Percentiles of planes of more pixels are those of a sample. */
  private static final long MOST_PIXELS = (long) SAMPLED_SIDE * SAMPLED_SIDE * SAMPLED_SIDE;

  /** Whether the percentiles of a plane are those of a sample, see {@link #step}. */
  public static boolean isSampled(int height, int width) {
    return (long) height * width > MOST_PIXELS;
  }

  /** Of every how many rows, or columns, the sample has one, from the first on. */
  public static int step(int size) {
    return Math.max(1, size / SAMPLED_SIDE);
  }

  /**
   * Of a whole plane.
   *
   * @param pixels all of them, finite, at least one
   */
  public static Range99 of(Histogram pixels) {
    return new Range99(
        percentile(pixels, LOW), percentile(pixels, HIGH), pixels.min() == pixels.max());
  }

  /**
   * Of a plane that is sampled.
   *
   * @param pixels all of them
   * @param sample every {@link #step}-th of every step-th row
   */
  public static Range99 of(Histogram pixels, float[] sample) {
    float[] sorted = sample.clone();
    Arrays.sort(sorted);
    return new Range99(
        percentile(sorted.length, LOW, i -> sorted[(int) i]),
        percentile(sorted.length, HIGH, i -> sorted[(int) i]),
        pixels.min() == pixels.max());
  }

  /** The value at a place in ascending order. */
  @FunctionalInterface
  private interface Ordered {
    float at(long place);
  }

  private static float percentile(Histogram pixels, int percent) {
    return percentile(pixels.count(), percent, place -> at(pixels, place));
  }

  private static float at(Histogram pixels, long place) {
    int index = 0;
    long seen = pixels.count(0);
    while (seen <= place) {
      seen += pixels.count(++index);
    }
    return (float) pixels.value(index);
  }

  private static float percentile(long count, int percent, Ordered values) {
    long last = count - 1;
    float position = (float) last * (percent / 100f);
    long below = Math.min(last, (long) position);
    float share = position - below;
    float a = values.at(below);
    float b = values.at(Math.min(last, below + 1));
    return share >= 0.5f ? b - (b - a) * (1 - share) : a + (b - a) * share;
  }

  /**
   * Normalises values in place, to about 0 to 1. A value that is not finite would take all in the
   * network's reach with it: infinity becomes what percentile 99 becomes, and what else is not
   * finite as percentile 1.
   */
  public void normalize(float[] values) {
    float range = high - low;
    boolean blank = !constant && !(range > LEAST);
    for (int i = 0; i < values.length; i++) {
      float value = values[i];
      if (!Float.isFinite(value)) {
        value = value > 0 ? high : low;
      }
      values[i] = constant ? value : blank ? 0 : (value - low) / range;
    }
  }
}
