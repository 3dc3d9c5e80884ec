package org.cytolake.source;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Delivers the pixels of a partition's tiles, one batch after the other, straight from the decoded
 * samples.
 */
final class PixelBatchReader extends TileBatchReader {
  private static final int BATCH_ROWS = 1 << 14;

  private final LoadedTile loaded;
  private final PixelVector[] vectors;
  private final ColumnarBatch batch;
  private int next;

  PixelBatchReader(TilePartition partition, PushedQuery query, Configuration hadoop) {
    super(partition, query, hadoop);
    loaded = loaded();
    String[] columns = query.output().fieldNames();
    vectors = new PixelVector[columns.length];
    for (int c = 0; c < columns.length; c++) {
      vectors[c] = PixelVector.of(columns[c], query, loaded);
    }
    ColumnVector[] all = new ColumnVector[columns.length];
    System.arraycopy(vectors, 0, all, 0, columns.length);
    batch = new ColumnarBatch(all);
  }

  @Override
  public boolean next() throws IOException {
    while (next >= loaded.size()) {
      if (!loadNext()) {
        return false;
      }
      next = 0;
    }
    int rows = Math.min(BATCH_ROWS, loaded.size() - next);
    for (PixelVector vector : vectors) {
      vector.window(next, loaded.corrupt() != null);
    }
    batch.setNumRows(rows);
    next += rows;
    return true;
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }
}
