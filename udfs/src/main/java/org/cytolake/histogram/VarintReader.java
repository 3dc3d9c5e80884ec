package org.cytolake.histogram;

/** Reads what {@link VarintWriter} has written; what ends too early is an error. */
final class VarintReader {
  private final byte[] bytes;
  private int at;

  VarintReader(byte[] bytes) {
    this.bytes = bytes;
  }

  long unsigned() {
    long number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == bytes.length) {
        break;
      }
      byte b = bytes[at++];
      number |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("the bytes end, or a number does not, at byte " + at);
  }

  /**
   * A number of things that take a byte or more each: never more than there are bytes left, so that
   * damaged bytes ask for no memory.
   */
  int size() {
    long size = unsigned();
    if (size < 0 || size > bytes.length - at) {
      throw new IllegalArgumentException(
          "byte "
              + at
              + " announces "
              + size
              + " entries, "
              + (bytes.length - at)
              + " bytes follow");
    }
    return (int) size;
  }

  long signed() {
    long number = unsigned();
    return (number >>> 1) ^ -(number & 1);
  }

  boolean isAtEnd() {
    return at == bytes.length;
  }
}
