package org.cytolake.bioformats.plain;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.FormatTools;

/**
 * FITS 4.0: each image of the file is a series, with the values that astropy gives. BZERO makes
 * unsigned integers of signed ones; other BZERO, BSCALE and BLANK make floating-point numbers, of
 * 32 bits for integers to 16 and of 64 above. The third axis is z, the fourth t.
 */
public final class FitsImages extends PlainReader {
  private static final int BLOCK = 2880;
  private static final int CARD = 80;

  private final List<Unit> units = new ArrayList<>();

  /** How an image is stored. */
  private record Unit(
      long start, int bits, double zero, double scale, Long blank, boolean flipsSign, int type) {
    int storedBytes() {
      return Math.abs(bits) / 8;
    }
  }

  /** Opens files by {@link #setId}. */
  public FitsImages() {
    super("Flexible Image Transport System", "fits");
  }

  @Override
  void readHeader(RandomAccessInputStream file) throws FormatException, IOException {
    units.clear();
    long at = 0;
    while (at + BLOCK <= file.length()) {
      Map<String, String> cards = new HashMap<>();
      long start = header(file, at, cards);
      if (!cards.containsKey("SIMPLE") && !cards.containsKey("XTENSION")) {
        break; // what follows the last unit
      }
      at = unit(cards, start);
    }
    if (units.isEmpty()) {
      throw RefusedException.unsupported("it holds no image");
    }
  }

  /** Reads a header; where its data begin. */
  private static long header(RandomAccessInputStream file, long from, Map<String, String> cards)
      throws IOException {
    byte[] block = new byte[BLOCK];
    for (long at = from; ; at += BLOCK) {
      file.seek(at);
      file.readFully(block);
      for (int c = 0; c < BLOCK; c += CARD) {
        String card = new String(block, c, CARD, StandardCharsets.ISO_8859_1);
        String key = card.substring(0, 8).strip();
        if (key.equals("END")) {
          return at + BLOCK;
        }
        if (card.startsWith("= ", 8)) {
          cards.putIfAbsent(key, value(card.substring(10)));
        }
      }
      if (at == from && !cards.containsKey("SIMPLE") && !cards.containsKey("XTENSION")) {
        return at + BLOCK;
      }
    }
  }

  private static String value(String text) {
    String plain = text.strip();
    if (plain.startsWith("'")) {
      int end = plain.indexOf('\'', 1);
      return (end < 0 ? plain.substring(1) : plain.substring(1, end)).strip();
    }
    int comment = plain.indexOf('/');
    return (comment < 0 ? plain : plain.substring(0, comment)).strip();
  }

  /** Adds a unit where it is an image; where the next begins. */
  private long unit(Map<String, String> cards, long start) throws FormatException, IOException {
    int bits = (int) number(cards, "BITPIX", 0);
    int axes = (int) number(cards, "NAXIS", 0);
    long pixels = axes == 0 ? 0 : 1;
    long[] sizes = new long[Math.max(4, axes)];
    java.util.Arrays.fill(sizes, 1);
    for (int a = 0; a < axes; a++) {
      sizes[a] = (long) number(cards, "NAXIS" + (a + 1), 0);
      pixels = Math.multiplyExact(pixels, sizes[a]);
    }
    long groups = (long) number(cards, "GCOUNT", 1);
    long bytes = Math.abs(bits) / 8 * groups * ((long) number(cards, "PCOUNT", 0) + pixels);
    boolean image = cards.getOrDefault("XTENSION", "IMAGE").equals("IMAGE");
    if (cards.getOrDefault("ZIMAGE", "F").equals("T")) {
      throw RefusedException.unsupported("compressed images in FITS tables are not supported");
    }
    if (image && pixels > 0 && axes >= 2) {
      for (int a = 4; a < axes; a++) {
        if (sizes[a] > 1) {
          throw RefusedException.unsupported("FITS images of " + axes + " axes are not supported");
        }
      }
      requireLength(start + bytes);
      Unit unit = stored(cards, start, bits);
      units.add(unit);
      addSeries(
          Math.toIntExact(sizes[0]),
          Math.toIntExact(sizes[1]),
          1,
          Math.toIntExact(sizes[2]),
          Math.toIntExact(sizes[3]),
          unit.type());
    }
    return start + (bytes + BLOCK - 1) / BLOCK * BLOCK;
  }

