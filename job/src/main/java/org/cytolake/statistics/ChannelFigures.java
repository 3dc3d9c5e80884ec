package org.cytolake.statistics;

import java.util.List;
import org.cytolake.histogram.Bins;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Moments;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Stain;
import org.cytolake.intensity.StainThreshold;

/**
 * Statistics of the finite pixels of one channel in one region; there is at least one.
 *
 * @param percentiles {@link #PERCENTILES}
 * @param stained pixels above the stain's threshold
 * @param bins of the histogram of raw intensities
 * @param isExact whether all of it is; else percentiles, thresholds and what follows from them are
 *     those of levels
 */
record ChannelFigures(
    Moments moments,
    double min,
    double max,
    List<Double> percentiles,
    double otsu,
    Stain stain,
    long stained,
    Bins bins,
    boolean isExact) {
  /** Which percentiles are known. */
  static final List<Double> PERCENTILES = List.of(1.0, 25.0, 50.0, 75.0, 99.0, 99.8);

  ChannelFigures {
    percentiles = List.copyOf(percentiles);
  }

  /**
   * Of a distribution.
   *
   * @param moments exact ones, whatever the distribution
   * @param saturation the largest value of the pixel type; NaN for none
   * @param binCount of the histogram of raw intensities
   */
  static ChannelFigures of(
      Histogram h,
      boolean isExact,
      Moments moments,
      SampleKind kind,
      StainThreshold rule,
      double saturation,
      int binCount) {
    Stain stain = Stain.of(h, rule, saturation);
    return new ChannelFigures(
        moments,
        h.min(),
        h.max(),
        PERCENTILES.stream().map(h::percentile).toList(),
        Otsu.threshold(h, kind),
        stain,
        h.countAbove(stain.threshold()),
        Bins.of(h, binCount, kind),
        isExact);
  }

  double percentile(double q) {
    return percentiles.get(PERCENTILES.indexOf(q));
  }
}
