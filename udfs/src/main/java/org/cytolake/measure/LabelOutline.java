package org.cytolake.measure;

import java.util.Arrays;
import java.util.Optional;
import org.cytolake.image.LabelImage;

/**
 * The outline of a labelled object along the edges of its pixels: of its largest part that hangs
 * together along rows and columns, without holes.
 *
 * @param ys rows of the corners; a pixel's centre has whole numbers, its corners lie half a pixel
 *     away
 * @param xs columns of the corners, in turn
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LabelOutline(double[] ys, double[] xs) {
  // directions: right, down, left, up; the object lies to the right
  private static final int[] DY = {0, 1, 0, -1};
  private static final int[] DX = {1, 0, -1, 0};

  // pixels ahead of a corner, on either side of the way
  private static final int[] RIGHT_Y = {0, 0, -1, -1};
  private static final int[] RIGHT_X = {0, -1, -1, 0};
  private static final int[] LEFT_Y = {-1, 0, 0, -1};
  private static final int[] LEFT_X = {0, 0, -1, -1};

  /**
   * Of a label.
   *
   * @param y0 first row in which it occurs, {@code y1} the one after its last; likewise columns
   * @return empty where it does not occur
   */
  public static Optional<LabelOutline> of(
      LabelImage image, int label, int y0, int x0, int y1, int x1) {
    Tracer tracer = new Tracer(image, label, y0, x0, y1, x1);
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        if (image.at(y, x) == label
            && (y == 0 || image.at(y - 1, x) != label)
            && !tracer.seen[(y - y0) * (x1 - x0) + x - x0]) {
          tracer.trace(y, x);
        }
      }
    }
    return tracer.best;
  }

  private static final class Tracer {
    private final LabelImage image;
    private final int label;
    private final int top;
    private final int left;
    private final int right;
    private final boolean[] seen; // pixels whose upper edge was gone along
    private Optional<LabelOutline> best = Optional.empty();
    private long largest;
    private double[] ys = new double[64];
    private double[] xs = new double[64];

    Tracer(LabelImage image, int label, int y0, int x0, int y1, int x1) {
      this.image = image;
      this.label = label;
      top = y0;
      left = x0;
      right = x1;
      seen = new boolean[(y1 - y0) * (x1 - x0)];
    }

    private boolean has(int y, int x) {
      return y >= 0 && x >= 0 && y < image.height() && x < image.width() && image.at(y, x) == label;
    }

    /** Goes once around, from the upper left corner of a pixel to the right. */
    void trace(int startY, int startX) {
      int y = startY; // corner of which the pixel (y, x) lies to the lower right
      int x = startX;
      int direction = 0;
      int n = 0;
      long area = 0; // twice
      do {
        if (direction == 0) {
          seen[(y - top) * (right - left) + x - left] = true;
        }
        int toY = y + DY[direction];
        int toX = x + DX[direction];
        area += (long) x * toY - (long) toX * y;
        y = toY;
        x = toX;
        boolean toTheRight = has(y + RIGHT_Y[direction], x + RIGHT_X[direction]);
        boolean toTheLeft = has(y + LEFT_Y[direction], x + LEFT_X[direction]);
        int next = !toTheRight ? (direction + 1) % 4 : toTheLeft ? (direction + 3) % 4 : direction;
        if (next != direction) {
          if (n == ys.length) {
            ys = Arrays.copyOf(ys, 2 * n);
            xs = Arrays.copyOf(xs, 2 * n);
          }
          ys[n] = y - 0.5;
          xs[n++] = x - 0.5;
        }
        direction = next;
      } while (y != startY || x != startX || direction != 0);
      if (area > largest) {
        largest = area;
        best = Optional.of(new LabelOutline(Arrays.copyOf(ys, n), Arrays.copyOf(xs, n)));
      }
    }
  }
}
