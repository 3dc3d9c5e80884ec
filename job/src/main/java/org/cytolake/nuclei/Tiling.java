package org.cytolake.nuclei;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.Span;

/**
 * How planes are cut into what the network sees at once.
 *
 * @param multiple to which planes are padded
 * @param halo pixels beyond a place on which the prediction there depends, at most
 * @param most pixels that the network sees at once; 0: as many as the memory has room for, see
 *     {@link #inMemory}
 */
public record Tiling(int multiple, int halo, long most) implements Serializable {
  /** Bytes outside the heap that a network of StarDist's size needs for a pixel. */
  private static final long BYTES_A_PIXEL = 700;

  private static final long LEAST = 512 * 512;
  private static final long MOST = 2560 * 2560;

  /**
   * The same with a number of pixels.
   *
   * @param tasks that run the network at once in this JVM
   */
  Tiling inMemory(int tasks) {
    if (most > 0) {
      return this;
    }
    java.lang.management.OperatingSystemMXBean system =
        java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    long all =
        system instanceof com.sun.management.OperatingSystemMXBean known
            ? known.getTotalMemorySize()
            : 0;
    // half of what the heap leaves: others live here, too
    long room = (all - Runtime.getRuntime().maxMemory()) / 2 / tasks / BYTES_A_PIXEL;
    return new Tiling(multiple, halo, Math.max(LEAST, Math.min(MOST, room)));
  }

  /** The smallest side of a tile that has a core. */
  private int least() {
    return 2 * halo + multiple;
  }

  /**
   * The tiles of a plane, one where it is small: of the grids of tiles that are small enough that
   * of which the network sees the fewest pixels in vain.
   */
  public List<PlaneTile> cut(int height, int width) {
    List<Span> rows = Span.cut(height, multiple, halo, least());
    List<Span> columns = Span.cut(width, multiple, halo, least());
    long best = Long.MAX_VALUE;
    long side = Math.max(least(), Span.padded(width, multiple));
    long narrow = Math.min(side, Math.max(least(), (long) Math.sqrt((double) most) / 2));
    while (side >= narrow) {
      List<Span> across = Span.cut(width, multiple, halo, (int) side);
      long high = Math.min(most / longest(across), Integer.MAX_VALUE);
      if (high >= Math.min(least(), Span.padded(height, multiple))) {
        List<Span> down = Span.cut(height, multiple, halo, (int) Math.max(least(), high));
        if (total(down) * total(across) < best) {
          best = total(down) * total(across);
          rows = down;
          columns = across;
        }
      }
      side = longest(across) - multiple;
    }
    List<PlaneTile> tiles = new ArrayList<>();
    for (Span row : rows) {
      for (Span column : columns) {
        tiles.add(new PlaneTile(height, width, multiple, row, column));
      }
    }
    return tiles;
  }

  private static long longest(List<Span> spans) {
    return spans.stream().mapToInt(Span::length).max().orElseThrow();
  }

  private static long total(List<Span> spans) {
    return spans.stream().mapToLong(Span::length).sum();
  }
}
