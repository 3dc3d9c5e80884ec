package org.cytolake.shading;

import java.io.Serializable;

/**
 * How bright a field is from one side to the other.
 *
 * @param across means of up to {@link #PLACES} equal parts from left to right, over all rows
 * @param down the same from top to bottom, over all columns
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FieldProfile(double[] across, double[] down) implements Serializable {
  /** Most parts of a side. */
  public static final int PLACES = 64;

  /** Of intensities, row by row. */
  public static FieldProfile of(double[] values, int height, int width) {
    double[] across = new double[Math.min(PLACES, width)];
    double[] down = new double[Math.min(PLACES, height)];
    long[] acrossPixels = new long[across.length];
    long[] downPixels = new long[down.length];
    for (int y = 0; y < height; y++) {
      int row = (int) ((long) y * down.length / height);
      double sum = 0;
      for (int x = 0; x < width; x++) {
        double value = values[y * width + x];
        int column = (int) ((long) x * across.length / width);
        across[column] += value;
        acrossPixels[column]++;
        sum += value;
      }
      down[row] += sum;
      downPixels[row] += width;
    }
    for (int i = 0; i < across.length; i++) {
      across[i] /= acrossPixels[i];
    }
    for (int i = 0; i < down.length; i++) {
      down[i] /= downPixels[i];
    }
    return new FieldProfile(across, down);
  }
}
