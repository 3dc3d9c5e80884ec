package org.cytolake.tables;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The tables in words: what {@code cytolake tables} prints. Where no layout is known, the columns
 * that depend on it stand once, with {@code <group>} and {@code <channel>} in their names.
 */
public final class TableDocs {
  private static final String GROUP = "<group>";
  private static final String CHANNEL = "<channel>";
  private static final Schemas.Names PLACEHOLDERS =
      new Schemas.Names(
          List.of(GROUP),
          List.of(CHANNEL),
          List.of(DataTypes.IntegerType),
          List.of(CHANNEL + "_" + CHANNEL));

  private record Line(String name, String type, String comment) {}

  private TableDocs() {}

  /** Every table with its columns' names, types and comments, aligned, for people. */
  public static String text(Optional<Layout> layout) {
    StringBuilder text = new StringBuilder();
    for (Table table : Table.values()) {
      List<Line> lines = lines(table, layout);
      int names = lines.stream().mapToInt(l -> l.name.length()).max().orElse(0);
      int types = lines.stream().mapToInt(l -> l.type.length()).max().orElse(0);
      text.append(text.isEmpty() ? "" : "\n").append(table.folder()).append('\n');
      text.append("  ").append(table.description()).append("\n\n");
      for (Line line : lines) {
        text.append("  ").append(pad(line.name, names)).append("  ");
        text.append(pad(line.type, types)).append("  ").append(line.comment).append('\n');
      }
    }
    return text.toString();
  }

  /**
   * The same for programs: an array of {@code {"table", "description", "columns": [{"name", "type",
   * "comment"}]}}.
   */
  public static String json(Optional<Layout> layout) {
    ArrayNode tables = new ObjectMapper().createArrayNode();
    for (Table table : Table.values()) {
      ObjectNode node = tables.addObject();
      node.put("table", table.folder());
      node.put("description", table.description());
      ArrayNode columns = node.putArray("columns");
      for (Line line : lines(table, layout)) {
        columns
            .addObject()
            .put("name", line.name)
            .put("type", line.type)
            .put("comment", line.comment);
      }
    }
    return tables.toPrettyString() + "\n";
  }

  private static List<Line> lines(Table table, Optional<Layout> layout) {
    StructType schema =
        layout.map(table::schema).orElseGet(() -> Schemas.schema(table, PLACEHOLDERS));
    List<Line> lines = new ArrayList<>();
    for (StructField field : schema.fields()) {
      add(lines, "", field);
    }
    return lines;
  }

  private static void add(List<Line> lines, String parent, StructField field) {
    String name = parent + field.name();
    String type = name.equals(CHANNEL) ? "INT|BIGINT|FLOAT|DOUBLE" : outline(field.dataType());
    lines.add(new Line(name, type, field.getComment().get()));
    if (field.dataType() instanceof ArrayType array
        && array.elementType() instanceof StructType inner) {
      for (StructField f : inner.fields()) {
        add(lines, name + ".", f);
      }
    }
  }

  /** The type; a struct's fields have lines of their own. */
  private static String outline(DataType type) {
    return type instanceof ArrayType array && array.elementType() instanceof StructType
        ? "ARRAY<STRUCT>"
        : Schemas.text(type);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
