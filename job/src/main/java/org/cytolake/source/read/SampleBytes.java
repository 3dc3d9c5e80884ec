package org.cytolake.source.read;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import org.cytolake.bioformats.Samples;

/** Samples as the bytes that numpy reads: little-endian, row by row, of the file's own type. */
public enum SampleBytes {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  FLOAT64(8);

  private final int size;

  SampleBytes(int size) {
    this.size = size;
  }

  /**
   * Of a pixel type.
   *
   * @param pixelType OME's name; a bit is a byte here
   */
  public static SampleBytes of(String pixelType) {
    return switch (pixelType) {
      case "bit" -> UINT8;
      case "float" -> FLOAT32;
      case "double" -> FLOAT64;
      default -> valueOf(pixelType.toUpperCase(java.util.Locale.ROOT));
    };
  }

  /** Bytes of a sample. */
  public int size() {
    return size;
  }

  /** Numpy's name. */
  public String numpyName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Copies a rectangle into a larger one.
   *
   * @param width of the rectangle, all of whose samples are given
   * @param into the larger one's bytes
   * @param first index there, in samples, of the rectangle's first
   * @param step samples there from one row to the next
   */
  public void copy(Samples samples, int width, byte[] into, int first, int step) {
    int height = samples.size() / width;
    boolean contiguous = width == step;
    int rows = contiguous ? 1 : height;
    int length = contiguous ? width * height : width;
    byte[] packed = samples.packed();
    for (int row = 0; row < rows; row++) {
      int from = row * width;
      int to = first + row * step;
      if (packed != null && size == 1) {
        System.arraycopy(packed, from, into, to, length);
      } else {
        copyRow(samples, from, length, into, to);
      }
    }
  }

  private void copyRow(Samples samples, int from, int length, byte[] into, int to) {
    ByteBuffer bytes =
        ByteBuffer.wrap(into, to * size, length * size).slice().order(ByteOrder.LITTLE_ENDIAN);
    switch (this) {
      case UINT8, INT8 -> {
        for (int i = 0; i < length; i++) {
          into[to + i] = (byte) (long) samples.at(from + i);
        }
      }
      case UINT16, INT16 -> {
        ShortBuffer shorts = bytes.asShortBuffer();
        for (int i = 0; i < length; i++) {
          shorts.put(i, (short) (long) samples.at(from + i));
        }
      }
      case UINT32, INT32 -> {
        IntBuffer ints = bytes.asIntBuffer();
        for (int i = 0; i < length; i++) {
          ints.put(i, (int) (long) samples.at(from + i));
        }
      }
      case FLOAT32 -> {
        FloatBuffer floats = bytes.asFloatBuffer();
        for (int i = 0; i < length; i++) {
          floats.put(i, (float) samples.at(from + i));
        }
      }
      case FLOAT64 -> {
        DoubleBuffer doubles = bytes.asDoubleBuffer();
        for (int i = 0; i < length; i++) {
          doubles.put(i, samples.at(from + i));
        }
      }
    }
  }
}
