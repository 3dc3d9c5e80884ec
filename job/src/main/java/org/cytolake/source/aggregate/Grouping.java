package org.cytolake.source.aggregate;

import java.util.Arrays;
import java.util.List;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.SampleType;

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
  private static final int BYTE_PAIRS = 1 << 16;
  private static final int[] NONE = {};

  private int groups;
  private int[] groupOf =
      NONE; // by pixel; unused where only counts are wanted or there is one group
  // by group: its key where a table numbers the groups, else one of its pixels
  private int[] representative = NONE;
  private int[] minima = NONE; // of each channel, where a table numbers the groups
  private int[] strides = NONE; // of each channel in the key
  private long[] counts = {};
  private int[] table = NONE;
  private int[] keys = NONE;
  private boolean numbered;

  int groups() {
    return groups;
  }

  long[] counts() {
    return counts;
  }

  /** Whether {@link #sample} tells the samples of a group; else {@link #firstPixel} does. */
  boolean dense() {
    return strides.length > 0;
  }

  /** The sample that a group's pixels have in the c-th grouping channel. */
  int sample(int c, int group) {
    int key = representative[group];
    return minima[c] + (c == 0 ? key : key % strides[c - 1]) / strides[c];
  }

  /** One of a group's pixels. */
  int firstPixel(int group) {
    return representative[group];
  }

  /** The group of each pixel, or null where all are in group 0. */
  int[] groupOf() {
    return numbered ? groupOf : null;
  }

  void group(List<Samples> channels, int n, boolean onlyCounts) {
    numbered = false;
    strides = NONE;
    if (n == 0) {
      groups = 0;
      return;
    }
    if (channels.isEmpty()) {
      groups = 1;
      ensureGroups(1);
      counts[0] = n;
      representative[0] = 0;
      return;
    }
    if (onlyCounts && n >= BYTE_PAIRS && channels.size() == 2) {
      byte[] a = channels.get(0).packed();
      byte[] b = channels.get(1).packed();
      if (a != null && b != null) {
        minima = new int[2];
        clear(BYTE_PAIRS);
        countPairs(a, b, n);
        strides = new int[] {1 << 8, 1};
        number(BYTE_PAIRS);
        return;
      }
    }
    if (allInts(channels)) {
      long[] ranges = new long[channels.size()];
      minima = new int[channels.size()];
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
        dense(channels, ranges, (int) product, n, onlyCounts);
        return;
      }
    }
    hashed(channels, n);
  }

  private static boolean allInts(List<Samples> channels) {
    return channels.stream().allMatch(c -> c.type() == SampleType.INT);
  }

  private void dense(List<Samples> channels, long[] ranges, int cells, int n, boolean onlyCounts) {
    strides = new int[ranges.length];
    int stride = 1;
    for (int c = strides.length - 1; c >= 0; c--) {
      strides[c] = stride;
      stride *= (int) ranges[c];
    }
    clear(cells);
    if (channels.size() == 2 && onlyCounts) {
      countPairs(channels.get(0).ints(), channels.get(1).ints(), n);
    } else {
      keys(channels, n);
      for (int i = 0; i < n; i++) {
        table[keys[i]]++;
      }
    }
    number(cells);
    if (!onlyCounts) {
      numbered = true;
      ensurePixels(n);
      for (int i = 0; i < n; i++) {
        groupOf[i] = table[keys[i]];
      }
    }
  }

  private void clear(int cells) {
    if (table.length < cells) {
      table = new int[cells];
    }
    Arrays.fill(table, 0, cells, 0);
  }

  /** Makes a group of every key that has pixels. */
  private void number(int cells) {
    groups = 0;
    for (int key = 0; key < cells; key++) {
      if (table[key] > 0) {
        ensureGroups(groups + 1);
        counts[groups] = table[key];
        representative[groups] = key;
        table[key] = groups++;
      }
    }
  }

  private void countPairs(byte[] a, byte[] b, int n) {
    int[] cells = table;
    for (int i = 0; i < n; i++) {
      cells[((a[i] & 0xff) << 8) | (b[i] & 0xff)]++;
    }
  }

  /** The joint histogram of two channels, which nearly every query asks for, in one pass. */
  private void countPairs(int[] a, int[] b, int n) {
    int[] cells = table;
    int stride = strides[0];
    int origin = minima[0] * stride + minima[1]; // may wrap round, as the sums below then do too
    for (int i = 0; i < n; i++) {
      cells[a[i] * stride + b[i] - origin]++;
    }
  }

  private void keys(List<Samples> channels, int n) {
    if (keys.length < n) {
      keys = new int[n];
    }
    Arrays.fill(keys, 0, n, 0);
    for (int c = 0; c < strides.length; c++) {
      int[] values = channels.get(c).ints();
      int stride = strides[c];
      int min = minima[c];
      for (int i = 0; i < n; i++) {
        keys[i] += (values[i] - min) * stride;
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
      representative[groupOf[i]] = i;
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
      representative = Arrays.copyOf(representative, capacity);
    }
  }

  private void ensurePixels(int n) {
    if (groupOf.length < n) {
      groupOf = new int[n];
    }
  }
}
