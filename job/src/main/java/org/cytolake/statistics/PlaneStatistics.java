package org.cytolake.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.field.ChannelFacts;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;

/**
 * What later steps need to know of a whole plane.
 *
 * @param channels distribution of every channel
 * @param facts of every channel; empty for one without a finite pixel
 * @param thresholds of every pair that is counted, for co-localisation; empty for one without
 *     pixels
 */
public record PlaneStatistics(
    List<Histogram> channels,
    List<Optional<ChannelFacts>> facts,
    List<Optional<Colocalization.Thresholds>> thresholds) {
  public PlaneStatistics {
    channels = List.copyOf(channels);
    facts = List.copyOf(facts);
    thresholds = List.copyOf(thresholds);
  }

  /** Of a plane. */
  public static PlaneStatistics of(
      StatisticsSettings settings, PlaneCounts counts, ImageTraits traits) {
    PlaneCounts.OfRegion whole = counts.whole();
    List<Optional<ChannelFacts>> facts = new ArrayList<>();
    for (int c = 0; c < whole.channels().size(); c++) {
      Histogram h = whole.channels().get(c);
      facts.add(
          h.isEmpty()
              ? Optional.empty()
              : Optional.of(facts(h, whole.momentsOf(c).mean(), traits.saturation().get(c))));
    }
    List<Optional<Colocalization.Thresholds>> thresholds = new ArrayList<>();
    for (int p = 0; p < whole.pairs().size(); p++) {
      JointHistogram tuples = whole.pairs().get(p);
      thresholds.add(
          tuples.size() == 0
              ? Optional.empty()
              : Optional.of(
                  Colocalization.Thresholds.of(tuples, settings.kind(settings.pairs().get(p)))));
    }
    return new PlaneStatistics(whole.channels(), facts, thresholds);
  }

  private static ChannelFacts facts(Histogram h, double mean, double largest) {
    double above = Double.isNaN(largest) ? 0 : h.fractionAbove(Math.nextDown(largest));
    return new ChannelFacts(h.percentile(1), h.percentile(50), h.percentile(99.8), mean, above);
  }
}
