package org.cytolake.shading;

import java.util.Arrays;

/**
 * The median of the pixels in a disk around each pixel, of those that lie in the plane: the
 * smallest level of which more than half of them are no larger, as {@code
 * skimage.filters.rank.median} has it. The disk slides along a row, with a histogram of what is
 * under it (T. Huang, G. Yang, G. Tang 1979, "A fast two-dimensional median filtering algorithm").
 */
final class DiskMedian {
  private static final int LEVELS = 1 << 16;
  private static final int FINE = 1 << 8; // levels that one coarse level holds

  private final int height;
  private final int width;
  private final int radius;
  private final int[] reach; // by distance in rows: how many columns the disk goes to either side
  private final int[] fine = new int[LEVELS];
  private final int[] coarse = new int[LEVELS / FINE];
  private int pixels;

  private DiskMedian(int height, int width, int radius) {
    this.height = height;
    this.width = width;
    this.radius = radius;
    this.reach = new int[2 * radius + 1];
    for (int dy = -radius; dy <= radius; dy++) {
      reach[dy + radius] = (int) Math.sqrt((double) radius * radius - (double) dy * dy);
    }
  }

  /**
   * Filters a plane.
   *
   * @param levels 0 to 65535, row by row
   * @param radius of the disk, pixels; those at just that distance belong to it
   */
  static char[] of(char[] levels, int height, int width, int radius) {
    return new DiskMedian(height, width, radius).filtered(levels);
  }

  private char[] filtered(char[] levels) {
    char[] medians = new char[levels.length];
    for (int y = 0; y < height; y++) {
      Arrays.fill(fine, 0);
      Arrays.fill(coarse, 0);
      pixels = 0;
      int top = Math.max(0, y - radius);
      int bottom = Math.min(height - 1, y + radius);
      for (int row = top; row <= bottom; row++) {
        int last = Math.min(width - 1, reach[row - y + radius]);
        for (int x = 0; x <= last; x++) {
          count(levels[row * width + x], 1);
        }
      }
      medians[y * width] = median();
      for (int x = 1; x < width; x++) {
        for (int row = top; row <= bottom; row++) {
          int side = reach[row - y + radius];
          if (x - 1 - side >= 0) {
            count(levels[row * width + x - 1 - side], -1);
          }
          if (x + side < width) {
            count(levels[row * width + x + side], 1);
          }
        }
        medians[y * width + x] = median();
      }
    }
    return medians;
  }

  private void count(char level, int change) {
    fine[level] += change;
    coarse[level / FINE] += change;
    pixels += change;
  }

  private char median() {
    int half = pixels / 2; // more than half of them: more than this, be their number odd or even
    int below = 0;
    int block = 0;
    while (below + coarse[block] <= half) {
      below += coarse[block++];
    }
    int level = block * FINE;
    while (below + fine[level] <= half) {
      below += fine[level++];
    }
    return (char) level;
  }
}
