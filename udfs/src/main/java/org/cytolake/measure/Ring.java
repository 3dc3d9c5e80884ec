package org.cytolake.measure;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * The rings around labelled objects: background pixels up to a distance, each with the label of the
 * nearest object pixel, as {@code skimage.segmentation.expand_labels(labels, distance)} without the
 * objects themselves. Distances are Euclidean, from pixel centre to pixel centre.
 *
 * <p>Of several nearest pixels the one in the smallest column counts, there the one in the smallest
 * row: so does the feature transform behind scikit-image, {@code
 * scipy.ndimage.distance_transform_edt} (C. R. Maurer, R. Qi, V. Raghavan 2003, "A linear time
 * algorithm for computing exact Euclidean distance transforms"), whose order along the axes this
 * repeats: down the columns first, then along the rows.
 */
public final class Ring {
  private static final int WIDEST = 512;

  private final LabelImage labels;
  private final int distance;
  private final int far; // stands for all that is too far
  private final int shift; // bits for a column among those at a distance
  private final int[] below; // by pixel: rows down to the nearest object, at most far
  private final int[] padded; // see squared; with columns beyond both ends

  // of the row at hand, by column: the compiler makes vector instructions of a loop only where all
  // its arrays have the same index
  private final int[] row; // labels
  private final int[] up; // rows up to the nearest object, at most far
  private final int[] down; // rows down to it
  private final int[] squared; // squared distance of the nearer one, shifted
  private final int[] nearest; // smallest squared distance, shifted, plus its column

  private Ring(LabelImage labels, int distance) {
    int width = labels.width();
    this.labels = labels;
    this.distance = distance;
    this.far = distance + 1;
    this.shift = Integer.SIZE - Integer.numberOfLeadingZeros(2 * distance);
    this.padded = filled(width + 2 * distance, (far * far) << shift);
    this.row = new int[width];
    this.up = filled(width, far);
    this.down = filled(width, far);
    this.squared = new int[width];
    this.nearest = new int[width];
    this.below = new int[labels.labels().length];
    for (int y = labels.height() - 1; y >= 0; y--) {
      copyLabels(y);
      next(down);
      System.arraycopy(down, 0, below, y * width, width);
    }
  }

  private void copyLabels(int y) {
    System.arraycopy(labels.labels(), y * row.length, row, 0, row.length);
  }

  /** Goes on by a row from each object: 0 where there is one in this row. */
  private void next(int[] rows) {
    for (int x = 0; x < rows.length; x++) {
      int free = (row[x] - 1) >> (Integer.SIZE - 1); // all bits, or none where there is an object
      rows[x] = smaller(rows[x] + 1, far) & free;
    }
  }

  /** Of two numbers from 0 on; the compiler makes no vector instructions of Math.min. */
  private static int smaller(int a, int b) {
    int less = a - b;
    return b + (less & (less >> (Integer.SIZE - 1)));
  }

  private static int[] filled(int size, int value) {
    int[] array = new int[size];
    Arrays.fill(array, value);
    return array;
  }

  /**
   * The rings.
   *
   * @param distance greatest distance, pixels, 1 to 512
   * @return a label image of the same size; an object that has no free pixel near has no ring
   * @throws IllegalArgumentException where the distance is out of its range
   */
  public static LabelImage around(LabelImage labels, int distance) {
    if (distance < 1 || distance > WIDEST) {
      throw new IllegalArgumentException(
          "a ring is 1 to " + WIDEST + " pixels wide, not " + distance);
    }
    LabelImage rings = new LabelImage(labels.height(), labels.width());
    Ring ring = new Ring(labels, distance);
    for (int y = 0; y < labels.height(); y++) {
      ring.fill(y, rings);
    }
    return rings;
  }

  private void fill(int y, LabelImage rings) {
    copyLabels(y);
    next(up);
    System.arraycopy(below, y * down.length, down, 0, down.length);
    for (int x = 0; x < squared.length; x++) {
      int height = smaller(up[x], down[x]);
      squared[x] = (height * height) << shift;
    }
    System.arraycopy(squared, 0, padded, distance, squared.length);
    Arrays.fill(nearest, Integer.MAX_VALUE);
    for (int column = 0; column <= 2 * distance; column++) {
      int dx = column - distance;
      int more = ((dx * dx) << shift) + column;
      System.arraycopy(padded, column, squared, 0, squared.length);
      for (int x = 0; x < nearest.length; x++) {
        nearest[x] = smaller(nearest[x], squared[x] + more);
      }
    }
    int limit = (distance * distance + 1) << shift;
    int columns = (1 << shift) - 1;
    for (int x = 0; x < nearest.length; x++) {
      if (nearest[x] < limit && row[x] == 0) {
        int from = x - distance + (nearest[x] & columns);
        rings.set(y, x, labels.at(up[from] <= down[from] ? y - up[from] : y + down[from], from));
      }
    }
  }
}
