package org.cytolake.cellpose;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * Where objects lie: rectangles that hold all their pixels, as {@code scipy.ndimage.find_objects}.
 * Arrays by label.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LabelBounds(int[] top, int[] left, int[] bottom, int[] right) {
  /**
   * Of all objects.
   *
   * @param largest label there is, or more
   */
  static LabelBounds of(LabelImage image, int largest) {
    int[] top = new int[largest + 1];
    int[] left = new int[largest + 1];
    int[] bottom = new int[largest + 1];
    int[] right = new int[largest + 1];
    Arrays.fill(top, Integer.MAX_VALUE);
    Arrays.fill(left, Integer.MAX_VALUE);
    int i = 0;
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++, i++) {
        int label = image.labels()[i];
        if (label != 0) {
          top[label] = Math.min(top[label], row);
          bottom[label] = row + 1;
          left[label] = Math.min(left[label], column);
          right[label] = Math.max(right[label], column + 1);
        }
      }
    }
    return new LabelBounds(top, left, bottom, right);
  }

  /** The largest label that an object may have. */
  int largest() {
    return top.length - 1;
  }

  /** Whether there is such an object. */
  boolean has(int label) {
    return bottom[label] > 0;
  }

  int height(int label) {
    return bottom[label] - top[label];
  }

  int width(int label) {
    return right[label] - left[label];
  }
}
