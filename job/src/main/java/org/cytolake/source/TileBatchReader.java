package org.cytolake.source;

import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.cytolake.bioformats.PlaneReader;

/** What both batch readers share: the tiles to come, the plane reader, the metrics. */
abstract class TileBatchReader implements PartitionReader<ColumnarBatch> {
  private final Iterator<Tile> tiles;
  private final PlaneReader reader;

  TileBatchReader(TilePartition partition, Configuration hadoop) {
    tiles = partition.tiles().iterator();
    reader = new PlaneReader(hadoop);
  }

  boolean hasNextTile() {
    return tiles.hasNext();
  }

  Tile nextTile() {
    return tiles.next();
  }

  PlaneReader reader() {
    return reader;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return new CustomTaskMetric[] {
      Metrics.value(Metrics.PLANES, reader.planesRead()),
      Metrics.value(Metrics.BYTES, reader.bytesRead()),
      Metrics.value(Metrics.PIXELS, reader.pixelsDecoded())
    };
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
