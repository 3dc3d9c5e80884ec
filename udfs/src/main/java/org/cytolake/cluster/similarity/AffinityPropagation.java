package org.cytolake.cluster.similarity;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cytolake.cluster.Modes;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.cluster.Seeding;
import org.cytolake.points.NearestCentres;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Clusters around exemplars, tuples that all tuples agree upon by messages (Frey and Dueck 2007,
 * "Clustering by passing messages between data points"), in the steps of {@code
 * sklearn.cluster.AffinityPropagation}. How many there are follows from the preference.
 *
 * <p>The similarity of a tuple to another one is minus the squared distance times its pixels in
 * units of the mean of all tuples (Zhang, Furtlehner and Sebag 2008, "Data streaming with affinity
 * propagation"). So exemplars seek the largest sum over pixels as those of the pixels one by one do
 * at a preference that is larger by that mean; and where all tuples have as many pixels, clusters
 * are scikit-learn's of the distinct tuples.
 */
public final class AffinityPropagation {
  /** The most tuples that are taken: time and memory (24 bytes) grow with their square. */
  public static final int MAX_TUPLES = 2_000;

  private final int n;
  private final Options options;
  private final double[][] similarities;
  private final double[][] responsibilities;
  private final double[][] availabilities;
  private int iterations;
  private boolean converged;

  /**
   * How to fit.
   *
   * @param damping share of a message's last value that it keeps, 0.5 to below 1
   * @param preference how much an exemplar costs: minus a squared distance, below 0; 0: the median
   *     over all pairs of tuples, those of a tuple with itself among them
   * @param maxIterations at least 1
   * @param patience iterations with the same exemplars after which messages end, at least 1
   */
  public record Options(double damping, double preference, int maxIterations, int patience)
      implements Serializable {
    public Options {
      if (!(damping >= 0.5 && damping < 1)
          || !(preference <= 0 && Double.isFinite(preference))
          || maxIterations < 1
          || patience < 1) {
        throw new IllegalArgumentException(
            "affinity propagation needs a damping from 0.5 to below 1, a preference of at most 0,"
                + " an iteration and a patience, not "
                + damping
                + ", "
                + preference
                + ", "
                + maxIterations
                + " and "
                + patience);
      }
    }

    /** The same with the preference that these points have by themselves, where there are any. */
    public Options of(WeightedPoints points) {
      return preference < 0 || points.size() == 0 || points.size() > MAX_TUPLES
          ? this
          : new Options(damping, median(points), maxIterations, patience);
    }
  }

  private AffinityPropagation(WeightedPoints points, Options options, long seed) {
    this.n = points.size();
    this.options = options;
    this.similarities = new double[n][n];
    this.responsibilities = new double[n][n];
    this.availabilities = new double[n][n];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < n; i++) {
      double pixels = (double) points.weight(i) * n / points.weight();
      for (int j = 0; j < n; j++) {
        double s = i == j ? options.preference() : -pixels * points.squaredDistance(i, j);
        // equally good exemplars would never agree
        double noise = 2 * Seeding.uniform(random) - 1;
        similarities[i][j] = s + (Math.ulp(1.0) * s + 100 * Double.MIN_NORMAL) * noise;
      }
    }
  }

  /**
   * Fits.
   *
   * @param seed of the last bits of the similarities
   * @return no result without pixels, above {@link #MAX_TUPLES}, or where no exemplar is found
   */
  public static Outcome<Modes> fit(WeightedPoints points, Options options, long seed) {
    if (points.size() == 0) {
      return Unfitted.tooFew(points, 1);
    }
    if (points.size() > MAX_TUPLES) {
      return Unfitted.tooMany("affinity propagation", MAX_TUPLES, points);
    }
    Options own = options.of(points);
    if (points.distinct() == 1) {
      return new Fitted<>(modes(points, new int[] {0}, 0, true));
    }
    AffinityPropagation messages = new AffinityPropagation(points, own, seed);
    int[] exemplars = messages.exemplars();
    if (exemplars.length == 0) {
      return new Unfitted<>(
          "no tuple became an exemplar in "
              + messages.iterations
              + " iterations; take a larger damping, more iterations or a preference nearer to 0");
    }
    return new Fitted<>(
        modes(points, messages.refined(exemplars), messages.iterations, messages.converged));
  }

  private static Modes modes(
      WeightedPoints points, int[] exemplars, int iterations, boolean converged) {
    double[][] centres =
        Arrays.stream(exemplars)
            .mapToObj(i -> points.copy(i, new double[points.channels()]))
            .toArray(double[][]::new);
    double[][] ordered = Ordering.apply(Ordering.of(centres), centres);
    int[] labels = Arrays.stream(NearestCentres.of(points, ordered)).map(j -> j + 1).toArray();
    return new Modes(ordered, labels, iterations, converged);
  }

  /** Minus the median of the squared distances, each pair twice and each tuple with itself. */
  private static double median(WeightedPoints points) {
    int n = points.size();
    double[] squares = new double[n * (n - 1) / 2];
    for (int i = 1, at = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        squares[at++] = points.squaredDistance(i, j);
      }
    }
    Arrays.sort(squares);
    int all = n * n;
    return -(ranked(squares, n, (all - 1) / 2) + ranked(squares, n, all / 2)) / 2;
  }

  private static double ranked(double[] squares, int zeros, int rank) {
    return rank < zeros ? 0 : squares[(rank - zeros) / 2];
  }

  /** Passes messages until the exemplars stay the same. */
  private int[] exemplars() {
    int[] unchanged = new int[n]; // iterations since a tuple became an exemplar or ceased to be one
    boolean[] chosen = new boolean[n];
    double[] received = new double[n];
    while (!converged && iterations < options.maxIterations()) {
      respond(received);
      avail(received);
      iterations++;
      int count = 0;
      int settled = 0;
      for (int i = 0; i < n; i++) {
        boolean now = availabilities[i][i] + responsibilities[i][i] > 0;
        unchanged[i] = now == chosen[i] || iterations == 1 ? unchanged[i] + 1 : 1;
        chosen[i] = now;
        count += now ? 1 : 0;
        settled += unchanged[i] >= options.patience() ? 1 : 0;
      }
      converged = iterations > options.patience() && settled == n && count > 0;
    }
    return IntStream.range(0, n).filter(i -> chosen[i]).toArray();
  }

  /** How well suited each tuple seems to each other one; what each receives of that in all. */
  private void respond(double[] received) {
    double keep = options.damping();
    Arrays.fill(received, 0);
    for (int i = 0; i < n; i++) {
      double[] s = similarities[i];
      double[] a = availabilities[i];
      double[] r = responsibilities[i];
      int best = 0;
      double most = Double.NEGATIVE_INFINITY;
      double second = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < n; j++) {
        double sum = a[j] + s[j];
        if (sum > most) {
          second = most;
          most = sum;
          best = j;
        } else if (sum > second) {
          second = sum;
        }
      }
      for (int j = 0; j < n; j++) {
        r[j] = keep * r[j] + (1 - keep) * (s[j] - (j == best ? second : most));
        received[j] += j == i ? r[j] : Math.max(0, r[j]);
      }
    }
  }

  /** How much each tuple is available to each other one. */
  private void avail(double[] received) {
    double keep = options.damping();
    for (int i = 0; i < n; i++) {
      double[] a = availabilities[i];
      double[] r = responsibilities[i];
      for (int j = 0; j < n; j++) {
        double now = j == i ? received[j] - r[j] : Math.min(0, received[j] - Math.max(0, r[j]));
        a[j] = keep * a[j] + (1 - keep) * now;
      }
    }
  }

  /** In each cluster the tuple that all of it are most similar to. */
  private int[] refined(int[] exemplars) {
    int[] clusters = new int[n];
    for (int i = 0; i < n; i++) {
      for (int e = 1; e < exemplars.length; e++) {
        if (similarities[i][exemplars[e]] > similarities[i][exemplars[clusters[i]]]) {
          clusters[i] = e;
        }
      }
    }
    for (int e = 0; e < exemplars.length; e++) {
      clusters[exemplars[e]] = e;
    }
    int[] refined = new int[exemplars.length];
    for (int e = 0; e < exemplars.length; e++) {
      int cluster = e;
      int[] members = IntStream.range(0, n).filter(i -> clusters[i] == cluster).toArray();
      double most = Double.NEGATIVE_INFINITY;
      for (int j : members) {
        double sum = 0;
        for (int i : members) {
          sum += similarities[i][j];
        }
        if (sum > most) {
          most = sum;
          refined[e] = j;
        }
      }
    }
    return refined;
  }
}
