package org.cytolake.source.read;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.catalog.RowSize;
import org.cytolake.field.Field;

/**
 * Which part of the rows TABLESAMPLE takes: whole blocks of planes, each with the same probability,
 * as SQL's SYSTEM sampling takes whole pages. A block is about what the file stores in one piece,
 * so that what is not taken is not read.
 *
 * @param lower a block is taken whose number, evenly spread over [0, 1), is this or more
 * @param upper and less than this
 */
public record TileSample(double lower, double upper, long seed) {
  private static final int LEAST_PIXELS = 1 << 12;
  private static final int MOST_PIXELS = 1 << 18;

  /** The blocks of a plane that are taken and touch the region, cut to it. */
  public List<Tile> take(Field field, Bounds region, int z, int t, PushedQuery query) {
    int pixels = query.rows() == RowSize.PIXELS ? blockPixels(field) : Integer.MAX_VALUE;
    FieldTiling blocks = new FieldTiling(Math.min(pixels, query.tilePixels()));
    List<Tile> all = blocks.cut(field, Bounds.ALL, z, t);
    if (query.rows() == RowSize.IMAGES) {
      return takes(all.get(0)) ? all : List.of();
    }
    List<Tile> taken = new ArrayList<>();
    for (Tile block : all) {
      if (takes(block)) {
        block.within(region).ifPresent(taken::add);
      }
    }
    return taken;
  }

  private static int blockPixels(Field field) {
    Field.Channel stored = field.channels().get(0);
    long piece =
        (long) Math.min(stored.tileWidth(), field.sizeX())
            * Math.min(stored.tileHeight(), field.sizeY());
    return (int) Math.max(LEAST_PIXELS, Math.min(MOST_PIXELS, piece));
  }

  /** Whether a block, or the row of an image that cannot be read, is taken. */
  public boolean takes(Tile block) {
    long hash = mix(seed);
    for (char c : block.image().toCharArray()) {
      hash = mix(hash ^ c);
    }
    for (int place : new int[] {block.z(), block.t(), block.y(), block.x()}) {
      hash = mix(hash ^ place);
    }
    double number = (hash >>> 11) * 0x1.0p-53;
    return number >= lower && number < upper;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mix(long from) {
    long z = from + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
