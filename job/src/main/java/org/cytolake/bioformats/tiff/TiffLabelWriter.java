package org.cytolake.bioformats.tiff;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import loci.common.services.ServiceException;
import loci.formats.FormatTools;
import loci.formats.MetadataTools;
import loci.formats.ome.OMEXMLMetadata;
import loci.formats.services.OMEXMLService;
import loci.formats.services.OMEXMLServiceImpl;
import ome.units.UNITS;
import ome.units.quantity.Length;
import ome.xml.model.primitives.NonNegativeInteger;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.bioformats.deflate.LabelDeflater;
import org.cytolake.bioformats.tiff.TiffStream.Tag;
import org.cytolake.field.Field;
import org.cytolake.stardist.Window;

/**
 * Writes label images of one image, all its z and t, as an OME-TIFF file: unsigned integers of 16
 * bits, or of 32, deflated, in strips, or in tiles where planes are large. The file is written from
 * its beginning to its end. Not thread-safe.
 */
public final class TiffLabelWriter implements LabelWriter {
  private static final long CLASSIC = 1L << 31; // bytes before deflating; above it BigTIFF
  private static final int STRIP = 1 << 19; // bytes of a strip, about
  private static final long ROOM = 1L << 26; // bytes that wait in memory
  private static final int ADOBE_DEFLATE = 8;

  private final OutputStream out;
  private final Field field;
  private final int channels;
  private final int bytes;
  private final boolean tiled;
  private final boolean big;
  private final int pieceWidth;
  private final int pieceHeight;
  private final String description;
  private final TiffStream tiff;
  private final LabelDeflater deflater;
  private final Pieces pieces = new Pieces(ROOM);
  private final Plane[] planes; // in the order of the file; null for those that are through
  private int next; // plane of the file

  private TiffLabelWriter(OutputStream out, Field field, List<String> channels, int bytes)
      throws IOException {
    this.out = out;
    this.field = field;
    this.channels = channels.size();
    this.bytes = bytes;
    this.tiled = field.planePixels() > WHOLE;
    this.pieceWidth = tiled ? TILE : field.sizeX();
    this.pieceHeight =
        tiled ? TILE : Math.min(field.sizeY(), Math.max(1, STRIP / (field.sizeX() * bytes)));
    this.planes = new Plane[Math.multiplyExact(channels.size() * field.sizeZ(), field.sizeT())];
    this.big = planes.length * field.planePixels() * bytes > CLASSIC;
    this.description = description(channels);
    this.deflater = new LabelDeflater(pieceWidth, pieceHeight, bytes);
    this.tiff = new TiffStream(out, big);
  }

  /** What of a plane there is. */
  private static final class Plane {
    final Pieces.Piece[] pieces;
    int missing;

    Plane(int pieces) {
      this.pieces = new Pieces.Piece[pieces];
      this.missing = pieces;
    }

    void put(int place, Pieces.Piece piece) {
      missing -= pieces[place] == null ? 1 : 0;
      pieces[place] = piece;
    }
  }

  /**
   * Begins a file.
   *
   * @param out where it goes, closed with the writer; need not be buffered
   * @param field the image, whose size and pixel size the label images have
   * @param channels their names, one or more
   * @param deep 32 bits instead of 16
   * @throws IOException if it cannot be written
   */
  public static TiffLabelWriter to(
      OutputStream out, Field field, List<String> channels, boolean deep) throws IOException {
    return new TiffLabelWriter(out, field, channels, deep ? 4 : 2);
  }

  private String description(List<String> names) throws IOException {
    try {
      OMEXMLService service = new OMEXMLServiceImpl();
      OMEXMLMetadata metadata = service.createOMEXMLMetadata();
      MetadataTools.populateMetadata(
          metadata,
          0,
          field.image(),
          true,
          "XYCZT",
          FormatTools.getPixelTypeString(bytes == 4 ? FormatTools.UINT32 : FormatTools.UINT16),
          field.sizeX(),
          field.sizeY(),
          field.sizeZ(),
          channels,
          field.sizeT(),
          1);
      for (int c = 0; c < channels; c++) {
        metadata.setChannelName(names.get(c), 0, c);
      }
      if (hasPixelSize()) {
        metadata.setPixelsPhysicalSizeX(new Length(field.pixelSizeXUm(), UNITS.MICROMETER), 0);
        metadata.setPixelsPhysicalSizeY(new Length(field.pixelSizeYUm(), UNITS.MICROMETER), 0);
      }
      service.removeBinData(metadata);
      metadata.setTiffDataIFD(new NonNegativeInteger(0), 0, 0);
      metadata.setTiffDataPlaneCount(new NonNegativeInteger(planes.length), 0, 0);
      return service.getOMEXML(metadata);
    } catch (ServiceException e) {
      throw new IOException(e);
    }
  }

  private boolean hasPixelSize() {
    return field.pixelSizeXUm() != null && field.pixelSizeYUm() != null;
  }

