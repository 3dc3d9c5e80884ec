package org.cytolake.bioformats.plain;

import java.io.IOException;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.FormatTools;

/**
 * Netpbm's grey and colour images (PGM and PPM, P2, P3, P5, P6) with the values that are stored.
 */
public final class NetpbmImages extends PlainReader {
  private long start;
  private int[] text; // samples of a file in plain text; null: binary
  private int bytes;

  /** Opens files by {@link #setId}. */
  public NetpbmImages() {
    super("Portable Any Map", "pgm");
  }

  @Override
  void readHeader(RandomAccessInputStream file) throws FormatException, IOException {
    file.seek(1);
    int kind = file.readUnsignedByte() - '0';
    int width = number(file);
    int height = number(file);
    int most = number(file);
    if (most < 1 || most > 65535) {
      throw RefusedException.damaged("its largest value is " + most);
    }
    int channels = kind == 3 || kind == 6 ? 3 : 1;
    bytes = most > 255 ? 2 : 1;
    start = file.getFilePointer();
    addSeries(width, height, channels, 1, 1, bytes == 2 ? FormatTools.UINT16 : FormatTools.UINT8);
    long samples = Math.multiplyExact((long) width * height, channels);
    text = null;
    if (kind >= 5) {
      long end = start + samples * bytes;
      requireLength(end);
      file.seek(end);
      if (file.length() - end > 2 && file.readUnsignedByte() == 'P') {
        throw RefusedException.unsupported("several netpbm images in one file are not supported");
      }
      return;
    }
    if (samples > file.length()) {
      throw RefusedException.truncated("it is truncated: it has fewer samples than it declares");
    }
    text = new int[Math.toIntExact(samples)];
    for (int i = 0; i < text.length; i++) {
      text[i] = number(file);
      if (text[i] > most) {
        throw RefusedException.damaged(
            "its sample " + i + " is " + text[i] + ", above its largest value, " + most);
      }
    }
  }

  /** The next number, after white space and comments; and the one character behind it. */
  private static int number(RandomAccessInputStream file) throws FormatException, IOException {
    int c = file.readUnsignedByte();
    while (c == '#' || Character.isWhitespace(c)) {
      while (c == '#') {
        do {
          c = file.readUnsignedByte();
        } while (c != '\n' && c != '\r');
      }
      c = file.readUnsignedByte();
    }
    if (c < '0' || c > '9') {
      throw RefusedException.damaged("there is no number at byte " + (file.getFilePointer() - 1));
    }
    long value = 0;
    while (c >= '0' && c <= '9') {
      value = Math.min(10 * value + c - '0', Integer.MAX_VALUE);
      if (file.getFilePointer() >= file.length()) {
        return (int) value;
      }
      c = file.readUnsignedByte();
    }
    if (c == '#') {
      file.seek(file.getFilePointer() - 1);
    }
    return (int) value;
  }

  @Override
  void readRegion(int plane, byte[] into, int x, int y, int width, int height) throws IOException {
    int channels = getSizeC();
    byte[] row = new byte[width * channels * bytes];
    for (int r = 0; r < height; r++) {
      long first = ((long) (y + r) * getSizeX() + x) * channels;
      if (text == null) {
        file().seek(start + first * bytes);
        file().readFully(row);
      }
      for (int i = 0; i < width * channels; i++) {
        int to = ((i % channels * height + r) * width + i / channels) * bytes;
        for (int b = 0; b < bytes; b++) {
          into[to + b] =
              text == null
                  ? row[i * bytes + b]
                  : (byte) (text[(int) first + i] >> (8 * (bytes - 1 - b)));
        }
      }
    }
  }

  /** Whether a file begins as those that are read. */
  static boolean begins(byte[] head) {
    return head.length > 2
        && head[0] == 'P'
        && (head[1] == '2' || head[1] == '3' || head[1] == '5' || head[1] == '6')
        && (Character.isWhitespace(head[2]) || head[2] == '#');
  }
}
