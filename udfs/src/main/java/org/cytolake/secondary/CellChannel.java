package org.cytolake.secondary;

/**
 * The channel in which cells are looked for.
 *
 * @param height rows; likewise {@code width}
 * @param intensities row by row, finite, divided by the largest of the pixel type
 * @param foreground which pixels may be part of a cell
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CellChannel(int height, int width, float[] intensities, boolean[] foreground) {
  /**
   * Checks.
   *
   * @throws IllegalArgumentException where a size does not fit
   */
  public CellChannel {
    int pixels = Math.multiplyExact(height, width);
    if (intensities.length != pixels || foreground.length != pixels) {
      throw new IllegalArgumentException(
          intensities.length
              + " intensities and "
              + foreground.length
              + " pixels of a foreground for "
              + width
              + " x "
              + height);
    }
  }
}
