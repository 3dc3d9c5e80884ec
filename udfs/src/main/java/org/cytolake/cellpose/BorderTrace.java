package org.cytolake.cellpose;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * Goes along the outer border of an object's pixels, all of which become vertices; neighbours are
 * the eight around a pixel (G. S. Moore's neighbourhood). Since no edge between neighbours passes
 * through another pixel's centre, and a way there and back encloses nothing, the polygon holds just
 * the object's pixels where it has no holes. Reuses its arrays; not thread-safe.
 */
final class BorderTrace {
  // clockwise from the right, down being positive
  private static final int[] DOWN = {0, 1, 1, 1, 0, -1, -1, -1};
  private static final int[] RIGHT = {1, 1, 0, -1, -1, -1, 0, 1};
  private static final int FROM_THE_LEFT =
      5; // where to look first if the pixel on the left is none
  private static final int NONE = -1;

  private final LabelImage image;
  private final LabelBounds bounds;
  private int label;
  private boolean[] seen = new boolean[0]; // of the pixels in the object's rectangle
  private int[] queue = new int[0];
  private int[] path = new int[64]; // pixels
  private int length;

  BorderTrace(LabelImage image, LabelBounds bounds) {
    this.image = image;
    this.bounds = bounds;
  }

  /** Follows the border of an object that there is. */
  void follow(int object) {
    label = object;
    length = 0;
    int size = bounds.height(label) * bounds.width(label);
    if (seen.length < size) {
      seen = new boolean[size];
      queue = new int[size];
    } else {
      Arrays.fill(seen, 0, size, false);
    }
    int first = NONE;
    for (int y = bounds.top()[label]; y < bounds.bottom()[label]; y++) {
      for (int x = bounds.left()[label]; x < bounds.right()[label]; x++) {
        if (image.at(y, x) == label && !seen[place(y, x)]) {
          int part = y * image.width() + x;
          if (first == NONE) {
            first = part;
            around(part);
          } else {
            add(first);
            around(part);
            add(part);
          }
          see(y, x);
        }
      }
    }
  }

  float[] rows() {
    float[] rows = new float[length];
    for (int i = 0; i < length; i++) {
      int row = path[i] / image.width();
      rows[i] = row;
    }
    return rows;
  }

  float[] columns() {
    float[] columns = new float[length];
    for (int i = 0; i < length; i++) {
      int column = path[i] % image.width();
      columns[i] = column;
    }
    return columns;
  }

  private int place(int y, int x) {
    return (y - bounds.top()[label]) * bounds.width(label) + x - bounds.left()[label];
  }

  private void add(int pixel) {
    if (length == path.length) {
      path = Arrays.copyOf(path, 2 * length);
    }
    path[length++] = pixel;
  }

  private boolean isObject(int y, int x) {
    return y >= 0 && y < image.height() && x >= 0 && x < image.width() && image.at(y, x) == label;
  }

  /** Once round a part, from its first pixel, until the first step would be taken again. */
  private void around(int start) {
    add(start);
    int y = start / image.width();
    int x = start % image.width();
    int firstStep = next(y, x, FROM_THE_LEFT);
    if (firstStep == NONE) {
      return;
    }
    int step = firstStep;
    while (true) {
      y += DOWN[step];
      x += RIGHT[step];
      // the first neighbour clockwise after that which was none before the step
      step = next(y, x, step % 2 == 0 ? step + 7 : step + 6);
      int pixel = y * image.width() + x;
      if (pixel == start && step == firstStep) {
        return;
      }
      add(pixel);
    }
  }

  private int next(int y, int x, int from) {
    for (int turn = 0; turn < DOWN.length; turn++) {
      int step = (from + turn) % DOWN.length;
      if (isObject(y + DOWN[step], x + RIGHT[step])) {
        return step;
      }
    }
    return NONE;
  }

  /** Marks all of a part. */
  private void see(int firstRow, int firstColumn) {
    int width = bounds.width(label);
    int found = 1;
    queue[0] = place(firstRow, firstColumn);
    seen[queue[0]] = true;
    for (int i = 0; i < found; i++) {
      int y = queue[i] / width + bounds.top()[label];
      int x = queue[i] % width + bounds.left()[label];
      for (int step = 0; step < DOWN.length; step++) {
        int nextY = y + DOWN[step];
        int nextX = x + RIGHT[step];
        if (isObject(nextY, nextX) && !seen[place(nextY, nextX)]) {
          seen[place(nextY, nextX)] = true;
          queue[found++] = place(nextY, nextX);
        }
      }
    }
  }
}
