package org.cytolake.measure;

import org.cytolake.image.LabelImage;

/**
 * Length of an object's border, as {@code skimage.measure.perimeter(mask, neighborhood=4)}: border
 * pixels weighted by how many of their neighbours are border pixels too, straight and diagonal.
 */
final class Perimeter {
  private static final double[] WEIGHTS = new double[50];

  static {
    for (int straight : new int[] {5, 7, 15, 17, 25, 27}) {
      WEIGHTS[straight] = 1;
    }
    for (int diagonal : new int[] {21, 33}) {
      WEIGHTS[diagonal] = Math.sqrt(2);
    }
    for (int mixed : new int[] {13, 23}) {
      WEIGHTS[mixed] = (1 + Math.sqrt(2)) / 2;
    }
  }

  private Perimeter() {}

  static double of(LabelImage image, int label, int top, int left, int bottom, int right) {
    int width = right - left + 3; // one pixel of background around
    int height = bottom - top + 3;
    int[] border = new int[width * height];
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        if (is(image, label, y, x)
            && !(is(image, label, y - 1, x)
                && is(image, label, y + 1, x)
                && is(image, label, y, x - 1)
                && is(image, label, y, x + 1))) {
          border[(y - top + 1) * width + x - left + 1] = 1;
        }
      }
    }
    long[] counts = new long[WEIGHTS.length];
    for (int y = 1; y < height - 1; y++) {
      for (int i = y * width + 1; i < (y + 1) * width - 1; i++) {
        if (border[i] == 1) {
          int straight = border[i - 1] + border[i + 1] + border[i - width] + border[i + width];
          int diagonal =
              border[i - width - 1]
                  + border[i - width + 1]
                  + border[i + width - 1]
                  + border[i + width + 1];
          counts[1 + 2 * straight + 10 * diagonal]++;
        }
      }
    }
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i] * WEIGHTS[i];
    }
    return sum;
  }

  private static boolean is(LabelImage image, int label, int y, int x) {
    return y >= 0 && x >= 0 && y < image.height() && x < image.width() && image.at(y, x) == label;
  }
}
