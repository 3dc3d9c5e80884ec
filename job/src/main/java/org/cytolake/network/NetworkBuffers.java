package org.cytolake.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Memory outside the heap for what a network is given and gives, reused from run to run; it grows
 * with the largest. Not thread-safe.
 */
public final class NetworkBuffers {
  private final FloatBuffer[] buffers = new FloatBuffer[3];

  /** For the image. */
  public FloatBuffer input(int size) {
    return buffer(0, size);
  }

  /** For the first or the second output. */
  FloatBuffer output(int number, int size) {
    return buffer(1 + number, size);
  }

  private FloatBuffer buffer(int which, int size) {
    FloatBuffer buffer = buffers[which];
    if (buffer == null || buffer.capacity() < size) {
      buffer =
          ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      buffers[which] = buffer;
    }
    buffer.clear().limit(size);
    return buffer;
  }
}
