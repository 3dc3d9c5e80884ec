package org.cytolake.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cytolake.points.WeightedPoints;

/**
 * Starting centres by greedy k-means++ (Arthur and Vassilvitskii 2007, "k-means++: the advantages
 * of careful seeding"; several candidates a centre as in scikit-learn's {@code kmeans_plusplus}).
 */
public final class Seeding {
  private Seeding() {}

  /** The next number of a generator, from 0 to below 1; the same on every version of Java. */
  public static double uniform(SplittableRandom random) {
    return (random.nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * Distinct tuples as centres, each the best of 2 + ln k candidates as in scikit-learn.
   *
   * @param k up to the number of distinct tuples
   * @return {@code [centre][channel]}
   */
  public static double[][] greedy(WeightedPoints points, int k, SplittableRandom random) {
    return plusPlus(points, k, 2 + (int) StrictMath.log(k), random);
  }

  /**
   * Distinct tuples as centres.
   *
   * @param k up to the number of distinct tuples
   * @param trials candidates a centre, at least 1
   */
  static double[][] plusPlus(WeightedPoints points, int k, int trials, SplittableRandom random) {
    int n = points.size();
    double[] nearest = new double[n];
    Arrays.fill(nearest, 1);
    double[][] centres = new double[k][];
    int first = draw(points, nearest, random);
    centres[0] = points.copy(first, new double[points.channels()]);
    for (int i = 0; i < n; i++) {
      nearest[i] = points.squaredDistance(i, first);
    }
    double[] candidate = new double[n];
    double[] best = new double[n];
    for (int j = 1; j < k; j++) {
      double bestPotential = Double.POSITIVE_INFINITY;
      for (int trial = 0; trial < trials; trial++) {
        int at = draw(points, nearest, random);
        double potential = potential(points, nearest, at, candidate);
        if (potential < bestPotential) {
          bestPotential = potential;
          centres[j] = points.copy(at, new double[points.channels()]);
          double[] swap = best;
          best = candidate;
          candidate = swap;
        }
      }
      System.arraycopy(best, 0, nearest, 0, n);
    }
    return centres;
  }

  private static double potential(
      WeightedPoints points, double[] nearest, int centre, double[] closer) {
    double potential = 0;
    for (int i = 0; i < nearest.length; i++) {
      closer[i] = Math.min(nearest[i], points.squaredDistance(i, centre));
      potential += points.weight(i) * closer[i];
    }
    return potential;
  }

  /** A tuple with probability proportional to its weight times its cost. */
  static int draw(WeightedPoints points, double[] cost, SplittableRandom random) {
    double total = 0;
    int last = 0;
    for (int i = 0; i < cost.length; i++) {
      if (cost[i] > 0) {
        total += points.weight(i) * cost[i];
        last = i;
      }
    }
    double left = uniform(random) * total;
    for (int i = 0; i < last; i++) {
      left -= points.weight(i) * cost[i];
      if (left < 0) {
        return i;
      }
    }
    return last;
  }
}
