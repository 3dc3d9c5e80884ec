package org.cytolake.illumination;

/**
 * An illumination function.
 *
 * @param values row by row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LightImage(int height, int width, float[] values) {
  public LightImage {
    if (values.length != height * width) {
      throw new IllegalArgumentException(values.length + " values for " + height + " x " + width);
    }
  }

  /** From values column by column. */
  static LightImage ofColumns(int height, int width, float[] columns) {
    float[] rows = new float[columns.length];
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        rows[y * width + x] = columns[x * height + y];
      }
    }
    return new LightImage(height, width, rows);
  }
}
