package org.cytolake.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cytolake.gaussian.Ascent;
import org.cytolake.gaussian.Components;
import org.cytolake.points.Blocks;
import org.cytolake.points.Cells;
import org.cytolake.points.WeightedPoints;

/**
 * The way to a mixture of high likelihood: short runs from all starts on few cells, then fewer runs
 * from what is best of them, and from some fresh starts, on more cells and at last on the tuples,
 * where the best goes on until it comes to rest.
 */
final class MixtureSearch {
  /** Runs times cells of a level but the first, about. */
  private static final int BUDGET = 6144;

  private static final int SHORT_ITERATIONS = 30;
  private static final double SHORT_TOLERANCE = 1e-3;

  /** Difference of log likelihoods up to which two runs count as one. */
  private static final double SAME = 1e-4;

  private final WeightedPoints points;
  private final int k;
  private final GaussianMixture.Options options;

  private MixtureSearch(WeightedPoints points, int k, GaussianMixture.Options options) {
    this.points = points;
    this.k = k;
    this.options = options;
  }

  /** A run on all tuples that has come to rest or to its limit. */
  static Ascent best(WeightedPoints points, int k, GaussianMixture.Options options) {
    return new MixtureSearch(points, k, options).best();
  }

  private Ascent best() {
    List<Ascent> runs = List.of();
    for (Cells cells : points.levels()) {
      if (cells.points().distinct() >= k) {
        int most = cells.runs(BUDGET);
        int fresh = cells.points().size() > Cells.MOST ? 0 : most / 4;
        List<Components> starts =
            starts(cells, runs.isEmpty() ? options.starts() : Math.min(options.starts(), fresh));
        best(runs, most).forEach(run -> starts.add(run.components()));
        runs = briefly(cells, starts);
      }
    }
    Ascent best = best(runs, 1).get(0);
    best.leap(options.maxIterations(), options.tolerance());
    return best;
  }

  private List<Ascent> briefly(Cells cells, List<Components> starts) {
    Blocks blocks = cells.blocks();
    double[] variance = cells.points().variance();
    List<Ascent> runs = new ArrayList<>();
    for (Components start : starts) {
      Ascent run = new Ascent(blocks, start, options.regularization(), variance);
      run.leap(
          Math.min(SHORT_ITERATIONS, options.maxIterations()),
          Math.max(SHORT_TOLERANCE, options.tolerance()));
      runs.add(run);
    }
    return runs;
  }

  private List<Components> starts(Cells cells, int most) {
    MixtureStart starts = new MixtureStart(cells, k, options.seed());
    List<Components> different = new ArrayList<>();
    for (int start = 0; start < (k == 1 ? 1 : most); start++) {
      int[] parts = starts.next(start);
      if (parts.length > 0) {
        different.add(starts.components(parts, options.regularization()));
      }
    }
    return different;
  }

  /** The most likely, of those that came to the same likelihood the first. */
  private static List<Ascent> best(List<Ascent> runs, int most) {
    List<Ascent> sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparingDouble(Ascent::reached).reversed());
    List<Ascent> different = new ArrayList<>();
    for (Ascent run : sorted) {
      if (different.size() < most
          && (different.isEmpty()
              || different.get(different.size() - 1).reached() - run.reached() > SAME)) {
        different.add(run);
      }
    }
    return different;
  }
}
