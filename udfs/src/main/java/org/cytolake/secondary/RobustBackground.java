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
    Histogram kept = darkest == 0 ? intensities : intensities.ranked(darkest, pixels - brightest);
    double average =
        switch (how.average()) {
          case MEAN -> kept.mean();
          case MEDIAN -> kept.percentile(50);
          case MODE -> mode(kept);
        };
    double deviation =
        switch (how.deviation()) {
          case STANDARD -> kept.stddev();
          case MEDIAN -> kept.deviations(kept.percentile(50)).percentile(50);
        };
    return average + deviation * how.deviations();
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
