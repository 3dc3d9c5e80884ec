package org.cytolake.source.read;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.field.Field;

/**
 * Cuts fields into tiles along the pieces that the file stores, and packs tiles into partitions by
 * pixels.
 */
public final class FieldTiling {
  /** What opening a file costs, in pixels that could be decoded meanwhile. */
  private static final long OPEN_COST = 1 << 18;

  private final int tilePixels;

  public FieldTiling(int tilePixels) {
    this.tilePixels = tilePixels;
  }

  /** The tiles of one plane that touch the region; together they cover it once. */
  public List<Tile> cut(Field field, Bounds region, int z, int t) {
    List<Tile> tiles = new ArrayList<>();
    int left = Math.max(0, region.minX());
    int top = Math.max(0, region.minY());
    int right = (int) Math.min(field.sizeX(), region.maxX() + 1L);
    int bottom = (int) Math.min(field.sizeY(), region.maxY() + 1L);
    if (left >= right || top >= bottom) {
      return tiles;
    }
    int pieceWidth = Math.min(field.channels().get(0).tileWidth(), field.sizeX());
    int pieceHeight = Math.min(field.channels().get(0).tileHeight(), field.sizeY());
    int width = tileWidth(pieceWidth, field.sizeX());
    int rows = Math.max(1, tilePixels / width);
    int height = rows < pieceHeight ? rows : rows / pieceHeight * pieceHeight;
    for (long y = (long) top / height * height; y < bottom; y += height) {
      for (long x = (long) left / width * width; x < right; x += width) {
        int x0 = (int) Math.max(x, left);
        int y0 = (int) Math.max(y, top);
        int x1 = (int) Math.min(x + width, right);
        int y1 = (int) Math.min(y + height, bottom);
        tiles.add(Tile.of(field, z, t, x0, y0, x1 - x0, y1 - y0));
      }
    }
    return tiles;
  }

  /**
   * Full width for images in strips; else a multiple of the stored piece, so that tiles come out
   * about square.
   */
  private int tileWidth(int pieceWidth, int sizeX) {
    if (pieceWidth >= sizeX) {
      return Math.min(sizeX, tilePixels);
    }
    int side = (int) Math.sqrt(tilePixels);
    return Math.min(sizeX, Math.max(pieceWidth, side / pieceWidth * pieceWidth));
  }

  /**
   * Packs tiles, in order, into partitions of about equal cost: every core gets some, none more
   * than the limit.
   *
   * @param pieces tiles that stay together; a piece above the limit is a partition
   */
  public static List<List<Tile>> pack(
      List<List<Tile>> pieces, int channels, long partitionPixels, int parallelism) {
    long total = 0;
    for (List<Tile> piece : pieces) {
      total += cost(piece, channels);
    }
    long target =
        Math.min(partitionPixels, Math.max(OPEN_COST, total / Math.max(1, parallelism) + 1));
    List<List<Tile>> partitions = new ArrayList<>();
    List<Tile> current = new ArrayList<>();
    long filled = 0;
    for (List<Tile> piece : pieces) {
      long cost = cost(piece, channels);
      if (!current.isEmpty() && filled + cost / 2 > target) {
        partitions.add(current);
        current = new ArrayList<>();
        filled = 0;
      }
      current.addAll(piece);
      filled += cost;
    }
    if (!current.isEmpty()) {
      partitions.add(current);
    }
    return partitions;
  }

  private static long cost(List<Tile> piece, int channels) {
    long cost = 0;
    for (Tile tile : piece) {
      cost += ((long) tile.pixels() + (OPEN_COST >> 4)) * Math.max(1, channels);
    }
    return cost;
  }
}
