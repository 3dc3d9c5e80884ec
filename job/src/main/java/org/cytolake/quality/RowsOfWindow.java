package org.cytolake.quality;

import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;

/**
 * The rows of a window of a plane, one after the other, so many read at once that they fit memory.
 */
final class RowsOfWindow {
  private static final int BAND = 1 << 22; // pixels

  private final PlanePixels pixels;
  private final Window window;
  private final int channel;
  private Plane band;
  private int bandTop;
  private int bandBottom;
  private int y;

  RowsOfWindow(PlanePixels pixels, Window window, int channel) {
    this.pixels = pixels;
    this.window = window;
    this.channel = channel;
    this.y = window.top();
    this.bandBottom = window.top();
  }

  /**
   * Reads the next row.
   *
   * @param into has the window's width
   * @return whether there was one
   */
  boolean next(double[] into) throws ImageReadException {
    if (y == window.bottom()) {
      return false;
    }
    if (y == bandBottom) {
      int rows = Math.min(window.bottom() - y, Math.max(1, BAND / window.width()));
      bandTop = y;
      bandBottom = y + rows;
      band = pixels.read(channel, new Window(y, window.left(), rows, window.width()));
    }
    band.read((y - bandTop) * window.width(), window.width(), into, 0);
    y++;
    return true;
  }
}
