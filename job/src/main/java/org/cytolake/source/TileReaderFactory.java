package org.cytolake.source;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.catalog.RowSize;
import org.cytolake.source.aggregate.AggregateBatchReader;
import org.cytolake.source.aggregate.PlaneBatchReader;
import org.cytolake.source.read.PixelBatchReader;
import org.cytolake.source.read.PushedQuery;
import org.cytolake.source.read.TilePartition;
import org.cytolake.source.read.TileRowReader;

/** Makes the columnar readers, on the executors. */
final class TileReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  private final PushedQuery query;
  private final Broadcast<SerializableConfiguration> hadoop;

  TileReaderFactory(PushedQuery query, Broadcast<SerializableConfiguration> hadoop) {
    this.query = query;
    this.hadoop = hadoop;
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return true;
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    throw new IllegalStateException("microscopy is read in columns only");
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    Configuration configuration = hadoop.value().value();
    TilePartition tiles = (TilePartition) partition;
    if (query.rows() != RowSize.PIXELS) {
      return new TileRowReader(tiles, query, configuration);
    }
    if (query.aggregates().isEmpty()) {
      return new PixelBatchReader(tiles, query, configuration);
    }
    return query.aggregates().get().ofPlanes()
        ? new PlaneBatchReader(tiles, query, configuration)
        : new AggregateBatchReader(tiles, query, configuration);
  }
}
