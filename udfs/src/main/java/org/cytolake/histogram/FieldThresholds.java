package org.cytolake.histogram;

import java.util.OptionalDouble;

/**
 * Thresholds of a whole image as CellProfiler's MeasureImageQuality has them: the functions of
 * {@code centrosome.threshold}, in the channel's own units and in 64 bits. Two of CellProfiler's
 * are not here: MoG takes pixels at random, and Kapur adds noise.
 *
 * <p>A constant image has its value as every threshold; there is none where the reference has only
 * a number that stands for failure.
 */
public final class FieldThresholds {
  private static final int BINS = 256;
  private static final double ROBUST = 0.02; // of the range, at either end
  private static final double CHOPPED = 0.05; // of the pixels, at either end
  private static final double DEVIATIONS = 2;
  private static final double CONVERGED = 0.00001;

  private FieldThresholds() {}

  /**
   * Otsu's threshold of two classes in the logarithm of the intensity, of pixels of 0 or more
   * ({@code get_otsu_threshold}).
   */
  public static OptionalDouble otsu(Histogram all) {
    Histogram h = from(all, 0);
    if (h.isEmpty() || h.size() == 1) {
      return h.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(h.min());
    }
    Logarithms logs = Logarithms.of(h, h.min() + (h.max() - h.min()) / BINS);
    return OptionalDouble.of(logs.intensity(equalShares(logs.stretched)));
  }

  /** Twice the mode above the minimum ({@code get_background_threshold}). */
  public static double background(Histogram h) {
    double range = h.max() - h.min();
    if (range == 0) {
      return h.min();
    }
    double low = ROBUST * range + h.min();
    double high = (1 - ROBUST) * range + h.min();
    double width = (high - low) / BINS;
    long[] counts = new long[BINS];
    boolean any = false;
    for (int i = 0; i < h.size(); i++) {
      double value = h.value(i);
      if (value > low && value < high) {
        any = true;
        int bin = Math.min(BINS - 1, (int) ((value - low) / width));
        // edges are rounded as numpy.linspace rounds them
        bin -= bin > 0 && value < low + bin * width ? 1 : 0;
        bin += bin < BINS - 1 && value >= low + (bin + 1) * width ? 1 : 0;
        counts[bin] += h.count(i);
      }
    }
    if (!any) {
      return low;
    }
    double mode = first(counts) / (BINS - 1.0);
    return h.min() + (mode + ROBUST) / (1 + 2 * ROBUST) * 2 * range;
  }

  private static int first(long[] counts) {
    int largest = 0;
    for (int i = 1; i < counts.length; i++) {
      largest = counts[i] > counts[largest] ? i : largest;
    }
    return largest;
  }

  /**
   * Two standard deviations above the mean of what lies between the 5th and the 95th percentile
   * ({@code get_robust_background_threshold}).
   */
  public static OptionalDouble robustBackground(Histogram h) {
    if (h.count() < 3) {
      return OptionalDouble.empty();
    }
    if (h.size() == 1) {
      return OptionalDouble.of(h.min());
    }
    long chopped = (long) Math.rint(h.count() * CHOPPED);
    Moments moments = h.ranked(chopped, h.count() - chopped).moments();
    return OptionalDouble.of(moments.mean() + DEVIATIONS * moments.stddev());
  }

  /**
   * Half way between the means of both classes of the logarithm, until that stays (T. Ridler and S.
   * Calvard 1978, "Picture thresholding using an iterative selection method"; {@code
   * get_ridler_calvard_threshold}).
   */
  public static OptionalDouble ridlerCalvard(Histogram h) {
    if (h.count() < 3 || h.max() <= 0) {
      return OptionalDouble.empty();
    }
    if (h.size() == 1) {
      return OptionalDouble.of(h.min());
    }
    Logarithms logs = Logarithms.of(h, h.max() / BINS);
    double threshold = equalShares(logs.stretched);
    double before = 0;
    while (Math.abs(before - threshold) > CONVERGED) {
      before = threshold;
      Histogram above = from(logs.stretched, threshold);
      long n = logs.stretched.count() - above.count();
      if (above.isEmpty() || n == 0) {
        return OptionalDouble.empty();
      }
      threshold = (above.mean() + (logs.stretched.sum() - above.sum()) / n) / 2;
    }
    return OptionalDouble.of(logs.intensity(threshold));
  }

