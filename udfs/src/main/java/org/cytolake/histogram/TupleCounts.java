package org.cytolake.histogram;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Counts of tuples of one or two values that come one by one, whatever the values: open addressing
 * over primitive arrays. A value is a code of 64 bits that ascends as the values do: an integer is
 * its own code, {@link #code} makes that of a finite number in floating point.
 */
public final class TupleCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int channels;
  private final transient long[][] codes; // by channel and slot
  private transient long[] counts; // by slot; 0 where it is free
  private transient int size;

  /** Of no tuples; {@code channels} is 1 or 2. */
  public TupleCounts(int channels) {
    if (channels < 1 || channels > 2) {
      throw new IllegalArgumentException("tuples of 1 or 2 values are counted, not " + channels);
    }
    this.channels = channels;
    codes = new long[channels][64];
    counts = new long[64];
  }

  /** Tuples in ascending order with their counts. */
  public static final class Sorted {
    private final long[][] codes;
    private final long[] counts;

    private Sorted(long[][] codes, long[] counts) {
      this.codes = codes;
      this.counts = counts;
    }

    /** Number of distinct tuples. */
    public int size() {
      return counts.length;
    }

    /** The code of a channel's value in a tuple. */
    public long code(int channel, int tuple) {
      return codes[channel][tuple];
    }

    /** How often a tuple was counted. */
    public long count(int tuple) {
      return counts[tuple];
    }

    /**
     * All of it with two channels, in double precision.
     *
     * @param value of a code
     */
    public JointHistogram joint(LongToDoubleFunction value) {
      return JointHistogram.ascending(
          new double[][] {values(0, value), values(1, value)}, counts.clone());
    }

    /** All of it with one channel, in double precision. */
    public Histogram histogram(LongToDoubleFunction value) {
      return Histogram.ascending(values(0, value), counts.clone());
    }

    private double[] values(int channel, LongToDoubleFunction value) {
      return Arrays.stream(codes[channel]).mapToDouble(value).toArray();
    }
  }

  /** The code of a finite number; that of -0.0 is that of 0.0. */
  public static long code(double value) {
    return flipped(Double.doubleToLongBits(value + 0.0));
  }

  /** The number of which this is the {@link #code}. */
  public static double value(long code) {
    return Double.longBitsToDouble(flipped(code));
  }

  /** Of negative numbers the larger has the smaller bits. */
  private static long flipped(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Counts a value, or with two channels the pair of it with itself. */
  public void add(long x) {
    add(x, x, 1);
  }

  /** Counts a pair. */
  public void add(long x, long y) {
    add(x, y, 1);
  }

  private void add(long x, long y, long count) {
    int slot = slot(x, y);
    if (counts[slot] == 0) {
      codes[0][slot] = x;
      codes[channels - 1][slot] = y;
      size++;
    }
    counts[slot] = Math.addExact(counts[slot], count);
    if (size > counts.length / 2) {
      grow();
    }
  }

  /** Adds all that the other has counted. */
  public void add(TupleCounts other) {
    for (int i = 0; i < other.counts.length; i++) {
      if (other.counts[i] > 0) {
        add(other.codes[0][i], other.codes[channels - 1][i], other.counts[i]);
      }
    }
  }

  private int slot(long x, long y) {
    int mask = counts.length - 1;
    long mixed = (x * 0x9E3779B97F4A7C15L + y) * 0xC2B2AE3D27D4EB4FL;
    int slot = (int) (mixed ^ (mixed >>> 32)) & mask;
    while (counts[slot] != 0 && (codes[0][slot] != x || codes[channels - 1][slot] != y)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[][] oldCodes = codes.clone();
    long[] oldCounts = counts;
    counts = new long[oldCounts.length * 2];
    for (int channel = 0; channel < channels; channel++) {
      codes[channel] = new long[counts.length];
    }
    for (int i = 0; i < oldCounts.length; i++) {
      if (oldCounts[i] > 0) {
        long x = oldCodes[0][i];
        long y = oldCodes[channels - 1][i];
        int slot = slot(x, y);
        codes[0][slot] = x;
        codes[channels - 1][slot] = y;
        counts[slot] = oldCounts[i];
      }
    }
  }

  /** What was counted. */
  public Sorted sorted() {
    int[] order = order();
    long[][] sortedCodes = new long[channels][size];
    long[] sortedCounts = new long[size];
    for (int i = 0; i < size; i++) {
      for (int channel = 0; channel < channels; channel++) {
        sortedCodes[channel][i] = codes[channel][order[i]];
      }
      sortedCounts[i] = counts[order[i]];
    }
    return new Sorted(sortedCodes, sortedCounts);
  }

  /** The slots of the tuples, ascending. */
  private int[] order() {
    int[] slots = IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
    long[] xs = codes[0];
    long[] ys = codes[channels - 1];
    long minX = Arrays.stream(slots).mapToLong(i -> xs[i]).min().orElse(0);
    long maxX = Arrays.stream(slots).mapToLong(i -> xs[i]).max().orElse(0);
    long minY = Arrays.stream(slots).mapToLong(i -> ys[i]).min().orElse(0);
    long maxY = Arrays.stream(slots).mapToLong(i -> ys[i]).max().orElse(0);
    int bitsY = 64 - Long.numberOfLeadingZeros(maxY - minY);
    int bitsX = 64 - Long.numberOfLeadingZeros(maxX - minX);
    if (bitsX + bitsY > 63) {
      return Arrays.stream(slots).boxed().sorted(this::compare).mapToInt(i -> i).toArray();
    }
    long[] keys =
        Arrays.stream(slots).mapToLong(i -> ((xs[i] - minX) << bitsY) | (ys[i] - minY)).toArray();
    Arrays.sort(keys);
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot(minX + (keys[i] >> bitsY), minY + (keys[i] & ((1L << bitsY) - 1)));
    }
    return slots;
  }

  private int compare(int a, int b) {
    int byX = Long.compare(codes[0][a], codes[0][b]);
    return byX != 0 ? byX : Long.compare(codes[channels - 1][a], codes[channels - 1][b]);
  }

  /** Serialised it is bytes, a class that Java has: Spark's own class loader reads it. */
  private Object writeReplace() {
    return toBytes();
  }

  private byte[] toBytes() {
    Sorted sorted = sorted();
    VarintWriter out = new VarintWriter();
    out.unsigned(channels);
    out.unsigned(size);
    long[] last = new long[channels];
    for (int i = 0; i < size; i++) {
      for (int channel = 0; channel < channels; channel++) {
        out.signed(sorted.code(channel, i) - last[channel]);
        last[channel] = sorted.code(channel, i);
      }
      out.unsigned(sorted.count(i));
    }
    return out.toBytes();
  }

  private static TupleCounts fromBytes(byte[] bytes) {
    VarintReader in = new VarintReader(bytes);
    TupleCounts all = new TupleCounts((int) in.unsigned());
    int n = in.size();
    long[] last = new long[all.channels];
    for (int i = 0; i < n; i++) {
      for (int channel = 0; channel < all.channels; channel++) {
        last[channel] += in.signed();
      }
      all.add(last[0], last[all.channels - 1], in.unsigned());
    }
    return all;
  }

  /**
   * Counts as they are, or as they come out of their serialised form.
   *
   * @param counts {@link TupleCounts} or what became of them
   */
  public static TupleCounts of(Object counts) {
    return counts instanceof byte[] bytes ? fromBytes(bytes) : (TupleCounts) counts;
  }
}
