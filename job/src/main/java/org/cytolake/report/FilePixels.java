package org.cytolake.report;

import java.util.List;
import org.cytolake.image.Plane;
import org.cytolake.field.Field;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;

/**
 * Reads rectangles of planes from files.
 *
 * @param z of the plane; likewise {@code t}
 * @param into for the samples of each channel
 */
record FilePixels(PlaneReader reader, Field field, int z, int t, List<Samples> into)
    implements PlanePixels {

  /** Planes up to so many pixels are read once and kept. */
  private static final long MOST_KEPT = 2048L * 2048;

  /** The pixels of a plane: in memory where it is small. */
  static PlanePixels of(PlaneReader reader, Field field, int z, int t, List<Samples> into)
      throws ImageReadException {
    FilePixels pixels = new FilePixels(reader, field, z, t, into);
    if (field.planePixels() > MOST_KEPT) {
      return pixels;
    }
    for (int c = 0; c < into.size(); c++) {
      pixels.read(c, 0, 0, field.sizeX(), field.sizeY());
    }
    return PlanePixels.of(into, field.sizeX(), field.sizeY());
  }

  @Override
  public int width() {
    return field.sizeX();
  }

  @Override
  public int height() {
    return field.sizeY();
  }

  @Override
  public Plane read(int channel, int x, int y, int columns, int rows) throws ImageReadException {
    Samples samples = into.get(channel);
    reader.read(field, channel, z, t, x, y, columns, rows, samples);
    return samples;
  }
}
