package org.cytolake.bioformats.plain;

import java.io.IOException;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.FormatTools;

/** A file of one image that can only be decoded whole; it is kept while the file is open. */
abstract class DecodedImages extends PlainReader {
  private byte[] samples; // big-endian, channels of a pixel together
  private int bytes;
  private int channels;

  DecodedImages(String format, String suffix) {
    super(format, suffix);
  }

  /** What a header says. */
  record Shape(int width, int height, int channels, int bytes) {}

  abstract Shape shape(byte[] encoded) throws FormatException, IOException;

  /** All samples, big-endian, row by row, channels of a pixel together. */
  abstract byte[] decode(byte[] encoded) throws FormatException, IOException;

  @Override
  final void readHeader(RandomAccessInputStream file) throws FormatException, IOException {
    samples = null;
    Shape shape = shape(encoded());
    bytes = shape.bytes();
    channels = shape.channels();
    addSeries(
        shape.width(),
        shape.height(),
        channels,
        1,
        1,
        bytes == 2 ? FormatTools.UINT16 : FormatTools.UINT8);
  }

  private byte[] encoded() throws IOException {
    byte[] all = new byte[Math.toIntExact(file().length())];
    file().seek(0);
    file().readFully(all);
    return all;
  }

  @Override
  final void readRegion(int plane, byte[] into, int x, int y, int width, int height)
      throws FormatException, IOException {
    if (samples == null) {
      samples = decode(encoded());
    }
    for (int r = 0; r < height; r++) {
      int first = ((y + r) * getSizeX() + x) * channels * bytes;
      for (int c = 0; c < channels; c++) {
        int to = (c * height + r) * width * bytes;
        for (int i = 0; i < width; i++) {
          for (int b = 0; b < bytes; b++) {
            into[to++] = samples[first + (i * channels + c) * bytes + b];
          }
        }
      }
    }
  }

  @Override
  public void close(boolean fileOnly) throws IOException {
    super.close(fileOnly);
    samples = null;
  }
}