  /**
   * Planes that come before their turn wait, deflated: the file has all channels of the first z,
   * then the next z, and so on for every t.
   */
  @Override
  public void write(int channel, int z, int t, Window window, int[] labels) throws IOException {
    int width = window.width();
    int height = window.height();
    int index = channel + channels * (z - field.firstZ() + field.sizeZ() * t);
    if (planes[index] == null) {
      planes[index] = new Plane(pieceCount());
    }
    Plane plane = planes[index];
    if (tiled) {
      int place = window.top() / TILE * ceilDiv(field.sizeX(), TILE) + window.left() / TILE;
      plane.put(place, deflated(tile(labels, width, height), 0, TILE * TILE));
    } else {
      for (int piece = 0; piece < plane.pieces.length; piece++) {
        int rows = Math.min(pieceHeight, height - piece * pieceHeight);
        plane.put(piece, deflated(labels, piece * pieceHeight * width, rows * width));
      }
    }
    while (next < planes.length && planes[next] != null && planes[next].missing == 0) {
      write(planes[next]);
      planes[next++] = null;
    }
  }

  private int pieceCount() {
    return ceilDiv(field.sizeX(), pieceWidth) * ceilDiv(field.sizeY(), pieceHeight);
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /** A tile's labels with those beyond the border, which are 0. */
  private static int[] tile(int[] labels, int width, int height) {
    if (width == TILE && height == TILE) {
      return labels;
    }
    int[] tile = new int[TILE * TILE];
    for (int y = 0; y < height; y++) {
      System.arraycopy(labels, y * width, tile, y * TILE, width);
    }
    return tile;
  }

  private Pieces.Piece deflated(int[] labels, int from, int size) throws IOException {
    int length = deflater.deflate(labels, from, size);
    return pieces.add(deflater.out(), length);
  }

  private void write(Plane plane) throws IOException {
    int offsets = tiled ? 324 : 273;
    tiff.directory(tags(plane), offsets, next == planes.length - 1);
    for (Pieces.Piece piece : plane.pieces) {
      tiff.piece(pieces, piece);
    }
    tiff.align();
  }

  private List<Tag> tags(Plane plane) {
    long[] sizes = new long[plane.pieces.length];
    for (int piece = 0; piece < sizes.length; piece++) {
      sizes[piece] = plane.pieces[piece].length();
    }
    Tag offsets = new Tag(tiled ? 324 : 273, big ? TiffStream.LONG8 : TiffStream.LONG, sizes);
    Tag counts = new Tag(tiled ? 325 : 279, TiffStream.LONG, sizes.clone());
    List<Tag> tags = new ArrayList<>();
    tags.add(new Tag(256, TiffStream.LONG, field.sizeX())); // ImageWidth
    tags.add(new Tag(257, TiffStream.LONG, field.sizeY())); // ImageLength
    tags.add(new Tag(258, TiffStream.SHORT, 8L * bytes)); // BitsPerSample
    tags.add(new Tag(259, TiffStream.SHORT, ADOBE_DEFLATE)); // Compression
    tags.add(new Tag(262, TiffStream.SHORT, 1)); // PhotometricInterpretation: 0 is black
    if (next == 0) {
      tags.add(Tag.ascii(270, description)); // ImageDescription
    }
    if (!tiled) {
      tags.add(offsets);
    }
    tags.add(new Tag(277, TiffStream.SHORT, 1)); // SamplesPerPixel
    if (!tiled) {
      tags.add(new Tag(278, TiffStream.LONG, pieceHeight)); // RowsPerStrip
      tags.add(counts);
    }
    if (hasPixelSize()) {
      tags.add(new Tag(282, TiffStream.RATIONAL, perCentimetre(field.pixelSizeXUm())));
      tags.add(new Tag(283, TiffStream.RATIONAL, perCentimetre(field.pixelSizeYUm())));
      tags.add(new Tag(296, TiffStream.SHORT, 3)); // ResolutionUnit: cm
    }
    if (tiled) {
      tags.add(new Tag(322, TiffStream.LONG, TILE)); // TileWidth
      tags.add(new Tag(323, TiffStream.LONG, TILE)); // TileLength
      tags.add(offsets);
      tags.add(counts);
    }
    tags.add(new Tag(339, TiffStream.SHORT, 1)); // SampleFormat: unsigned
    return tags;
  }

  /** Pixels a centimetre, which no 32 bits hold for pixels below some femtometres. */
  private static long[] perCentimetre(double pixelSizeUm) {
    double pixels = 1e4 / pixelSizeUm;
    long parts = pixels < 1e6 ? 1000 : 1;
    return new long[] {Math.min(0xffffffffL, Math.round(pixels * parts)), parts};
  }

  @Override
  public void finish() throws IOException {
    if (next < planes.length) {
      throw new IllegalStateException(
          next + " of " + planes.length + " label images of " + field.image() + " are written");
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    try (pieces) {
      out.close();
    }
  }
}
