package org.cytolake.source.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Delivers the pixels of a partition's tiles, one batch after the other, straight from the decoded
 * samples.
 */
public final class PixelBatchReader extends TileBatchReader {
  private static final int BATCH_ROWS = 1 << 14;

  private final LoadedTile loaded;
  private final List<PixelVector> vectors = new ArrayList<>();
  private final ColumnarBatch batch;
  private int next;

  public PixelBatchReader(TilePartition partition, PushedQuery query, Configuration hadoop) {
    super(partition, query, hadoop);
    loaded = loaded();
    String[] columns = query.output().fieldNames();
    ColumnVector[] all = new ColumnVector[columns.length];
    for (int c = 0; c < columns.length; c++) {
      Optional<ConstantColumnVector> constant = hidden().of(columns[c]);
      if (constant.isPresent()) {
        all[c] = constant.get();
      } else {
        PixelVector vector = PixelVector.of(columns[c], query, loaded);
        vectors.add(vector);
        all[c] = vector;
      }
    }
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
