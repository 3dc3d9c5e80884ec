package org.cytolake.cellpose;

import org.cytolake.image.LabelImage;

/**
 * Fills the holes of objects and removes small ones; {@code
 * cellpose.utils.fill_holes_and_remove_small_masks}.
 *
 * <p>Version 3.1.1.3 takes places in a list of sizes for numbers of objects here: where the flow
 * error has left gaps in the numbers, it removes other objects than the small ones. This is what
 * 4.2.1.1 does, which has that mended.
 */
final class FilledObjects {
  private final LabelImage image;
  private byte[] state = new byte[0]; // of the pixels in an object's rectangle
  private int[] queue = new int[0];

  private static final byte EMPTY = 0;
  private static final byte OBJECT = 1;
  private static final byte OUTSIDE = 2;

  private FilledObjects(LabelImage image) {
    this.image = image;
  }

  /**
   * Fills and removes.
   *
   * @param largest label there is, or more
   * @param minSize smaller objects go, before holes are filled and after, pixels
   * @return number of objects that are left, numbered in the order of their first pixels
   */
  static int fill(LabelImage image, int largest, int minSize) {
    int objects = removeSmall(image, largest, minSize);
    FilledObjects filled = new FilledObjects(image);
    LabelBounds bounds = LabelBounds.of(image, objects);
    for (int label = 1; label <= objects; label++) {
      filled.fill(bounds, label);
    }
    return removeSmall(image, objects, minSize);
  }

  private static int removeSmall(LabelImage image, int largest, int minSize) {
    int[] labels = image.labels();
    int[] sizes = new int[largest + 1];
    for (int label : labels) {
      sizes[label]++;
    }
    for (int i = 0; i < labels.length; i++) {
      if (sizes[labels[i]] < minSize) {
        labels[i] = 0;
      }
    }
    return Numbering.renumber(image, largest);
  }

  /** What cannot be reached from outside the rectangle, going up, down and sideways, is a hole. */
  private void fill(LabelBounds bounds, int label) {
    int height = bounds.height(label);
    int width = bounds.width(label);
    int size = height * width;
    if (state.length < size) {
      state = new byte[size];
      queue = new int[size];
    }
    int first = bounds.top()[label] * image.width() + bounds.left()[label];
    int[] labels = image.labels();
    for (int row = 0, at = 0; row < height; row++) {
      int from = first + row * image.width();
      for (int i = from; i < from + width; i++) {
        state[at++] = labels[i] == label ? OBJECT : EMPTY;
      }
    }
    reachFromOutside(height, width);
    for (int row = 0, at = 0; row < height; row++) {
      int from = first + row * image.width();
      for (int i = from; i < from + width; i++) {
        if (state[at++] == EMPTY) {
          labels[i] = label;
        }
      }
    }
  }

  private void reachFromOutside(int height, int width) {
    int reached = 0;
    for (int column = 0; column < width; column++) {
      reached = reach(column, reached);
      reached = reach((height - 1) * width + column, reached);
    }
    for (int row = 0; row < height; row++) {
      reached = reach(row * width, reached);
      reached = reach(row * width + width - 1, reached);
    }
    for (int next = 0; next < reached; next++) {
      int at = queue[next];
      int column = at % width;
      if (column > 0) {
        reached = reach(at - 1, reached);
      }
      if (column < width - 1) {
        reached = reach(at + 1, reached);
      }
      if (at >= width) {
        reached = reach(at - width, reached);
      }
      if (at < (height - 1) * width) {
        reached = reach(at + width, reached);
      }
    }
  }

  private int reach(int at, int reached) {
    if (state[at] != EMPTY) {
      return reached;
    }
    state[at] = OUTSIDE;
    queue[reached] = at;
    return reached + 1;
  }
}
