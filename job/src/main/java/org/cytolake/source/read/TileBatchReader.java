package org.cytolake.source.read;

import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.field.Failure;

/**
 * What the batch readers share: the tiles to come, the tile at hand, the metrics.
 *
 * <p>In mode PERMISSIVE a plane some of whose samples cannot be read, in whichever channel and
 * wherever in the plane, is one row without a position, whatever is asked of it. So every channel
 * of the whole plane is decoded before the first of its pixels is delivered; its tiles follow each
 * other in the partition.
 */
public abstract class TileBatchReader implements PartitionReader<ColumnarBatch> {
  private final PushedQuery query;
  private final Iterator<Tile> tiles;
  private final PlaneReader reader;
  private final LoadedTile loaded;
  private final HiddenVectors hidden;
  private Tile plane; // a tile of the one at hand
  private boolean isReadable;

  protected TileBatchReader(TilePartition partition, PushedQuery query, Configuration hadoop) {
    this.query = query;
    tiles = partition.tiles().iterator();
    reader = new PlaneReader(hadoop);
    loaded = new LoadedTile(query);
    hidden = new HiddenVectors(query, hadoop);
  }

  /** The tile at hand. */
  protected final LoadedTile loaded() {
    return loaded;
  }

  protected final boolean hasNextTile() {
    return tiles.hasNext();
  }

  protected final Tile nextTile() {
    return tiles.next();
  }

  /** Loads the next tile; false where none is left. */
  protected final boolean loadNext() throws ImageReadException {
    while (tiles.hasNext()) {
      Tile tile = tiles.next();
      if (tile.failure() != null) {
        fail(tile, tile.failure());
        return true;
      }
      boolean isNew = !tile.isOfPlaneOf(plane);
      plane = tile;
      if (!query.permissive()) {
        load(tile);
        return true;
      }
      if (isNew) {
        try {
          if (!tile.isWhole()) {
            requireReadable(tile);
          }
          load(tile);
          isReadable = true;
          return true;
        } catch (ImageReadException e) {
          isReadable = false;
          if (!query.positioned()) {
            fail(tile, e.failure());
            return true;
          }
        }
      } else if (isReadable) {
        load(tile);
        return true;
      }
    }
    return false;
  }

  /** Reads and filters a tile; where it is its whole plane, in mode PERMISSIVE all channels. */
  protected final void load(Tile tile) throws ImageReadException {
    hidden.read(tile);
    loaded.load(tile, reader, query.permissive() && tile.isWhole());
  }

  /** The same of a tile of a plane, all of whose tiles are loaded before anything is delivered. */
  protected final void loadPart(Tile tile) throws ImageReadException {
    hidden.read(tile);
    loaded.load(tile, reader, query.permissive());
  }

  /** Makes the tile at hand the row of what cannot be read. */
  protected final void fail(Tile tile, Failure failure) {
    loaded.fail(tile, failure);
    hidden.fail(failure.file());
  }

  /** The hidden columns of the tile at hand. */
  final HiddenVectors hidden() {
    return hidden;
  }

  /** Decodes all of the plane of a tile. */
  protected final void requireReadable(Tile of) throws ImageReadException {
    for (Tile part :
        new FieldTiling(query.tilePixels()).cut(of.field(), Bounds.ALL, of.z(), of.t())) {
      loaded.requireReadable(part, reader);
    }
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
    try (hidden) {
      reader.close();
    }
  }
}
