package org.cytolake.illumination;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.InflaterInputStream;

/**
 * The first two-dimensional real array in a MATLAB file of version 5, as CellProfiler writes its
 * functions ("MAT-File Format", The MathWorks).
 */
final class MatlabFile {
  private static final int HEADER = 128;
  private static final int COMPRESSED = 15;
  private static final int MATRIX = 14;
  private static final int MOST = 1 << 30; // bytes of an array

  private final ByteBuffer bytes;

  private MatlabFile(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** A piece of the file: its type, and where its content is and what comes next. */
  private record Element(int type, int start, int length, int next) {}

  /**
   * Reads one.
   *
   * @throws IOException where there is none
   */
  static LightImage read(byte[] file) throws IOException {
    if (file.length < HEADER + 8) {
      throw new IOException("it is too short for a MATLAB file of version 5");
    }
    boolean little = file[126] == 'I' && file[127] == 'M';
    if (!little && !(file[126] == 'M' && file[127] == 'I')) {
      throw new IOException("it is no MATLAB file of version 5");
    }
    ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    try {
      MatlabFile of = new MatlabFile(ByteBuffer.wrap(file).order(order));
      for (int at = HEADER; at + 8 <= file.length; ) {
        Element element = of.element(at);
        if (element.type == COMPRESSED) {
          ByteArrayInputStream deflated =
              new ByteArrayInputStream(file, element.start, element.length);
          try (InflaterInputStream in = new InflaterInputStream(deflated)) {
            byte[] plain = in.readNBytes(MOST);
            MatlabFile inside = new MatlabFile(ByteBuffer.wrap(plain).order(order));
            return inside.matrix(inside.element(0));
          }
        }
        if (element.type == MATRIX) {
          return of.matrix(element);
        }
        at = element.next;
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("it is cut off", e);
    }
    throw new IOException("it holds no array");
  }

  private Element element(int at) throws IOException {
    int type = bytes.getInt(at);
    if (type >>> 16 != 0) { // up to 4 bytes, beside their length
      return new Element(type & 0xffff, at + 4, type >>> 16, at + 8);
    }
    int length = bytes.getInt(at + 4);
    if (length < 0 || length > MOST) {
      throw new IOException("an element of it has " + length + " bytes");
    }
    int padded = type == COMPRESSED ? length : (length + 7) / 8 * 8;
    return new Element(type, at + 8, length, at + 8 + padded);
  }

  private LightImage matrix(Element matrix) throws IOException {
    if (matrix.type != MATRIX) {
      throw new IOException("it begins with no array");
    }
    Element flags = element(matrix.start);
    Element dimensions = element(flags.next);
    Element name = element(dimensions.next);
    Element real = element(name.next);
    int kind = bytes.getInt(flags.start) & 0xff;
    if (dimensions.length != 8 || kind < 6) { // 6 to 15 are arrays of numbers
      throw new IOException("its first variable is no two-dimensional array of numbers");
    }
    int height = bytes.getInt(dimensions.start);
    int width = bytes.getInt(dimensions.start + 4);
    int size = bytesOf(real.type);
    if (height < 1 || width < 1 || (long) height * width * size != real.length) {
      throw new IOException("its first variable has not as many values as it says");
    }
    float[] values = new float[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) value(real.type, real.start + i * size);
    }
    return LightImage.ofColumns(height, width, values);
  }

  private static int bytesOf(int type) throws IOException {
    return switch (type) {
      case 1, 2 -> 1;
      case 3, 4 -> 2;
      case 5, 6, 7 -> 4;
      case 9 -> 8;
      default -> throw new IOException("its numbers are of the type " + type);
    };
  }

  private double value(int type, int at) {
    return switch (type) {
      case 1 -> bytes.get(at);
      case 2 -> bytes.get(at) & 0xff;
      case 3 -> bytes.getShort(at);
      case 4 -> bytes.getShort(at) & 0xffff;
      case 5 -> bytes.getInt(at);
      case 6 -> bytes.getInt(at) & 0xffffffffL;
      case 7 -> bytes.getFloat(at);
      default -> bytes.getDouble(at);
    };
  }
}
