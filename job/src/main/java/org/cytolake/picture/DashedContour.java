package org.cytolake.picture;

import org.cytolake.image.LabelImage;

/**
 * Draws the border between the pixels of a label and all others as dashes, in a picture of the
 * label image that is as large or larger. The border runs along edges of pixels, each edge with the
 * label on its right; where two parts of the label touch at a corner, each keeps its own border.
 */
final class DashedContour {
  private static final int DASH = 4;
  private static final int PERIOD = 7;

  // directions: east, south, west, north
  private static final int[] DX = {1, 0, -1, 0};
  private static final int[] DY = {0, 1, 0, -1};

  private final int columns; // of corners
  private final byte[] edges; // by corner: a bit for each direction in which the border leaves it
  private final double scale;
  private final int[] rgb;
  private final int width;
  private final int height;
  private int drawn; // pixels since the contour began

  private DashedContour(LabelImage labels, int label, double scale, int[] rgb, int width) {
    this.columns = labels.width() + 1;
    this.edges = new byte[columns * (labels.height() + 1)];
    this.scale = scale;
    this.rgb = rgb;
    this.width = width;
    this.height = rgb.length / width;
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++) {
        if (labels.at(y, x) == label) {
          add(labels, label, y, x);
        }
      }
    }
  }

  private void add(LabelImage labels, int label, int y, int x) {
    int corner = y * columns + x;
    if (y == 0 || labels.at(y - 1, x) != label) {
      edges[corner] |= 1;
    }
    if (x == labels.width() - 1 || labels.at(y, x + 1) != label) {
      edges[corner + 1] |= 2;
    }
    if (y == labels.height() - 1 || labels.at(y + 1, x) != label) {
      edges[corner + columns + 1] |= 4;
    }
    if (x == 0 || labels.at(y, x - 1) != label) {
      edges[corner + columns] |= 8;
    }
  }

  /**
   * Draws.
   *
   * @param scale pixels of the picture a pixel of the labels, 1 or more
   * @param rgb the picture, row by row
   * @param width of the picture
   */
  static void draw(LabelImage labels, int label, double scale, int[] rgb, int width, int colour) {
    DashedContour contour = new DashedContour(labels, label, scale, rgb, width);
    for (int corner = 0; corner < contour.edges.length; corner++) {
      while (contour.edges[corner] != 0) {
        contour.follow(corner, colour);
      }
    }
  }

  /** Goes round once from a corner and takes the edges away. */
  private void follow(int start, int colour) {
    int corner = start;
    int direction = Integer.numberOfTrailingZeros(edges[start]);
    drawn = 0;
    do {
      edges[corner] &= (byte) ~(1 << direction);
      edge(corner % columns, corner / columns, direction, colour);
      corner += DX[direction] + DY[direction] * columns;
      int right = (direction + 1) % 4;
      direction =
          (edges[corner] & 1 << right) != 0 ? right : Integer.numberOfTrailingZeros(edges[corner]);
    } while (corner != start && direction < 4);
  }

  private void edge(int x, int y, int direction, int colour) {
    int length = (int) Math.ceil(scale);
    for (int i = 0; i < length; i++, drawn++) {
      if (drawn % PERIOD < DASH) {
        double along = i * scale / length;
        // the pixels on both sides of the edge
        int px = (int) Math.round(x * scale + DX[direction] * along);
        int py = (int) Math.round(y * scale + DY[direction] * along);
        set(px, py, colour);
        set(px - Math.abs(DY[direction]), py - Math.abs(DX[direction]), colour);
      }
    }
  }

  private void set(int x, int y, int colour) {
    if (x >= 0 && y >= 0 && x < width && y < height) {
      rgb[y * width + x] = colour;
    }
  }
}
