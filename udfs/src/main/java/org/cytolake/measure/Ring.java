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
  private static final int NONE = -1;

  private final LabelImage labels;
  private final int distance;
  private final int[] above; // by column: nearest row with an object up to the current one
  private final int[] below; // by pixel: nearest row with an object from its own on
  private final int[] nearest; // the nearer of the two
  private final int[] height; // how far it is; more than the distance where there is none
  private final int[] near; // number of columns before this one where it is near enough

  private Ring(LabelImage labels, int distance) {
    this.labels = labels;
    this.distance = distance;
    this.above = filled(labels.width());
    this.below = below(labels);
    this.nearest = filled(labels.width());
    this.height = new int[labels.width()];
    this.near = new int[labels.width() + 1];
  }

  private static int[] filled(int size) {
    int[] array = new int[size];
    Arrays.fill(array, NONE);
    return array;
  }

  /** The image's height where there is no object below. */
  private static int[] below(LabelImage image) {
    int[] labels = image.labels();
    int[] below = new int[labels.length];
    int width = image.width();
    for (int y = image.height() - 1; y >= 0; y--) {
      boolean last = y == image.height() - 1;
      for (int x = 0, i = y * width; x < width; x++, i++) {
        below[i] = labels[i] > 0 ? y : last ? image.height() : below[i + width];
      }
    }
    return below;
  }

  /**
   * The rings.
   *
   * @param distance greatest distance, pixels, 1 or more
   * @return a label image of the same size; an object that has no free pixel near has no ring
   * @throws IllegalArgumentException where the distance is below 1
   */
  public static LabelImage around(LabelImage labels, int distance) {
    if (distance < 1) {
      throw new IllegalArgumentException("a ring is 1 pixel wide or more, not " + distance);
    }
    LabelImage rings = new LabelImage(labels.height(), labels.width());
    Ring ring = new Ring(labels, distance);
    for (int y = 0; y < labels.height(); y++) {
      if (ring.look(y)) {
        ring.fill(y, rings);
      }
    }
    return rings;
  }

  /** Finds the nearest object in every column; whether there is one near enough in any. */
  private boolean look(int y) {
    for (int x = 0; x < above.length; x++) {
      if (labels.at(y, x) > 0) {
        above[x] = y;
      }
      int under = below[y * above.length + x];
      int up = above[x] == NONE ? Integer.MAX_VALUE : y - above[x];
      int down = under == labels.height() ? Integer.MAX_VALUE : under - y;
      nearest[x] = up <= down ? above[x] : under;
      height[x] = Math.min(up, down);
      near[x + 1] = near[x] + (height[x] <= distance ? 1 : 0);
    }
    return near[height.length] > 0;
  }

  private void fill(int y, LabelImage rings) {
    long reach = distance;
    long farthest = reach * reach;
    for (int x = 0; x < height.length; x++) {
      int first = Math.max(0, x - distance);
      int last = Math.min(height.length - 1, Math.addExact(x, distance));
      if (height[x] == 0 || near[last + 1] == near[first]) {
        continue;
      }
      long best = farthest + 1;
      int from = NONE;
      for (int column = first; column <= last; column++) {
        if (height[column] <= distance) {
          long dx = (long) column - x;
          long dy = height[column];
          long squared = dx * dx + dy * dy;
          if (squared < best) {
            best = squared;
            from = column;
          }
        }
      }
      if (from != NONE) {
        rings.set(y, x, labels.at(nearest[from], from));
      }
    }
  }
}
