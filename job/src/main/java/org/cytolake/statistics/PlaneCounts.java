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
import org.cytolake.stardist.Window;

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
   * @param window where it lies
   * @param channels distribution of the finite pixels of every channel
   * @param moments exact ones, of channels that are counted in levels
   * @param pairs distribution of every pair of channels, of pixels that are finite in both
   * @param few the same, so coarse that the tuples are few
   * @param droppedBits low bits that were dropped from the codes of each pair for that
   */
  public record OfRegion(
      Window window,
      List<Histogram> channels,
      List<Optional<Moments>> moments,
      List<JointHistogram> pairs,
      List<JointHistogram> few,
      List<Integer> droppedBits) {
    public OfRegion {
      channels = List.copyOf(channels);
      moments = List.copyOf(moments);
      pairs = List.copyOf(pairs);
      few = List.copyOf(few);
      droppedBits = List.copyOf(droppedBits);
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
