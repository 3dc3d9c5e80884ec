package org.cytolake.cluster.online;

import java.io.Serializable;
import java.util.Arrays;
import org.cytolake.cluster.Agglomeration;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.cluster.MergeTree;
import org.cytolake.cluster.NodeClusters;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.Outcome.Fitted;
import org.cytolake.cluster.Outcome.Unfitted;
import org.cytolake.points.NearestCentres;
import org.cytolake.points.WeightedPoints;

/**
 * Small clusters of pixels that a {@link FeatureTree} makes in one go, and Ward's tree over their
 * means, each counted once. Equals {@code sklearn.cluster.Birch} of the pixels one by one, tuple by
 * tuple in their order; radii on which rounding decides may differ.
 *
 * @param nodes the means of the small clusters, {@code [node][channel]}
 * @param nearest per tuple its nearest node, from 0; of equally near ones the first
 * @param tree over the nodes
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Birch(double[][] nodes, int[] nearest, MergeTree tree) implements Serializable {
  /**
   * How to fit.
   *
   * @param threshold the largest radius of a small cluster, the root mean square distance of its
   *     pixels to their mean; above 0
   * @param branching most entries of a node of the tree, at least 2
   */
  public record Options(double threshold, int branching) implements Serializable {
    public Options {
      if (!(threshold > 0 && Double.isFinite(threshold)) || branching < 2) {
        throw new IllegalArgumentException(
            "Birch needs a radius above 0 and nodes of at least 2 entries, not "
                + threshold
                + " and "
                + branching);
      }
    }
  }

  /**
   * Fits.
   *
   * @return no result without pixels, or if there are more small clusters than Ward's tree takes
   */
  public static Outcome<Birch> fit(WeightedPoints points, Options options) {
    if (points.size() == 0) {
      return Unfitted.tooFew(points, 1);
    }
    int most = Linkage.WARD.maxTuples();
    FeatureTree features =
        new FeatureTree(points.channels(), options.threshold(), options.branching());
    for (int i = 0; i < points.size(); i++) {
      features.add(points, i);
      if (features.size() > most) {
        return new Unfitted<>(
            "Birch merges up to "
                + most
                + " small clusters, and there are more; take a larger threshold");
      }
    }
    double[][] nodes = features.means();
    return Agglomeration.fit(eachOnce(nodes), Linkage.WARD)
        .then(tree -> new Fitted<>(new Birch(nodes, NearestCentres.of(points, nodes), tree)));
  }

  private static WeightedPoints eachOnce(double[][] nodes) {
    double[][] values = new double[nodes[0].length][nodes.length];
    for (int j = 0; j < nodes.length; j++) {
      for (int c = 0; c < values.length; c++) {
        values[c][j] = nodes[j][c];
      }
    }
    long[] ones = new long[nodes.length];
    Arrays.fill(ones, 1);
    return new WeightedPoints(values, ones);
  }

  /**
   * So many clusters of nodes.
   *
   * @param points what it was fitted to
   * @param k number of clusters, at least 1
   * @return per tuple the cluster of its nearest node; no result where fewer tuples differ, or
   *     fewer nodes, or where a cluster's nodes are nearest to no tuple
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public Outcome<NodeClusters> clusters(WeightedPoints points, int k) {
    if (points.distinct() < k) {
      return Unfitted.tooFew(points, k);
    }
    if (tree.distinct() < k) {
      return new Unfitted<>(
          tree.distinct()
              + " small clusters cannot form "
              + k
              + " clusters; take a smaller threshold");
    }
    return tree.cut(k).then(cut -> NodeClusters.of(points, nodes, nearest, cut));
  }
}
