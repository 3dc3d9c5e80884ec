package org.cytolake.bioformats.plain;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import loci.formats.FormatException;

/**
 * PNG, interlaced or not, with the values that are stored; of images with a palette, its indices.
 */
public final class PngImages extends DecodedImages {
  private static final int END = 0x49454e44; // IEND
  private static final int ANCILLARY = 0x20; // of the first letter of a chunk's name

  private static final int[] CHANNELS = {1, 0, 3, 1, 2, 0, 4}; // by colour type

  /** Opens files by {@link #setId}. */
  public PngImages() {
    super("Portable Network Graphics", "png");
  }

  @Override
  Shape shape(byte[] encoded) throws FormatException, IOException {
    if (encoded.length < 33) {
      throw RefusedException.truncated("it ends within its header");
    }
    ByteBuffer header = ByteBuffer.wrap(encoded);
    int colour = encoded[25];
    int bits = encoded[24];
    if (colour < 0 || colour >= CHANNELS.length || CHANNELS[colour] == 0 || bits > 16) {
      throw RefusedException.damaged("its colour type is " + colour + ", of " + bits + " bits");
    }
    requireChunks(header);
    return new Shape(header.getInt(16), header.getInt(20), CHANNELS[colour], bits == 16 ? 2 : 1);
  }

  /** That all chunks to the last are there, and one image. */
  private static void requireChunks(ByteBuffer png) throws FormatException {
    long at = 8;
    while (at + 12 <= png.capacity()) {
      int length = png.getInt((int) at);
      int name = png.getInt((int) at + 4);
      if (name == 0x6163544c) { // acTL
        throw RefusedException.unsupported("animated PNG is not supported");
      }
      at += 12L + Integer.toUnsignedLong(length);
      if (name == END && at <= png.capacity()) {
        return;
      }
    }
    throw RefusedException.truncated("it is truncated: its last chunk is not there");
  }

  @Override
  byte[] decode(byte[] encoded) throws FormatException, IOException {
    Raster raster = raster(encoded);
    int channels = getSizeC();
    int bytes = getBitsPerPixel() / 8;
    int width = raster.getWidth();
    byte[] samples =
        new byte[Math.toIntExact((long) width * raster.getHeight() * channels * bytes)];
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int c = 0; c < channels; c++) {
        raster.getSamples(0, y, width, 1, c, row);
        for (int x = 0; x < width; x++) {
          int at = ((y * width + x) * channels + c) * bytes;
          samples[at] = (byte) (row[x] >> (8 * (bytes - 1)));
          if (bytes == 2) {
            samples[at + 1] = (byte) row[x];
          }
        }
      }
    }
    return samples;
  }

  /** Without the chunks that say how to show the image: for transparency values are changed. */
  private static byte[] necessary(byte[] png) {
    ByteBuffer all = ByteBuffer.wrap(png);
    ByteBuffer kept = ByteBuffer.allocate(png.length).put(png, 0, 8);
    for (int at = 8; at + 12 <= png.length; ) {
      int bytes = 12 + all.getInt(at);
      if ((png[at + 4] & ANCILLARY) == 0) {
        kept.put(png, at, bytes);
      }
      at += all.getInt(at + 4) == END ? png.length : bytes;
    }
    return java.util.Arrays.copyOf(kept.array(), kept.position());
  }

  private static Raster raster(byte[] png) throws FormatException, IOException {
    ImageReader reader = null;
    for (Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName("PNG"); all.hasNext(); ) {
      ImageReader next = all.next();
      reader = next.getClass().getName().startsWith("com.sun.imageio.") ? next : reader;
    }
    if (reader == null) {
      throw RefusedException.unsupported("this Java has no reader for PNG");
    }
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(necessary(png)))) {
      reader.setInput(in, true, true);
      return reader.read(0).getRaster();
    } catch (IIOException e) {
      throw RefusedException.damaged("its pixels cannot be decoded: " + e.getMessage());
    } finally {
      reader.dispose();
    }
  }
}
