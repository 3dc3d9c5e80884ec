package org.cytolake.intensity;

import java.util.Arrays;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;

/**
 * The intensities of an image of three slots: red, green and blue. Up to three channels are placed
 * in them; a slot without a channel is zeros, as many as there are pixels. Channels may have
 * different numbers of pixels where some are not finite. Immutable.
 */
public final class Composite {
  /** Number of slots. */
  public static final int SLOTS = 3;

  private static final int[][] DEFAULT_SLOTS = {{0}, {0, 2}, {0, 1, 2}};

  private final Histogram[] slots;
  private final long pixels;

  private Composite(Histogram[] slots, long pixels) {
    this.slots = slots;
    this.pixels = pixels;
  }

  /**
   * Of channels in the default slots: one as red, two as red and blue, three in order.
   *
   * @throws IllegalArgumentException if there are no or more than three channels
   */
  public static Composite of(Histogram... channels) {
    return of(defaultSlots(channels.length), channels);
  }

  /**
   * Of the channels of a joint histogram in the default slots.
   *
   * @throws IllegalArgumentException if it has more than three channels
   */
  public static Composite of(JointHistogram channels) {
    return of(defaultSlots(channels.channels()), channels);
  }

  /**
   * Of the channels of a joint histogram in the slots given.
   *
   * @param slots per channel 0, 1 or 2, each at most once
   * @throws IllegalArgumentException as for {@link #of(int[], Histogram...)}
   */
  public static Composite of(int[] slots, JointHistogram channels) {
    Histogram[] marginals = new Histogram[channels.channels()];
    for (int channel = 0; channel < marginals.length; channel++) {
      marginals[channel] = channels.marginal(channel);
    }
    return of(slots, marginals);
  }

  /**
   * Of channels in the slots given.
   *
   * @param slots per channel 0, 1 or 2, each at most once
   * @throws IllegalArgumentException if there are no or more than three channels, or a slot is out
   *     of range or taken twice
   */
  public static Composite of(int[] slots, Histogram... channels) {
    if (channels.length < 1 || channels.length > SLOTS || slots.length != channels.length) {
      throw new IllegalArgumentException(
          "a composite has 1 to 3 channels with a slot each, not "
              + channels.length
              + " channels and the slots "
              + Arrays.toString(slots));
    }
    Histogram[] placed = new Histogram[SLOTS];
    long pixels = Arrays.stream(channels).mapToLong(Histogram::count).max().orElseThrow();
    for (int channel = 0; channel < channels.length; channel++) {
      int slot = slots[channel];
      if (slot < 0 || slot >= SLOTS || placed[slot] != null) {
        throw new IllegalArgumentException(
            "slots are 0, 1 and 2, each at most once, not " + Arrays.toString(slots));
      }
      placed[slot] = channels[channel];
    }
    Histogram zeros = Histogram.of(new double[] {0}, new long[] {pixels});
    for (int slot = 0; slot < SLOTS; slot++) {
      if (placed[slot] == null) {
        placed[slot] = zeros;
      }
    }
    return new Composite(placed, pixels);
  }

  /**
   * The slots that so many channels take by default.
   *
   * @param channels 1 to 3
   * @throws IllegalArgumentException if the number is out of range
   */
  public static int[] defaultSlots(int channels) {
    if (channels < 1 || channels > SLOTS) {
      throw new IllegalArgumentException("a composite has 1 to 3 channels, not " + channels);
    }
    return DEFAULT_SLOTS[channels - 1].clone();
  }

  /** Number of pixels of the image: of the channel that has the most. */
  public long pixels() {
    return pixels;
  }

  /** The distribution in a slot from 0 to 2. */
  public Histogram slot(int slot) {
    return slots[slot];
  }

  /** The distribution of the samples of all three slots together. */
  public Histogram flattened() {
    return slots[0].plus(slots[1]).plus(slots[2]);
  }

  @Override
  public String toString() {
    return "Composite" + Arrays.toString(slots);
  }
}
