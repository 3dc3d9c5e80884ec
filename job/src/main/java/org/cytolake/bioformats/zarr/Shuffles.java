package org.cytolake.bioformats.zarr;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Puts back in order what Blosc shuffled before it compressed, eight bytes at a time. */
final class Shuffles {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW_4 = 0x00000000FFFFFFFFL; // the lower 4 bytes of 8
  private static final long LOW_2 = 0x0000FFFF0000FFFFL; // the lower 2 of each 4
  private static final long LOW_1 = 0x00FF00FF00FF00FFL; // the lower of each 2
  private static final long LOW_4_BITS = 0x0F0F0F0F0F0F0F0FL; // the lower 4 bits of each byte
  private static final long LOW_2_BITS = 0x3333333333333333L; // the lower 2 of each 4
  private static final long LOW_1_BIT = 0x5555555555555555L; // the lower of each 2

  private Shuffles() {}

  /**
   * Of all samples the first bytes lie together, then the second ones, and so on; what is left at
   * the end is as it was.
   *
   * @param from the block; {@code length} bytes of it
   */
  static void bytes(byte[] from, byte[] into, int to, int length, int typeSize) {
    int samples = length / typeSize;
    int done = samples - samples % 8;
    switch (typeSize) {
      case 1 -> System.arraycopy(from, 0, into, to, samples);
      case 2 -> pairs(from, into, to, samples, done);
      case 4 -> fours(from, into, to, samples, done);
      default -> done = 0;
    }
    for (int b = 0; typeSize > 1 && b < typeSize; b++) {
      for (int i = done, out = to + done * typeSize + b; i < samples; i++, out += typeSize) {
        into[out] = from[b * samples + i];
      }
    }
    int whole = samples * typeSize;
    System.arraycopy(from, whole, into, to + whole, length - whole);
  }

  private static void pairs(byte[] from, byte[] into, int to, int samples, int count) {
    for (int i = 0, out = to; i < count; i += 8, out += 16) {
      long first = (long) LONGS.get(from, i);
      long second = (long) LONGS.get(from, samples + i);
      LONGS.set(into, out, mixed(first, second));
      LONGS.set(into, out + 8, mixed(first >>> 32, second >>> 32));
    }
  }

  private static void fours(byte[] from, byte[] into, int to, int samples, int count) {
    for (int i = 0, out = to; i < count; i += 8, out += 32) {
      long first = (long) LONGS.get(from, i);
      long second = (long) LONGS.get(from, samples + i);
      long third = (long) LONGS.get(from, 2 * samples + i);
      long fourth = (long) LONGS.get(from, 3 * samples + i);
      long low = mixed(first, second);
      long high = mixed(third, fourth);
      LONGS.set(into, out, mixed2(low, high));
      LONGS.set(into, out + 8, mixed2(low >>> 32, high >>> 32));
      low = mixed(first >>> 32, second >>> 32);
      high = mixed(third >>> 32, fourth >>> 32);
      LONGS.set(into, out + 16, mixed2(low, high));
      LONGS.set(into, out + 24, mixed2(low >>> 32, high >>> 32));
    }
  }

  /** The lower four bytes of two in turn. */
  private static long mixed(long first, long second) {
    return apart(first) | (apart(second) << 8);
  }

  /** The lower four bytes, with a byte of zeros after each. */
  private static long apart(long bytes) {
    long twos = twosApart(bytes);
    return (twos | (twos << 8)) & LOW_1;
  }

  /** The lower four bytes of two in turn, two by two. */
  private static long mixed2(long first, long second) {
    return twosApart(first) | (twosApart(second) << 16);
  }

  /** The lower four bytes, with two bytes of zeros after each two. */
  private static long twosApart(long bytes) {
    return ((bytes & LOW_4) | (bytes << 16)) & LOW_2;
  }

  /**
   * Of all samples the lowest bits of their first bytes lie together, then the second ones, and so
   * on. A block whose number of samples is no multiple of 8 is as it was.
   *
   * @param between room for as many bytes
   */
  static void bits(byte[] from, byte[] into, int to, int length, int typeSize, byte[] between) {
    int samples = length / typeSize;
    if (samples % 8 != 0) {
      System.arraycopy(from, 0, into, to, length);
      return;
    }
    int whole = samples * typeSize;
    if (typeSize == 2) {
      bitsOfPairs(from, into, to, samples / 8);
    } else {
      long[] rows = new long[8];
      for (int b = 0; b < typeSize; b++) {
        turn(from, between, b * samples, samples / 8, rows);
      }
      bytes(between, into, to, whole, typeSize);
    }
    System.arraycopy(from, whole, into, to + whole, length - whole);
  }

