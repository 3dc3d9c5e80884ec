package org.cytolake.source;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * The tiles of one task.
 *
 * @param first whether this is the scan's first partition
 */
record TilePartition(List<Tile> tiles, boolean first) implements InputPartition {
  TilePartition {
    tiles = List.copyOf(tiles);
  }
}
