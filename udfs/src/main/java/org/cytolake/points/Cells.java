package org.cytolake.points;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Fewer points in place of many tuples, which keep the sums that a fit needs: each cell has the
 * pixels, the mean and the covariance of its tuples. Time and again the cell with the largest sum
 * of squared deviations along a channel is cut across that channel at its mean (Wan, Wong,
 * Prusinkiewicz 1988, "An algorithm for multidimensional data clustering"), so that many pixels of
 * one intensity soon have cells of their own.
 *
 * @param points the means of the cells
 * @param spreads the covariances within the cells, {@code [pair][cell]}, pairs of channels in the
 *     order 00, 10, 11, 20, ...; none where each cell is a tuple
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record Cells(WeightedPoints points, double[][] spreads) {
  /** Fewest cells, and how many times more each finer level has. */
  private static final int FEWEST = 256;

  private static final int FINER = 2;

  /** Up to so many cells there are fresh starts at a level. */
  public static final int MOST = 2048;

  /**
   * So many points stand for more tuples of three or more channels, where tuples become nearly as
   * many as pixels: a fit runs on them alone.
   */
  public static final int CORESET = 8192;

  /** Cells of a grid that many tuples are first put into, at most. */
  private static final int GRID = 1 << 16;

  private static final int FEWEST_RUNS = 2;
  private static final int MOST_RUNS = 12;

  public Cells {
    int pairs = points.channels() * (points.channels() + 1) / 2;
    if (spreads.length != 0 && (spreads.length != pairs || spreads[0].length != points.size())) {
      throw new IllegalArgumentException("not a covariance a cell for " + points);
    }
  }

  /** Each tuple a cell. */
  public static Cells each(WeightedPoints points) {
    return new Cells(points, new double[0][]);
  }

  /**
   * How many of the runs on fewer cells go on with these.
   *
   * @param budget runs times cells, about
   */
  public int runs(int budget) {
    return Math.max(FEWEST_RUNS, Math.min(MOST_RUNS, budget / points.size()));
  }

  public Blocks blocks() {
    return Blocks.of(points, spreads);
  }

  /** Whether a fit runs on cells alone, and not on the tuples in the end. */
  public static boolean areMany(WeightedPoints points) {
    return points.channels() > 2 && points.size() > CORESET;
  }

  /** In ever more cells, the last of which are the tuples, or where those are many a coreset. */
  public static List<Cells> levels(WeightedPoints points) {
    List<Cells> levels = new ArrayList<>();
    boolean many = areMany(points);
    Cutter cutter = new Cutter(many ? grid(points) : each(points));
    for (int most = FEWEST; most <= MOST && most < points.size() / 2; most *= FINER) {
      levels.add(cutter.cut(most));
    }
    levels.add(many ? cutter.cut(CORESET) : each(points));
    return levels;
  }

  /** The tuples that lie in the same cells of a grid together. */
  private static Cells grid(WeightedPoints points) {
    Coarsened coarse = Coarsened.of(points, GRID);
    WeightedPoints means = coarse.points();
    int d = points.channels();
    double[][] spreads = new double[d * (d + 1) / 2][means.size()];
    int[] cells = coarse.cells();
    int pair = 0;
    for (int a = 0; a < d; a++) {
      for (int b = 0; b <= a; b++, pair++) {
        double[] to = spreads[pair];
        double[] first = points.column(a);
        double[] second = points.column(b);
        double[] meanFirst = means.column(a);
        double[] meanSecond = means.column(b);
        for (int i = 0; i < cells.length; i++) {
          int cell = cells[i];
          to[cell] +=
              points.weight(i) * ((first[i] - meanFirst[cell]) * (second[i] - meanSecond[cell]));
        }
        for (int cell = 0; cell < to.length; cell++) {
          to[cell] /= means.weight(cell);
        }
      }
    }
    return new Cells(means, spreads);
  }

  /** The sum over pixels of the squared distances to the means of their cells. */
  public double within() {
    double sum = 0;
    for (int c = 0, pair = 0; c < points.channels() && spreads.length > 0; c++, pair += c + 1) {
      for (int i = 0; i < points.size(); i++) {
        sum += points.weight(i) * spreads[pair][i];
      }
    }
    return sum;
  }

  /**
   * A run of tuples in the cutter's order.
   *
   * @param channel where they deviate most
   * @param mean in that channel
   * @param deviation sum over pixels of the squared deviations in it; 0 if they cannot be cut
   */
  private record Part(int from, int to, int channel, double mean, double deviation) {}

  private static final class Cutter {
    private final WeightedPoints points;
    private final double[][] own; // covariances within the points; none where they are tuples
    private final int[] order;
    private final int[] above;
    private final List<Part> whole = new ArrayList<>();
    private final PriorityQueue<Part> parts =
        new PriorityQueue<>(
            Comparator.comparingDouble((Part p) -> -p.deviation()).thenComparingInt(Part::from));

    Cutter(Cells of) {
      this.points = of.points();
      this.own = of.spreads();
      this.order = new int[points.size()];
      this.above = new int[points.size()];
      Arrays.setAll(order, i -> i);
      if (order.length > 0) {
        parts.add(part(0, order.length));
      }
    }

    /** Goes on until there are so many cells, or nothing is left to cut. */
    Cells cut(int most) {
      while (!parts.isEmpty() && whole.size() + parts.size() < most) {
        Part part = parts.remove();
        int middle = part.deviation() > 0 ? divide(part) : part.to();
        if (middle == part.from() || middle == part.to()) {
          whole.add(part);
        } else {
          parts.add(part(part.from(), middle));
          parts.add(part(middle, part.to()));
        }
      }
      List<Part> all = new ArrayList<>(whole);
      all.addAll(parts);
      all.sort(Comparator.comparingInt(Part::from));
      int d = points.channels();
      double[][] means = new double[d][all.size()];
      double[][] spreads = new double[d * (d + 1) / 2][all.size()];
      long[] weights = new long[all.size()];
      for (int i = 0; i < weights.length; i++) {
        summarise(all.get(i), i, means, spreads, weights);
      }
      return new Cells(new WeightedPoints(means, weights), spreads);
    }

    private Part part(int from, int to) {
      Part widest = null;
      for (int c = 0; c < points.channels(); c++) {
        double[] column = points.column(c);
        double mean = mean(column, from, to);
        double deviation = 0;
        for (int i = from; i < to; i++) {
          double way = column[order[i]] - mean;
          deviation += points.weight(order[i]) * (way * way);
        }
        if (widest == null || deviation > widest.deviation()) {
          widest = new Part(from, to, c, mean, deviation);
        }
      }
      return widest;
    }

    private double mean(double[] column, int from, int to) {
      double sum = 0;
      long pixels = 0;
      for (int i = from; i < to; i++) {
        sum += points.weight(order[i]) * column[order[i]];
        pixels += points.weight(order[i]);
      }
      return sum / pixels;
    }

    /** Puts what lies up to the mean first, all in their order; where the rest begins. */
    private int divide(Part part) {
      double[] column = points.column(part.channel());
      int low = part.from();
      int high = 0;
      for (int i = part.from(); i < part.to(); i++) {
        if (column[order[i]] <= part.mean()) {
          order[low++] = order[i];
        } else {
          above[high++] = order[i];
        }
      }
      System.arraycopy(above, 0, order, low, high);
      return low;
    }

    void summarise(Part part, int cell, double[][] means, double[][] spreads, long[] weights) {
      int pair = 0;
      for (int i = part.from(); i < part.to(); i++) {
        weights[cell] += points.weight(order[i]);
      }
      for (int a = 0; a < means.length; a++) {
        double[] first = points.column(a);
        means[a][cell] = mean(first, part.from(), part.to());
        for (int b = 0; b <= a; b++) {
          double[] second = points.column(b);
          double sum = 0;
          for (int i = part.from(); i < part.to(); i++) {
            int tuple = order[i];
            sum +=
                points.weight(tuple)
                    * ((first[tuple] - means[a][cell]) * (second[tuple] - means[b][cell]));
          }
          for (int i = part.from(); i < part.to() && own.length > 0; i++) {
            sum += points.weight(order[i]) * own[pair][order[i]];
          }
          spreads[pair++][cell] = sum / weights[cell];
        }
      }
    }
  }
}
