package org.cytolake.source;

import java.util.Arrays;
import java.util.List;

/**
 * Divides the pixels of a tile into groups of equal samples in the grouping channels.
 *
 * <p>The key of a pixel is its tuple of samples, each less its channel's minimum, packed as a
 * mixed-radix number. Where the product of the channels' ranges is small (any two 8-bit channels,
 * one 16-bit channel) a table indexed by the key numbers the groups; else a hash does. Samples that
 * are no small integers are numbered by a hash first.
 */
final class Grouping {
  private static final int DENSE = 1 << 20;
  private static final int[] NONE = {};

  private int groups;
  private int[] groupOf =
      NONE; // by pixel; unused where only counts are wanted or there is one group
  private int[] firstPixel = NONE; // by group: one of its pixels, which stands for its samples
  private long[] counts = {};
  private int[] table = NONE;
  private int[] codes = NONE;
  private boolean numbered;

  int groups() {
    return groups;
  }

  long[] counts() {
    return counts;
  }

  int firstPixel(int group) {
    return firstPixel[group];
  }

  /** The group of each pixel, or null where all are in group 0. */
  int[] groupOf() {
    return numbered ? groupOf : null;
  }

  void group(List<Samples> channels, int n, boolean onlyCounts) {
    numbered = false;
    if (n == 0) {
      groups = 0;
      return;
    }
    if (channels.isEmpty()) {
      groups = 1;
      ensureGroups(1);
      counts[0] = n;
      firstPixel[0] = 0;
      return;
    }
    if (allInts(channels)) {
      long[] ranges = new long[channels.size()];
      int[] minima = new int[channels.size()];
      double product = 1;
      for (int c = 0; c < ranges.length; c++) {
        int[] values = channels.get(c).ints();
        int min = values[0];
        int max = min;
        for (int i = 1; i < n; i++) {
          min = Math.min(min, values[i]);
          max = Math.max(max, values[i]);
        }
        minima[c] = min;
        ranges[c] = (long) max - min + 1;
        product *= ranges[c];
      }
      if (product <= DENSE) {
        dense(channels, minima, ranges, (int) product, n, onlyCounts);
        return;
      }
    }
    hashed(channels, n);
  }

  private static boolean allInts(List<Samples> channels) {
    return channels.stream().allMatch(c -> c.type() == SampleType.INT);
  }

  private void dense(
      List<Samples> channels, int[] minima, long[] ranges, int cells, int n, boolean onlyCounts) {
    if (codes.length < n) {
      codes = new int[n];
    }
    int[] first = channels.get(0).ints();
    for (int i = 0; i < n; i++) {
      codes[i] = first[i] - minima[0];
    }
    for (int c = 1; c < ranges.length; c++) {
      int[] values = channels.get(c).ints();
      int range = (int) ranges[c];
      int min = minima[c];
      for (int i = 0; i < n; i++) {
        codes[i] = codes[i] * range + (values[i] - min);
      }
    }
    if (table.length < cells) {
      table = new int[cells];
    }
    Arrays.fill(table, 0, cells, 0);
    for (int i = 0; i < n; i++) {
      table[codes[i]]++;
    }
    groups = 0;
    for (int cell = 0; cell < cells; cell++) {
      if (table[cell] > 0) {
        ensureGroups(groups + 1);
        counts[groups] = table[cell];
        table[cell] = groups++;
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      firstPixel[table[codes[i]]] = i;
    }
    if (!onlyCounts) {
      numbered = true;
      ensurePixels(n);
      for (int i = 0; i < n; i++) {
        groupOf[i] = table[codes[i]];
      }
    }
  }

  private void hashed(List<Samples> channels, int n) {
    numbered = true;
    ensurePixels(n);
    Arrays.fill(groupOf, 0, n, 0);
    LongIndex index = new LongIndex();
    for (Samples channel : channels) {
      boolean wide = channel.type() == SampleType.LONG || channel.type() == SampleType.DOUBLE;
      LongIndex values = wide ? new LongIndex() : null;
      index = new LongIndex();
      for (int i = 0; i < n; i++) {
        int code = wide ? values.numberOf(bits(channel, i)) : (int) bits(channel, i);
        groupOf[i] = index.numberOf(((long) groupOf[i] << 32) | (code & 0xffffffffL));
      }
    }
    groups = index.size();
    ensureGroups(groups);
    Arrays.fill(counts, 0, groups, 0);
    for (int i = n - 1; i >= 0; i--) {
      counts[groupOf[i]]++;
      firstPixel[groupOf[i]] = i;
    }
  }

  /** Equal for samples that Spark groups together: -0.0 with 0.0, every NaN with every other. */
  private static long bits(Samples channel, int i) {
    return switch (channel.type()) {
      case INT -> channel.ints()[i];
      case LONG -> channel.longs()[i];
      case FLOAT -> Float.floatToIntBits(channel.floats()[i] + 0.0f);
      case DOUBLE -> Double.doubleToLongBits(channel.doubles()[i] + 0.0);
    };
  }

  private void ensureGroups(int n) {
    if (counts.length < n) {
      int capacity = Math.max(1024, 2 * n);
      counts = Arrays.copyOf(counts, capacity);
      firstPixel = Arrays.copyOf(firstPixel, capacity);
    }
  }

  private void ensurePixels(int n) {
    if (groupOf.length < n) {
      groupOf = new int[n];
    }
  }
}
