package org.cytolake.cluster;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.Cells;
import org.cytolake.points.NearestCentres;
import org.cytolake.points.WeightedPoints;

/**
 * A self-organising map (Kohonen 1982) trained in batches: in every epoch each node becomes the
 * mean of the points that lie nearest to it and, less and less, to nodes beside it on the grid
 * (Kohonen 2013, "Essentials of the self-organizing map"). Nodes start on the plane of the first
 * two principal components, so nothing is random. Of many points of three and more channels it is
 * trained on a coreset, and all points have their nearest node.
 *
 * @param nodes {@code [node][channel]}, row by row of the grid
 * @param nearest per tuple its nearest node, from 0; of equally near ones the first
 * @param quantizationError mean distance of a pixel to its nearest node
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record SelfOrganizingMap(double[][] nodes, int[] nearest, double quantizationError)
    implements Serializable {
  /** Share of the epochs in which nodes beside each other still draw at each other. */
  private static final double ORDERING = 0.6;

  /** Standard deviation of the neighbourhood in the end, in steps of the grid. */
  private static final double NARROWEST = 0.3;

  /**
   * Trains one.
   *
   * @param rows of the grid, at least 1; likewise {@code columns}
   * @param epochs at least 1
   * @return no result where fewer tuples differ than there are nodes
   */
  public static Outcome<SelfOrganizingMap> fit(
      WeightedPoints points, int rows, int columns, int epochs) {
    if (points.distinct() < rows * columns) {
      return new Unfitted<>(
          points.distinct()
              + " distinct tuples of intensities cannot form a map of "
              + rows
              + " x "
              + columns
              + " nodes");
    }
    WeightedPoints few =
        Cells.areMany(points) ? points.levels().get(points.levels().size() - 1).points() : points;
    double[][] nodes = plane(few, rows, columns);
    double widest = Math.max(1, Math.max(rows, columns) / 2.0);
    int ordering = (int) Math.ceil(epochs * ORDERING);
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] labels = NearestCentres.of(few, nodes);
      double progress = Math.min(1, (double) epoch / ordering);
      double radius = epoch < ordering ? widest + (NARROWEST - widest) * progress : 0;
      move(few, nodes, labels, radius, columns);
    }
    return new Fitted<>(of(points, nodes));
  }

  /**
   * Of nodes that are known.
   *
   * @param nodes at least one, {@code [node][channel]}
   */
  public static SelfOrganizingMap of(WeightedPoints points, double[][] nodes) {
    int[] nearest = NearestCentres.of(points, nodes);
    double sum = 0;
    for (int i = 0; i < nearest.length; i++) {
      sum += points.weight(i) * Math.sqrt(points.squaredDistance(i, nodes[nearest[i]]));
    }
    return new SelfOrganizingMap(nodes, nearest, sum / Math.max(1, points.weight()));
  }

  /** A step: nodes without pixels near them stay where they are. */
  private static void move(
      WeightedPoints points, double[][] nodes, int[] labels, double radius, int columns) {
    int d = points.channels();
    double[][] sums = new double[nodes.length][d];
    double[] pixels = new double[nodes.length];
    for (int i = 0; i < labels.length; i++) {
      pixels[labels[i]] += points.weight(i);
      for (int c = 0; c < d; c++) {
        sums[labels[i]][c] += points.weight(i) * points.value(c, i);
      }
    }
    for (int j = 0; j < nodes.length; j++) {
      double[] to = new double[d];
      double total = 0;
      for (int from = 0; from < nodes.length; from++) {
        double near = from == j ? 1 : nearness(j, from, columns, radius);
        total += near * pixels[from];
        for (int c = 0; c < d; c++) {
          to[c] += near * sums[from][c];
        }
      }
      for (int c = 0; c < d && total > 1e-9; c++) {
        nodes[j][c] = to[c] / total;
      }
    }
  }

  private static double nearness(int a, int b, int columns, double radius) {
    if (radius == 0) {
      return 0;
    }
    int y = a / columns - b / columns;
    int x = a % columns - b % columns;
    return StrictMath.exp(-(double) (y * y + x * x) / (2 * radius * radius));
  }

  /** On the plane of the two principal components, two standard deviations either way. */
  private static double[][] plane(WeightedPoints points, int rows, int columns) {
    int d = points.channels();
    double[] mean = points.mean();
    double[][] covariance = new double[d][d];
    for (int i = 0; i < points.size(); i++) {
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d; b++) {
          covariance[a][b] +=
              (points.value(a, i) - mean[a])
                  * (points.value(b, i) - mean[b])
                  * ((double) points.weight(i) / points.weight());
        }
      }
    }
    double[] first = principal(covariance);
    for (int a = 0; a < d; a++) {
      for (int b = 0; b < d; b++) {
        covariance[a][b] -= first[a] * first[b];
      }
    }
    double[] second = principal(covariance);
    double[][] nodes = new double[rows * columns][d];
    for (int j = 0; j < nodes.length; j++) {
      double along = columns == 1 ? 0 : 4.0 * (j % columns) / (columns - 1) - 2;
      int row = j / columns;
      double across = rows == 1 ? 0 : 4.0 * row / (rows - 1) - 2;
      for (int c = 0; c < d; c++) {
        nodes[j][c] = mean[c] + along * first[c] + across * second[c];
      }
    }
    return nodes;
  }

  /** The eigenvector of the largest eigenvalue, as long as that's square root. */
  private static double[] principal(double[][] covariance) {
    int d = covariance.length;
    int largest = 0;
    for (int c = 1; c < d; c++) {
      largest = covariance[c][c] > covariance[largest][largest] ? c : largest;
    }
    double[] vector = covariance[largest].clone();
    double value = 0;
    for (int iteration = 0; iteration < 100; iteration++) {
      double length = 0;
      for (double v : vector) {
        length += v * v;
      }
      if (!(length > 0)) {
        return new double[d];
      }
      double[] next = new double[d];
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d; b++) {
          next[a] += covariance[a][b] * vector[b] / Math.sqrt(length);
        }
      }
      value = Math.sqrt(length);
      vector = next;
    }
    double length = 0;
    for (double v : vector) {
      length += v * v;
    }
    for (int c = 0; c < d; c++) {
      vector[c] *= length > 0 ? Math.sqrt(value / length) : 0;
    }
    return vector;
  }

  /**
   * Nodes that lie close together as one cluster: Ward's tree over the nodes, each with its pixels,
   * cut at so many clusters.
   *
   * @param k number of clusters, at least 1
   * @return per tuple its cluster; no result where fewer nodes have pixels
   */
  public Outcome<NodeClusters> metaclusters(WeightedPoints points, int k) {
    long[] pixels = new long[nodes.length];
    for (int i = 0; i < nearest.length; i++) {
      pixels[nearest[i]] += points.weight(i);
    }
    int[] used = IntStream.range(0, nodes.length).filter(j -> pixels[j] > 0).toArray();
    double[][] values = new double[points.channels()][used.length];
    for (int j = 0; j < used.length; j++) {
      for (int c = 0; c < values.length; c++) {
        values[c][j] = nodes[used[j]][c];
      }
    }
    WeightedPoints profiles =
        new WeightedPoints(values, Arrays.stream(used).mapToLong(j -> pixels[j]).toArray());
    return Agglomeration.fit(profiles, Agglomeration.Linkage.WARD)
        .then(tree -> tree.cut(k))
        .then(
            cut -> {
              int[] ofNode = new int[nodes.length];
              for (int j = 0; j < used.length; j++) {
                ofNode[used[j]] = cut.labels()[j];
              }
              return NodeClusters.of(points, nodes, nearest, new Partition(k, ofNode));
            });
  }
}