  /**
   * Where the class and the intensity are most correlated (K. Padmanabhan and others 2010, "A novel
   * algorithm for optimal image thresholding of biological data"; {@code
   * get_maximum_correlation_threshold}).
   */
  public static double maximumCorrelation(Histogram h) {
    double range = h.max() - h.min();
    if (range == 0) {
      return h.min();
    }
    long[] counts = new long[BINS];
    for (int i = 0; i < h.size(); i++) {
      counts[(int) ((h.value(i) - h.min()) * (BINS - 1) / range)] += h.count(i);
    }
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += (double) bin * counts[bin];
    }
    double mean = sum / h.count();
    double squares = 0;
    for (int bin = 0; bin < BINS; bin++) {
      squares += counts[bin] * (bin - mean) * (bin - mean);
    }
    double above = 0; // the sum of differences from the mean, of this bin on
    for (int bin = 0; bin < BINS; bin++) {
      above += counts[bin] * (bin - mean);
    }
    long n = h.count(); // pixels of this bin on
    int best = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int bin = 0; bin < BINS; bin++) {
      double scale = Math.sqrt(squares * (h.count() - n) * n / h.count());
      double correlation = scale == 0 ? 0 : above / scale;
      if (correlation > largest) {
        largest = correlation;
        best = bin;
      }
      above -= counts[bin] * (bin - mean);
      n -= counts[bin];
    }
    return h.min() + (best - 1) * range / (BINS - 1);
  }

  private static Histogram from(Histogram h, double least) {
    double[] values = new double[h.size()];
    long[] counts = new long[h.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = h.value(i);
      counts[i] = values[i] >= least ? h.count(i) : 0;
    }
    return Histogram.of(values, counts);
  }

  /**
   * Logarithms of intensities, stretched from 0 to 1.
   *
   * @param low the smallest logarithm
   * @param range the largest less the smallest
   */
  private record Logarithms(Histogram stretched, double low, double range) {
    /**
     * Of a histogram.
     *
     * @param least intensity, above 0, that smaller ones are raised to
     */
    static Logarithms of(Histogram h, double least) {
      double low = Math.log(Math.max(least, h.min()));
      double range = Math.log(h.max()) - low;
      double[] values = new double[h.size()];
      long[] counts = new long[h.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (Math.log(Math.max(least, h.value(i))) - low) / range;
        counts[i] = h.count(i);
      }
      return new Logarithms(Histogram.of(values, counts), low, range);
    }

    double intensity(double stretchedLogarithm) {
      return Math.exp(stretchedLogarithm * range + low);
    }
  }

  /**
   * Otsu's threshold among the pixels at equal shares of the ranks ({@code centrosome.otsu.otsu}):
   * the mean of the neighbours of the best one.
   */
  private static double equalShares(Histogram h) {
    long n = h.count();
    if (n == 1) {
      return h.min();
    }
    long step = n / Math.min(BINS, n);
    int cuts = Math.toIntExact((n - 1 + step - 1) / step);
    double[] thresholds = new double[cuts];
    Ranks ranks = new Ranks(h);
    double least = Double.POSITIVE_INFINITY;
    int best = 0;
    for (int cut = 0; cut < cuts; cut++) {
      long last = cut * step; // rank of the last pixel below
      thresholds[cut] = ranks.value(last + 1);
      double score = ranks.squaresBelow(last + 1);
      long above = n - last - 1;
      // the reference divides by one less, and multiplies by the number
      score += above == 1 ? 0 : ranks.squaresAbove(last + 1) * above / (above - 1);
      if (score < least) {
        least = score;
        best = cut;
      }
    }
    return (thresholds[Math.max(0, best - 1)] + thresholds[Math.min(cuts - 1, best + 1)]) / 2;
  }

  /** Values and sums by rank, asked for in ascending order. */
  private static final class Ranks {
    private final Histogram h;
    private final double mean;
    private final double sum; // of differences from the mean
    private final double squares;
    private int index;
    private long before; // pixels of the values before the index
    private double sumBefore;
    private double squaresBefore;

    Ranks(Histogram h) {
      this.h = h;
      this.mean = h.mean();
      double sums = 0;
      double squared = 0;
      for (int i = 0; i < h.size(); i++) {
        double d = h.value(i) - mean;
        sums += d * h.count(i);
        squared += d * d * h.count(i);
      }
      this.sum = sums;
      this.squares = squared;
    }

    private void seek(long rank) {
      while (before + h.count(index) <= rank) {
        double d = h.value(index) - mean;
        before += h.count(index);
        sumBefore += d * h.count(index);
        squaresBefore += d * d * h.count(index);
        index++;
      }
    }

    double value(long rank) {
      seek(rank);
      return h.value(index);
    }

    /** Squared deviations of the pixels below a rank from their mean. */
    double squaresBelow(long rank) {
      seek(rank);
      double d = h.value(index) - mean;
      double part = sumBefore + d * (rank - before);
      return squaresBefore + d * d * (rank - before) - part * part / rank;
    }

    /** The same of the pixels from a rank on. */
    double squaresAbove(long rank) {
      seek(rank);
      double d = h.value(index) - mean;
      double part = sum - sumBefore - d * (rank - before);
      return squares - squaresBefore - d * d * (rank - before) - part * part / (h.count() - rank);
    }
  }
}
