package org.cytolake.histogram;

import java.util.Arrays;

/** Whole numbers as bytes of 7 bits, low ones first, the highest bit set on all but the last. */
final class VarintWriter {
  private static final int LONGEST = 10;

  private byte[] bytes = new byte[1 << 10];
  private int size;

  /** A number that is seldom negative. */
  void unsigned(long number) {
    if (size + LONGEST > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A number near 0, negative or not. */
  void signed(long number) {
    unsigned((number << 1) ^ (number >> 63));
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
