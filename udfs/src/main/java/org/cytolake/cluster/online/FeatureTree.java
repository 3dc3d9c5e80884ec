package org.cytolake.cluster.online;

import java.util.Arrays;
import org.cytolake.points.WeightedPoints;

/**
 * The tree of clustering features of Zhang, Ramakrishnan and Livny 1996, "BIRCH: an efficient data
 * clustering method for very large databases". Every entry of a node stands for pixels: how many,
 * their mean, and in a leaf the sum of their squared distances to it. A pixel goes down the tree
 * along the nearest means and joins the nearest entry of a leaf where that keeps it within a
 * radius; else it becomes an entry, and full nodes split around the two entries farthest apart.
 *
 * <p>Pixels of a tuple come one after the other. While an entry takes them its mean comes nearer to
 * them, so they all go the same way: how many it can take follows from its radius, in one step.
 */
final class FeatureTree {
  private final int channels;
  private final double squaredRadius;
  private final int branching;
  private final Node firstLeaf;
  private Node root;
  private int leafEntries;

  /**
   * @param radius the largest root mean square distance to the mean of an entry's pixels
   * @param branching most entries of a node, at least 2
   */
  FeatureTree(int channels, double radius, int branching) {
    this.channels = channels;
    this.squaredRadius = radius * radius;
    this.branching = branching;
    this.root = new Node(true, branching);
    this.firstLeaf = root;
  }

  private static final class Node {
    private final boolean isLeaf;
    private final double[] pixels;
    private final double[][] means;

    /** Sums of squared distances to the mean, in a leaf. */
    private final double[] within;

    private final Node[] children;
    private int size;
    private Node nextLeaf;

    Node(boolean isLeaf, int branching) {
      this.isLeaf = isLeaf;
      this.pixels = new double[branching + 1]; // one more than allowed, before it splits
      this.means = new double[branching + 1][];
      this.within = new double[branching + 1];
      this.children = isLeaf ? null : new Node[branching + 1];
    }
  }

  /** Entries of leaves so far. */
  int size() {
    return leafEntries;
  }

  /** Adds all pixels of a tuple. */
  void add(WeightedPoints points, int tuple) {
    double[] at = points.copy(tuple, new double[channels]);
    long left = points.weight(tuple);
    while (left > 0) {
      left -= insert(root, at, left);
      if (root.size > branching) {
        Node before = root;
        root = new Node(false, branching);
        Node other = split(before);
        put(root, 0, before);
        put(root, 1, other);
        root.size = 2;
      }
    }
  }

  /** The means of the leaves' entries, leaf by leaf. */
  double[][] means() {
    double[][] means = new double[leafEntries][];
    int n = 0;
    for (Node leaf = firstLeaf; leaf != null; leaf = leaf.nextLeaf) {
      for (int e = 0; e < leaf.size; e++) {
        means[n++] = leaf.means[e];
      }
    }
    return means;
  }

  /**
   * Adds as many of so many equal pixels as go the same way, at least one; the node may overflow.
   */
  private long insert(Node node, double[] at, long most) {
    if (node.size == 0) {
      append(node, at);
      return 1;
    }
    int nearest = 0;
    double distance = Double.POSITIVE_INFINITY;
    for (int e = 0; e < node.size; e++) {
      double squares = squaredDistance(node.means[e], at);
      if (squares < distance) {
        distance = squares;
        nearest = e;
      }
    }
    if (node.isLeaf) {
      long taken = room(node.pixels[nearest], node.within[nearest], distance, most);
      if (taken == 0) {
        append(node, at);
        return 1;
      }
      node.within[nearest] +=
          node.pixels[nearest] * taken / (node.pixels[nearest] + taken) * distance;
      move(node, nearest, at, taken);
      return taken;
    }
    Node child = node.children[nearest];
    long taken = insert(child, at, most);
    if (child.size <= branching) {
      move(node, nearest, at, taken);
    } else {
      Node other = split(child);
      put(node, nearest, child);
      put(node, node.size++, other);
    }
    return taken;
  }

  private void append(Node leaf, double[] at) {
    leaf.pixels[leaf.size] = 1;
    leaf.means[leaf.size] = at.clone();
    leaf.within[leaf.size] = 0;
    leaf.size++;
    leafEntries++;
  }

  private void move(Node node, int entry, double[] at, long taken) {
    double[] mean = node.means[entry];
    node.pixels[entry] += taken;
    double share = (double) taken / node.pixels[entry];
    for (int c = 0; c < mean.length; c++) {
      mean[c] += share * (at[c] - mean[c]);
    }
  }

  /**
   * How many pixels at a distance from the mean an entry can take one by one, each keeping it
   * within the radius. The squared radius rises with their number and then falls.
   */
  private long room(double pixels, double within, double squaredDistance, long most) {
    double spread = within + pixels * squaredDistance;
    double top = spread > 0 ? pixels * (pixels * squaredDistance - within) / spread : 0;
    long widest = (long) Math.max(1, Math.min((double) most, Math.ceil(top)));
    long before = Math.max(1, widest - 1);
    if (fits(pixels, within, squaredDistance, before)
        && fits(pixels, within, squaredDistance, widest)) {
      return most;
    }
    long fit = 0;
    long not = widest;
    while (not - fit > 1) {
      long middle = fit + (not - fit) / 2;
      if (fits(pixels, within, squaredDistance, middle)) {
        fit = middle;
      } else {
        not = middle;
      }
    }
    return fit;
  }

  private boolean fits(double pixels, double within, double squaredDistance, long more) {
    double all = pixels + more;
    return (within + pixels * more / all * squaredDistance) / all <= squaredRadius;
  }

  /**
   * Leaves those entries in a node that are nearer to one of its farthest two; the other entries.
   */
  private Node split(Node node) {
    int n = node.size;
    double[][] distances = new double[n][n];
    int one = 0;
    int two = 0;
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        distances[a][b] = squaredDistance(node.means[a], node.means[b]);
      }
    }
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        if (distances[a][b] > distances[one][two]) {
          one = a;
          two = b;
        }
      }
    }
    Node other = new Node(node.isLeaf, branching);
    node.size = 0;
    for (int e = 0; e < n; e++) {
      boolean stays = e == one || distances[one][e] < distances[two][e];
      Node to = stays ? node : other;
      to.pixels[to.size] = node.pixels[e];
      to.means[to.size] = node.means[e];
      to.within[to.size] = node.within[e];
      if (!node.isLeaf) {
        to.children[to.size] = node.children[e];
      }
      to.size++;
    }
    if (node.isLeaf) {
      other.nextLeaf = node.nextLeaf;
      node.nextLeaf = other;
    }
    return other;
  }

  /** Makes an entry of what is in a child. */
  private void put(Node node, int entry, Node child) {
    double[] mean = new double[channels];
    double pixels = Arrays.stream(child.pixels, 0, child.size).sum();
    for (int e = 0; e < child.size; e++) {
      double share = child.pixels[e] / pixels;
      for (int c = 0; c < channels; c++) {
        mean[c] += share * child.means[e][c];
      }
    }
    node.pixels[entry] = pixels;
    node.means[entry] = mean;
    node.children[entry] = child;
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      double way = a[c] - b[c];
      sum += way * way;
    }
    return sum;
  }
}
