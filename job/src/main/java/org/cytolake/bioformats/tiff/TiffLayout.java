package org.cytolake.bioformats.tiff;

import java.util.Arrays;
import loci.common.RandomAccessInputStream;
import loci.common.enumeration.CodedEnum;
import loci.formats.FormatException;
import loci.formats.FormatTools;
import loci.formats.tiff.IFD;
import loci.formats.tiff.OnDemandLongArray;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * How a TIFF directory stores its plane, after TIFF 6.0 and its technical notes. A <em>piece</em>
 * is a strip or a tile.
 *
 * @param width pixels of the plane
 * @param samples a pixel
 * @param bits a sample
 * @param kind what the bits mean
 * @param photometric PhotometricInterpretation; stored values are never inverted for it
 * @param planar whether a piece holds one sample of each pixel
 * @param pieceWidth pixels of a piece; those at the right and lower edge are full ones where tiled
 * @param reversed whether the bits of each byte are in reverse order (FillOrder 2)
 * @param room bytes from the start of each piece to the next, or to the end of the file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TiffLayout(
    int width,
    int height,
    int samples,
    int bits,
    Kind kind,
    int photometric,
    int compression,
    int predictor,
    boolean planar,
    boolean tiled,
    int pieceWidth,
    int pieceHeight,
    boolean littleEndian,
    boolean reversed,
    long[] offsets,
    long[] counts,
    long[] room,
    byte[] jpegTables) {

  /** What the bits of a sample mean. */
  enum Kind {
    UNSIGNED,
    SIGNED,
    FLOAT
  }

  static final int UNCOMPRESSED = 1;
  static final int LZW = 5;
  static final int JPEG = 7;
  static final int DEFLATE = 8;
  static final int PACK_BITS = 32773;
  static final int OLD_DEFLATE = 32946;
  static final int ZSTD = 50000;

  private static final int IMAGE_DEPTH = 32997; // SGI's
  private static final int MOST_SAMPLES = 1 << 16;

  /**
   * Of a directory.
   *
   * @param in the file, for what the directory has not read yet, and its length
   * @throws RefusedException where the plane is of a kind that is not read, or contradicts itself
   */
  static TiffLayout of(IFD ifd, RandomAccessInputStream in) throws FormatException {
    in.order(ifd.isLittleEndian());
    try {
      return read(ifd, in);
    } catch (java.io.IOException e) {
      throw new FormatException(e);
    }
  }

  private static TiffLayout read(IFD ifd, RandomAccessInputStream in)
      throws FormatException, java.io.IOException {
    int width = size(ifd, IFD.IMAGE_WIDTH, "width");
    int height = size(ifd, IFD.IMAGE_LENGTH, "height");
    int samples = (int) number(ifd, IFD.SAMPLES_PER_PIXEL, 1);
    if (samples < 1 || samples > MOST_SAMPLES) {
      throw RefusedException.damaged("it declares " + samples + " samples a pixel");
    }
    long depth = number(ifd, IMAGE_DEPTH, 1);
    if (depth > 1) {
      throw RefusedException.unsupported(
          "pages of several planes (ImageDepth " + depth + ") are not supported");
    }
    int compression = (int) number(ifd, IFD.COMPRESSION, UNCOMPRESSED);
    compression = compression == 0 ? UNCOMPRESSED : compression;
    TiffSupport.requireCompression(compression);
    int bits = bits(ifd, samples);
    Kind kind = kind(ifd, bits);
    boolean tiled = ifd.get(IFD.TILE_WIDTH) != null && ifd.get(IFD.TILE_LENGTH) != null;
    int pieceWidth = tiled ? size(ifd, IFD.TILE_WIDTH, "tile width") : width;
    long rows = number(ifd, tiled ? IFD.TILE_LENGTH : IFD.ROWS_PER_STRIP, height);
    int pieceHeight = rows < 1 || (!tiled && rows > height) ? height : (int) rows;
    boolean planar = samples > 1 && number(ifd, IFD.PLANAR_CONFIGURATION, 1) == 2;
    long[] offsets =
        numbers(
            ifd,
            tiled && ifd.containsKey(IFD.TILE_OFFSETS) ? IFD.TILE_OFFSETS : IFD.STRIP_OFFSETS,
            in);
    long[] counts =
        numbers(
            ifd,
            tiled && ifd.containsKey(IFD.TILE_BYTE_COUNTS)
                ? IFD.TILE_BYTE_COUNTS
                : IFD.STRIP_BYTE_COUNTS,
            in);
    long needed =
        (long) ((width - 1) / pieceWidth + 1)
            * ((height - 1) / pieceHeight + 1)
            * (planar ? samples : 1);
    if (offsets.length < needed) {
      throw RefusedException.damaged(
          "it says where " + offsets.length + " of the plane's " + needed + " pieces lie");
    }
    long[] room = room(offsets, in.length());
    if (counts.length < offsets.length) {
      int known = counts.length;
      counts = Arrays.copyOf(counts, offsets.length);
      System.arraycopy(room, known, counts, known, counts.length - known);
    }
    Object tables = ifd.get(IFD.JPEG_TABLES);
    TiffLayout layout =
        new TiffLayout(
            width,
            height,
            samples,
            bits,
            kind,
            (int) number(ifd, IFD.PHOTOMETRIC_INTERPRETATION, 1),
            compression,
            (int) number(ifd, IFD.PREDICTOR, 1),
            planar,
            tiled,
            pieceWidth,
            pieceHeight,
            ifd.isLittleEndian(),
            number(ifd, IFD.FILL_ORDER, 1) == 2,
            offsets,
            counts,
            room,
            tables instanceof byte[] bytes ? bytes : null);
    TiffSupport.require(layout);
    return layout;
  }

  private static int size(IFD ifd, int tag, String name) throws FormatException {
    long size = number(ifd, tag, 0);
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw RefusedException.damaged("its " + name + " is " + size);
    }
    return (int) size;
  }

  private static int bits(IFD ifd, int samples) throws FormatException {
    Object value = ifd.get(IFD.BITS_PER_SAMPLE);
    int[] bits =
        value instanceof int[] several
            ? several
            : new int[] {value instanceof Number one ? one.intValue() : 1};
    for (int s = 1; s < Math.min(samples, bits.length); s++) {
      if (bits[s] != bits[0]) {
        throw RefusedException.unsupported(
            "samples of different sizes (" + bits[0] + " and " + bits[s] + " bits) are not read");
      }
    }
    return bits[0];
  }

  private static Kind kind(IFD ifd, int bits) throws FormatException {
    Object value = ifd.get(IFD.SAMPLE_FORMAT);
    int format = value instanceof int[] several ? several[0] : (int) number(value, 1);
    boolean known =
        switch (format) {
          case 1, 4 -> bits >= 1 && bits <= 32;
          case 2 -> bits == 8 || bits == 16 || bits == 32;
          case 3 -> bits == 16 || bits == 24 || bits == 32 || bits == 64;
          default -> false;
        };
    if (!known) {
      String name =
          switch (format) {
            case 1, 4 -> "unsigned integers";
            case 2 -> "signed integers";
            case 3 -> "floating-point numbers";
            case 5, 6 -> "complex numbers";
            default -> "samples of unknown format " + format;
          };
      throw RefusedException.unsupported(bits + "-bit " + name + " are not supported");
    }
    return format == 2 ? Kind.SIGNED : format == 3 ? Kind.FLOAT : Kind.UNSIGNED;
  }

  /** Whether the plane's pieces are decoded here; else by Bio-Formats. */
  boolean isOurs() {
    return TiffSupport.isOurs(compression);
  }

  /** Bio-Formats' pixel type that holds the samples as they are. */
  int pixelType() {
    return switch (kind) {
      case FLOAT -> bits == 64 ? FormatTools.DOUBLE : FormatTools.FLOAT;
      case SIGNED ->
          bits == 8 ? FormatTools.INT8 : bits == 16 ? FormatTools.INT16 : FormatTools.INT32;
      case UNSIGNED ->
          bits <= 8 ? FormatTools.UINT8 : bits <= 16 ? FormatTools.UINT16 : FormatTools.UINT32;
    };
  }

  int bytesPerSample() {
    return FormatTools.getBytesPerPixel(pixelType());
  }

  /** Whether a stored sample is as wide as that of {@link #pixelType}. */
  boolean isStraight() {
    return bits == 8 * bytesPerSample();
  }

  /** Samples of a pixel in one piece. */
  int together() {
    return planar ? 1 : samples;
  }

  int across() {
    return (width - 1) / pieceWidth + 1;
  }

  int down() {
    return (height - 1) / pieceHeight + 1;
  }

  /** Rows of a piece in a row of pieces. */
  int rows(int row) {
    return tiled ? pieceHeight : Math.min(pieceHeight, height - row * pieceHeight);
  }

  /** Bytes of a row of a piece, uncompressed. */
  long rowBytes() {
    return ((long) pieceWidth * together() * bits + 7) / 8;
  }

  /** Whether a tile was left out by the writer: zeros, after GDAL and tifffile. */
  boolean isLeftOut(int piece) {
    return tiled && offsets[piece] == 0 && counts[piece] == 0;
  }

  /**
   * That the pieces lie in the file.
   *
   * @return whether compressed pieces reach beyond its end by their own account, which may be
   *     overstated
   * @throws RefusedException where they cannot lie there
   */
  boolean requireWithin(long length) throws RefusedException {
    boolean beyond = false;
    int pieces = across() * down() * (planar ? samples : 1);
    for (int piece = 0; piece < pieces; piece++) {
      if (isLeftOut(piece)) {
        continue;
      }
      long needed = compression == UNCOMPRESSED ? rowBytes() * rows(piece / across() % down()) : 1;
      if (offsets[piece] <= 0 || offsets[piece] + needed > length) {
        throw RefusedException.truncated(
            "it is truncated: its pixels end at byte "
                + (offsets[piece] + Math.max(needed, counts[piece]))
                + ", the file at byte "
                + length);
      }
      if (needed > Math.max(counts[piece], room[piece])) {
        throw RefusedException.damaged(
            "strip or tile "
                + piece
                + " has "
                + Math.max(counts[piece], room[piece])
                + " bytes, its pixels need "
                + needed);
      }
      beyond |= compression != UNCOMPRESSED && offsets[piece] + counts[piece] > length;
    }
    return beyond;
  }

  private static long[] room(long[] offsets, long length) {
    long[] sorted = offsets.clone();
    Arrays.sort(sorted);
    long[] room = new long[offsets.length];
    for (int i = 0; i < room.length; i++) {
      int next = Arrays.binarySearch(sorted, offsets[i]);
      while (next < sorted.length && sorted[next] <= offsets[i]) {
        next++;
      }
      room[i] = Math.max(0, (next < sorted.length ? sorted[next] : length) - offsets[i]);
    }
    return room;
  }

  private static long number(IFD ifd, int tag, long absent) {
    return number(ifd.get(tag), absent);
  }

  private static long number(Object value, long absent) {
    if (value instanceof CodedEnum coded) {
      return coded.getCode();
    }
    if (value instanceof int[] ints && ints.length > 0) {
      return ints[0];
    }
    if (value instanceof long[] longs && longs.length > 0) {
      return longs[0];
    }
    return value instanceof Number one ? one.longValue() : absent;
  }

  private static long[] numbers(IFD ifd, int tag, RandomAccessInputStream in)
      throws FormatException, java.io.IOException {
    Object value = ifd.get(tag);
    if (value instanceof OnDemandLongArray later) {
      later.setStream(in);
      return later.toArray();
    }
    if (value instanceof short[] bytes) {
      long[] longs = new long[bytes.length];
      for (int i = 0; i < longs.length; i++) {
        longs[i] = bytes[i];
      }
      return longs;
    }
    if (value == null) {
      return new long[0];
    }
    long[] longs = ifd.getIFDLongArray(tag);
    return longs == null ? new long[0] : longs.clone();
  }
}
