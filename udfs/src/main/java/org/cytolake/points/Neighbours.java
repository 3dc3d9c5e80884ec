package org.cytolake.points;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The tuples within a radius, found by a grid with cells at least as wide as the radius. */
public final class Neighbours {
  private final WeightedPoints points;
  private final double radius;
  private final int d;
  private final double[] low;
  private final double[] edge;
  private final long[] step;
  private final long[] last;

  /** Tuples by their cells, and the cells' numbers in that order, ascending. */
  private final int[] tuples;

  private final long[] cells;
  private int[] found = new int[64];
  private int count;

  public Neighbours(WeightedPoints points, double radius) {
    this.points = points;
    this.radius = radius;
    this.d = points.channels();
    this.low = new double[d];
    this.edge = new double[d];
    this.step = new long[d];
    this.last = new long[d];
    double most = Math.scalb(1.0, Math.min(30, 60 / d));
    long cellsSoFar = 1;
    for (int c = d - 1; c >= 0; c--) {
      low[c] = Arrays.stream(points.column(c)).min().orElse(0);
      double range = Arrays.stream(points.column(c)).max().orElse(0) - low[c];
      edge[c] = Math.max(radius, range / (most - 4));
      last[c] = (long) (range / edge[c]);
      step[c] = cellsSoFar;
      cellsSoFar *= last[c] + 3; // a free cell between rows, so that neighbours never wrap
    }
    int n = points.size();
    long[] cell = new long[n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < d; c++) {
        cell[i] += step[c] * at(c, points.value(c, i));
      }
    }
    this.tuples =
        IntStream.range(0, n)
            .boxed()
            .sorted((a, b) -> Long.compare(cell[a], cell[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.cells = Arrays.stream(tuples).mapToLong(i -> cell[i]).toArray();
  }

  private long at(int channel, double value) {
    double position = Math.floor((value - low[channel]) / edge[channel]);
    return 1 + (long) Math.max(-1, Math.min(last[channel] + 1.0, position));
  }

  /**
   * Finds the tuples at a distance of at most the radius.
   *
   * @return how many; {@link #found} has them
   */
  public int find(double[] centre) {
    count = 0;
    find(centre, 0, 0);
    return count;
  }

  /** The tuples that the latest search found, in a fixed order; valid until the next one. */
  public int found(int index) {
    return found[index];
  }

  private void find(double[] centre, int channel, long cell) {
    long middle = at(channel, centre[channel]);
    long from = Math.max(1, middle - 1);
    long to = Math.min(last[channel] + 1, middle + 1);
    if (channel < d - 1) {
      for (long i = from; i <= to; i++) {
        find(centre, channel + 1, cell + i * step[channel]);
      }
    } else if (from <= to) {
      collect(centre, cell + from, cell + to);
    }
  }

  private void collect(double[] centre, long fromCell, long toCell) {
    int i = lowerBound(fromCell);
    for (; i < cells.length && cells[i] <= toCell; i++) {
      if (points.squaredDistance(tuples[i], centre) <= radius * radius) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = tuples[i];
      }
    }
  }

  private int lowerBound(long cell) {
    int from = 0;
    int to = cells.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (cells[middle] < cell) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
