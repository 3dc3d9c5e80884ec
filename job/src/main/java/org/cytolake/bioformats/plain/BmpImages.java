package org.cytolake.bioformats.plain;

import java.io.IOException;
import java.util.Set;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.FormatTools;

/** Windows bitmaps without compression; of images with a palette, its indices. */
public final class BmpImages extends PlainReader {
  /** Bytes of the headers that there are, the lowest byte. */
  static final Set<Integer> HEADERS = Set.of(12, 16, 40, 52, 56, 64, 108, 124);

  private static final int MASKS = 3;

  private long start;
  private long step; // bytes from a row to the next
  private int bits;
  private boolean bottomUp;

  /** Opens files by {@link #setId}. */
  public BmpImages() {
    super("Windows Bitmap", "bmp");
  }

  @Override
  void readHeader(RandomAccessInputStream file) throws FormatException, IOException {
    file.order(true);
    file.seek(10);
    start = file.readUnsignedInt();
    boolean old = file.readInt() == 12;
    int width = old ? file.readUnsignedShort() : file.readInt();
    int height = old ? file.readUnsignedShort() : file.readInt();
    file.readShort();
    bits = file.readUnsignedShort();
    int compression = old ? 0 : file.readInt();
    if (compression == MASKS && bits == 32) {
      file.seek(54);
      boolean usual =
          file.readInt() == 0xff0000 && file.readInt() == 0xff00 && file.readInt() == 0xff;
      compression = usual ? 0 : MASKS;
    }
    boolean known = bits == 1 || bits == 4 || bits == 8 || bits == 24 || bits == 32;
    if (compression != 0 || !known) {
      throw RefusedException.unsupported(
          "bitmaps of " + bits + " bits with compression " + compression + " are not supported");
    }
    bottomUp = height > 0;
    step = ((long) width * bits + 31) / 32 * 4;
    addSeries(width, Math.abs(height), bits > 8 ? 3 : 1, 1, 1, FormatTools.UINT8);
    requireLength(start + step * Math.abs(height));
  }

  @Override
  void readRegion(int plane, byte[] into, int x, int y, int width, int height) throws IOException {
    byte[] row = new byte[(int) step];
    for (int r = 0; r < height; r++) {
      file().seek(start + step * (bottomUp ? getSizeY() - 1 - y - r : y + r));
      file().readFully(row);
      for (int i = 0; i < width; i++) {
        int at = r * width + i;
        if (bits <= 8) {
          int bit = (x + i) * bits;
          into[at] = (byte) ((row[bit / 8] >> (8 - bits - bit % 8)) & ((1 << bits) - 1));
        } else {
          for (int c = 0; c < 3; c++) { // blue first
            into[c * width * height + at] = row[(x + i) * bits / 8 + 2 - c];
          }
        }
      }
    }
  }
}