  /**
   * Samples of two bytes, which most images have, without a look at anything between.
   *
   * @param row bytes of one row of bits
   */
  private static void bitsOfPairs(byte[] from, byte[] into, int to, int row) {
    long[] low = new long[8];
    long[] high = new long[8];
    int j = 0;
    for (; j + 8 <= row; j += 8) {
      bytesOfBits(from, j, row, low);
      bytesOfBits(from, 8 * row + j, row, high);
      for (int k = 0; k < 8; k++) { // samples of every other eight
        long lower = low[k];
        long upper = high[k];
        low[k] = (lower & LOW_1) | ((upper & LOW_1) << 8);
        high[k] = ((lower >>> 8) & LOW_1) | (upper & ~LOW_1);
      }
      int out = to + 16 * j;
      for (int k = 0; k < 8; k += 4) {
        fourPairs(low, k, into, out + 2 * k);
        fourPairs(high, k, into, out + 2 * k + 16);
      }
    }
    for (; j < row; j++) {
      long first = byteOfBits(from, j, row);
      long second = byteOfBits(from, 8 * row + j, row);
      LONGS.set(into, to + 16 * j, mixed(first, second));
      LONGS.set(into, to + 16 * j + 8, mixed(first >>> 32, second >>> 32));
    }
  }

  /** Turns four times four samples of two bytes, and writes each four 32 bytes apart. */
  private static void fourPairs(long[] rows, int first, byte[] into, int out) {
    swap(rows, first, 2, 32, LOW_4);
    swap(rows, first + 1, 2, 32, LOW_4);
    swap(rows, first, 1, 16, LOW_2);
    swap(rows, first + 2, 1, 16, LOW_2);
    for (int k = 0; k < 4; k++) {
      LONGS.set(into, out + 32 * k, rows[first + k]);
    }
  }

  /**
   * Makes bytes of one place in all samples of eight rows of their bits, eight times eight bytes at
   * once.
   *
   * @param first of the bytes, in both arrays
   * @param row bytes of one row
   */
  private static void turn(byte[] from, byte[] into, int first, int row, long[] rows) {
    int j = 0;
    for (; j + 8 <= row; j += 8) {
      bytesOfBits(from, first + j, row, rows);
      turnEight(rows, 8, LOW_4, LOW_2, LOW_1);
      for (int k = 0; k < 8; k++) {
        LONGS.set(into, first + 8 * (j + k), rows[k]);
      }
    }
    for (; j < row; j++) {
      LONGS.set(into, first + 8 * j, byteOfBits(from, first + j, row));
    }
  }

  /**
   * Makes eight times eight bytes of their bits (Warren, Hacker's Delight, 7-3, for all bytes of
   * eight longs at once): byte j of long k is that of sample 8 j + k.
   *
   * @param at the first byte of the first row; {@code row} bytes from each to the next
   */
  private static void bytesOfBits(byte[] from, int at, int row, long[] rows) {
    for (int k = 0; k < 8; k++) {
      rows[k] = (long) LONGS.get(from, at + k * row);
    }
    turnEight(rows, 1, LOW_4_BITS, LOW_2_BITS, LOW_1_BIT);
  }

  /** Turns eight times eight units of so many bits; the lower four, two and one of them are low. */
  private static void turnEight(long[] rows, int bits, long low4, long low2, long low1) {
    for (int k = 0; k < 4; k++) {
      swap(rows, k, 4, 4 * bits, low4);
    }
    for (int k = 0; k < 8; k += 4) {
      swap(rows, k, 2, 2 * bits, low2);
      swap(rows, k + 1, 2, 2 * bits, low2);
    }
    for (int k = 0; k < 8; k += 2) {
      swap(rows, k, 1, bits, low1);
    }
  }

  /** Of the bits of eight samples in eight rows. */
  private static long byteOfBits(byte[] from, int at, int row) {
    long bits = 0;
    for (int k = 7; k >= 0; k--) {
      bits = (bits << 8) | (from[at + k * row] & 0xff);
    }
    return turned(bits);
  }

  private static void swap(long[] rows, int row, int step, int shift, long low) {
    long t = ((rows[row] >>> shift) ^ rows[row + step]) & low;
    rows[row + step] ^= t;
    rows[row] ^= t << shift;
  }

  /** Eight times eight bits, turned. */
  private static long turned(long bits) {
    long t = (bits ^ (bits >>> 7)) & 0x00AA00AA00AA00AAL;
    long x = bits ^ t ^ (t << 7);
    t = (x ^ (x >>> 14)) & 0x0000CCCC0000CCCCL;
    x ^= t ^ (t << 14);
    t = (x ^ (x >>> 28)) & 0x00000000F0F0F0F0L;
    return x ^ t ^ (t << 28);
  }
}
