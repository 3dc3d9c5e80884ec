package org.cytolake.tables;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.field.Columns;

/**
 * The columns that name the unit of analysis, one field of view at one z and t: image, the
 * pattern's groups, series, z, t.
 *
 * @param groups names of the pattern's groups, {@code channel} apart
 */
public record KeyColumns(List<String> groups) {
  public KeyColumns {
    groups = List.copyOf(groups);
  }

  /** Their names, in order. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(Columns.IMAGE);
    names.addAll(groups);
    names.addAll(List.of(Columns.SERIES, Columns.Z, Columns.T));
    return names;
  }

  /** A column's name as it must be written in an expression. */
  public static String quoted(String name) {
    return "`" + name + "`";
  }
}
