package org.cytolake.stage;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.cytolake.source.Columns;

/**
 * The columns that name the unit of analysis, one field of view at one z and t: image, the
 * pattern's groups, series, z, t.
 *
 * @param groups names of the pattern's groups, {@code channel} apart
 */
record KeyColumns(List<String> groups) implements Serializable {
  KeyColumns {
    groups = List.copyOf(groups);
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(Columns.IMAGE);
    names.addAll(groups);
    names.addAll(List.of(Columns.SERIES, Columns.Z, Columns.T));
    return names;
  }

  Column[] columns() {
    return names().stream().map(n -> col(quoted(n))).toArray(Column[]::new);
  }

  int size() {
    return groups.size() + 4;
  }

  List<StructField> fields() {
    List<StructField> fields = new ArrayList<>();
    fields.add(DataTypes.createStructField(Columns.IMAGE, DataTypes.StringType, true));
    for (String group : groups) {
      fields.add(DataTypes.createStructField(group, DataTypes.StringType, true));
    }
    for (String name : List.of(Columns.SERIES, Columns.Z, Columns.T)) {
      fields.add(DataTypes.createStructField(name, DataTypes.IntegerType, true));
    }
    return fields;
  }

  /** A column's name as it must be written in an expression. */
  static String quoted(String name) {
    return "`" + name + "`";
  }
}
