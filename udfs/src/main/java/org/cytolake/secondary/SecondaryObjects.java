package org.cytolake.secondary;

import java.io.Serializable;
import java.util.BitSet;
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

  /** The labels that occur at the border of a label image. */
  public static BitSet atBorder(LabelImage labels) {
    BitSet found = new BitSet();
    int last = labels.height() - 1;
    for (int x = 0; x < labels.width(); x++) {
      found.set(labels.at(0, x));
      found.set(labels.at(last, x));
    }
    for (int y = 0; y <= last; y++) {
      found.set(labels.at(y, 0));
      found.set(labels.at(y, labels.width() - 1));
    }
    found.clear(0);
    return found;
  }
}
