package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import loci.common.services.ServiceException;
import loci.formats.FormatException;
import loci.formats.FormatTools;
import loci.formats.MetadataTools;
import loci.formats.codec.CompressionType;
import loci.formats.ome.OMEXMLMetadata;
import loci.formats.out.OMETiffWriter;
import loci.formats.services.OMEXMLServiceImpl;
import loci.formats.tiff.IFD;
import ome.units.UNITS;
import ome.units.quantity.Length;
import org.cytolake.field.Field;

/**
 * Writes label images of one image, all its z and t, into an OME-TIFF file: unsigned integers of 16
 * bits, or of 32, deflated, in tiles where planes are large. Not thread-safe.
 */
public final class LabelWriter implements Closeable {
  /** Side of a tile, pixels. */
  public static final int TILE = 1024;

  /** Most pixels of a plane that is written in one piece. */
  public static final int WHOLE = 4 * TILE * TILE;

  private static final long CLASSIC = 1L << 31; // bytes; above it BigTIFF

  private final Field field;
  private final int channels;
  private final int bytes;
  private final boolean tiled;
  private final OMETiffWriter writer = new OMETiffWriter();

  private LabelWriter(Field field, int channels, int bytes) {
    this.field = field;
    this.channels = channels;
    this.bytes = bytes;
    this.tiled = field.planePixels() > WHOLE;
  }

  /**
   * Begins a file.
   *
   * @param file on the local disk; its name ends with {@code .ome.tif}
   * @param field the image, whose size and pixel size the label images have
   * @param channels their names, one or more
   * @param deep 32 bits instead of 16
   */
  public static LabelWriter create(Path file, Field field, List<String> channels, boolean deep)
      throws IOException {
    LabelWriter writer = new LabelWriter(field, channels.size(), deep ? 4 : 2);
    try {
      writer.open(file, channels);
      return writer;
    } catch (FormatException | ServiceException e) {
      throw new IOException(e);
    }
  }

  private void open(Path file, List<String> names)
      throws IOException, FormatException, ServiceException {
    OMEXMLMetadata metadata = new OMEXMLServiceImpl().createOMEXMLMetadata();
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
    if (field.pixelSizeXUm() != null && field.pixelSizeYUm() != null) {
      metadata.setPixelsPhysicalSizeX(new Length(field.pixelSizeXUm(), UNITS.MICROMETER), 0);
      metadata.setPixelsPhysicalSizeY(new Length(field.pixelSizeYUm(), UNITS.MICROMETER), 0);
    }
    writer.setMetadataRetrieve(metadata);
    // which tifffile and scikit-image read without another package; LZW they do not
    writer.setCompression(CompressionType.ZLIB.getCompression());
    writer.setWriteSequentially(!tiled);
    long planes = (long) channels * field.sizeZ() * field.sizeT();
    writer.setBigTiff(planes * field.planePixels() * bytes > CLASSIC);
    if (tiled) {
      writer.setTileSizeX(TILE);
      writer.setTileSizeY(TILE);
    }
    writer.setId(file.toString());
  }

  /**
   * Writes a rectangle of a plane: all of a plane of up to {@link #WHOLE} pixels, else one of the
   * squares of side {@link #TILE} from the top left, less at the right and lower border.
   *
   * @param z index of the z plane in the file that the image came from
   * @param labels row by row, as many as the rectangle has pixels; those beyond are left
   * @throws IOException if the file cannot be written
   */
  public void write(int channel, int z, int t, int x, int y, int width, int height, int[] labels)
      throws IOException {
    int size = width * height;
    byte[] packed = new byte[size * bytes];
    ByteBuffer buffer = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      if (bytes == 4) {
        buffer.putInt(labels[i]);
      } else {
        buffer.putShort((short) labels[i]);
      }
    }
    int plane = channel + channels * (z - field.firstZ() + field.sizeZ() * t);
    try {
      if (tiled) {
        writer.saveBytes(plane, packed, x, y, width, height);
      } else {
        IFD ifd = new IFD();
        // else every row is deflated for itself, each with memory outside the heap that Bio-Formats
        // leaves to the garbage collector
        ifd.put(IFD.ROWS_PER_STRIP, new long[] {height});
        writer.saveBytes(plane, packed, ifd, x, y, width, height);
      }
    } catch (FormatException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
