package org.cytolake.focus;

import java.util.OptionalDouble;

/**
 * How alike pixels are that lie so many columns apart, in eight grey levels between the plane's
 * minimum and maximum (R. Haralick and others 1973, "Textural features for image classification",
 * correlation). As CellProfiler's {@code Correlation}, {@code
 * centrosome.haralick.Haralick(...).H3}.
 *
 * <p>Rows are given one after the other. Not thread-safe.
 */
public final class GreyCorrelation {
  /** Grey levels. */
  private static final int LEVELS = 8;

  /** The level of a pixel without a value. */
  private static final byte ABSENT = LEVELS;

  /** Counters side by side, as adding twice in a row to one takes its time. */
  private static final int LANES = 4;

  private static final int SIDE = 16; // of a counter: LEVELS and ABSENT, rounded up

  private final double min;
  private final double range;
  private final int[] distances;
  private final byte[] levels;
  private final long[][] counts; // by distance: lane, level, level of the other

  /**
   * For a plane.
   *
   * @param min smallest intensity; {@code max}: the largest
   * @param distances pixels, 1 or more each
   */
  public GreyCorrelation(int width, double min, double max, int[] distances) {
    this.min = min;
    this.range = max - min;
    this.distances = distances.clone();
    this.levels = new byte[width];
    this.counts = new long[distances.length][LANES * SIDE * SIDE];
  }

  /**
   * Takes the next row.
   *
   * @param values intensities; NaN for pixels without a value
   */
  public void row(double[] values) {
    if (!(range > 0)) {
      return;
    }
    for (int x = 0; x < levels.length; x++) {
      // a quotient of doubles is exact where it is an eighth
      double level = (values[x] - min) / range * LEVELS;
      levels[x] = Double.isNaN(level) ? ABSENT : (byte) Math.min(LEVELS - 1, (int) level);
    }
    for (int d = 0; d < distances.length; d++) {
      count(distances[d], counts[d]);
    }
  }

  private void count(int distance, long[] into) {
    int pairs = levels.length - distance;
    for (int x = 0; x < pairs; x++) {
      into[(x % LANES * SIDE + levels[x]) * SIDE + levels[x + distance]]++;
    }
  }

  /**
   * The correlation at a distance, once all rows are given.
   *
   * @param which index among the distances
   * @return -1 to 1; empty where the plane is constant, or no wider than the distance
   */
  public OptionalDouble at(int which) {
    double[] left = new double[LEVELS];
    double[] right = new double[LEVELS];
    double pairs = 0;
    double products = 0;
    for (int a = 0; a < LEVELS; a++) {
      for (int b = 0; b < LEVELS; b++) {
        double n = 0;
        for (int lane = 0; lane < LANES; lane++) {
          n += counts[which][(lane * SIDE + a) * SIDE + b];
        }
        left[a] += n;
        right[b] += n;
        pairs += n;
        products += n * (a + 1) * (b + 1);
      }
    }
    double correlation =
        (products / pairs - mean(left, pairs) * mean(right, pairs))
            / (deviation(left, pairs) * deviation(right, pairs));
    return Double.isFinite(correlation) ? OptionalDouble.of(correlation) : OptionalDouble.empty();
  }

  private static double mean(double[] counts, double pairs) {
    double sum = 0;
    for (int level = 0; level < LEVELS; level++) {
      sum += (level + 1) * counts[level];
    }
    return sum / pairs;
  }

  private static double deviation(double[] counts, double pairs) {
    double mean = mean(counts, pairs);
    double sum = 0;
    for (int level = 0; level < LEVELS; level++) {
      sum += (level + 1 - mean) * (level + 1 - mean) * counts[level];
    }
    return Math.sqrt(sum / pairs);
  }
}
