package org.cytolake.statistics;

import java.io.UncheckedIOException;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.Pairs;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;

/**
 * The pixels of a window that are finite in both of two channels, one by one.
 *
 * @param x index of the first channel
 * @param y index of the second channel
 */
record PixelPairs(PlanePixels pixels, Window window, int x, int y) implements Pairs {
  /**
   * Goes through all.
   *
   * @throws UncheckedIOException of an {@link ImageReadException}
   */
  @Override
  public void each(Each to) {
    try {
      each(pixels, window, x, y, to);
    } catch (ImageReadException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void each(PlanePixels pixels, Window window, int x, int y, Each to)
      throws ImageReadException {
    for (Window band : PlaneCounting.bands(window)) {
      Plane ofX = pixels.read(x, band);
      Plane ofY = pixels.read(y, band);
      for (int i = 0; i < band.pixels(); i++) {
        double a = ofX.at(i);
        double b = ofY.at(i);
        if (Double.isFinite(a) && Double.isFinite(b)) {
          to.pair(a, b, 1);
        }
      }
    }
  }
}
