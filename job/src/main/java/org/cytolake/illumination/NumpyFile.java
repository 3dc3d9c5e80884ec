package org.cytolake.illumination;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A two-dimensional array in NumPy's format .npy, versions 1 to 3. */
final class NumpyFile {
  private static final Pattern TYPE = Pattern.compile("'descr': *'([<>|=])([fiu])(\\d)'");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\((\\d+), *(\\d+),?\\)");

  private NumpyFile() {}

  /**
   * Reads one.
   *
   * @throws IOException where it is none
   */
  static LightImage read(byte[] file) throws IOException {
    if (file.length < 12 || file[0] != (byte) 0x93 || file[1] != 'N') {
      throw new IOException("it does not begin as NumPy's arrays do");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int start = file[6] == 1 ? 10 : 12;
    int length = file[6] == 1 ? bytes.getShort(8) & 0xffff : bytes.getInt(8);
    if (length < 0 || length > file.length - start) {
      throw new IOException("its header is cut off");
    }
    String header = new String(file, start, length, StandardCharsets.UTF_8);
    Matcher type = TYPE.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!type.find() || !shape.find()) {
      throw new IOException("it is no two-dimensional array of numbers: " + header.strip());
    }
    long height = Long.parseLong(shape.group(1));
    long width = Long.parseLong(shape.group(2));
    int size = Integer.parseInt(type.group(3));
    if (height < 1 || width < 1 || height * width * size != file.length - start - length) {
      throw new IOException("it has not as many values as its header says");
    }
    bytes.order(type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[(int) (height * width)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) value(bytes, type.group(2), size, start + length + i * size);
    }
    return header.contains("'fortran_order': True")
        ? LightImage.ofColumns((int) height, (int) width, values)
        : new LightImage((int) height, (int) width, values);
  }

  private static double value(ByteBuffer bytes, String kind, int size, int at) throws IOException {
    return switch (kind + size) {
      case "f4" -> bytes.getFloat(at);
      case "f8" -> bytes.getDouble(at);
      case "u1" -> bytes.get(at) & 0xff;
      case "u2" -> bytes.getShort(at) & 0xffff;
      case "i2" -> bytes.getShort(at);
      case "i4" -> bytes.getInt(at);
      case "i8" -> bytes.getLong(at);
      default -> throw new IOException("its numbers are of the type " + kind + size);
    };
  }
}
