package org.cytolake.tables;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * The rows of one plane in all tables, until it is sure that they are wanted. Tables of very many
 * rows are kept as what makes their rows.
 */
public final class PlaneRows {
  /** Of so many rows each is an object of objects; further ones take a quarter of the memory. */
  private static final int MOST_LOOSE = 20_000;

  private final Layout layout;
  private final String image;
  private final List<String> groups;
  private final Integer series;
  private final Integer z;
  private final Integer t;
  private final Map<Table, RowByName> empty = new EnumMap<>(Table.class);
  private final Map<Table, List<Rows>> rows = new EnumMap<>(Table.class);
  private final Map<Table, UnsafeProjection> packers = new EnumMap<>(Table.class);

  /** Makes rows, each time it is asked. */
  @FunctionalInterface
  public interface Rows {
    /** Hands on every row; one is valid until the next. */
    void each(Consumer<InternalRow> to);
  }

  /** Of a plane, or, with nulls, of whatever {@link RowByName#key} takes. */
  public PlaneRows(
      Layout layout, String image, List<String> groups, Integer series, Integer z, Integer t) {
    this.layout = layout;
    this.image = image;
    this.groups = groups;
    this.series = series;
    this.z = z;
    this.t = t;
  }

  /** A row of a table to be filled, in which only the key is set. */
  public RowByName of(Table table) {
    return empty.computeIfAbsent(
        table, of -> new RowByName(of, layout).key(image, groups, series, z, t));
  }

  /** Adds a row. */
  public void add(Table table, InternalRow row) {
    List<Rows> before = rows.computeIfAbsent(table, t -> new ArrayList<>());
    if (before.size() < MOST_LOOSE) {
      before.add(to -> to.accept(row));
    } else {
      UnsafeRow packed = packers.computeIfAbsent(table, this::packer).apply(row).copy();
      before.add(to -> to.accept(packed));
    }
  }

  private UnsafeProjection packer(Table table) {
    return UnsafeProjection.create(table.schema(layout));
  }

  /** Adds rows that are made when they are wanted. */
  public void add(Table table, Rows made) {
    rows.computeIfAbsent(table, t -> new ArrayList<>()).add(made);
  }

  /** Hands on the rows of a table. */
  public void each(Table table, Consumer<InternalRow> to) {
    rows.getOrDefault(table, List.of()).forEach(made -> made.each(to));
  }

  /** Hands on all rows, table by table. */
  public void each(BiConsumer<Table, InternalRow> to) {
    rows.forEach((table, of) -> of.forEach(made -> made.each(row -> to.accept(table, row))));
  }
}
