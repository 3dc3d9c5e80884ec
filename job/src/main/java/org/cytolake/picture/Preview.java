package org.cytolake.picture;

import java.util.Arrays;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;

/**
 * A plane made small enough for a page: of every square of pixels the mean, and one sample as it
 * was.
 *
 * @param width of the small plane, pixels
 * @param step side of a square, pixels of the plane
 * @param means row by row
 * @param samples the upper left pixel of each square
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Preview(int width, int height, int step, double[] means, double[] samples) {
  /** Longest side, pixels. */
  static final int LONGEST = 720;

  /** Longest side of what is read at once, pixels. */
  private static final int BLOCK = 2048;

  static int step(int sizeX, int sizeY) {
    return Math.max(1, (Math.max(sizeX, sizeY) + LONGEST - 1) / LONGEST);
  }

  /**
   * Reads a plane block by block; needs memory for one block and the small plane. Means leave out
   * what is not finite, NaN where nothing is.
   */
  public static Preview read(PlanePixels pixels, int channel) throws ImageReadException {
    int step = step(pixels.width(), pixels.height());
    int width = (pixels.width() + step - 1) / step;
    int height = (pixels.height() + step - 1) / step;
    Preview preview =
        new Preview(width, height, step, new double[width * height], new double[width * height]);
    int block = Math.max(1, BLOCK / step) * step;
    for (int y = 0; y < pixels.height(); y += block) {
      int rows = Math.min(block, pixels.height() - y);
      for (int x = 0; x < pixels.width(); x += block) {
        int columns = Math.min(block, pixels.width() - x);
        Plane plane = pixels.read(channel, new Window(y, x, rows, columns));
        preview.fill(plane, columns, rows, y / step * width + x / step);
      }
    }
    return preview;
  }

  /** Fills in the squares of a block, whose first has the given index. */
  private void fill(Plane plane, int columns, int rows, int first) {
    double[] row = new double[columns];
    double[] sums = new double[columns];
    for (int y = 0; y < rows; y += step) {
      int high = Math.min(step, rows - y);
      Arrays.fill(sums, 0);
      for (int i = 0; i < high; i++) {
        plane.read((y + i) * columns, columns, row, 0);
        for (int x = 0; x < columns; x++) {
          sums[x] += row[x];
        }
        if (i == 0) {
          for (int x = 0; x < columns; x += step) {
            samples[first + x / step] = row[x];
          }
        }
      }
      for (int x = 0, at = first; x < columns; x += step, at++) {
        int wide = Math.min(step, columns - x);
        double sum = 0;
        for (int i = 0; i < wide; i++) {
          sum += sums[x + i];
        }
        means[at] =
            Double.isFinite(sum)
                ? sum / (wide * high)
                : finiteMean(plane, y * columns + x, wide, high, columns);
      }
      first += width;
    }
  }

  private static double finiteMean(Plane plane, int first, int wide, int high, int columns) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < wide * high; i++) {
      double value = plane.at(first + i / wide * columns + i % wide);
      if (Double.isFinite(value)) {
        sum += value;
        count++;
      }
    }
    return sum / count;
  }
}
