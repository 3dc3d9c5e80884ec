package org.cytolake.bioformats.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Some bytes of an array.
 *
 * @param from index of the first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ChunkBytes(byte[] array, int from, int length) {
  static ChunkBytes of(byte[] array) {
    return new ChunkBytes(array, 0, array.length);
  }

  /** The first bytes. */
  ChunkBytes first(int count) {
    return new ChunkBytes(array, from, count);
  }

  int unsigned(int at) {
    return array[from + at] & 0xff;
  }

  /** The 32-bit integer at a place, little-endian. */
  int intAt(int at) {
    return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).getInt(from + at);
  }
}
