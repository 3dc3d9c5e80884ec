package org.cytolake.cluster.online;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cytolake.cluster.Clustering;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.cluster.Seeding;
import org.cytolake.points.NearestCentres;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * K-means whose every step sees some pixels, drawn at random, and moves each centre to the mean of
 * all that it was ever the nearest to (Sculley 2010, "Web-scale k-means clustering"). Centres that
 * fall behind start anew at a pixel, and a start ends when the smoothed cost of batches no longer
 * falls, as in {@code sklearn.cluster.MiniBatchKMeans} of the pixels one by one: a tuple is drawn
 * as often as its pixels would be. The best of several starts by the cost of all pixels.
 */
public final class MiniBatchKMeans {
  /** Batches that a start's first centres are chosen from. */
  private static final int FIRST_BATCHES = 3;

  private MiniBatchKMeans() {}

  /**
   * How to fit.
   *
   * @param starts the best of so many starts, at least 1
   * @param maxBatches for every start, at least 1
   * @param batch pixels that are drawn together, at least 1
   * @param patience batches without a lower smoothed cost after which a start ends, at least 1
   * @param reassignment a centre starts anew when it was the nearest to less than this share of the
   *     pixels of the one that was to most, 0 to 1
   * @param seed of the random choices
   */
  public record Options(
      int starts, int maxBatches, int batch, int patience, double reassignment, long seed)
      implements Serializable {
    public Options {
      if (starts < 1
          || maxBatches < 1
          || batch < 1
          || patience < 1
          || !(reassignment >= 0 && reassignment <= 1)) {
        throw new IllegalArgumentException(
            "mini-batch k-means needs a start, a batch of a pixel, a patience and a reassignment"
                + " from 0 to 1, not "
                + starts
                + ", "
                + maxBatches
                + " x "
                + batch
                + ", "
                + patience
                + ", "
                + reassignment);
      }
    }
  }

  /**
   * Fits.
   *
   * @param k number of clusters, at least 1
   * @return no result if fewer than {@code k} tuples differ, or if every start left a cluster
   *     without pixels; the centres are those that the batches gave
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public static Outcome<Clustering> fit(WeightedPoints points, int k, Options options) {
    if (k < 1) {
      throw new IllegalArgumentException("at least one cluster, not " + k);
    }
    if (points.distinct() < k) {
      return Unfitted.tooFew(points, k);
    }
    SplittableRandom random = new SplittableRandom(options.seed());
    Clustering best = null;
    for (int start = 0; start < options.starts(); start++) {
      Run run = new Run(points, k, options, random);
      run.run();
      Clustering found = run.clustering();
      if (found != null && (best == null || found.cost() < best.cost())) {
        best = found;
      }
    }
    return best == null
        ? new Unfitted<>(
            "none of "
                + options.starts()
                + " starts has pixels in all of "
                + k
                + " clusters; take more starts, a larger batch or fewer clusters")
        : new Fitted<>(best);
  }

  /** One start. */
  private static final class Run {
    private final WeightedPoints points;
    private final Options options;
    private final SplittableRandom random;

    /** Pixels up to and with each tuple. */
    private final long[] upTo;

    private final double[][] centres;

    /** Pixels that each centre was the nearest to. */
    private final double[] pixels;

    private int batches;
    private boolean converged;

    Run(WeightedPoints points, int k, Options options, SplittableRandom random) {
      this.points = points;
      this.options = options;
      this.random = random;
      this.upTo = points.weights().clone();
      Arrays.parallelPrefix(upTo, Long::sum);
      WeightedPoints some = drawn(FIRST_BATCHES * Math.max(k, options.batch()));
      this.centres = Seeding.greedy(some.distinct() < k ? points : some, k, random);
      this.pixels = new double[k];
    }

    private int[] draw(int n) {
      int[] tuples = new int[n];
      for (int i = 0; i < n; i++) {
        long pixel = (long) (Seeding.uniform(random) * points.weight());
        int at = Arrays.binarySearch(upTo, pixel + 1);
        tuples[i] = at < 0 ? -at - 1 : at;
      }
      return tuples;
    }

