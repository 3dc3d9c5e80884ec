package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.field.ChannelFacts;
import org.cytolake.histogram.Histogram;
import org.cytolake.statistics.ExactHistogram;
import org.cytolake.statistics.Levels;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneStatistics;

/**
 * Between which intensities of a plane's channel the network sees its range.
 *
 * @param low percentile 1 of the finite pixels of the whole plane
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
      NucleiSettings settings, PlaneStatistics statistics, PlaneCounts counts, PlanePixels pixels)
      throws ImageReadException {
    List<Percentiles> own = new ArrayList<>();
    for (int c : settings.segmented()) {
      Optional<ChannelFacts> facts = statistics.facts(c);
      if (facts.isEmpty()) {
        return Optional.empty();
      }
      own.add(new Percentiles(facts.get().low(), facts.get().high()));
    }
    if (!settings.together() || own.size() == 1) {
      return Optional.of(own);
    }
    Histogram all = together(settings, counts, pixels);
    Percentiles together = new Percentiles(all.percentile(LOW), all.percentile(HIGH));
    return Optional.of(own.stream().map(p -> together).toList());
  }

  private static Histogram together(NucleiSettings settings, PlaneCounts counts, PlanePixels pixels)
      throws ImageReadException {
    boolean areExact =
        settings.segmented().stream()
            .allMatch(c -> counts.levels().get(c).filter(Levels::isExact).isPresent());
    Optional<Histogram> exact =
        areExact
            ? Optional.empty()
            : ExactHistogram.of(pixels, pixels.whole(), settings.segmented());
    return exact.orElseGet(
        () ->
            settings.segmented().stream()
                .map(c -> counts.whole().channels().get(c))
                .reduce(Histogram.EMPTY, Histogram::plus));
  }
}
