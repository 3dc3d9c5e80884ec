package org.cytolake.cellpose;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * Objects as the pixels whose flows end together: seeds are the peaks of the histogram of ends,
 * grown by five pixels; {@code cellpose.dynamics.get_masks_torch}.
 *
 * <p>Of two seeds that reach the same place, that in which more pixels end has it; of two with
 * equally many, the one that comes later row by row, as by a stable sort. The reference's {@code
 * torch.argsort} is not stable where the processor has AVX2 or AVX-512, and leaves that case open.
 */
final class Sinks {
  private static final int PAD = 2; // no peak is looked for there
  private static final int PEAK_RADIUS = 2;
  private static final int MORE_THAN_AT_PEAK = 10;
  private static final int MORE_THAN_AROUND = 2;
  private static final int GROWTH = 5;

  /** Objects that cover more of the plane are taken for background. */
  private static final double LARGEST_SHARE = 0.4;

  private final int height;
  private final int width;
  private final int stride;
  private final int[] counts; // padded
  private final int[] owners; // number of the seed, from 1; padded

  private Sinks(int height, int width) {
    this.height = height;
    this.width = width;
    this.stride = width + 2 * PAD;
    this.counts = new int[Math.multiplyExact(height + 2 * PAD, stride)];
    this.owners = new int[counts.length];
  }

  /**
   * Labels pixels.
   *
   * @param ends of {@link FlowFollowing#ends}
   * @return objects, numbered in the order of their first pixels, row by row
   */
  static LabelImage label(int[] ends, int height, int width) {
    Sinks sinks = new Sinks(height, width);
    sinks.count(ends);
    int[] seeds = sinks.seeds();
    sinks.grow(seeds);
    LabelImage image = new LabelImage(height, width);
    int[] labels = image.labels();
    for (int i = 0; i < labels.length; i++) {
      labels[i] = ends[i] == FlowFollowing.NOWHERE ? 0 : sinks.owners[sinks.padded(ends[i])];
    }
    removeLarge(labels, seeds.length);
    Numbering.renumber(image, seeds.length);
    return image;
  }

  private int padded(int index) {
    return (index / width + PAD) * stride + index % width + PAD;
  }

  private void count(int[] ends) {
    for (int end : ends) {
      if (end != FlowFollowing.NOWHERE) {
        counts[padded(end)]++;
      }
    }
  }

  /** The peaks, in ascending order of their counts. */
  private int[] seeds() {
    long[] found = new long[64];
    int size = 0;
    for (int row = PAD; row < height + PAD; row++) {
      for (int at = row * stride + PAD; at < row * stride + PAD + width; at++) {
        if (counts[at] > MORE_THAN_AT_PEAK && isPeak(at)) {
          if (size == found.length) {
            found = Arrays.copyOf(found, 2 * size);
          }
          found[size++] = (long) counts[at] << Integer.SIZE | at;
        }
      }
    }
    Arrays.sort(found, 0, size);
    int[] seeds = new int[size];
    for (int k = 0; k < size; k++) {
      seeds[k] = (int) found[k];
    }
    return seeds;
  }

  private boolean isPeak(int at) {
    int count = counts[at];
    for (int dy = -PEAK_RADIUS; dy <= PEAK_RADIUS; dy++) {
      int row = at + dy * stride;
      for (int dx = -PEAK_RADIUS; dx <= PEAK_RADIUS; dx++) {
        if (counts[row + dx] > count) {
          return false;
        }
      }
    }
    return true;
  }

  /** Every seed takes the places that it reaches through those where enough pixels end. */
  private void grow(int[] seeds) {
    int side = 2 * GROWTH + 1;
    int[] queue = new int[side * side];
    for (int k = 0; k < seeds.length; k++) {
      int owner = k + 1;
      int taken = 0;
      queue[taken++] = seeds[k];
      owners[seeds[k]] = owner;
      int from = 0;
      for (int step = 0; step < GROWTH; step++) {
        int until = taken;
        for (; from < until; from++) {
          for (int dy = -stride; dy <= stride; dy += stride) {
            for (int at = queue[from] + dy - 1; at <= queue[from] + dy + 1; at++) {
              if (counts[at] > MORE_THAN_AROUND && owners[at] != owner) {
                owners[at] = owner;
                queue[taken++] = at;
              }
            }
          }
        }
      }
    }
  }

  private static void removeLarge(int[] labels, int largest) {
    int[] sizes = new int[largest + 1];
    for (int label : labels) {
      sizes[label]++;
    }
    double most = labels.length * LARGEST_SHARE;
    for (int i = 0; i < labels.length; i++) {
      if (sizes[labels[i]] > most) {
        labels[i] = 0;
      }
    }
  }
}
