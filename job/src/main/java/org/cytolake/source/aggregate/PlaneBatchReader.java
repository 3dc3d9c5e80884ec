package org.cytolake.source.aggregate;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.field.Columns;
import org.cytolake.field.Failure;
import org.cytolake.source.read.LoadedTile;
import org.cytolake.source.read.PushedQuery;
import org.cytolake.source.read.Tile;
import org.cytolake.source.read.TileBatchReader;
import org.cytolake.source.read.TilePartition;

/**
 * Delivers finished aggregates: one row, and batch, for each plane, whose tiles follow each other
 * in the partition.
 */
public final class PlaneBatchReader extends TileBatchReader {
  private final PushedQuery query;
  private final PushedQuery.Aggregates aggregates;
  private final LoadedTile loaded;
  private final TileCounter counter;
  private final WritableColumnVector[] vectors;
  private final ColumnarBatch batch;
  private final Deque<Row> due = new ArrayDeque<>();
  private Tile ahead; // of the next plane

  /** What is known of a plane; {@code corrupt} is why it cannot be read, or null. */
  private record Row(Tile tile, String corrupt, List<PlaneResult> results) {}

  public PlaneBatchReader(TilePartition partition, PushedQuery query, Configuration hadoop) {
    super(partition, query, hadoop);
    this.query = query;
    aggregates = query.aggregates().orElseThrow();
    loaded = loaded();
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

  private void readPlane() throws ImageReadException {
    List<Tile> plane = new ArrayList<>();
    Tile tile = ahead == null ? nextTile() : ahead;
    List<Object> key = query.constantKey(tile);
    ahead = null;
    while (tile != null) {
      plane.add(tile);
      tile = hasNextTile() ? nextTile() : null;
      if (tile != null && !query.constantKey(tile).equals(key)) {
        ahead = tile;
        tile = null;
      }
    }
    Tile first = plane.get(0);
    if (first.failure() != null) {
      addFailed(first, first.failure());
      return;
    }
    try {
      addFinished(plane);
    } catch (ImageReadException e) {
      if (!query.permissive()) {
        throw e;
      }
      addFailed(first, e.failure());
    }
  }

  private void addFinished(List<Tile> plane) throws ImageReadException {
    if (query.permissive() && query.positioned()) {
      requireReadable(plane.get(0)); // what lies outside the bounds, too
    }
    List<PlaneResult> results = nothing();
    boolean hasPixels = false;
    for (Tile tile : plane) {
      loadPart(tile);
      counter.startTile();
      if (loaded.size() > 0) {
        hasPixels = true;
        results.forEach(result -> result.add(loaded, counter));
      }
    }
    if (hasPixels) {
      due.add(new Row(plane.get(0), null, results));
    }
  }

  private void addFailed(Tile tile, Failure failure) {
    loaded.fail(tile, failure);
    if (loaded.size() > 0 && !query.positioned()) {
      List<PlaneResult> results = nothing();
      results.forEach(PlaneResult::addFailed);
      due.add(new Row(tile, loaded.corrupt(), results));
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
