package org.cytolake.cluster;

import org.cytolake.points.WeightedPoints;

/** A bandwidth for {@link MeanShift} from the points themselves. */
public final class Bandwidth {
  private Bandwidth() {}

  /**
   * The mean over pixels of the distance within which a share of all pixels lies, as {@code
   * sklearn.cluster.estimate_bandwidth} of the pixels one by one. Takes a time that grows with the
   * square of the tuples.
   *
   * @param quantile the share, above 0 to 1
   * @return 0 or more; 0 without points, or where that many pixels are equal everywhere
   * @throws IllegalArgumentException if the share is out of range
   */
  public static double estimate(WeightedPoints points, double quantile) {
    if (!(quantile > 0 && quantile <= 1)) {
      throw new IllegalArgumentException("a share of the pixels, not " + quantile);
    }
    int n = points.size();
    long pixels = Math.max(1, (long) (points.weight() * quantile));
    double sum = 0;
    double[] distances = new double[n];
    long[] weights = new long[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        distances[j] = points.squaredDistance(i, j);
        weights[j] = points.weight(j);
      }
      sum += points.weight(i) * Math.sqrt(reach(distances, weights, pixels));
    }
    return n == 0 ? 0 : sum / points.weight();
  }

  /** The smallest value up to which so many pixels lie; reorders both arrays. */
  private static double reach(double[] values, long[] weights, long pixels) {
    int from = 0;
    int to = values.length - 1;
    long wanted = pixels;
    while (from < to) {
      double pivot = values[(from + to) >>> 1];
      int low = from;
      int high = to;
      while (low <= high) {
        while (values[low] < pivot) {
          low++;
        }
        while (values[high] > pivot) {
          high--;
        }
        if (low <= high) {
          swap(values, weights, low++, high--);
        }
      }
      long below = 0;
      for (int i = from; i <= high; i++) {
        below += weights[i];
      }
      long middle = 0;
      for (int i = high + 1; i < low; i++) {
        middle += weights[i];
      }
      if (wanted <= below) {
        to = high;
      } else if (wanted <= below + middle) {
        return pivot;
      } else {
        wanted -= below + middle;
        from = low;
      }
    }
    return values[from];
  }

  private static void swap(double[] values, long[] weights, int a, int b) {
    double value = values[a];
    values[a] = values[b];
    values[b] = value;
    long weight = weights[a];
    weights[a] = weights[b];
    weights[b] = weight;
  }
}
