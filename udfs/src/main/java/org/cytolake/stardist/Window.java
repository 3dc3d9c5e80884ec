package org.cytolake.stardist;

import java.io.Serializable;

/**
 * A rectangle of a plane, pixels.
 *
 * @param top first row, 0 or more
 * @param left first column, 0 or more
 * @param height rows, 1 or more
 * @param width columns, 1 or more
 */
public record Window(int top, int left, int height, int width) implements Serializable {
  public Window {
    if (top < 0
        || left < 0
        || height < 1
        || width < 1
        || (long) top + height > Integer.MAX_VALUE
        || (long) left + width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "no window: " + width + " x " + height + " from row " + top + ", column " + left);
    }
  }

  /** All of a plane. */
  public static Window whole(int height, int width) {
    return new Window(0, 0, height, width);
  }

  /** One row beyond the last. */
  public int bottom() {
    return top + height;
  }

  /** One column beyond the last. */
  public int right() {
    return left + width;
  }

  /** Number of pixels. */
  public long pixels() {
    return (long) height * width;
  }

  /** Whether a pixel lies in both. */
  public boolean meets(Window other) {
    return top < other.bottom()
        && other.top < bottom()
        && left < other.right()
        && other.left < right();
  }

  /** The smallest window around both. */
  public Window and(Window other) {
    int y = Math.min(top, other.top);
    int x = Math.min(left, other.left);
    return new Window(
        y, x, Math.max(bottom(), other.bottom()) - y, Math.max(right(), other.right()) - x);
  }
}
