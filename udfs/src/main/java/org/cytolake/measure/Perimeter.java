package org.cytolake.measure;

import java.util.Arrays;

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

  /**
   * @param left smallest column of the object's pixels; {@code right} is the largest
   */
  static double of(LabelledPixels pixels, int label, int left, int right) {
    int first = pixels.firstRun(label);
    int end = pixels.endOfRuns(label);
    int top = pixels.row(first);
    int width = right - left + 3; // one pixel of background around
    int height = pixels.row(end - 1) - top + 3;
    int[] object = new int[width * height];
    for (int run = first; run < end; run++) {
      int start = (pixels.row(run) - top + 1) * width + pixels.column(run) - left + 1;
      Arrays.fill(object, start, start + pixels.length(run), 1);
    }
    int[] border = new int[object.length];
    for (int i = width; i < object.length - width; i++) {
      border[i] =
          object[i] & ~(object[i - 1] & object[i + 1] & object[i - width] & object[i + width]);
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
}
