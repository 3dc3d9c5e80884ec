package org.cytolake.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.Neighbours;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/**
 * Clusters around the modes that moving means climb to (Comaniciu and Meer 2002, "Mean shift"),
 * with the flat kernel, as {@code sklearn.cluster.MeanShift} of the pixels one by one: every tuple
 * is a seed and every pixel gets a cluster.
 */
public final class MeanShift {
  /** The most tuples that are taken: the time grows with their neighbours, and their paths. */
  public static final int MAX_TUPLES = 20_000;

  private static final int MAX_ITERATIONS = 300;

  private MeanShift() {}

  private record Mode(List<Double> centre, long pixels) {
    double[] values() {
      return centre.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  /**
   * Fits.
   *
   * @param bandwidth radius of the kernel, above 0
   * @return no result without pixels or above {@link #MAX_TUPLES}
   * @throws IllegalArgumentException if the bandwidth is out of range
   */
  public static Outcome<Modes> fit(WeightedPoints points, double bandwidth) {
    if (!(bandwidth > 0 && Double.isFinite(bandwidth))) {
      throw new IllegalArgumentException("a bandwidth lies above 0, not at " + bandwidth);
    }
    if (points.size() == 0) {
      return Unfitted.tooFew(points, 1);
    }
    if (points.size() > MAX_TUPLES) {
      return Unfitted.tooMany("mean shift", MAX_TUPLES, points);
    }
    double[][] centres = withoutNear(climb(points, bandwidth), bandwidth);
    double[][] ordered = Ordering.apply(Ordering.of(centres), centres);
    int[] labels = new int[points.size()];
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int j = 1; j < ordered.length; j++) {
        if (points.squaredDistance(i, ordered[j]) < points.squaredDistance(i, ordered[best])) {
          best = j;
        }
      }
      labels[i] = best + 1;
    }
    return new Fitted<>(new Modes(ordered, labels));
  }

  /** Where every tuple's path ends; paths that meet go on as one. */
  private static Iterable<Mode> climb(WeightedPoints points, double bandwidth) {
    Neighbours neighbours = new Neighbours(points, bandwidth);
    Map<List<Double>, Mode> ends = new HashMap<>();
    Map<List<Double>, Mode> modes = new HashMap<>();
    for (int i = 0; i < points.size(); i++) {
      double[] mean = points.copy(i, new double[points.channels()]);
      List<List<Double>> path = new ArrayList<>();
      Mode end = null;
      for (int iteration = 0; end == null; iteration++) {
        List<Double> key = key(mean);
        end = ends.get(key);
        if (end == null) {
          path.add(key);
          double[] next = new double[mean.length];
          long pixels = shift(points, neighbours, mean, next);
          boolean atRest = distance(mean, next) <= 1e-3 * bandwidth;
          mean = next;
          if (atRest || iteration == MAX_ITERATIONS) {
            end = new Mode(key(mean), pixels);
          }
        }
      }
      for (List<Double> key : path) {
        ends.put(key, end);
      }
      modes.put(end.centre(), end);
    }
    return modes.values();
  }

  /** The mean of the pixels around a point, and how many there are. */
  private static long shift(
      WeightedPoints points, Neighbours neighbours, double[] from, double[] mean) {
    int n = neighbours.find(from);
    if (n == 0) { // between tuples that left the radius by rounding
      System.arraycopy(from, 0, mean, 0, mean.length);
      return 0;
    }
    long pixels = 0;
    for (int j = 0; j < n; j++) {
      int tuple = neighbours.found(j);
      pixels += points.weight(tuple);
      for (int c = 0; c < mean.length; c++) {
        mean[c] += points.weight(tuple) * points.value(c, tuple);
      }
    }
    for (int c = 0; c < mean.length; c++) {
      mean[c] /= pixels;
    }
    return pixels;
  }

  /** Modes by falling number of pixels, less those within a bandwidth of one before them. */
  private static double[][] withoutNear(Iterable<Mode> modes, double bandwidth) {
    List<Mode> sorted = new ArrayList<>();
    modes.forEach(sorted::add);
    Comparator<Mode> byCentre = (a, b) -> Arrays.compare(a.values(), b.values());
    sorted.sort(Comparator.comparingLong(Mode::pixels).thenComparing(byCentre).reversed());
    List<double[]> kept = new ArrayList<>();
    for (Mode mode : sorted) {
      double[] centre = mode.values();
      if (kept.stream().allMatch(k -> squaredDistance(k, centre) > bandwidth * bandwidth)) {
        kept.add(centre);
      }
    }
    return kept.toArray(double[][]::new);
  }

  private static List<Double> key(double[] values) {
    List<Double> key = new ArrayList<>(values.length);
    for (double v : values) {
      key.add(v);
    }
    return key;
  }

  private static double distance(double[] a, double[] b) {
    return Math.sqrt(squaredDistance(a, b));
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return sum;
  }
}
