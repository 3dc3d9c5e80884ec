package org.cytolake.bioformats.plain;

import java.io.IOException;
import loci.formats.FormatException;

/** JPEG files, in the colours that libjpeg gives. */
public final class JpegImages extends DecodedImages {
  /** Opens files by {@link #setId}. */
  public JpegImages() {
    super("JPEG", "jpg");
  }

  @Override
  Shape shape(byte[] encoded) throws FormatException, IOException {
    requireEnd(encoded);
    JpegRaster.Size size = JpegRaster.size(encoded);
    return new Shape(size.width(), size.height(), size.channels(), 1);
  }

  @Override
  byte[] decode(byte[] encoded) throws FormatException, IOException {
    return JpegRaster.decode(encoded, JpegRaster.Colours.BY_MARKERS).samples();
  }

  /** That the marker of the end follows the pixels. */
  private static void requireEnd(byte[] jpeg) throws FormatException {
    int at = 2;
    boolean pixels = false;
    while (at + 1 < jpeg.length) {
      int marker = (jpeg[at] & 0xff) == 0xff ? jpeg[at + 1] & 0xff : 0;
      boolean alone = marker == 0 || marker == 0xff || (marker >= 0xd0 && marker <= 0xd7);
      if (marker == 0xd9) {
        return;
      }
      if (pixels && alone) {
        at++;
      } else if (marker == 0 || marker == 0xff || at + 3 >= jpeg.length) {
        at++;
      } else {
        pixels |= marker == 0xda;
        at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
      }
    }
    throw RefusedException.truncated("its JPEG stream has no end: it is truncated");
  }
}
