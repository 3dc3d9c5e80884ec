package org.cytolake.source.read;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.StructType;
import org.cytolake.catalog.RowSize;
import org.cytolake.field.Columns;
import org.cytolake.field.SampleType;

/**
 * What is asked of the reader, ready to be shipped to tasks.
 *
 * @param groups names of the pattern's groups
 * @param channels names of all channels
 * @param types their types in memory
 * @param rows what is a row
 * @param output columns to deliver, in order: those of the table, or the grouping columns followed
 *     by the aggregates
 * @param conditions all must hold
 * @param aggregates empty where pixels are delivered; present, perhaps without any function, where
 *     groups are
 * @param permissive whether what cannot be read is a row: an image without a header, or a plane
 * @param positioned whether x or y is bounded: then what cannot be read, which has neither, is none
 * @param tilePixels the largest tile that is decoded at once
 */
public record PushedQuery(
    List<String> groups,
    List<String> channels,
    List<SampleType> types,
    RowSize rows,
    StructType output,
    List<Condition> conditions,
    Optional<Aggregates> aggregates,
    boolean permissive,
    boolean positioned,
    int tilePixels)
    implements Serializable {

  /**
   * Grouping columns, and what is computed for each group.
   *
   * @param ofPlanes whether a group is a plane, which the reader finishes; else it delivers partial
   *     results that Spark merges
   */
  public record Aggregates(List<String> by, List<AggregateColumn> functions, boolean ofPlanes)
      implements Serializable {
    public Aggregates {
      by = List.copyOf(by);
      functions = List.copyOf(functions);
    }
  }

  // Optional is not serialisable: kept as a nullable field through the proxy below
  private Object writeReplace() {
    return new Shipped(
        groups,
        channels,
        types,
        rows,
        output,
        conditions,
        aggregates.orElse(null),
        permissive,
        positioned,
        tilePixels);
  }

  private record Shipped(
      List<String> groups,
      List<String> channels,
      List<SampleType> types,
      RowSize rows,
      StructType output,
      List<Condition> conditions,
      Aggregates aggregates,
      boolean permissive,
      boolean positioned,
      int tilePixels)
      implements Serializable {
    private Object readResolve() {
      return new PushedQuery(
          groups,
          channels,
          types,
          rows,
          output,
          conditions,
          Optional.ofNullable(aggregates),
          permissive,
          positioned,
          tilePixels);
    }
  }

  /** Indices of the channels whose samples are wanted; others may be decoded for a look at them. */
  public List<Integer> channelsToRead() {
    Set<String> names = new LinkedHashSet<>();
    if (aggregates.isPresent()) {
      names.addAll(aggregates.get().by());
      aggregates.get().functions().forEach(f -> names.addAll(f.channels()));
    } else {
      names.addAll(List.of(output.fieldNames()));
    }
    conditions.forEach(c -> names.addAll(c.columns()));
    return channels.stream().filter(names::contains).map(channels::indexOf).toList();
  }

  /**
   * Index among image, groups, series, z, t of a column that is the same in a whole tile; -1 for
   * others.
   */
  public int constantIndex(String column) {
    if (column.equals(Columns.IMAGE)) {
      return 0;
    }
    int group = groups.indexOf(column);
    if (group >= 0) {
      return group + 1;
    }
    int rest = List.of(Columns.SERIES, Columns.Z, Columns.T).indexOf(column);
    return rest < 0 ? -1 : groups.size() + 1 + rest;
  }

  /** The values that a tile has in the grouping columns, but for those that need its pixels. */
  public List<Object> constantKey(Tile tile) {
    return aggregates.orElseThrow().by().stream()
        .map(this::constantIndex)
        .filter(index -> index >= 0)
        .map(index -> tile.constant(index, groups.size()))
        .toList();
  }
}
