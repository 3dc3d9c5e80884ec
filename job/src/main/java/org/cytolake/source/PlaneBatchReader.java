package org.cytolake.source;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.field.Columns;

/**
 * Delivers finished aggregates: one row, and batch, for each plane, whose tiles follow each other
 * in the partition. Where the query groups by {@code corrupt}, each failure has a row of its own.
 */
final class PlaneBatchReader extends TileBatchReader {
  private final PushedQuery query;
  private final PushedQuery.Aggregates aggregates;
  private final LoadedTile loaded;
  private final TileCounter counter;
  private final WritableColumnVector[] vectors;
  private final ColumnarBatch batch;
  private final Deque<Row> due = new ArrayDeque<>();
  private Tile ahead; // of the next plane

  /** A row in the making. */
  private record Row(Tile tile, String corrupt, List<PlaneResult> results) {}

  PlaneBatchReader(TilePartition partition, PushedQuery query, Configuration hadoop) {
    super(partition, hadoop);
    this.query = query;
    aggregates = query.aggregates().orElseThrow();
    loaded = new LoadedTile(query);
    counter = new TileCounter(loaded, query.channels().size());
    StructField[] fields = query.output().fields();
    vectors = new WritableColumnVector[fields.length];
    for (int c = 0; c < fields.length; c++) {
      vectors[c] = new OnHeapColumnVector(1, fields[c].dataType());
    }
    batch = new ColumnarBatch(vectors);
  }

  @Override
  public boolean next() throws IOException {
    while (due.isEmpty()) {
      if (ahead == null && !hasNextTile()) {
        return false;
      }
      readPlane();
    }
    put(due.remove());
    return true;
  }

  private void readPlane() throws IOException {
    Map<String, Row> rows = new LinkedHashMap<>(); // by why it failed
    Tile tile = ahead == null ? nextTile() : ahead;
    List<Object> plane = query.constantKey(tile);
    ahead = null;
    while (tile != null) {
      readTile(tile, rows);
      tile = hasNextTile() ? nextTile() : null;
      if (tile != null && !query.constantKey(tile).equals(plane)) {
        ahead = tile;
        tile = null;
      }
    }
    due.addAll(rows.values());
  }

  private void readTile(Tile tile, Map<String, Row> rows) throws ImageReadException {
    loaded.load(tile, reader());
    counter.startTile();
    if (loaded.size() == 0) {
      return;
    }
    String corrupt = aggregates.by().contains(Columns.CORRUPT) ? loaded.corrupt() : null;
    Row row = rows.computeIfAbsent(corrupt, key -> new Row(tile, key, nothing()));
    for (PlaneResult result : row.results()) {
      if (loaded.corrupt() != null) {
        result.addFailed();
      } else {
        result.add(loaded, counter);
      }
    }
  }

  private List<PlaneResult> nothing() {
    return aggregates.functions().stream()
        .map(
            column ->
                PlaneResult.of(
                    column, column.channels().stream().map(query.channels()::indexOf).toList()))
        .toList();
  }

  private void put(Row row) {
    int c = 0;
    for (WritableColumnVector vector : vectors) {
      vector.reset();
    }
    for (String column : aggregates.by()) {
      Object value =
          column.equals(Columns.CORRUPT)
              ? row.corrupt()
              : row.tile().constant(query.constantIndex(column), query.groups().size());
      putConstant(vectors[c++], value);
    }
    for (PlaneResult result : row.results()) {
      result.put(vectors[c++]);
    }
    batch.setNumRows(1);
  }

  private static void putConstant(WritableColumnVector vector, Object value) {
    if (value == null) {
      vector.putNull(0);
    } else if (value instanceof Integer number) {
      vector.putInt(0, number);
    } else {
      vector.putByteArray(0, UTF8String.fromString((String) value).getBytes());
    }
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public void close() throws IOException {
    batch.close();
    super.close();
  }
}
