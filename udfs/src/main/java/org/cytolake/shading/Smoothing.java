package org.cytolake.shading;

import java.io.Serializable;
import java.util.OptionalDouble;

/**
 * How an average of images is smoothed: CellProfiler's {@code None}, {@code Median Filter} and
 * {@code Gaussian Filter} of CorrectIlluminationCalculate.
 *
 * @param sizeOrNaN see {@link #size}
 */
public record Smoothing(Kind kind, double sizeOrNaN) implements Serializable {
  private static final double WIDEST = 30; // pixels, of what is chosen automatically
  private static final double PART = 40; // of the longer side
  private static final double FULL_WIDTH = 2.35; // at half maximum, deviations
  private static final int TOP = 65_535;

  /** So that averages that are whole levels are not cut down to the level below. */
  private static final double ROUNDING = 1e-7;

  /** The kind of filter. */
  public enum Kind {
    /** None at all. */
    NONE,
    /** The median in a disk. */
    MEDIAN,
    /** A Gaussian. */
    GAUSSIAN
  }

  public Smoothing {
    if (sizeOrNaN <= 0 || Double.isInfinite(sizeOrNaN)) {
      throw new IllegalArgumentException("a filter is no " + sizeOrNaN + " pixels wide");
    }
  }

  /**
   * Of a size.
   *
   * @param size pixels, above 0; empty: a fortieth of the plane's longer side, at most 30
   */
  public static Smoothing of(Kind kind, OptionalDouble size) {
    return new Smoothing(kind, size.orElse(Double.NaN));
  }

  /** The width of the filter for planes of a size, pixels. */
  public double size(int height, int width) {
    return Double.isNaN(sizeOrNaN) ? Math.min(WIDEST, Math.max(height, width) / PART) : sizeOrNaN;
  }

  /**
   * Smooths.
   *
   * @param largest that an intensity can have: the median is found among 65,536 levels from 0 to
   *     it, which intensities are cut down to, and those below 0 count as 0
   */
  double[] of(double[] average, int height, int width, double largest) {
    double sigma = size(height, width) / FULL_WIDTH;
    return switch (kind) {
      case NONE -> average;
      case GAUSSIAN -> GaussianSmoothing.of(average, height, width, sigma);
      case MEDIAN -> {
        char[] levels = new char[average.length];
        for (int i = 0; i < levels.length; i++) {
          levels[i] = (char) Math.max(0, Math.min(TOP, average[i] / largest * TOP + ROUNDING));
        }
        char[] medians = DiskMedian.of(levels, height, width, Math.max(1, (int) (sigma + 0.5)));
        double[] smooth = new double[medians.length];
        for (int i = 0; i < smooth.length; i++) {
          smooth[i] = medians[i] * largest / TOP;
        }
        yield smooth;
      }
    };
  }
}