    /** So many pixels as tuples of their own. */
    private WeightedPoints drawn(int n) {
      int[] pixels = draw(n);
      Arrays.sort(pixels);
      int[] tuples = Arrays.stream(pixels).distinct().toArray();
      long[] times = new long[tuples.length];
      for (int i = 0, at = 0; i < n; i++) {
        at += pixels[i] == tuples[at] ? 0 : 1;
        times[at]++;
      }
      WeightedPoints own = points.only(tuples);
      double[][] columns =
          IntStream.range(0, own.channels()).mapToObj(own::column).toArray(double[][]::new);
      return new WeightedPoints(columns, times);
    }

    void run() {
      double alpha = Math.min(1, 2.0 * options.batch() / (points.weight() + 1.0));
      double smoothed = 0;
      double least = Double.POSITIVE_INFINITY;
      int worse = 0;
      long sinceReassigned = 0;
      while (!converged && batches < options.maxBatches()) {
        int[] batch = draw(options.batch());
        sinceReassigned += batch.length;
        boolean reassign = sinceReassigned >= 10L * centres.length || hasUnused();
        double cost = step(batch);
        if (reassign) {
          sinceReassigned = 0;
          reassign(batch);
        }
        batches++;
        if (batches == 1) {
          continue; // of the first centres, which are better than those of one batch
        }
        smoothed = batches == 2 ? cost : smoothed * (1 - alpha) + cost * alpha;
        worse = smoothed < least ? 0 : worse + 1;
        least = Math.min(least, smoothed);
        converged = worse >= options.patience();
      }
    }

    private boolean hasUnused() {
      return Arrays.stream(pixels).anyMatch(n -> n == 0);
    }

    /** Moves the centres; the mean squared distance of the batch to those before. */
    private double step(int[] batch) {
      double[][] sums = new double[centres.length][points.channels()];
      long[] counts = new long[centres.length];
      double cost = 0;
      for (int tuple : batch) {
        int best = 0;
        double least = points.squaredDistance(tuple, centres[0]);
        for (int j = 1; j < centres.length; j++) {
          double distance = points.squaredDistance(tuple, centres[j]);
          if (distance < least) {
            least = distance;
            best = j;
          }
        }
        cost += least / batch.length;
        counts[best]++;
        for (int c = 0; c < sums[best].length; c++) {
          sums[best][c] += points.value(c, tuple);
        }
      }
      for (int j = 0; j < centres.length; j++) {
        pixels[j] += counts[j];
        for (int c = 0; c < sums[j].length && counts[j] > 0; c++) {
          centres[j][c] += (sums[j][c] - counts[j] * centres[j][c]) / pixels[j];
        }
      }
      return cost;
    }

    /** At most half a batch of centres, those that fell farthest behind, start at its pixels. */
    private void reassign(int[] batch) {
      double most = Arrays.stream(pixels).max().orElse(0);
      int[] behind =
          Arrays.stream(Ordering.ascending(pixels))
              .filter(j -> pixels[j] < options.reassignment() * most)
              .limit(batch.length / 2)
              .toArray();
      for (int i = 0; i < behind.length; i++) {
        int other = i + (int) (Seeding.uniform(random) * (batch.length - i));
        int tuple = batch[other];
        batch[other] = batch[i];
        points.copy(tuple, centres[behind[i]]);
      }
      boolean[] anew = new boolean[centres.length];
      Arrays.stream(behind).forEach(j -> anew[j] = true);
      double fewest = Double.POSITIVE_INFINITY;
      for (int j = 0; j < anew.length; j++) {
        fewest = anew[j] ? fewest : Math.min(fewest, pixels[j]);
      }
      for (int j : behind) {
        pixels[j] = fewest;
      }
    }

    /** Null where a cluster has no pixels. */
    Clustering clustering() {
      double[][] ordered = Ordering.apply(Ordering.of(centres), centres);
      int[] labels = NearestCentres.of(points, ordered);
      boolean[] used = new boolean[ordered.length];
      double cost = 0;
      for (int i = 0; i < labels.length; i++) {
        cost += points.weight(i) * points.squaredDistance(i, ordered[labels[i]]);
        used[labels[i]] = true;
        labels[i]++;
      }
      for (boolean one : used) {
        if (!one) {
          return null;
        }
      }
      return new Clustering(ordered, labels, cost, batches, converged);
    }
  }
}
