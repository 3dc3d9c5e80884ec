package org.cytolake.statistics;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.Colocalization.Thresholds;
import org.cytolake.field.ChannelFacts;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.Pairs;
import org.cytolake.image.Region;

/**
 * The statistics of a plane. A channel's are over its own finite pixels, a pair's over those that
 * are finite in both. Where pixels were counted in levels, or low bits were dropped of them,
 * whatever can do without the tuples comes from the pixels themselves.
 *
 * @param regions by name, the whole image first
 * @param thresholds of every pair that is counted, in the whole image; empty for one without pixels
 */
public record PlaneStatistics(
    Map<String, OfRegion> regions, List<Optional<Thresholds>> thresholds) {
  public PlaneStatistics {
    regions = Collections.unmodifiableMap(new LinkedHashMap<>(regions));
    thresholds = List.copyOf(thresholds);
  }

  /**
   * Of one region.
   *
   * @param channels of every channel; empty for one without a finite pixel
   * @param pairs of every pair; empty for one without pixels
   */
  record OfRegion(List<Optional<ChannelFigures>> channels, List<Optional<Colocalization>> pairs) {
    OfRegion {
      channels = List.copyOf(channels);
      pairs = List.copyOf(pairs);
    }
  }

  /** Of a plane. */
  public static PlaneStatistics of(
      StatisticsSettings settings, PlaneCounts counts, ImageTraits traits, PlanePixels pixels)
      throws ImageReadException {
    try {
      return new Maker(settings, counts, traits, pixels).make();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ImageReadException unreadable) {
        throw unreadable;
      }
      throw e;
    }
  }

  /** How many pixels of a channel are finite in the whole image. */
  public long finite(int channel) {
    return regions
        .get(Region.WHOLE)
        .channels()
        .get(channel)
        .map(of -> of.moments().count())
        .orElse(0L);
  }

  /** What is known of a channel in the whole image; empty for one without a finite pixel. */
  public Optional<ChannelFacts> facts(int channel) {
    return regions
        .get(Region.WHOLE)
        .channels()
        .get(channel)
        .map(
            of ->
                new ChannelFacts(
                    of.percentile(1),
                    of.percentile(50),
                    of.percentile(99.8),
                    of.moments().mean(),
                    Double.isNaN(of.stain().saturatedFraction())
                        ? 0
                        : of.stain().saturatedFraction()));
  }

  private record Maker(
      StatisticsSettings settings, PlaneCounts counts, ImageTraits traits, PlanePixels pixels) {
    PlaneStatistics make() throws ImageReadException {
      Map<String, OfRegion> regions = new LinkedHashMap<>();
      List<Optional<Thresholds>> thresholds = new ArrayList<>();
      for (Map.Entry<String, PlaneCounts.OfRegion> region : counts.regions().entrySet()) {
        List<Optional<ChannelFigures>> channels = new ArrayList<>();
        for (int c = 0; c < settings.channels().size(); c++) {
          channels.add(channel(region.getValue(), c));
        }
        List<Optional<Colocalization>> pairs = new ArrayList<>();
        for (int p = 0; p < settings.pairs().size(); p++) {
          if (thresholds.size() == p) { // of the whole image, which comes first
            thresholds.add(thresholds(region.getValue(), channels, p));
          }
          pairs.add(pair(region.getValue(), p, thresholds.get(p)));
        }
        regions.put(region.getKey(), new OfRegion(channels, pairs));
      }
      return new PlaneStatistics(regions, thresholds);
    }

    private boolean isExact(int c) {
      return counts.levels().get(c).filter(Levels::isExact).isPresent();
    }

    private Optional<ChannelFigures> channel(PlaneCounts.OfRegion region, int c)
        throws ImageReadException {
      Histogram counted = region.channels().get(c);
      if (counted.isEmpty()) {
        return Optional.empty();
      }
      Optional<Histogram> exact =
          isExact(c)
              ? Optional.of(counted)
              : ExactHistogram.of(pixels, region.window(), List.of(c));
      return Optional.of(
          ChannelFigures.of(
              exact.orElse(counted),
              exact.isPresent(),
              region.momentsOf(c),
              settings.kind(c),
              settings.exploration().threshold(settings.channels().get(c), settings.kind(c)),
              traits.saturation().get(c),
              settings.bins()));
    }

    private Optional<Thresholds> thresholds(
        PlaneCounts.OfRegion region, List<Optional<ChannelFigures>> channels, int p)
        throws ImageReadException {
      JointHistogram tuples = region.pairs().get(p);
      if (tuples.count() == 0) {
        return Optional.empty();
      }
      int[] pair = settings.pairs().get(p);
      return Optional.of(
          Thresholds.of(
              otsu(region, channels, pair, 0, tuples),
              otsu(region, channels, pair, 1, tuples),
              tuples,
              settings.kind(pair)));
    }

    /** Of a channel of a pair, where both are finite. */
    private double otsu(
        PlaneCounts.OfRegion region,
        List<Optional<ChannelFigures>> channels,
        int[] pair,
        int i,
        JointHistogram tuples)
        throws ImageReadException {
      ChannelFigures own = channels.get(pair[i]).orElseThrow();
      if (own.moments().count() == tuples.count()) {
        return own.otsu();
      }
      Optional<Histogram> exact =
          isExact(pair[i])
              ? Optional.empty()
              : ExactHistogram.ofBoth(pixels, region.window(), pair[i], pair[1 - i]);
      return Otsu.threshold(exact.orElseGet(() -> tuples.marginal(i)), settings.kind(pair[i]));
    }

    private Optional<Colocalization> pair(
        PlaneCounts.OfRegion region, int p, Optional<Thresholds> thresholds) {
      JointHistogram tuples = region.pairs().get(p);
      if (thresholds.isEmpty() || tuples.count() == 0) {
        return Optional.empty();
      }
      int[] pair = settings.pairs().get(p);
      Pairs all =
          isExact(pair[0]) && isExact(pair[1])
              ? tuples
              : new PixelPairs(pixels, region.window(), pair[0], pair[1]);
      return Optional.of(Colocalization.of(all, tuples, thresholds.get()));
    }
  }
}
