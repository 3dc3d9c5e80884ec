package org.cytolake.clusters;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Which place in a {@link ClusterTable} the pixels of one plane have. Not thread-safe. */
public final class PixelClusters {
  private static final long MOST_CACHED = 1 << 22;
  private static final int UNKNOWN = -2;

  /** Which pixels are clustered. */
  public enum Chosen {
    /** Those above the limit in every channel. */
    ALL_ABOVE,
    /** Those above it in some channel. */
    SOME_ABOVE,
    /** All. */
    ANY;

    /** As {@code clustering.pixels} says; a region's name means all, within the region. */
    public static Chosen of(String pixels) {
      return switch (pixels) {
        case "positive" -> ALL_ABOVE;
        case "stained" -> SOME_ABOVE;
        default -> ANY;
      };
    }
  }

  private final ClusterTable table;
  private final Chosen chosen;
  private final PixelValue first;
  private final PixelValue second; // null for one channel
  private final int[] cache; // places by exact intensities; null where they are too many

  /**
   * @param channels one or two
   */
  public PixelClusters(ClusterTable table, Chosen chosen, List<PixelValue> channels) {
    this.table = table;
    this.chosen = chosen;
    this.first = channels.get(0);
    this.second = channels.size() > 1 ? channels.get(1) : null;
    boolean exact = channels.stream().allMatch(PixelValue::isExact);
    long size = 1;
    for (PixelValue channel : channels) {
      size *= (long) (channel.max() - channel.min()) + 1;
    }
    this.cache = exact && size <= MOST_CACHED ? new int[(int) size] : null;
    if (cache != null) {
      Arrays.fill(cache, UNKNOWN);
    }
  }

  /**
   * The places of pixels.
   *
   * @param a samples of the first channel by pixel
   * @param b of the second; null for one channel
   * @param places receives a place for each of {@code size} pixels, -1 for those not clustered
   */
  public void places(IntToDoubleFunction a, IntToDoubleFunction b, int size, int[] places) {
    for (int i = 0; i < size; i++) {
      double u = a.applyAsDouble(i);
      double v = second == null ? 0 : b.applyAsDouble(i);
      if (cache == null) {
        places[i] = place(u, v);
        continue;
      }
      int at = (int) (u - first.min());
      if (second != null) {
        at = at * ((int) (second.max() - second.min()) + 1) + (int) (v - second.min());
      }
      if (cache[at] == UNKNOWN) {
        cache[at] = place(u, v);
      }
      places[i] = cache[at];
    }
  }

  private int place(double u, double v) {
    if (!Double.isFinite(u) || !Double.isFinite(v)) {
      return -1;
    }
    double a = first.tuple(u);
    double b = second == null ? 0 : second.tuple(v);
    boolean aChosen = first.isChosen(a);
    boolean bChosen = second == null ? aChosen : second.isChosen(b);
    boolean is =
        switch (chosen) {
          case ALL_ABOVE -> aChosen && bChosen;
          case SOME_ABOVE -> aChosen || bChosen;
          case ANY -> true;
        };
    return is ? table.place(first.value(a), second == null ? 0 : second.value(b)) : -1;
  }
}