  private static Unit stored(Map<String, String> cards, long start, int bits)
      throws FormatException {
    double zero = number(cards, "BZERO", 0);
    double scale = number(cards, "BSCALE", 1);
    boolean plain = zero == 0 && scale == 1;
    double half = bits == 8 ? -128 : Math.scalb(1.0, bits - 1);
    boolean flips = bits > 0 && scale == 1 && zero == half;
    Long blank =
        bits > 0 && !flips && cards.containsKey("BLANK")
            ? Long.valueOf((long) number(cards, "BLANK", 0))
            : null;
    boolean asStored = (plain && blank == null) || flips;
    int type =
        switch (bits) {
          case 8 -> asStored ? (flips ? FormatTools.INT8 : FormatTools.UINT8) : FormatTools.FLOAT;
          case 16 ->
              asStored ? (flips ? FormatTools.UINT16 : FormatTools.INT16) : FormatTools.FLOAT;
          case 32 ->
              asStored ? (flips ? FormatTools.UINT32 : FormatTools.INT32) : FormatTools.DOUBLE;
          case -32 -> FormatTools.FLOAT;
          case -64 -> FormatTools.DOUBLE;
          default ->
              throw RefusedException.unsupported(
                  "FITS images of " + bits + " bits are not supported");
        };
    return new Unit(start, bits, zero, scale, blank, flips, type);
  }

  private static double number(Map<String, String> cards, String key, double absent)
      throws FormatException {
    String text = cards.get(key);
    try {
      return text == null ? absent : Double.parseDouble(text.replace('D', 'E'));
    } catch (NumberFormatException e) {
      throw RefusedException.damaged("its header says " + key + " = " + text);
    }
  }

  @Override
  void readRegion(int plane, byte[] into, int x, int y, int width, int height) throws IOException {
    Unit unit = units.get(getSeries());
    int bytes = unit.storedBytes();
    byte[] row = new byte[width * bytes];
    ByteBuffer stored = ByteBuffer.wrap(row);
    ByteBuffer values = ByteBuffer.wrap(into);
    long first = unit.start() + (long) plane * getSizeX() * getSizeY() * bytes;
    boolean asStored = unit.zero() == 0 && unit.scale() == 1 && unit.blank() == null;
    for (int r = 0; r < height; r++) {
      file().seek(first + ((long) (y + r) * getSizeX() + x) * bytes);
      file().readFully(row);
      for (int i = 0; i < width; i++) {
        int at = r * width + i;
        if (unit.flipsSign()) {
          row[i * bytes] ^= (byte) 0x80;
        }
        if (asStored || unit.flipsSign()) {
          System.arraycopy(row, i * bytes, into, at * bytes, bytes);
        } else {
          scale(unit, stored, i, values, at);
        }
      }
    }
  }

  /** In the precision of the result, as astropy does. */
  private static void scale(Unit unit, ByteBuffer stored, int i, ByteBuffer values, int at) {
    double raw =
        switch (unit.bits()) {
          case 8 -> stored.get(i) & 0xff;
          case 16 -> stored.getShort(2 * i);
          case 32 -> stored.getInt(4 * i);
          case -32 -> stored.getFloat(4 * i);
          default -> stored.getDouble(8 * i);
        };
    boolean blank = unit.blank() != null && raw == unit.blank();
    if (unit.type() == FormatTools.FLOAT) {
      float value = (float) raw * (float) unit.scale() + (float) unit.zero();
      values.putFloat(4 * at, blank ? Float.NaN : value);
    } else {
      values.putDouble(8 * at, blank ? Double.NaN : raw * unit.scale() + unit.zero());
    }
  }
}
