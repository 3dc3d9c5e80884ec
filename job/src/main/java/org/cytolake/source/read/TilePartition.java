package org.cytolake.source.read;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * The tiles of one task.
 *
 * @param first whether this is the scan's first partition
 */
public record TilePartition(List<Tile> tiles, boolean first) implements InputPartition {
  public TilePartition {
    tiles = List.copyOf(tiles);
  }
}
