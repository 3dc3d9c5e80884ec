package org.cytolake.bioformats.tiff;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.FormatTools;
import loci.formats.IFormatReader;
import loci.formats.in.TiffReader;
import loci.formats.tiff.IFD;
import loci.formats.tiff.TiffParser;
import org.cytolake.bioformats.plain.JpegRaster;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * Decodes planes of TIFF files in place of Bio-Formats, whose readers say which directory holds
 * which plane. Values are those that are stored: neither inverted where 0 is white, nor mapped
 * through a palette; YCbCr, which JPEG alone may have, becomes RGB.
 *
 * <p>The piece decoded last is kept, so that regions of one strip decode it once.
 */
public final class TiffPlanes implements Closeable {
  private static final int WHITE_IS_ZERO = 0;
  private static final int PALETTE = 3;
  private static final int MOST_AT_ONCE = 1 << 22; // bytes of rows read whole for a part of them

  private final IFormatReader reader;
  private final TiffDirectories directories;
  private RandomAccessInputStream in;
  private String inFile;
  private TiffLayout layout;
  private int layoutPlane = -1;
  private int layoutSeries;
  private int keptPiece = -1;
  private byte[] kept;

  private TiffPlanes(IFormatReader reader, TiffDirectories directories) {
    this.reader = reader;
    this.directories = directories;
  }

  /** Of an open reader; empty where Bio-Formats decodes, since the reader has ways of its own. */
  public static Optional<TiffPlanes> of(IFormatReader reader) throws FormatException {
    return TiffDirectories.of(reader).map(directories -> new TiffPlanes(reader, directories));
  }

  /**
   * That the planes of some directories are of kinds that are read.
   *
   * @throws RefusedException where one is not
   */
  public static void requireKnown(List<IFD> directories, RandomAccessInputStream in)
      throws FormatException {
    for (IFD directory : directories) {
      TiffLayout.of(directory, in);
    }
  }

  /** Whether Bio-Formats' own decoder has the plane of a directory right. */
  public static boolean isSafe(IFD directory, RandomAccessInputStream in) {
    try {
      return TiffSupport.isSafe(TiffLayout.of(directory, in));
    } catch (FormatException e) {
      return true; // of a vendor's kind: its reader knows
    }
  }

  /**
   * Reads a region of a plane of the current series.
   *
   * @param into receives the samples in the reader's pixel type and byte order, one channel after
   *     the other
   */
  public void read(int plane, byte[] into, int x, int y, int width, int height)
      throws FormatException, IOException {
    open(plane);
    if (!layout.isOurs()) {
      DecodedElsewhere.read(reader, plane, into, x, y, width, height);
      return;
    }
    try {
      int channelBytes = width * height * layout.bytesPerSample();
      for (int s = 0; s < layout.samples(); s += layout.together()) {
        readChannels(s, into, s * channelBytes, x, y, width, height);
      }
    } catch (EOFException e) {
      throw RefusedException.truncated("it ends within the pixels that it declares");
    }
  }

  /**
   * Checks a plane without reading its pixels, but for pieces that seem to reach beyond the file's
   * end.
   */
  public void check(int plane) throws FormatException, IOException {
    open(plane);
    if (layout.requireWithin(in.length()) && layout.isOurs()) {
      int bytes = layout.width() * layout.bytesPerSample() * layout.samples();
      byte[] rows = new byte[bytes];
      for (int y = 0; y < layout.height(); y += layout.pieceHeight()) {
        int last = Math.min(layout.height(), y + layout.pieceHeight()) - 1;
        read(plane, rows, 0, last, layout.width(), 1);
      }
    }
  }

  /** What a reader of the values should know of the first plane, and of pages that are left out. */
  public List<String> notes() throws FormatException, IOException {
    reader.setSeries(0);
    open(0);
    List<String> notes = new ArrayList<>();
    if (layout.photometric() == WHITE_IS_ZERO) {
      notes.add("0 is white in this file; the values are those that are stored, not inverted");
    } else if (layout.photometric() == PALETTE) {
      notes.add("the values are indices into the file's palette");
    }
    int pages = new TiffParser(in).getIFDOffsets().length;
    int read = 0; // where sizes differ each page may be a series of its own
    for (int series = 0; series < reader.getSeriesCount(); series++) {
      reader.setSeries(series);
      read += reader.getImageCount();
    }
    reader.setSeries(0);
    if (reader instanceof TiffReader && pages > read) {
      notes.add(
          pages
              - read
              + " of its "
              + pages
              + " pages are of another size or kind than the first and are left out");
    }
    return notes;
  }

