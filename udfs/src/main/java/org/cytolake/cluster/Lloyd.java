package org.cytolake.cluster;

import java.util.Arrays;
import org.cytolake.points.Ordering;
import org.cytolake.points.WeightedPoints;

/** One run of Lloyd's algorithm, in the steps of scikit-learn's {@code _kmeans_single_lloyd}. */
final class Lloyd {
  private final WeightedPoints points;
  private final int k;
  private final int d;

  /** Centre by centre, channel by channel. */
  private double[] centres;

  private int[] labels;
  private final double[] sums;
  private final long[] pixels;
  private int iterations;
  private boolean converged;
  private double cost;

  Lloyd(WeightedPoints points, double[][] start) {
    this.points = points;
    this.k = start.length;
    this.d = points.channels();
    this.centres = new double[k * d];
    for (int j = 0; j < k; j++) {
      System.arraycopy(start[j], 0, centres, j * d, d);
    }
    this.labels = new int[points.size()];
    this.sums = new double[k * d];
    this.pixels = new long[k];
  }

  void run(int maxIterations, double tolerance) {
    double limit = tolerance * Arrays.stream(points.variance()).sum() / d;
    int[] previous = new int[labels.length];
    Arrays.fill(previous, -1);
    boolean strict = false;
    while (!converged && iterations < maxIterations) {
      iterations++;
      assign();
      sum();
      relocateEmpty();
      double shift = move();
      strict = Arrays.equals(labels, previous);
      converged = strict || shift <= limit;
      int[] swap = previous;
      previous = labels;
      labels = swap;
    }
    labels = previous;
    if (!strict) {
      assign();
    }
    cost = 0;
    for (int i = 0; i < labels.length; i++) {
      cost += points.weight(i) * squaredDistance(i, labels[i]);
    }
  }

  double cost() {
    return cost;
  }

  /** Per tuple its cluster from 0, in the order of the start. */
  int[] labels() {
    return labels;
  }

  /** In the order of the start. */
  double[][] centres() {
    double[][] rows = new double[k][];
    for (int j = 0; j < k; j++) {
      rows[j] = Arrays.copyOfRange(centres, j * d, (j + 1) * d);
    }
    return rows;
  }

  int iterations() {
    return iterations;
  }

  boolean converged() {
    return converged;
  }

  Clustering clustering() {
    double[][] rows = centres();
    int[] order = Ordering.of(rows);
    int[] ranks = Ordering.ranks(order);
    return new Clustering(
        Ordering.apply(order, rows),
        Arrays.stream(labels).map(j -> ranks[j]).toArray(),
        cost,
        iterations,
        converged);
  }

  private void assign() {
    if (d == 2) {
      assignPairs();
      return;
    }
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      double least = squaredDistance(i, 0);
      for (int j = 1; j < k; j++) {
        double distance = squaredDistance(i, j);
        if (distance < least) {
          least = distance;
          best = j;
        }
      }
      labels[i] = best;
    }
  }

  private void assignPairs() {
    double[] xs = points.column(0);
    double[] ys = points.column(1);
    for (int i = 0; i < labels.length; i++) {
      double x = xs[i];
      double y = ys[i];
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int j = 0; j < k; j++) {
        double dx = x - centres[2 * j];
        double dy = y - centres[2 * j + 1];
        double distance = dx * dx + dy * dy;
        if (distance < least) {
          least = distance;
          best = j;
        }
      }
      labels[i] = best;
    }
  }

  private double squaredDistance(int tuple, int cluster) {
    double sum = 0;
    for (int c = 0; c < d; c++) {
      double difference = points.value(c, tuple) - centres[cluster * d + c];
      sum += difference * difference;
    }
    return sum;
  }

  private void sum() {
    Arrays.fill(sums, 0);
    Arrays.fill(pixels, 0);
    for (int i = 0; i < labels.length; i++) {
      add(i, labels[i], points.weight(i));
    }
  }

  private void add(int tuple, int cluster, long weight) {
    pixels[cluster] += weight;
    for (int c = 0; c < d; c++) {
      sums[cluster * d + c] += weight * points.value(c, tuple);
    }
  }

  /** Every cluster without pixels gets the tuple that lies farthest from its own centre. */
  private void relocateEmpty() {
    boolean[] taken = null;
    for (int j = 0; j < k; j++) {
      if (pixels[j] > 0) {
        continue;
      }
      taken = taken == null ? new boolean[labels.length] : taken;
      int far = -1;
      double farthest = -1;
      for (int i = 0; i < labels.length; i++) {
        if (!taken[i] && pixels[labels[i]] > points.weight(i)) {
          double distance = squaredDistance(i, labels[i]);
          if (distance > farthest) {
            farthest = distance;
            far = i;
          }
        }
      }
      if (far >= 0) {
        taken[far] = true;
        add(far, labels[far], -points.weight(far));
        add(far, j, points.weight(far));
      }
    }
  }

  /** Moves the centres to the means of their pixels; the sum of squared ways. */
  private double move() {
    double shift = 0;
    for (int j = 0; j < k; j++) {
      for (int c = 0; c < d && pixels[j] > 0; c++) {
        double mean = sums[j * d + c] / pixels[j];
        double way = mean - centres[j * d + c];
        shift += way * way;
        centres[j * d + c] = mean;
      }
    }
    return shift;
  }
}
