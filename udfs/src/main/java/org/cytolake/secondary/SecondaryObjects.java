package org.cytolake.secondary;

import java.io.Serializable;
import org.cytolake.image.LabelImage;

/**
 * Cells around nuclei: CellProfiler's IdentifySecondaryObjects (4.2.8). A cell has its nucleus'
 * label and all of its nucleus' pixels.
 *
 * @param method how cells grow
 * @param fillHoles whether background that only one cell encloses becomes part of it
 */
public record SecondaryObjects(CellMethod method, boolean fillHoles) implements Serializable {
  /**
   * The cells.
   *
   * @param nuclei label image; it stays as it is
   * @param channel as large; of no account where {@link CellMethod#usesChannel} is false
   */
  public LabelImage around(LabelImage nuclei, CellChannel channel) {
    LabelImage cells = method.grow(nuclei, channel);
    if (fillHoles) {
      LabelHoles.fill(cells);
    }
    return cells;
  }
}