  private void open(int plane) throws FormatException, IOException {
    TiffDirectories.Place place = directories.place(plane);
    if (!place.file().equals(inFile)) {
      close();
      in = new RandomAccessInputStream(place.file(), 16);
      inFile = place.file();
    }
    if (plane == layoutPlane && reader.getSeries() == layoutSeries) {
      return;
    }
    layoutPlane = -1;
    keptPiece = -1;
    layout = TiffLayout.of(place.directory(), in);
    int channels = reader.getRGBChannelCount();
    if (layout.width() != reader.getSizeX()
        || layout.height() != reader.getSizeY()
        || layout.samples() != channels
        || layout.pixelType() != reader.getPixelType()
        || layout.littleEndian() != reader.isLittleEndian()) {
      throw RefusedException.unsupported(
          "its planes differ: plane "
              + plane
              + " has "
              + kind(layout.width(), layout.height(), layout.samples(), layout.pixelType())
              + " in place of "
              + kind(reader.getSizeX(), reader.getSizeY(), channels, reader.getPixelType()));
    }
    layoutPlane = plane;
    layoutSeries = reader.getSeries();
  }

  private static String kind(int width, int height, int samples, int pixelType) {
    return width
        + " x "
        + height
        + " pixels of "
        + samples
        + " x "
        + FormatTools.getPixelTypeString(pixelType);
  }

  private void readChannels(int s, byte[] into, int to, int x, int y, int width, int height)
      throws FormatException, IOException {
    int first = layout.planar() ? s * layout.across() * layout.down() : 0;
    if (isPlain() && x == 0 && width == layout.width() && layout.together() == 1) {
      readRows(first, into, to, y, height);
      return;
    }
    int pieceHeight = layout.pieceHeight();
    int pieceWidth = layout.pieceWidth();
    for (int row = y / pieceHeight; row <= (y + height - 1) / pieceHeight; row++) {
      int top = Math.max(y, row * pieceHeight);
      int bottom = Math.min(y + height, (row + 1) * pieceHeight);
      for (int column = x / pieceWidth; column <= (x + width - 1) / pieceWidth; column++) {
        int left = Math.max(x, column * pieceWidth);
        int right = Math.min(x + width, (column + 1) * pieceWidth);
        Part part =
            part(
                first + row * layout.across() + column,
                layout.rows(row),
                left - column * pieceWidth,
                right - column * pieceWidth,
                top - row * pieceHeight,
                bottom - row * pieceHeight);
        place(
            part,
            into,
            to + ((top - y) * width + left - x) * layout.bytesPerSample(),
            width,
            width * height);
      }
    }
  }

  /** Whether the stored bytes are the samples, and may be read row by row. */
  private boolean isPlain() {
    return layout.compression() == TiffLayout.UNCOMPRESSED
        && layout.isStraight()
        && !layout.reversed()
        && !layout.tiled();
  }

  /** Whole rows of strips, strips that follow each other in the file in one go. */
  private void readRows(int first, byte[] into, int to, int y, int height) throws IOException {
    long rowBytes = layout.rowBytes();
    int strip = layout.pieceHeight();
    int row = y;
    int at = to;
    while (row < y + height) {
      long start = layout.offsets()[first + row / strip] + row % strip * rowBytes;
      int end = Math.min((row / strip + 1) * strip, y + height);
      while (end < y + height
          && layout.offsets()[first + end / strip] == start + (end - row) * rowBytes) {
        end = Math.min(end + strip, y + height);
      }
      int bytes = (int) ((end - row) * rowBytes);
      in.seek(start);
      in.readFully(into, at, bytes);
      at += bytes;
      row = end;
    }
  }

