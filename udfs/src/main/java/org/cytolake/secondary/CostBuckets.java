package org.cytolake.secondary;

import java.util.Arrays;

/**
 * Pixels by what the way to them costs, in buckets narrower than the least step: what is added
 * while a bucket is worked off belongs to a later one (R. B. Dial 1969, "Algorithm 360:
 * shortest-path forest with topological ordering").
 */
final class CostBuckets {
  /** Most buckets that are kept at once. */
  private static final int MOST = 1 << 20;

  private final double perCost; // buckets
  private final int[][] pixels; // by bucket, modulo
  private final int[] sizes;
  private long current; // bucket
  private int waiting;

  /**
   * @param least step, above 0
   * @param largest step
   */
  CostBuckets(double least, double largest) {
    perCost = 1.01 / least;
    int count = (int) (largest * perCost) + 4;
    pixels = new int[count][];
    sizes = new int[count];
  }

  /** Whether steps are so unequal that there would be too many buckets. */
  static boolean wouldBeTooMany(double least, double largest) {
    return !(largest * 1.01 / least < MOST);
  }

  void add(double cost, int pixel) {
    int slot = (int) ((long) (cost * perCost) % pixels.length);
    int size = sizes[slot]++;
    if (pixels[slot] == null) {
      pixels[slot] = new int[16];
    } else if (size == pixels[slot].length) {
      pixels[slot] = Arrays.copyOf(pixels[slot], 2 * size);
    }
    pixels[slot][size] = pixel;
    waiting++;
  }

  /**
   * Goes to the next bucket that has pixels.
   *
   * @return false where there is none
   */
  boolean next() {
    if (waiting == 0) {
      return false;
    }
    while (sizes[slot()] == 0) {
      current++;
    }
    return true;
  }

  private int slot() {
    return (int) (current % pixels.length);
  }

  /** Pixels of the bucket. */
  int size() {
    return sizes[slot()];
  }

  /** A pixel of the bucket. */
  int pixel(int i) {
    return pixels[slot()][i];
  }

  /** The bucket is worked off. */
  void clear() {
    waiting -= sizes[slot()];
    sizes[slot()] = 0;
  }
}
