package org.cytolake.points;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The order of clusters: by the first channel of their centres, ties by the next channels. */
public final class Ordering {
  private Ordering() {}

  /** The indices of the centres in ascending order; equal centres keep their order. */
  public static int[] of(double[][] centres) {
    Comparator<Integer> byCentre = (a, b) -> Arrays.compare(centres[a], centres[b]);
    return IntStream.range(0, centres.length)
        .boxed()
        .sorted(byCentre)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The indices of numbers in ascending order; equal ones keep theirs. */
  public static int[] ascending(double[] numbers) {
    return IntStream.range(0, numbers.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> numbers[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** For every index its place in an order, from 1. */
  public static int[] ranks(int[] order) {
    int[] ranks = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      ranks[order[i]] = i + 1;
    }
    return ranks;
  }

  public static double[][] apply(int[] order, double[][] rows) {
    return Arrays.stream(order).mapToObj(i -> rows[i]).toArray(double[][]::new);
  }

  public static double[] apply(int[] order, double[] row) {
    return Arrays.stream(order).mapToDouble(i -> row[i]).toArray();
  }

  /**
   * Labels renumbered by the mean of their points.
   *
   * @param clusters per point its cluster from 0, or -1 for none
   * @param n number of clusters, none of them empty
   * @return per point its cluster from 1, or 0 for none
   */
  public static int[] labelsByMean(WeightedPoints points, int[] clusters, int n) {
    int[] labels = new int[clusters.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = clusters[i] + 1;
    }
    double[][] means = new double[n][];
    for (ClusterSummary s : ClusterSummary.of(points, labels, n)) {
      means[s.cluster() - 1] = s.mean();
    }
    int[] ranks = ranks(of(means));
    for (int i = 0; i < labels.length; i++) {
      labels[i] = labels[i] == 0 ? 0 : ranks[labels[i] - 1];
    }
    return labels;
  }
}
