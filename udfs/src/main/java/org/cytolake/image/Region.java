package org.cytolake.image;

import java.io.Serializable;
import java.util.Set;

/**
 * A named rectangle of an image that somebody asks about.
 *
 * @param name not empty, and neither {@value #WHOLE}, which names the whole image, nor {@value
 *     #RING}, {@value #CELL} or {@value #CYTOPLASM}, which name what lies around nuclei
 * @param x first column, 0 or more
 * @param y first row, 0 or more
 * @param width columns, 1 or more
 * @param height rows, 1 or more
 */
public record Region(String name, int x, int y, int width, int height) implements Serializable {
  /** Stands for the whole image where regions are named. */
  public static final String WHOLE = "image";

  /** Stands for the ring around a nucleus where regions are named. */
  public static final String RING = "ring";

  /** Stands for the cell around a nucleus where regions are named. */
  public static final String CELL = "cell";

  /** Stands for a cell without its nucleus where regions are named. */
  public static final String CYTOPLASM = "cytoplasm";

  private static final Set<String> TAKEN = Set.of(WHOLE, RING, CELL, CYTOPLASM);

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if a number is out of its range or the name is taken
   */
  public Region {
    if (name.isBlank() || TAKEN.contains(name)) {
      throw new IllegalArgumentException(
          "a region needs a name other than '"
              + WHOLE
              + "', which is the whole image, and '"
              + RING
              + "', '"
              + CELL
              + "' and '"
              + CYTOPLASM
              + "', which are what lies around a nucleus");
    }
    if (x < 0 || y < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a region begins at 0 or more and has 1 pixel or more each way, not x "
              + x
              + ", y "
              + y
              + ", width "
              + width
              + ", height "
              + height);
    }
  }

  /** Whether it lies in an image of that size, pixels. */
  public boolean fits(int sizeX, int sizeY) {
    return (long) x + width <= sizeX && (long) y + height <= sizeY;
  }
}
