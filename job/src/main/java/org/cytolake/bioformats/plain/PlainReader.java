package org.cytolake.bioformats.plain;

import java.io.EOFException;
import java.io.IOException;
import loci.common.RandomAccessInputStream;
import loci.formats.CoreMetadata;
import loci.formats.FormatException;
import loci.formats.FormatReader;
import loci.formats.FormatTools;
import loci.formats.MetadataTools;

/** A reader in Bio-Formats' terms of a format that is read here. Planes are not interleaved. */
public abstract class PlainReader extends FormatReader {
  PlainReader(String format, String suffix) {
    super(format, suffix);
    domains = new String[] {FormatTools.GRAPHICS_DOMAIN};
  }

  /** Reads what the file says and adds its series. */
  abstract void readHeader(RandomAccessInputStream file) throws FormatException, IOException;

  /** Reads a region of a plane of the current series, one channel after the other. */
  abstract void readRegion(int plane, byte[] into, int x, int y, int width, int height)
      throws FormatException, IOException;

  /** The file, open. */
  final RandomAccessInputStream file() {
    return in;
  }

  /** Adds a series; samples of several bytes are big-endian. */
  final void addSeries(int width, int height, int channels, int sizeZ, int sizeT, int pixelType)
      throws FormatException {
    if (width < 1 || height < 1 || (long) width * height > Integer.MAX_VALUE) {
      throw RefusedException.damaged("it declares an image of " + width + " x " + height);
    }
    CoreMetadata added = new CoreMetadata();
    added.sizeX = width;
    added.sizeY = height;
    added.sizeC = channels;
    added.sizeZ = sizeZ;
    added.sizeT = sizeT;
    added.rgb = channels > 1;
    added.imageCount = sizeZ * sizeT;
    added.pixelType = pixelType;
    added.bitsPerPixel = 8 * FormatTools.getBytesPerPixel(pixelType);
    added.dimensionOrder = "XYCZT";
    added.metadataComplete = true;
    added.resolutionCount = 1;
    core.add(added);
  }

  /** That the file goes on to a byte. */
  final void requireLength(long end) throws FormatException, IOException {
    if (in.length() < end) {
      throw RefusedException.truncated(
          "it is truncated: its pixels end at byte " + end + ", the file at byte " + in.length());
    }
  }

  @Override
  protected final void initFile(String id) throws FormatException, IOException {
    super.initFile(id);
    in = new RandomAccessInputStream(id);
    in.order(false);
    core.clear();
    try {
      readHeader(in);
    } catch (EOFException e) {
      throw RefusedException.truncated("it ends within its header");
    }
    MetadataTools.populatePixels(makeFilterMetadata(), this);
  }

  @Override
  public final byte[] openBytes(int no, byte[] buf, int x, int y, int w, int h)
      throws FormatException, IOException {
    FormatTools.checkPlaneParameters(this, no, buf.length, x, y, w, h);
    try {
      readRegion(no, buf, x, y, w, h);
    } catch (EOFException e) {
      throw RefusedException.truncated("it ends within the pixels that it declares");
    }
    return buf;
  }
}
