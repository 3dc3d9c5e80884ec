package org.cytolake.tables;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.cytolake.field.Columns;

/**
 * The columns that name the unit of analysis, one field of view at one z and t: image, the
 * pattern's groups, series, z, t.
 *
 * @param groups names of the pattern's groups, {@code channel} apart
 * @param region whether the name of a region follows
 */
public record KeyColumns(List<String> groups, boolean region) implements Serializable {
  public static final String REGION = "region";

  public KeyColumns {
    groups = List.copyOf(groups);
  }

  public KeyColumns(List<String> groups) {
    this(groups, false);
  }

  /** The same with the region's name behind them. */
  public KeyColumns withRegion() {
    return new KeyColumns(groups, true);
  }

  public List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(Columns.IMAGE);
    names.addAll(groups);
    names.addAll(List.of(Columns.SERIES, Columns.Z, Columns.T));
    if (region) {
      names.add(REGION);
    }
    return names;
  }

  public Column[] columns() {
    return names().stream().map(n -> col(quoted(n))).toArray(Column[]::new);
  }

  public int size() {
    return names().size();
  }

  public List<StructField> fields() {
    List<StructField> fields = new ArrayList<>();
    fields.add(DataTypes.createStructField(Columns.IMAGE, DataTypes.StringType, true));
    for (String group : groups) {
      fields.add(DataTypes.createStructField(group, DataTypes.StringType, true));
    }
    for (String name : List.of(Columns.SERIES, Columns.Z, Columns.T)) {
      fields.add(DataTypes.createStructField(name, DataTypes.IntegerType, true));
    }
    if (region) {
      fields.add(DataTypes.createStructField(REGION, DataTypes.StringType, true));
    }
    return fields;
  }

  /** A column's name as it must be written in an expression. */
  public static String quoted(String name) {
    return "`" + name + "`";
  }
}
