package org.cytolake.statistics;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.field.Warning;

/** What is odd about the intensities of a plane. */
public final class ChannelWarnings {
  private ChannelWarnings() {}

  /**
   * Of a plane.
   *
   * @param names of its channels
   */
  public static List<Warning> of(List<String> names, PlaneStatistics statistics) {
    List<Warning> warnings = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      if (statistics.finite(c) == 0) {
        warnings.add(
            new Warning(
                "NOTHING_FINITE",
                "No pixel of the channel "
                    + names.get(c)
                    + " is finite: the tables have nothing about it, nor about it and others.",
                "Look how the image was written; leave the channel out by naming the others with"
                    + " channels."));
      }
    }
    return warnings;
  }
}
