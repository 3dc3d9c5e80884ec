package org.cytolake.tables;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/** Which pairs of channels are looked at together, as indices of channels, the lower first. */
public final class ChannelPairs {
  /** So many channels have all pairs; of more, each has one with the first. */
  private static final int MOST_WITH_ALL = 4;

  private ChannelPairs() {}

  /** All of up to four channels; of more, each with the first. */
  public static List<int[]> usual(int channels) {
    return channels <= MOST_WITH_ALL ? all(channels) : withFirst(channels);
  }

  private static List<int[]> all(int channels) {
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < channels; a++) {
      for (int b = a + 1; b < channels; b++) {
        pairs.add(new int[] {a, b});
      }
    }
    return pairs;
  }

  private static List<int[]> withFirst(int channels) {
    List<int[]> pairs = new ArrayList<>();
    for (int b = 1; b < channels; b++) {
      pairs.add(new int[] {0, b});
    }
    return pairs;
  }

  /**
   * As {@code statistics.pairs} says, and one more where it lacks that.
   *
   * @param setting {@code auto}, {@code all}, {@code first}, or pairs of names as {@code a:b}
   * @param needed names of two channels that are looked at together in any case, or fewer
   * @throws CytolakeException (USAGE) where a name is no channel's
   */
  public static List<int[]> of(List<String> setting, List<String> channels, List<String> needed) {
    List<int[]> pairs =
        switch (setting.isEmpty() ? "auto" : setting.get(0)) {
          case "auto" -> usual(channels.size());
          case "all" -> all(channels.size());
          case "first" -> withFirst(channels.size());
          default -> new ArrayList<>(setting.stream().map(pair -> named(pair, channels)).toList());
        };
    if (needed.size() == 2) {
      int[] pair = ordered(channels.indexOf(needed.get(0)), channels.indexOf(needed.get(1)));
      if (pairs.stream().noneMatch(p -> p[0] == pair[0] && p[1] == pair[1])) {
        pairs.add(pair);
      }
    }
    return pairs;
  }

  private static int[] named(String pair, List<String> channels) {
    List<String> names = List.of(pair.strip().split("\\s*:\\s*", -1));
    if (names.size() != 2 || !channels.containsAll(names) || names.get(0).equals(names.get(1))) {
      throw new CytolakeException(
          Code.USAGE,
          "statistics.pairs names '" + pair + "', which is no pair of channels.",
          "Write auto, all, first, or pairs of "
              + String.join(", ", channels)
              + " such as ["
              + channels.get(0)
              + ":"
              + channels.get(channels.size() - 1)
              + "].");
    }
    return ordered(channels.indexOf(names.get(0)), channels.indexOf(names.get(1)));
  }

  private static int[] ordered(int a, int b) {
    return new int[] {Math.min(a, b), Math.max(a, b)};
  }
}
