package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.cytolake.field.Field;
import org.cytolake.stardist.Window;

/**
 * Writes label images of one image, all its z and t, as unsigned integers of 16 bits, or of 32. Not
 * thread-safe.
 */
public interface LabelWriter extends Closeable {
  /** Side of a tile, pixels. */
  int TILE = 1024;

  /** Most pixels of a plane that is written in one piece. */
  int WHOLE = 4 * TILE * TILE;

  /** The rectangles in which a plane of an image is written, in order. */
  static List<Window> windows(Field field) {
    return windows(field.sizeY(), field.sizeX());
  }

  /** The same by the plane's size, pixels. */
  static List<Window> windows(int sizeY, int sizeX) {
    if ((long) sizeY * sizeX <= WHOLE) {
      return List.of(Window.whole(sizeY, sizeX));
    }
    List<Window> tiles = new ArrayList<>();
    for (int y = 0; y < sizeY; y += TILE) {
      for (int x = 0; x < sizeX; x += TILE) {
        int height = Math.min(TILE, sizeY - y);
        tiles.add(new Window(y, x, height, Math.min(TILE, sizeX - x)));
      }
    }
    return tiles;
  }

  /**
   * Writes one of the {@link #windows} of a plane. Planes may come in any order.
   *
   * @param z index of the z plane in the file that the image came from
   * @param labels row by row, as many as the rectangle has pixels; those beyond are left; none of
   *     more bits than the image has
   * @throws IOException if it cannot be written
   */
  void write(int channel, int z, int t, Window window, int[] labels) throws IOException;

  /**
   * Ends the image. Without this it is not whole, and {@link #close} only lets go of it.
   *
   * @throws IllegalStateException if planes were not written
   */
  void finish() throws IOException;
}
