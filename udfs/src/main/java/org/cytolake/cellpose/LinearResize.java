package org.cytolake.cellpose;

/**
 * Resizes with linear interpolation between pixels, as {@code cv2.resize(image, size,
 * interpolation=cv2.INTER_LINEAR)} of 32-bit floats does in two or more channels, to the last bit:
 * OpenCV's own code, not that of Intel's IPP, which it uses for some numbers of channels on Intel's
 * processors and whose results differ in the sixth digit.
 */
public final class LinearResize {
  private LinearResize() {}

  /**
   * Resizes.
   *
   * @param plane height x width values, row by row
   * @return toHeight x toWidth values
   */
  public static float[] resize(float[] plane, int height, int width, int toHeight, int toWidth) {
    if (height == toHeight && width == toWidth) {
      return plane;
    }
    if (height == 2 * toHeight && width == 2 * toWidth) {
      return halved(plane, toHeight, toWidth);
    }
    Places rows = Places.of(height, toHeight);
    Places columns = Places.of(width, toWidth).clamped(width);
    float[] resized = new float[Math.multiplyExact(toHeight, toWidth)];
    float[] above = new float[toWidth];
    float[] below = new float[toWidth];
    int inAbove = -1; // number of the row that is there
    int inBelow = -1;
    for (int row = 0; row < toHeight; row++) {
      int first = Math.max(0, rows.first[row]);
      int second = Math.min(height - 1, rows.first[row] + 1);
      if (first == inBelow) {
        float[] old = above;
        above = below;
        inAbove = inBelow;
        below = old;
        inBelow = -1;
      }
      if (first != inAbove) {
        columns.interpolate(plane, first * width, width, above);
        inAbove = first;
      }
      if (second != inBelow) {
        columns.interpolate(plane, second * width, width, below);
        inBelow = second;
      }
      float share = rows.share[row];
      float rest = 1 - share;
      int start = row * toWidth;
      for (int column = 0; column < toWidth; column++) {
        resized[start + column] = above[column] * rest + below[column] * share;
      }
    }
    return resized;
  }

  /** OpenCV takes the mean of four where both sides are halved. */
  private static float[] halved(float[] plane, int height, int width) {
    float[] resized = new float[height * width];
    for (int row = 0; row < height; row++) {
      int above = 4 * row * width;
      int below = above + 2 * width;
      for (int column = 0; column < width; column++) {
        float sum =
            plane[above + 2 * column]
                + plane[above + 2 * column + 1]
                + plane[below + 2 * column]
                + plane[below + 2 * column + 1];
        resized[row * width + column] = sum * 0.25f;
      }
    }
    return resized;
  }

  /** Between which pixels of an axis the new ones lie, and the share of the second. */
  private static final class Places {
    final int[] first;
    final float[] share;

    private Places(int length) {
      first = new int[length];
      share = new float[length];
    }

    static Places of(int from, int to) {
      double scale = 1 / ((double) to / from);
      Places places = new Places(to);
      for (int i = 0; i < to; i++) {
        float at = (float) ((i + 0.5) * scale - 0.5);
        places.first[i] = (int) Math.floor(at);
        places.share[i] = at - places.first[i];
      }
      return places;
    }

    Places clamped(int length) {
      for (int i = 0; i < first.length; i++) {
        if (first[i] < 0 || first[i] >= length - 1) {
          first[i] = Math.max(0, Math.min(length - 1, first[i]));
          share[i] = 0;
        }
      }
      return this;
    }

    void interpolate(float[] plane, int start, int width, float[] into) {
      for (int i = 0; i < into.length; i++) {
        int left = first[i];
        int right = Math.min(left + 1, width - 1);
        into[i] = plane[start + left] * (1 - share[i]) + plane[start + right] * share[i];
      }
    }
  }
}
