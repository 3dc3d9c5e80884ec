package org.cytolake.colocalization;

import java.io.Serializable;
import java.util.Arrays;
import org.cytolake.histogram.JointHistogram;

/**
 * Costes' automatic thresholds (S. V. Costes et al. 2004, "Automatic and quantitative measurement
 * of protein-protein colocalization in live cells"), by the rule that CellProfiler's
 * MeasureColocalization calls 'Accurate'.
 *
 * <p>Both thresholds descend along the orthogonal regression of y on x over the pixels that are
 * above 0 in either channel, x in steps of one grey level from just above the maximum, until the
 * pixels below the threshold in either channel have a Pearson coefficient of 0 or less. Where it
 * stays positive the descent ends above one step. Pixels strictly above both thresholds are
 * co-localised.
 *
 * <p>Levels here are exact multiples of the step. CellProfiler subtracts steps of 1/255 or 1/65,535
 * from scaled images, so that rounding decides whether it counts pixels at the threshold as below
 * it; its descent may therefore end some levels away.
 *
 * <p>Where the regression's slope is negative, no threshold can be found and both stay above the
 * maximum of x: nothing is co-localised. Where there is no regression, a channel being constant or
 * the covariance 0, both are NaN.
 *
 * @param x threshold of the first channel, in its unit
 * @param y threshold of the second channel, in its unit
 */
public record CostesThresholds(double x, double y) implements Serializable {
  /** What rounding makes of a coefficient of 0. */
  private static final double UNCORRELATED = 1e-12;

  private static final double MAX_LEVELS = 1e15;
  private static final CostesThresholds NONE = new CostesThresholds(Double.NaN, Double.NaN);

  /** A line y = slope · x + intercept. */
  private record Line(double slope, double intercept) {
    double at(double x) {
      return slope * x + intercept;
    }

    static Line orthogonalRegression(JointHistogram channels) {
      Comoments moments = new Comoments();
      for (int i = 0; i < channels.size(); i++) {
        if (channels.value(0, i) > 0 || channels.value(1, i) > 0) {
          moments.add(channels.value(0, i), channels.value(1, i), channels.count(i));
        }
      }
      double difference = moments.yy() - moments.xx();
      double root = Math.hypot(difference, 2 * moments.xy());
      // two forms of the same, each without cancellation
      double slope =
          difference < 0
              ? 2 * moments.xy() / (root - difference)
              : (difference + root) / (2 * moments.xy());
      return new Line(slope, moments.yMean() - slope * moments.xMean());
    }
  }

  /**
   * Of two channels of integers.
   *
   * @param channels a joint histogram of two channels: x, y
   * @throws IllegalArgumentException if there are not two channels
   */
  public static CostesThresholds of(JointHistogram channels) {
    return of(channels, 1);
  }

  /**
   * Of two channels.
   *
   * @param channels a joint histogram of two channels: x, y
   * @param step by how much the threshold of x descends at a time, in the channels' unit
   * @throws IllegalArgumentException if there are not two channels, or the step is not above 0 or
   *     too small for the channels' maximum
   */
  public static CostesThresholds of(JointHistogram channels, double step) {
    Colocalization.requirePair(channels);
    if (channels.size() == 0) {
      return NONE;
    }
    double xMax = Double.NEGATIVE_INFINITY;
    double yMax = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < channels.size(); i++) {
      xMax = Math.max(xMax, channels.value(0, i));
      yMax = Math.max(yMax, channels.value(1, i));
    }
    double max = Math.max(xMax, yMax);
    if (!(step > 0) || Math.abs(max) / step > MAX_LEVELS) {
      throw new IllegalArgumentException(
          "a step of " + step + " is no fraction of the maximum " + max);
    }
    Line line = Line.orthogonalRegression(channels);
    if (!Double.isFinite(line.slope()) || line.slope() == 0) {
      return NONE;
    }
    long start = (long) Math.floor(max / step) + 1;
    long reached = start;
    if (line.slope() > 0) {
      long top = highestAtMost(xMax, yMax, line, step, start);
      reached = top < 2 ? top : descend(channels, line, step, top);
    }
    return new CostesThresholds(reached * step, line.at(reached * step));
  }

  /** The highest level up to {@code start} whose thresholds are not above both maxima. */
  private static long highestAtMost(double xMax, double yMax, Line line, double step, long start) {
    long low = Math.min((long) Math.floor(xMax / step), start);
    long high = start;
    while (low < high) {
      long middle = high - (high - low) / 2;
      if (middle * step > xMax && line.at(middle * step) > yMax) {
        high = middle - 1;
      } else {
        low = middle;
      }
    }
    return low;
  }

  /**
   * The level at which the pixels below are no longer correlated. A tuple is below a threshold t
   * exactly if t is above the smaller of its x and the place where the line reaches its y, so in
   * the order of these limits the pixels below a threshold are a prefix.
   */
  private static long descend(JointHistogram channels, Line line, double step, long start) {
    long[] leaves = new long[channels.size()];
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = lastLevelNotBelow(channels.value(0, i), channels.value(1, i), line, step, start);
    }
    int[] order = order(leaves);
    // The last level, going up, below which the pixels are not correlated or too few for it.
    long stop = 1;
    Comoments below = new Comoments();
    for (int i = 0; i < order.length && leaves[order[i]] < start; i++) {
      int tuple = order[i];
      below.add(channels.value(0, tuple), channels.value(1, tuple), channels.count(tuple));
      // the prefix up to here is what lies below the levels from this limit to the next one
      long next = i + 1 < order.length ? Math.min(leaves[order[i + 1]], start) : start;
      if (next > leaves[tuple] && (below.weight() < 2 || below.pearson() <= UNCORRELATED)) {
        stop = next;
      }
    }
    // the last tuple to leave has left below this level
    long fewest = leaves[order[0]];
    return Math.max(Math.max(stop, fewest), 2);
  }

  /** Indices by what is there, ascending; of equal ones the lower first. */
  private static int[] order(long[] leaves) {
    long[] sorted = leaves.clone();
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[distinct - 1]) {
        sorted[distinct++] = sorted[i];
      }
    }
    int[] ranks = new int[leaves.length];
    int[] next = new int[distinct + 1];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = Arrays.binarySearch(sorted, 0, distinct, leaves[i]);
      next[ranks[i] + 1]++;
    }
    for (int rank = 0; rank < distinct; rank++) {
      next[rank + 1] += next[rank];
    }
    int[] order = new int[leaves.length];
    for (int i = 0; i < order.length; i++) {
      order[next[ranks[i]]++] = i;
    }
    return order;
  }

  /** The highest level from 0 to {@code start} that the tuple is not below; 0 if there is none. */
  private static long lastLevelNotBelow(double x, double y, Line line, double step, long start) {
    double limit = Math.min(x, (y - line.intercept()) / line.slope());
    long level = (long) Math.max(0, Math.floor(Math.min(limit / step, (double) start)));
    while (level < start && !isBelow(x, y, line, (level + 1) * step)) {
      level++;
    }
    while (level > 0 && isBelow(x, y, line, level * step)) {
      level--;
    }
    return level;
  }

  private static boolean isBelow(double x, double y, Line line, double threshold) {
    return x < threshold || y < line.at(threshold);
  }
}
