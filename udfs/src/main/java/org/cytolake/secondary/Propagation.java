package org.cytolake.secondary;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * Labels spread along the cheapest way: T. R. Jones, A. Carpenter, P. Golland 2005, "Voronoi-Based
 * Segmentation of Cells on Image Manifolds", with the costs and the order of {@code
 * centrosome.propagate.propagate} 1.3.4. A step to one of the eight neighbours costs {@code sqrt(d²
 * + m·w²)}: d the summed absolute differences between the 3 x 3 pixels around both, m 1 along an
 * axis and 2 along a diagonal, w the weight.
 *
 * <p>The reference takes pixels from a heap one by one. No step costs less than w, so pixels whose
 * costs differ by less cannot change each other, and their order matters only where two of them
 * reach a third at one cost; {@link #tie} then decides as the heap would. Which of two seeds comes
 * first is an accident in the reference (see {@link SeedHeap}); where there is a limit it is the
 * smaller label's, so that what lies far away has no say.
 */
final class Propagation {
  private static final int OUTSIDE = -1; // not in the foreground

  private final int stride; // of all arrays, which have a margin of one pixel
  private final int[] neighbours; // offsets
  private final double[] distances; // of those, squared and weighted
  private final float[] image; // its margin repeats the border
  private final int[] labels; // 0: free; ~n: a seed that was not taken yet
  private final double[] costs;
  private final byte[] parents; // by which neighbour's step a free pixel was reached
  private final double limit; // most that takes part
  private final boolean accident; // decides between seeds
  private final boolean ordered; // by the heap alone
  private final CostBuckets buckets; // null where ordered

  private Propagation(LabelImage seeds, CellChannel channel, double weight, double limit) {
    int height = seeds.height();
    int width = seeds.width();
    this.limit = limit;
    accident = limit == Double.POSITIVE_INFINITY;
    stride = width + 2;
    neighbours =
        new int[] {-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1};
    double straight = weight * weight;
    double diagonal = 2 * weight * weight;
    distances =
        new double[] {
          diagonal, straight, diagonal, straight, straight, diagonal, straight, diagonal
        };
    image = padded(channel);
    labels = new int[image.length];
    Arrays.fill(labels, OUTSIDE);
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int y = 0; y < height; y++) {
      int to = (y + 1) * stride + 1;
      for (int x = 0; x < width; x++) {
        int from = y * width + x;
        float value = channel.intensities()[from];
        low = Math.min(low, value);
        high = Math.max(high, value);
        if (channel.foreground()[from]) {
          labels[to + x] = seeds.labels()[from] > 0 ? ~seeds.labels()[from] : 0;
        }
      }
    }
    costs = new double[image.length];
    parents = new byte[image.length];
    double difference = 9 * ((double) high - low);
    double largest = Math.sqrt(difference * difference + diagonal);
    ordered = CostBuckets.wouldBeTooMany(Math.sqrt(straight), largest);
    buckets = ordered ? null : new CostBuckets(weight, largest);
  }

  private static float[] padded(CellChannel channel) {
    int width = channel.width();
    int height = channel.height();
    float[] to = new float[(height + 2) * (width + 2)];
    for (int y = 0; y < height + 2; y++) {
      int row = Math.max(0, Math.min(height - 1, y - 1)) * width;
      int at = y * (width + 2);
      System.arraycopy(channel.intensities(), row, to, at + 1, width);
      to[at] = to[at + 1];
      to[at + width + 1] = to[at + width];
    }
    return to;
  }

  /**
   * Spreads.
   *
   * @param weight of distance against differences of intensity, 0 or more
   * @param limit most that a way may cost
   */
  static LabelImage grow(LabelImage seeds, CellChannel channel, double weight, double limit) {
    // the order leaves out a cost's last bit: what differs from the limit by it alone takes part
    double most =
        limit == Double.POSITIVE_INFINITY
            ? limit
            : Double.longBitsToDouble(Double.doubleToRawLongBits(limit) | 1);
    Propagation of = new Propagation(seeds, channel, weight, most);
    if (of.ordered || !of.startAnyhow()) {
      of.takeInOrder();
    }
    if (!of.ordered) {
      of.spread();
    }
    LabelImage grown = new LabelImage(seeds.height(), seeds.width());
    for (int y = 0; y < seeds.height(); y++) {
      for (int x = 0; x < seeds.width(); x++) {
        int seed = seeds.at(y, x);
        int pixel = (y + 1) * of.stride + x + 1;
        int label = of.labels[pixel] > 0 && of.costs[pixel] <= limit ? of.labels[pixel] : 0;
        grown.labels()[y * seeds.width() + x] = seed > 0 ? seed : label;
      }
    }
    return grown;
  }

  /**
   * Takes the seeds row by row.
   *
   * @return false where that matters: two of different labels reach a pixel at one cost
   */
  private boolean startAnyhow() {
    Arrays.fill(costs, Double.POSITIVE_INFINITY);
    for (int pixel = 0; pixel < labels.length; pixel++) {
      if (labels[pixel] < OUTSIDE) {
        costs[pixel] = 0;
        for (int k = 0; k < neighbours.length; k++) {
          int to = pixel + neighbours[k];
          if (labels[to] == 0) {
            double before = costs[to];
            step(pixel, k);
            if (accident && before != Double.POSITIVE_INFINITY && isContested(to)) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  /** Whether seeds of another label reach a pixel at the cost that it has. */
  private boolean isContested(int pixel) {
    int label = ~labels[parent(pixel)];
    for (int k = 0; k < neighbours.length; k++) {
      int from = pixel - neighbours[k];
      if (labels[from] < OUTSIDE
          && ~labels[from] != label
          && SeedHeap.key(cost(from, k)) == SeedHeap.key(costs[pixel])) {
        return true;
      }
    }
    return false;
  }

  /** Takes the seeds, or all, in the reference's order. */
  private void takeInOrder() {
    Arrays.fill(costs, Double.POSITIVE_INFINITY);
    SeedHeap heap = new SeedHeap(1 << 16);
    int seeds = 0;
    for (int pixel = 0; pixel < labels.length; pixel++) {
      if (labels[pixel] < OUTSIDE) {
        if (accident) {
          heap.append(~labels[pixel], pixel);
        } else {
          heap.add(0, ~labels[pixel], pixel);
        }
        costs[pixel] = 0;
        seeds++;
      }
    }
    while (ordered ? !heap.isEmpty() : seeds > 0) {
      long place = heap.take();
      int pixel = (int) place;
      if (labels[pixel] > 0) {
        continue; // by a cheaper way
      }
      int label = (int) (place >>> 32);
      labels[pixel] = label;
      seeds--;
      for (int k = 0; k < neighbours.length; k++) {
        int to = pixel + neighbours[k];
        if (labels[to] == 0) {
          double before = costs[to];
          step(pixel, k);
          if (costs[to] < before) {
            heap.add(costs[to], label, to);
          }
        }
      }
    }
  }

  private void spread() {
    while (buckets.next()) {
      int size = buckets.size();
      for (int i = 0; i < size; i++) {
        int pixel = buckets.pixel(i);
        if (labels[pixel] == 0) {
          labels[pixel] = label(parent(pixel));
          for (int k = 0; k < neighbours.length; k++) {
            if (labels[pixel + neighbours[k]] == 0) {
              step(pixel, k);
            }
          }
        }
      }
      buckets.clear();
    }
  }

  private int parent(int pixel) {
    return pixel - neighbours[parents[pixel]];
  }

  /** Of a pixel that was taken, or of a seed. */
  private int label(int pixel) {
    return labels[pixel] < 0 ? ~labels[pixel] : labels[pixel];
  }

  /** Reaches a free neighbour. */
  private void step(int from, int neighbour) {
    int to = from + neighbours[neighbour];
    double cost = cost(from, neighbour);
    double before = costs[to];
    if (cost > limit || SeedHeap.key(cost) > SeedHeap.key(before)) {
      return;
    }
    if (SeedHeap.key(cost) == SeedHeap.key(before)) {
      tie(from, neighbour, cost);
      return;
    }
    costs[to] = cost;
    parents[to] = (byte) neighbour;
    if (!ordered) {
      buckets.add(cost, to);
    }
  }

  /**
   * A pixel was reached before at what counts as the same cost. The reference lets a later way wait
   * beside an earlier one only where it is cheaper, if by the last bit; of two that wait the
   * smaller label comes first.
   */
  private void tie(int from, int neighbour, double cost) {
    int to = from + neighbours[neighbour];
    int other = parent(to);
    boolean isFirst = isBefore(from, other);
    double first = isFirst ? cost : costs[to];
    double second = isFirst ? costs[to] : cost;
    boolean wins = second < first ? label(from) < label(other) : isFirst;
    costs[to] = Math.min(first, second);
    if (wins) {
      parents[to] = (byte) neighbour;
    }
  }

  /**
   * Whether a pixel is taken before another that was reached from before it; seeds are in order.
   */
  private boolean isBefore(int pixel, int other) {
    long key = SeedHeap.key(costs[pixel]);
    long otherKey = SeedHeap.key(costs[other]);
    if (key != otherKey || (accident && key == 0)) {
      return key < otherKey; // seeds come in their order
    }
    int label = label(pixel);
    int otherLabel = label(other);
    return label == otherLabel ? pixel < other : label < otherLabel;
  }

  private double cost(int from, int neighbour) {
    double difference = difference(from, from + neighbours[neighbour]);
    return Math.sqrt(difference * difference + distances[neighbour]) + costs[from];
  }

  /** In the reference's order of summation. */
  private double difference(int a, int b) {
    int up = -stride;
    int down = stride;
    double sum = Math.abs((double) image[a + up - 1] - image[b + up - 1]);
    sum += Math.abs((double) image[a + up] - image[b + up]);
    sum += Math.abs((double) image[a + up + 1] - image[b + up + 1]);
    sum += Math.abs((double) image[a - 1] - image[b - 1]);
    sum += Math.abs((double) image[a] - image[b]);
    sum += Math.abs((double) image[a + 1] - image[b + 1]);
    sum += Math.abs((double) image[a + down - 1] - image[b + down - 1]);
    sum += Math.abs((double) image[a + down] - image[b + down]);
    return sum + Math.abs((double) image[a + down + 1] - image[b + down + 1]);
  }
}
