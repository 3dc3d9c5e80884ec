package org.cytolake.secondary;

import org.cytolake.histogram.Histogram;
import org.cytolake.secondary.ThresholdRule.Background;

/** CellProfiler's robust background, from a histogram. */
final class RobustBackground {
  private static final int FEWEST = 3;

  private RobustBackground() {}

  static double threshold(Histogram intensities, Background how) {
    long pixels = intensities.count();
    if (pixels < FEWEST) {
      return 0;
    }
    long darkest = Math.round(Math.rint(pixels * how.lower()));
    long brightest = Math.round(Math.rint(pixels * how.upper()));
    Histogram kept = darkest == 0 ? intensities : between(intensities, darkest, pixels - brightest);
    double average =
        switch (how.average()) {
          case MEAN -> kept.mean();
          case MEDIAN -> kept.percentile(50);
          case MODE -> mode(kept);
        };
    double deviation =
        switch (how.deviation()) {
          case STANDARD -> kept.stddev();
          case MEDIAN -> medianDeviation(kept);
        };
    return average + deviation * how.deviations();
  }

  /** The pixels from a rank on to before another, in ascending order. */
  private static Histogram between(Histogram all, long from, long to) {
    double[] values = new double[all.size()];
    long[] counts = new long[all.size()];
    long seen = 0;
    for (int i = 0; i < values.length; i++) {
      long first = Math.max(seen, from);
      seen += all.count(i);
      values[i] = all.value(i);
      counts[i] = Math.max(0, Math.min(seen, to) - first);
    }
    return Histogram.of(values, counts);
  }

  private static double medianDeviation(Histogram of) {
    double median = of.percentile(50);
    double[] deviations = new double[of.size()];
    long[] counts = new long[of.size()];
    for (int i = 0; i < deviations.length; i++) {
      deviations[i] = Math.abs(of.value(i) - median);
      counts[i] = of.count(i);
    }
    return Histogram.of(deviations, counts).percentile(50);
  }

  /** {@code centrosome.threshold.binned_mode}: as many bins as the root of the pixels. */
  private static double mode(Histogram of) {
    int bins = (int) Math.ceil(Math.sqrt((double) of.count()));
    float least = (float) of.min();
    float range = (float) of.max() - least;
    if (range == 0) {
      return least;
    }
    long[] counts = new long[bins + 1];
    for (int i = 0; i < of.size(); i++) {
      float share = ((float) of.value(i) - least) / range;
      counts[(int) ((double) share * bins)] += of.count(i);
    }
    int fullest = 0;
    for (int i = 1; i < counts.length; i++) {
      if (counts[i] > counts[fullest]) {
        fullest = i;
      }
    }
    return of.percentile(Math.min(100, 100 * (fullest + 0.5) / bins));
  }
}
