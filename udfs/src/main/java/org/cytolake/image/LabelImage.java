package org.cytolake.image;

/**
 * An image of object numbers: 0 is background, n is the n-th object. Row-major, height x width.
 * Mutable; not thread-safe.
 */
public final class LabelImage {
  private final int height;
  private final int width;
  private final int[] labels;

  /**
   * All background.
   *
   * @throws IllegalArgumentException where a side is below 1 or there are more than 2^31 - 1 pixels
   */
  public LabelImage(int height, int width) {
    if (height < 1 || width < 1 || (long) height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("no label image can be " + width + " x " + height);
    }
    this.height = height;
    this.width = width;
    this.labels = new int[height * width];
  }

  /** Number of rows. */
  public int height() {
    return height;
  }

  /** Number of columns. */
  public int width() {
    return width;
  }

  /** The label at a row-major index. */
  public int at(int index) {
    return labels[index];
  }

  /** The label at a row and column. */
  public int at(int y, int x) {
    return labels[y * width + x];
  }

  /** Sets the label, 0 or above, at a row and column. */
  public void set(int y, int x, int label) {
    if (label < 0) {
      throw new IllegalArgumentException("labels are 0 or above, not " + label);
    }
    labels[y * width + x] = label;
  }

  /** The labels, row by row; not a copy. */
  public int[] labels() {
    return labels;
  }

  /** The largest label; 0 where there is no object. */
  public int maxLabel() {
    int max = 0;
    for (int label : labels) {
      max = Math.max(max, label);
    }
    return max;
  }
}
