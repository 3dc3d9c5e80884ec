package org.cytolake.report;

import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Field;

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
record Preview(int width, int height, int step, double[] means, double[] samples) {
  /** Longest side, pixels. */
  static final int LONGEST = 720;

  /** Longest side of what is read at once, pixels. */
  private static final int BLOCK = 2048;

  static int step(int sizeX, int sizeY) {
    return Math.max(1, (Math.max(sizeX, sizeY) + LONGEST - 1) / LONGEST);
  }

  /** Reads a plane block by block; needs memory for one block and the small plane. */
  static Preview read(PlaneReader reader, Field field, int channel, ImageKey key, Samples into)
      throws ImageReadException {
    int step = step(field.sizeX(), field.sizeY());
    int width = (field.sizeX() + step - 1) / step;
    int height = (field.sizeY() + step - 1) / step;
    double[] sums = new double[width * height];
    int[] counts = new int[sums.length];
    double[] samples = new double[sums.length];
    int block = Math.max(1, BLOCK / step) * step;
    for (int y0 = 0; y0 < field.sizeY(); y0 += block) {
      int rows = Math.min(block, field.sizeY() - y0);
      for (int x0 = 0; x0 < field.sizeX(); x0 += block) {
        int columns = Math.min(block, field.sizeX() - x0);
        reader.read(field, channel, key.z(), key.t(), x0, y0, columns, rows, into);
        for (int y = 0, i = 0; y < rows; y++) {
          int row = (y0 + y) / step * width;
          for (int x = 0; x < columns; x++, i++) {
            double value = into.at(i);
            int at = row + (x0 + x) / step;
            if (y % step == 0 && x % step == 0) {
              samples[at] = value;
            }
            if (Double.isFinite(value)) {
              sums[at] += value;
              counts[at]++;
            }
          }
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= counts[i]; // NaN where no pixel is finite
    }
    return new Preview(width, height, step, sums, samples);
  }
}
