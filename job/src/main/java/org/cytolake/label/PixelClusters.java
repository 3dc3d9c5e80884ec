package org.cytolake.label;

import org.cytolake.measure.Intensities;

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

    boolean is(boolean first, boolean second) {
      return switch (this) {
        case ALL_ABOVE -> first && second;
        case SOME_ABOVE -> first || second;
        case ANY -> true;
      };
    }
  }

  private final ClusterTable table;
  private final Chosen chosen;
  private final Intensity first;
  private final Intensity second; // null for one channel
  private final Codes firstCodes; // null where codes are too many, or intensities not exact
  private final Codes secondCodes; // null for one channel, too
  private final int[] cache; // places by codes; null where there are no codes

  /**
   * @param channels one or two
   */
  public PixelClusters(ClusterTable table, Chosen chosen, List<Intensity> channels) {
    this.table = table;
    this.chosen = chosen;
    this.first = channels.get(0);
    this.second = channels.size() > 1 ? channels.get(1) : null;
    boolean exact = channels.stream().allMatch(Intensity::isExact);
    Codes a = exact ? Codes.of(first) : null;
    Codes b = exact && second != null ? Codes.of(second) : null;
    long size = exact ? (long) a.values.length * (b == null ? 1 : b.values.length) : 0;
    boolean cached = exact && size <= MOST_CACHED;
    this.firstCodes = cached ? a : null;
    this.secondCodes = cached ? b : null;
    this.cache = cached ? new int[(int) size] : null;
    if (cached) {
      Arrays.fill(cache, UNKNOWN);
    }
  }

  /**
   * Intensities of a channel by number: neighbours that have the same value, and are both chosen or
   * not, have the same code.
   *
   * @param codes by intensity less the least
   * @param values by code
   * @param chosen by code
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Codes(int least, int[] codes, double[] values, boolean[] chosen) {
    static Codes of(Intensity channel) {
      int least = (int) channel.min();
      int[] codes = new int[(int) channel.max() - least + 1];
      double[] values = new double[codes.length];
      boolean[] chosen = new boolean[codes.length];
      int count = 0;
      for (int i = 0; i < codes.length; i++) {
        double tuple = channel.tuple(least + i);
        double value = channel.value(tuple);
        boolean is = channel.isChosen(tuple);
        if (count == 0 || value != values[count - 1] || is != chosen[count - 1]) {
          values[count] = value;
          chosen[count] = is;
          count++;
        }
        codes[i] = count - 1;
      }
      return new Codes(least, codes, Arrays.copyOf(values, count), Arrays.copyOf(chosen, count));
    }

    int code(double sample) {
      return codes[(int) sample - least];
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
      int x = firstCodes.code(u);
      int y = secondCodes == null ? 0 : secondCodes.code(v);
      int at = secondCodes == null ? x : x * secondCodes.values.length + y;
      if (cache[at] == UNKNOWN) {
        cache[at] = place(x, y);
      }
      places[i] = cache[at];
    }
  }

  private int place(int x, int y) {
    boolean aChosen = firstCodes.chosen[x];
    boolean bChosen = secondCodes == null ? aChosen : secondCodes.chosen[y];
    return chosen.is(aChosen, bChosen)
        ? table.place(firstCodes.values[x], secondCodes == null ? 0 : secondCodes.values[y])
        : -1;
  }

  private int place(double u, double v) {
    if (!Double.isFinite(u) || !Double.isFinite(v)) {
      return -1;
    }
    double a = first.tuple(u);
    double b = second == null ? 0 : second.tuple(v);
    boolean aChosen = first.isChosen(a);
    boolean bChosen = second == null ? aChosen : second.isChosen(b);
    boolean is = chosen.is(aChosen, bChosen);
    return is ? table.place(first.value(a), second == null ? 0 : second.value(b)) : -1;
  }
}
