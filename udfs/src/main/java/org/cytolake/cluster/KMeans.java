package org.cytolake.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.Cells;
import org.cytolake.points.WeightedPoints;

/**
 * Weighted k-means: the centres that make the sum over pixels of the squared distance to the
 * nearest centre small (Lloyd 1982, "Least squares quantization in PCM"), from several k-means++
 * starts, every other one of them greedy. All starts run on few {@link Cells}, the best go on with
 * more and at last with the tuples. From the same start it takes the steps of {@code
 * sklearn.cluster.KMeans} on the pixels one by one.
 */
public final class KMeans {
  /** Runs times cells of a level but the first, about. */
  private static final int BUDGET = 24_576;

  /** Relative difference of costs from which on two runs count as different. */
  private static final double SAME = 1e-6;

  private KMeans() {}

  /**
   * How to fit.
   *
   * @param starts the best of so many starts, at least 1
   * @param maxIterations for every start, at least 1
   * @param tolerance a start has come to rest when no label changes, or when its centres move by a
   *     squared distance, summed over centres, of at most this times the mean variance of the
   *     channels; 0 or more
   * @param seed of the random choice of starts
   */
  public record Options(int starts, int maxIterations, double tolerance, long seed)
      implements Serializable {
    public static final Options DEFAULT = new Options(32, 300, 1e-6, 12345);

    public Options {
      if (starts < 1 || maxIterations < 1 || !(tolerance >= 0 && tolerance < 1)) {
        throw new IllegalArgumentException(
            "k-means needs a start, an iteration and a tolerance from 0 to below 1, not "
                + starts
                + ", "
                + maxIterations
                + ", "
                + tolerance);
      }
    }
  }

  /**
   * The best of several random starts.
   *
   * @param k number of clusters, at least 1
   * @return no result if fewer than {@code k} tuples differ
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public static Outcome<Clustering> fit(WeightedPoints points, int k, Options options) {
    if (k < 1) {
      throw new IllegalArgumentException("at least one cluster, not " + k);
    }
    if (points.distinct() < k) {
      return Unfitted.tooFew(points, k);
    }
    return new Fitted<>(fitted(points, k, options));
  }

  private static Clustering fitted(WeightedPoints points, int k, Options options) {
    Lloyd best = best(points.levels(), k, options);
    if (!Cells.areMany(points)) {
      return best.clustering();
    }
    Cells coreset = points.levels().get(points.levels().size() - 1);
    Lloyd all = new Lloyd(points, best.centres());
    all.run(1, 0);
    Clustering last = all.clustering();
    double fit = best.cost() + coreset.within();
    return new Clustering(
        last.centres(),
        last.labels(),
        last.cost(),
        best.iterations(),
        best.converged(),
        new Coreset(
            coreset.points().size(), last.cost() > 0 ? Math.max(0, fit / last.cost() - 1) : 0));
  }

  /** The best of starts on all tuples, or on a coreset where they are many. */
  static Clustering carefully(WeightedPoints points, int k, Options options) {
    if (Cells.areMany(points)) {
      return fitted(points, k, options);
    }
    return best(List.of(Cells.each(points)), k, options).clustering();
  }

  private static Lloyd best(List<Cells> levels, int k, Options options) {
    List<Lloyd> runs = List.of();
    for (Cells cells : levels) {
      if (cells.points().distinct() >= k) {
        List<double[][]> starts =
            runs.isEmpty()
                ? starts(cells.points(), k, options)
                : best(runs, cells.runs(BUDGET)).stream().map(Lloyd::centres).toList();
        runs = starts.stream().map(start -> run(cells.points(), start, options)).toList();
      }
    }
    return best(runs, 1).get(0);
  }

  private static List<double[][]> starts(WeightedPoints points, int k, Options options) {
    SplittableRandom random = new SplittableRandom(options.seed());
    List<double[][]> starts = new ArrayList<>();
    for (int start = 0; start < options.starts(); start++) {
      starts.add(
          start % 2 == 0
              ? Seeding.greedy(points, k, random)
              : Seeding.plusPlus(points, k, 1, random));
    }
    return starts;
  }

  private static Lloyd run(WeightedPoints points, double[][] start, Options options) {
    Lloyd run = new Lloyd(points, start);
    run.run(options.maxIterations(), options.tolerance());
    return run;
  }

  /** The cheapest, of those that came to the same cost the first. */
  private static List<Lloyd> best(List<Lloyd> runs, int most) {
    List<Lloyd> best = new ArrayList<>();
    for (Lloyd run : runs.stream().sorted(Comparator.comparingDouble(Lloyd::cost)).toList()) {
      if (best.size() < most
          && (best.isEmpty() || run.cost() > best.get(best.size() - 1).cost() * (1 + SAME))) {
        best.add(run);
      }
    }
    return best;
  }

  /**
   * From given centres.
   *
   * @param start {@code [cluster][channel]}, finite
   * @return no result if fewer tuples differ than there are centres
   * @throws IllegalArgumentException if there is no centre or one has another number of channels
   */
  public static Outcome<Clustering> fit(
      WeightedPoints points, double[][] start, int maxIterations, double tolerance) {
    Options options = new Options(1, maxIterations, tolerance, 0);
    requireCentres(points, start);
    if (points.distinct() < start.length) {
      return Unfitted.tooFew(points, start.length);
    }
    Lloyd run = new Lloyd(points, start);
    run.run(options.maxIterations(), options.tolerance());
    return new Fitted<>(run.clustering());
  }

  static void requireCentres(WeightedPoints points, double[][] centres) {
    if (centres.length == 0) {
      throw new IllegalArgumentException("at least one centre");
    }
    for (double[] centre : centres) {
      if (centre.length != points.channels()) {
        throw new IllegalArgumentException(
            "a centre of " + centre.length + " values for " + points.channels() + " channels");
      }
      for (double v : centre) {
        if (!Double.isFinite(v)) {
          throw new IllegalArgumentException("a centre with the value " + v);
        }
      }
    }
  }
}
