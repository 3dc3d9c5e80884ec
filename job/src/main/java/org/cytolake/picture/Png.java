package org.cytolake.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files (W3C, "Portable Network Graphics (PNG) Specification", third edition). */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte RGB = 2;
  private static final byte PALETTE = 3;
  private static final byte NO_FILTER = 0;
  private static final byte UP = 2;
  private static final int LEVEL = 3;

  private Png() {}

  /**
   * A picture of 8 bits a colour.
   *
   * @param rgb pixels row by row, red in bits 16 to 23, then green and blue
   */
  static byte[] rgb(int[] rgb, int width, int height) {
    int stride = 1 + 3 * width;
    byte[] rows = new byte[stride * height];
    for (int y = 0, at = 0, i = 0; y < height; y++) {
      rows[at++] = UP;
      for (int x = 0; x < width; x++, i++, at += 3) {
        int pixel = rgb[i];
        int above = y == 0 ? 0 : rgb[i - width];
        rows[at] = (byte) ((pixel >> 16) - (above >> 16));
        rows[at + 1] = (byte) ((pixel >> 8) - (above >> 8));
        rows[at + 2] = (byte) (pixel - above);
      }
    }
    return file(rows, width, height, 8, RGB, new byte[0]);
  }

  /**
   * A picture of up to 16 colours.
   *
   * @param indices into the palette, row by row
   * @param palette red in bits 16 to 23, then green and blue
   */
  static byte[] indexed(byte[] indices, int width, int height, int[] palette) {
    int stride = 1 + (width + 1) / 2;
    byte[] rows = new byte[stride * height];
    for (int y = 0, i = 0; y < height; y++) {
      int at = y * stride;
      rows[at++] = NO_FILTER;
      for (int x = 0; x < width; x++, i++) {
        rows[at + x / 2] |= (byte) (indices[i] << (x % 2 == 0 ? 4 : 0));
      }
    }
    byte[] colours = new byte[3 * palette.length];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = (byte) (palette[i / 3] >> (8 * (2 - i % 3)));
    }
    return file(rows, width, height, 4, PALETTE, colours);
  }

  private static byte[] file(
      byte[] rows, int width, int height, int bits, byte kind, byte[] palette) {
    ByteArrayOutputStream file = new ByteArrayOutputStream(rows.length / 2);
    file.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) bits).put(kind); // then compression, filter and interlace: 0
    chunk("IHDR", header.array(), header.capacity(), file);
    if (palette.length > 0) {
      chunk("PLTE", palette, palette.length, file);
    }
    byte[] packed = new byte[rows.length + rows.length / 1000 + 64];
    Deflater deflater = new Deflater(LEVEL);
    try {
      deflater.setInput(rows);
      deflater.finish();
      int size = 0;
      while (!deflater.finished()) {
        if (size == packed.length) {
          packed = java.util.Arrays.copyOf(packed, 2 * size);
        }
        size += deflater.deflate(packed, size, packed.length - size);
      }
      chunk("IDAT", packed, size, file);
    } finally {
      deflater.end();
    }
    chunk("IEND", new byte[0], 0, file);
    return file.toByteArray();
  }

  private static void chunk(String name, byte[] content, int size, ByteArrayOutputStream file) {
    CRC32 sum = new CRC32();
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    sum.update(type);
    sum.update(content, 0, size);
    file.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
    file.writeBytes(type);
    file.write(content, 0, size);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }
}
