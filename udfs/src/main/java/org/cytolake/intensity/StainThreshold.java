package org.cytolake.intensity;

import java.io.Serializable;
import java.util.NoSuchElementException;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;

/** How the intensity is chosen above which a pixel counts as stained. */
public sealed interface StainThreshold extends Serializable {
  /**
   * The threshold for a channel, in its unit.
   *
   * @throws NoSuchElementException if the rule needs pixels and there are none
   */
  double of(Histogram channel);

  /** Otsu's threshold. */
  record OtsuRule(SampleKind kind) implements StainThreshold {
    @Override
    public double of(Histogram channel) {
      return Otsu.threshold(channel, kind);
    }
  }

  /** The same intensity for every image. */
  record Fixed(double threshold) implements StainThreshold {
    public Fixed {
      if (!Double.isFinite(threshold)) {
        throw new IllegalArgumentException("a threshold is finite, not " + threshold);
      }
    }

    @Override
    public double of(Histogram channel) {
      return threshold;
    }
  }

  /** A percentile of the channel, 0 to 100, with linear interpolation. */
  record Percentile(double percentile) implements StainThreshold {
    public Percentile {
      if (!(percentile >= 0 && percentile <= 100)) {
        throw new IllegalArgumentException(
            "a percentile lies between 0 and 100, not at " + percentile);
      }
    }

    @Override
    public double of(Histogram channel) {
      return channel.percentile(percentile);
    }
  }
}