  /**
   * Samples of a rectangle of a piece, channels of a pixel together.
   *
   * @param samples in the layout's pixel type
   * @param start index of the first byte; {@code step} bytes on begins the next row
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(byte[] samples, int start, int step, int columns, int rows) {}

  private Part part(int piece, int pieceRows, int left, int right, int top, int bottom)
      throws FormatException, IOException {
    int pixel = layout.together() * layout.bytesPerSample();
    int columns = right - left;
    int rows = bottom - top;
    if (layout.isLeftOut(piece)) {
      return new Part(new byte[columns * pixel * rows], 0, columns * pixel, columns, rows);
    }
    if (layout.compression() != TiffLayout.UNCOMPRESSED) {
      byte[] all = piece(piece, pieceRows);
      int step = layout.pieceWidth() * pixel;
      return new Part(all, top * step + left * pixel, step, columns, rows);
    }
    long rowBytes = layout.rowBytes();
    long start = layout.offsets()[piece] + top * rowBytes;
    if (layout.isStraight() && !layout.reversed() && rows * rowBytes > MOST_AT_ONCE) {
      byte[] some = new byte[columns * pixel * rows];
      for (int r = 0; r < rows; r++) {
        in.seek(start + r * rowBytes + (long) left * pixel);
        in.readFully(some, r * columns * pixel, columns * pixel);
      }
      return new Part(some, 0, columns * pixel, columns, rows);
    }
    byte[] stored = new byte[Math.toIntExact(rows * rowBytes)];
    in.seek(start);
    in.readFully(stored, 0, stored.length);
    if (layout.reversed()) {
      TiffSamples.reverseBits(stored, stored.length);
    }
    int step = layout.pieceWidth() * pixel;
    return new Part(TiffSamples.decode(layout, stored, rows), left * pixel, step, columns, rows);
  }

  /** A compressed piece, decoded. */
  private byte[] piece(int piece, int rows) throws FormatException, IOException {
    if (piece == keptPiece) {
      return kept;
    }
    keptPiece = -1;
    long offset = layout.offsets()[piece];
    long bytes = Math.min(layout.counts()[piece], in.length() - offset);
    if (bytes <= 0) {
      throw RefusedException.truncated("strip or tile " + piece + " has no bytes");
    }
    byte[] packed = new byte[Math.toIntExact(bytes)];
    in.seek(offset);
    in.readFully(packed, 0, packed.length);
    if (layout.reversed()) {
      TiffSamples.reverseBits(packed, packed.length);
    }
    if (layout.compression() == TiffLayout.JPEG) {
      kept = jpeg(packed, rows);
    } else {
      byte[] stored = new byte[Math.toIntExact(layout.rowBytes() * rows)];
      int done = TiffDecompression.undo(layout.compression(), packed, packed.length, stored);
      if (done < stored.length) {
        throw RefusedException.truncated(
            "strip or tile " + piece + " ends after " + done + " of " + stored.length + " bytes");
      }
      kept = TiffSamples.decode(layout, stored, rows);
    }
    keptPiece = piece;
    return kept;
  }

  private byte[] jpeg(byte[] packed, int rows) throws FormatException, IOException {
    JpegRaster raster =
        JpegRaster.decode(
            JpegRaster.withTables(layout.jpegTables(), packed),
            layout.photometric() == 6 ? JpegRaster.Colours.Y_CB_CR : JpegRaster.Colours.AS_STORED);
    return raster.samples(layout.pieceWidth(), rows, layout.together());
  }

  /** Copies a part to its place, channel by channel. */
  private void place(Part part, byte[] into, int to, int width, int channel) {
    int bytes = layout.bytesPerSample();
    int together = layout.together();
    for (int r = 0; r < part.rows(); r++) {
      int from = part.start() + r * part.step();
      int row = to + r * width * bytes;
      if (together == 1) {
        System.arraycopy(part.samples(), from, into, row, part.columns() * bytes);
        continue;
      }
      for (int s = 0; s < together; s++) {
        int target = row + s * channel * bytes;
        for (int c = 0; c < part.columns(); c++) {
          for (int b = 0; b < bytes; b++) {
            into[target++] = part.samples()[from + (c * together + s) * bytes + b];
          }
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
      in = null;
      inFile = null;
      layoutPlane = -1;
    }
  }
}
