package org.cytolake.bioformats.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import loci.formats.FormatException;
import org.cytolake.bioformats.plain.RefusedException;

/** Makes a piece's stored samples those of {@link TiffLayout#pixelType}, and undoes predictors. */
final class TiffSamples {
  private TiffSamples() {}

  static void reverseBits(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
    }
  }

  /**
   * Decodes rows of a piece.
   *
   * @param stored the rows, uncompressed, each beginning with a byte of its own; changed
   * @return the samples in the file's byte order, as many to a row
   */
  static byte[] decode(TiffLayout layout, byte[] stored, int rows) throws FormatException {
    int row = layout.pieceWidth() * layout.together();
    int together = layout.together();
    if (layout.predictor() == 3) {
      unshuffle(layout, stored, rows, row);
    } else if (layout.predictor() == 2) {
      integrate(stored, rows, row, together, layout.bytesPerSample(), layout.littleEndian());
    }
    if (layout.isStraight()) {
      return stored;
    }
    byte[] wide =
        new byte[Math.multiplyExact(Math.multiplyExact(rows, row), layout.bytesPerSample())];
    ByteBuffer into = ByteBuffer.wrap(wide).order(order(layout));
    if (layout.kind() == TiffLayout.Kind.FLOAT) {
      halves(layout, stored, rows * row, into);
      return wide;
    }
    int rowBytes = (int) layout.rowBytes();
    int[] values = new int[row];
    for (int r = 0; r < rows; r++) {
      unpack(layout, stored, r * rowBytes, values);
      for (int i = 0; i < row; i++) {
        put(into, (r * row + i) * layout.bytesPerSample(), layout.bytesPerSample(), values[i]);
      }
    }
    return wide;
  }

  private static ByteOrder order(TiffLayout layout) {
    return layout.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  private static void put(ByteBuffer into, int at, int bytes, int value) {
    switch (bytes) {
      case 1 -> into.put(at, (byte) value);
      case 2 -> into.putShort(at, (short) value);
      default -> into.putInt(at, value);
    }
  }

  /** A row of samples: 24 bits in the file's byte order, others the most significant bit first. */
  private static void unpack(TiffLayout layout, byte[] stored, int from, int[] values) {
    int bits = layout.bits();
    if (bits == 24) {
      int high = layout.littleEndian() ? 2 : 0;
      int low = 2 - high;
      for (int i = 0; i < values.length; i++) {
        int at = from + 3 * i;
        values[i] =
            ((stored[at + high] & 0xff) << 16)
                | ((stored[at + 1] & 0xff) << 8)
                | (stored[at + low] & 0xff);
      }
      return;
    }
    long held = 0;
    int count = 0;
    int at = from;
    for (int i = 0; i < values.length; i++) {
      while (count < bits) {
        held = (held << 8) | (stored[at++] & 0xff);
        count += 8;
      }
      count -= bits;
      values[i] = (int) (held >>> count) & (int) ((1L << bits) - 1);
    }
  }

  /** Floats of 16 bits (IEEE 754) and 24 (Adobe's: 1 sign, 7 exponent, 16 fraction). */
  private static void halves(TiffLayout layout, byte[] stored, int count, ByteBuffer into) {
    boolean half = layout.bits() == 16;
    ByteBuffer from = ByteBuffer.wrap(stored).order(order(layout));
    for (int i = 0; i < count; i++) {
      int value;
      if (half) {
        value = from.getShort(2 * i) & 0xffff;
      } else {
        int high = layout.littleEndian() ? 2 : 0;
        value =
            ((stored[3 * i + high] & 0xff) << 16)
                | ((stored[3 * i + 1] & 0xff) << 8)
                | (stored[3 * i + 2 - high] & 0xff);
      }
      into.putFloat(4 * i, half ? small(value, 5, 10) : small(value, 7, 16));
    }
  }

  /**
   * A floating-point number with a short exponent and fraction, after IEEE 754.
   *
   * @param exponentBits of the number; {@code fractionBits} likewise
   */
  static float small(int value, int exponentBits, int fractionBits) {
    int most = (1 << exponentBits) - 1;
    int exponent = (value >>> fractionBits) & most;
    int fraction = value & ((1 << fractionBits) - 1);
    boolean negative = ((value >>> (exponentBits + fractionBits)) & 1) == 1;
    int bias = most >> 1;
    float size;
    if (exponent == most) {
      size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      size = (float) (fraction * Math.pow(2, 1 - bias - fractionBits));
    } else {
      size =
          (float) ((fraction + (1 << fractionBits)) * Math.pow(2, exponent - bias - fractionBits));
    }
    return negative ? -size : size;
  }

  /** Predictor 2, TIFF 6.0 section 14, of samples of 1, 2 or 4 bytes. */
  private static void integrate(
      byte[] samples, int rows, int row, int together, int bytes, boolean little) {
    if (bytes == 1) {
      for (int r = 0; r < rows; r++) {
        for (int i = r * row + together; i < (r + 1) * row; i++) {
          samples[i] += samples[i - together];
        }
      }
      return;
    }
    ByteBuffer buffer =
        ByteBuffer.wrap(samples).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (int r = 0; r < rows; r++) {
      for (int i = r * row + together; i < (r + 1) * row; i++) {
        if (bytes == 2) {
          int sum = buffer.getShort(2 * i) + buffer.getShort(2 * (i - together));
          buffer.putShort(2 * i, (short) sum);
        } else {
          buffer.putInt(4 * i, buffer.getInt(4 * i) + buffer.getInt(4 * (i - together)));
        }
      }
    }
  }

  /**
   * Predictor 3, Adobe's technical note 3 for TIFF: a row is the most significant bytes of its
   * samples, then the next ones, and so on, and of all that the differences of neighbours.
   */
  private static void unshuffle(TiffLayout layout, byte[] stored, int rows, int row)
      throws FormatException {
    if (layout.bits() % 8 != 0) {
      throw RefusedException.unsupported("the predictor 3 of " + layout.bits() + " bits");
    }
    int bytes = layout.bits() / 8;
    int together = layout.together();
    byte[] shuffled = new byte[row * bytes];
    for (int r = 0; r < rows; r++) {
      int start = r * shuffled.length;
      System.arraycopy(stored, start, shuffled, 0, shuffled.length);
      for (int i = together; i < shuffled.length; i++) {
        shuffled[i] += shuffled[i - together];
      }
      for (int i = 0; i < row; i++) {
        for (int b = 0; b < bytes; b++) {
          int place = layout.littleEndian() ? bytes - 1 - b : b;
          stored[start + i * bytes + place] = shuffled[b * row + i];
        }
      }
    }
  }
}
