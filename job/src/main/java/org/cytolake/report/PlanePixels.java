package org.cytolake.report;

import org.cytolake.field.Columns;

import java.util.List;
import org.cytolake.image.Plane;
import org.cytolake.bioformats.ImageReadException;

/** The pixels of one image at one z and t. */
public interface PlanePixels {
  /** Columns. */
  int width();

  /** Rows. */
  int height();

  /**
   * The intensities of one channel in a rectangle that lies in the plane.
   *
   * @return row by row, width x height of them; valid until the next call for the channel
   * @throws ImageReadException naming the file and what to do
   */
  Plane read(int channel, int x, int y, int width, int height) throws ImageReadException;

  /**
   * Of whole planes in memory.
   *
   * @param channels row by row, width x height each; not copied
   */
  static PlanePixels of(List<? extends Plane> channels, int width, int height) {
    return new PlanesInMemory(List.copyOf(channels), width, height);
  }
}
