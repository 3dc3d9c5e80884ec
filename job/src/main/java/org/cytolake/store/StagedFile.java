package org.cytolake.store;

import java.io.Serializable;
import org.cytolake.tables.Table;

/**
 * A file of a table that a task wrote and finished. It becomes part of the table when {@link
 * Run#stage} is given it and the run is committed.
 *
 * @param table whose rows it holds
 * @param name relative to the output
 * @param rows how many, 1 or more
 * @param first the least image that it has rows of, by the bytes of its name in UTF-8; null if none
 *     has one
 * @param last the greatest
 * @param withoutImage how many of the rows have no image
 */
public record StagedFile(
    Table table, String name, long rows, String first, String last, long withoutImage)
    implements Serializable {
  public StagedFile {
    if (rows < 1 || withoutImage < 0 || withoutImage > rows) {
      throw new IllegalArgumentException(rows + " rows, " + withoutImage + " without an image");
    }
    if ((first == null) != (withoutImage == rows) || (first == null) != (last == null)) {
      throw new IllegalArgumentException("images from " + first + " to " + last);
    }
    if (withoutImage > 0 && !table.mayLackImage()) {
      throw new IllegalArgumentException(
          "rows for table " + table.folder() + ": some have no image");
    }
  }
}
