package org.cytolake.cluster;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.cytolake.gaussian.Components;
import org.cytolake.points.Cells;
import org.cytolake.points.ClusterSummary;
import org.cytolake.points.WeightedPoints;

/** Partitions of the pixels that a mixture starts from, as responsibilities 0 and 1. */
final class MixtureStart {
  /** From so many components on, k-means alone misses likelier mixtures. */
  private static final int MANY = 5;

  private final Cells cells;
  private final WeightedPoints points;
  private final int k;
  private final SplittableRandom random;
  private final Set<Integer> seen = new HashSet<>();

  MixtureStart(Cells cells, int k, long seed) {
    this.cells = cells;
    this.points = cells.points();
    this.k = k;
    this.random = new SplittableRandom(seed);
  }

  /**
   * The next partition, as scikit-learn's {@code init_params}: by k-means, or with many components
   * every other time by the nearest of random pixels.
   *
   * @param start its number, from 0
   * @return per tuple its part from 0; empty if an earlier call gave the same parts
   */
  int[] next(int start) {
    boolean pixels = k >= MANY && start % 2 == 1;
    int trials = start == 0 ? 3 : 1; // careful once, then various
    Lloyd run =
        new Lloyd(points, pixels ? randomPixels() : Seeding.plusPlus(points, k, trials, random));
    run.run(pixels ? 1 : 300, pixels ? 1 : 1e-4);
    int[] parts = run.clustering().labels();
    for (int i = 0; i < parts.length; i++) {
      parts[i]--;
    }
    return seen.add(Arrays.hashCode(parts)) ? parts : new int[0];
  }

  /** The values of k tuples, each with a probability proportional to its pixels. */
  private double[][] randomPixels() {
    double[][] centres = new double[k][points.channels()];
    double[] free = new double[points.size()];
    Arrays.fill(free, 1);
    for (double[] centre : centres) {
      int tuple = Seeding.draw(points, free, random);
      free[tuple] = 0;
      points.copy(tuple, centre);
    }
    return centres;
  }

  /** Every part's share, mean and covariance. */
  Components components(int[] parts, double regularization) {
    int d = points.channels();
    double[] weights = new double[k];
    double[][] means = new double[k][];
    double[][][] covariances = new double[k][][];
    int[] labels = Arrays.stream(parts).map(p -> p + 1).toArray();
    for (ClusterSummary s : ClusterSummary.of(points, labels, k)) {
      int j = s.cluster() - 1;
      weights[j] = s.weight();
      means[j] = s.mean();
      covariances[j] = s.covariance();
    }
    addSpreads(parts, weights, covariances);
    for (int j = 0; j < k; j++) {
      if (means[j] == null) { // a part without pixels
        means[j] = points.mean();
        covariances[j] = new double[d][d];
        for (int c = 0; c < d; c++) {
          covariances[j][c][c] = points.variance()[c];
        }
      }
      for (int c = 0; c < d; c++) {
        covariances[j][c][c] += regularization;
      }
    }
    return new Components(weights, means, covariances);
  }

  /** Adds what the cells of a part have within themselves. */
  private void addSpreads(int[] parts, double[] weights, double[][][] covariances) {
    double[][] spreads = cells.spreads();
    for (int i = 0; i < parts.length && spreads.length > 0; i++) {
      double share = points.weight(i) / (weights[parts[i]] * points.weight());
      double[][] to = covariances[parts[i]];
      int pair = 0;
      for (int a = 0; a < to.length; a++) {
        for (int b = 0; b <= a; b++, pair++) {
          double v = share * spreads[pair][i];
          to[a][b] += v;
          to[b][a] += a == b ? 0 : v;
        }
      }
    }
  }
}
