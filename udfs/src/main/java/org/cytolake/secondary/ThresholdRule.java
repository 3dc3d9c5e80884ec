package org.cytolake.secondary;

import java.io.Serializable;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;

/**
 * How a threshold follows from the intensities of a plane, as in CellProfiler's Threshold (4.2.8).
 */
public sealed interface ThresholdRule extends Serializable {
  /**
   * The threshold, in the histogram's unit.
   *
   * @param intensities two or more different ones
   * @param kind of floating-point number in which they are kept
   */
  double of(Histogram intensities, SampleKind kind);

  /** {@code skimage.filters.threshold_otsu}: two classes. */
  record TwoClasses() implements ThresholdRule {
    @Override
    public double of(Histogram intensities, SampleKind kind) {
      return Otsu.threshold(intensities, kind);
    }
  }

  /**
   * {@code skimage.filters.threshold_multiotsu(image, classes=3, nbins=128)}.
   *
   * @param middleIsForeground to which side the middle class goes
   */
  record ThreeClasses(boolean middleIsForeground) implements ThresholdRule {
    @Override
    public double of(Histogram intensities, SampleKind kind) {
      return MultiOtsu.thresholds(intensities, kind)[middleIsForeground ? 0 : 1];
    }
  }

  /** {@code skimage.filters.threshold_li}: see {@link MinimumCrossEntropy}. */
  record CrossEntropy() implements ThresholdRule {
    @Override
    public double of(Histogram intensities, SampleKind kind) {
      return MinimumCrossEntropy.threshold(intensities, kind);
    }
  }

  /**
   * The background's average plus some deviations, both of what is left when the darkest and the
   * brightest pixels are cut off.
   *
   * @param lower share of the darkest pixels, 0 or more; where it is 0 nothing is cut off at either
   *     end, as in CellProfiler
   * @param upper share of the brightest, 0 or more; below 1 together with {@code lower}
   * @param average what the middle is
   * @param deviation how far pixels lie from it
   * @param deviations that are added
   */
  record Background(
      double lower, double upper, Average average, Deviation deviation, double deviations)
      implements ThresholdRule {
    /** What the middle of the background is. */
    public enum Average {
      MEAN,
      MEDIAN,
      /** {@code centrosome.threshold.binned_mode}. */
      MODE
    }

    /** How far pixels lie from the middle. */
    public enum Deviation {
      STANDARD,
      /** Median of the absolute deviations from the median. */
      MEDIAN
    }

    public Background {
      if (!(lower >= 0 && upper >= 0 && lower + upper < 1) || !Double.isFinite(deviations)) {
        throw new IllegalArgumentException(
            "of all pixels the shares " + lower + " and " + upper + " cannot be cut off");
      }
    }

    @Override
    public double of(Histogram intensities, SampleKind kind) {
      return RobustBackground.threshold(intensities, this);
    }
  }

  /**
   * An intensity.
   *
   * @param intensity finite
   */
  record Value(double intensity) implements ThresholdRule {
    public Value {
      if (!Double.isFinite(intensity)) {
        throw new IllegalArgumentException("a threshold is finite, not " + intensity);
      }
    }

    @Override
    public double of(Histogram intensities, SampleKind kind) {
      return intensity;
    }
  }

  /**
   * A percentile.
   *
   * @param percent 0 to 100
   */
  record Percent(double percent) implements ThresholdRule {
    public Percent {
      if (!(percent >= 0 && percent <= 100)) {
        throw new IllegalArgumentException(
            "a percentile lies between 0 and 100, not at " + percent);
      }
    }

    @Override
    public double of(Histogram intensities, SampleKind kind) {
      return intensities.percentile(percent);
    }
  }
}
