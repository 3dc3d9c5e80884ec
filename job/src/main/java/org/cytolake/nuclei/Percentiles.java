package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cytolake.histogram.Histogram;
import org.cytolake.statistics.PlaneStatistics;

/**
 * Between which intensities of a plane's channel the network sees its range.
 *
 * @param low percentile 1 of the whole plane
 * @param high percentile 99.8
 */
public record Percentiles(double low, double high) {
  private static final double LOW = 1;
  private static final double HIGH = 99.8;

  /**
   * Of every channel that the network is given.
   *
   * @return empty where one has no finite pixel
   */
  public static Optional<List<Percentiles>> of(
      PlaneStatistics statistics, NucleiSettings settings) {
    List<Histogram> channels = new ArrayList<>();
    for (int c : settings.segmented()) {
      channels.add(statistics.channels().get(c));
    }
    if (channels.stream().anyMatch(Histogram::isEmpty)) {
      return Optional.empty();
    }
    if (settings.together()) {
      Histogram all = channels.stream().reduce(Histogram.EMPTY, Histogram::plus);
      channels.replaceAll(c -> all);
    }
    return Optional.of(
        channels.stream()
            .map(h -> new Percentiles(h.percentile(LOW), h.percentile(HIGH)))
            .toList());
  }
}
