package org.cytolake.statistics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.Moments;
import org.cytolake.image.Region;

/**
 * How often which intensities occur in one plane and in the regions of it.
 *
 * @param levels how every channel was counted; empty for one without a finite pixel
 * @param regions by name, the whole image first
 */
public record PlaneCounts(List<Optional<Levels>> levels, Map<String, OfRegion> regions) {
  public PlaneCounts {
    levels = List.copyOf(levels);
    regions = Collections.unmodifiableMap(new LinkedHashMap<>(regions));
  }

  /**
   * Of one region.
   *
   * @param channels distribution of the finite pixels of every channel
   * @param every distribution of all intensities of 32-bit integers that are counted in levels
   * @param moments exact ones, of channels that are counted in levels
   * @param pairs distribution of every pair of channels, of pixels that are finite in both
   * @param droppedBits low bits that were dropped from the codes of each pair
   */
  public record OfRegion(
      List<Histogram> channels,
      List<Optional<Histogram>> every,
      List<Optional<Moments>> moments,
      List<JointHistogram> pairs,
      List<Integer> droppedBits) {
    public OfRegion {
      channels = List.copyOf(channels);
      every = List.copyOf(every);
      moments = List.copyOf(moments);
      pairs = List.copyOf(pairs);
      droppedBits = List.copyOf(droppedBits);
    }

    /** The distribution of a channel's intensities, of integers without levels. */
    public Histogram everyOf(int channel) {
      return every.get(channel).orElseGet(() -> channels.get(channel));
    }

    /** Count, mean and deviation of a channel that has pixels. */
    public Moments momentsOf(int channel) {
      return moments.get(channel).orElseGet(() -> channels.get(channel).moments());
    }
  }

  /** Of the whole image. */
  public OfRegion whole() {
    return regions.get(Region.WHOLE);
  }
}
