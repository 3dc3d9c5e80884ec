package org.cytolake.source;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.cytolake.catalog.RowSize;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.source.read.Bounds;
import org.cytolake.source.read.Condition;
import org.cytolake.source.read.FieldTiling;
import org.cytolake.source.read.PushedQuery;
import org.cytolake.source.read.Tile;
import org.cytolake.source.read.TileKeys;
import org.cytolake.source.read.TileSample;

/**
 * Which tiles of images can hold a row.
 *
 * @param region of the planes that is wanted
 * @param sample which blocks of it are, where not all
 * @param limit how many rows are enough
 */
record ScanTiles(
    TableImages images,
    Optional<Shares> shares,
    PushedQuery query,
    Bounds region,
    Optional<TileSample> sample,
    OptionalInt limit) {

  /**
   * The tiles: of planes whose image-wide columns satisfy the conditions, inside the region. Where
   * each pixel of them is a row, no more than the limit asks for, the last one cut to size.
   */
  List<Tile> find() {
    List<Condition> wide = query.conditions().stream().filter(this::isWide).toList();
    FieldTiling tiling = new FieldTiling(query.tilePixels());
    boolean isCounted = wide.size() == query.conditions().size() && !query.permissive();
    long left = limit.isPresent() && isCounted ? limit.getAsInt() : Long.MAX_VALUE;
    List<Tile> found = new ArrayList<>();
    if (query.permissive() && !region.given()) {
      for (Failure failure : images.catalog().failures()) {
        Tile tile = Tile.failed(failure);
        if (isInside(failure.image())
            && isTrue(tile, wide)
            && sample.map(s -> s.takes(tile)).orElse(true)) {
          found.add(tile);
        }
      }
    }
    for (Field field : images.catalog().fields()) {
      for (int t = 0; isInside(field.image()) && t < field.sizeT(); t++) {
        for (int z = 0; z < field.sizeZ(); z++) {
          List<Tile> plane = plane(field, z, t, tiling);
          if (plane.isEmpty() || !isTrue(plane.get(0), wide)) {
            continue;
          }
          left = add(plane, left, found);
          if (left == 0) {
            return found;
          }
        }
      }
    }
    return found;
  }

  private List<Tile> plane(Field field, int z, int t, FieldTiling tiling) {
    return sample.isPresent()
        ? sample.get().take(field, region, z, t, query)
        : tiling.cut(field, region, z, t);
  }

  /** Adds tiles until there are enough rows; returns how many more are wanted. */
  private long add(List<Tile> plane, long wanted, List<Tile> found) {
    if (query.rows() == RowSize.IMAGES) {
      found.addAll(plane);
      return wanted - 1;
    }
    long left = wanted;
    for (Tile tile : plane) {
      if (left == 0) {
        return 0;
      }
      if (query.rows() == RowSize.TILES) {
        found.add(tile);
        left--;
      } else if (tile.pixels() <= left) {
        found.add(tile);
        left -= tile.pixels();
      } else {
        int height = (int) ((left + tile.width() - 1) / tile.width());
        found.add(
            Tile.of(tile.field(), tile.z(), tile.t(), tile.x(), tile.y(), tile.width(), height));
        left = 0;
      }
    }
    return left;
  }

  private boolean isInside(String image) {
    return shares.isEmpty() || shares.get().contains(image);
  }

  private boolean isWide(Condition condition) {
    return condition.columns().stream().allMatch(column -> query.constantIndex(column) >= 0);
  }

  /** The tiles of them whose image-wide columns satisfy the conditions. */
  List<Tile> joined(List<Tile> tiles, List<Condition> conditions) {
    return conditions.isEmpty()
        ? tiles
        : tiles.stream().filter(tile -> isTrue(tile, conditions)).toList();
  }

  private boolean isTrue(Tile tile, List<Condition> conditions) {
    TileKeys keys = new TileKeys(query, tile, false);
    byte[] truth = new byte[1];
    for (Condition condition : conditions) {
      condition.evaluate(keys, 1, truth);
      if (truth[0] != 1) {
        return false;
      }
    }
    return true;
  }

  /** How many images the tiles are of. */
  static int images(List<Tile> tiles) {
    Set<String> ids = new HashSet<>();
    tiles.forEach(tile -> ids.add(tile.image()));
    return ids.size();
  }
}
