package org.cytolake.bioformats.tiff;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import loci.common.services.ServiceException;
import loci.formats.FormatTools;
import loci.formats.MetadataTools;
import loci.formats.ome.OMEXMLMetadata;
import loci.formats.services.OMEXMLService;
import loci.formats.services.OMEXMLServiceImpl;
import ome.xml.model.primitives.NonNegativeInteger;
import org.cytolake.bioformats.tiff.TiffStream.Tag;

/** Writes one plane of 32-bit floating point as an OME-TIFF file, deflated, in strips. */
public final class FloatImageWriter {
  private static final int STRIP = 1 << 19; // bytes, about
  private static final long ROOM = 1L << 26; // bytes that wait in memory
  private static final int ADOBE_DEFLATE = 8;
  private static final int OFFSETS = 273;

  private FloatImageWriter() {}

  /**
   * Writes a file.
   *
   * @param out where it goes; is not closed
   * @param name of the image
   * @param channel its channel's name
   * @param values row by row, height times width
   */
  public static void write(
      OutputStream out, String name, String channel, float[] values, int height, int width)
      throws IOException {
    int rows = Math.min(height, Math.max(1, STRIP / (width * Float.BYTES)));
    List<byte[]> strips = new ArrayList<>();
    for (int y = 0; y < height; y += rows) {
      strips.add(deflated(values, y * width, Math.min(rows, height - y) * width));
    }
    long[] sizes = strips.stream().mapToLong(s -> s.length).toArray();
    TiffStream tiff = new TiffStream(out, false);
    tiff.directory(
        List.of(
            new Tag(256, TiffStream.LONG, width),
            new Tag(257, TiffStream.LONG, height),
            new Tag(258, TiffStream.SHORT, Float.SIZE), // BitsPerSample
            new Tag(259, TiffStream.SHORT, ADOBE_DEFLATE), // Compression
            new Tag(262, TiffStream.SHORT, 1), // PhotometricInterpretation: 0 is black
            Tag.ascii(270, description(name, channel, height, width)),
            new Tag(OFFSETS, TiffStream.LONG, sizes),
            new Tag(277, TiffStream.SHORT, 1), // SamplesPerPixel
            new Tag(278, TiffStream.LONG, rows), // RowsPerStrip
            new Tag(279, TiffStream.LONG, sizes.clone()), // StripByteCounts
            new Tag(339, TiffStream.SHORT, 3)), // SampleFormat: floating point
        OFFSETS,
        true);
    try (Pieces pieces = new Pieces(ROOM)) {
      for (byte[] strip : strips) {
        tiff.piece(pieces, pieces.add(strip, strip.length));
      }
    }
    tiff.align();
  }

  private static byte[] deflated(float[] values, int from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, from, count);
    ByteArrayOutputStream strip = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(strip)) {
      deflater.write(bytes.array());
    }
    return strip.toByteArray();
  }

  private static String description(String name, String channel, int height, int width)
      throws IOException {
    try {
      OMEXMLService service = new OMEXMLServiceImpl();
      OMEXMLMetadata metadata = service.createOMEXMLMetadata();
      String type = FormatTools.getPixelTypeString(FormatTools.FLOAT);
      MetadataTools.populateMetadata(
          metadata, 0, name, true, "XYCZT", type, width, height, 1, 1, 1, 1);
      metadata.setChannelName(channel, 0, 0);
      service.removeBinData(metadata);
      metadata.setTiffDataIFD(new NonNegativeInteger(0), 0, 0);
      metadata.setTiffDataPlaneCount(new NonNegativeInteger(1), 0, 0);
      return service.getOMEXML(metadata);
    } catch (ServiceException e) {
      throw new IOException(e);
    }
  }
}
