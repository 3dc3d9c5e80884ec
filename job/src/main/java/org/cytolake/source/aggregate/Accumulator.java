package org.cytolake.source.aggregate;

import java.util.Arrays;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.SampleType;
import org.cytolake.source.read.AggregateColumn;

/**
 * One aggregate of every group of a tile: exact in {@code long} over integers, in double precision
 * over floats.
 */
final class Accumulator {
  private final AggregateColumn column;
  private final Samples samples;
  private long[] longs = {};
  private double[] doubles = {};

  /**
   * @param samples the channel's, or null for COUNT(*)
   */
  Accumulator(AggregateColumn column, Samples samples) {
    this.column = column;
    this.samples = samples;
  }

  void run(Grouping grouping, int n) {
    int groups = grouping.groups();
    if (column.function() == AggregateColumn.Function.COUNT) {
      longs = grouping.counts();
      return;
    }
    boolean integers = samples.type() == SampleType.INT || samples.type() == SampleType.LONG;
    if (integers) {
      longs = longs.length < groups ? new long[groups] : longs;
      Arrays.fill(
          longs,
          0,
          groups,
          switch (column.function()) {
            case MIN -> Long.MAX_VALUE;
            case MAX -> Long.MIN_VALUE;
            default -> 0;
          });
      if (samples.type() == SampleType.INT) {
        overInts(samples.ints(), grouping.groupOf(), n);
      } else {
        overLongs(samples.longs(), grouping.groupOf(), n);
      }
    } else {
      overDoubles(grouping.groupOf(), groups, n);
    }
  }

  private void overInts(int[] values, int[] groupOf, int n) {
    switch (column.function()) {
      case SUM -> {
        if (groupOf == null) {
          long sum = 0;
          for (int i = 0; i < n; i++) {
            sum += values[i];
          }
          longs[0] = sum;
          return;
        }
        for (int i = 0; i < n; i++) {
          longs[groupOf[i]] += values[i];
        }
      }
      case MIN -> {
        for (int i = 0; i < n; i++) {
          int g = groupOf == null ? 0 : groupOf[i];
          longs[g] = Math.min(longs[g], values[i]);
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          int g = groupOf == null ? 0 : groupOf[i];
          longs[g] = Math.max(longs[g], values[i]);
        }
      }
    }
  }

  private void overLongs(long[] values, int[] groupOf, int n) {
    for (int i = 0; i < n; i++) {
      int g = groupOf == null ? 0 : groupOf[i];
      longs[g] =
          switch (column.function()) {
            case SUM -> longs[g] + values[i];
            case MIN -> Math.min(longs[g], values[i]);
            default -> Math.max(longs[g], values[i]);
          };
    }
  }

  /** NaN is the largest value, as Spark has it. */
  private void overDoubles(int[] groupOf, int groups, int n) {
    doubles = doubles.length < groups ? new double[groups] : doubles;
    Arrays.fill(
        doubles,
        0,
        groups,
        switch (column.function()) {
          case MIN -> Double.NaN;
          case MAX -> Double.NEGATIVE_INFINITY;
          default -> 0.0;
        });
    for (int i = 0; i < n; i++) {
      int g = groupOf == null ? 0 : groupOf[i];
      double value = samples.at(i);
      doubles[g] =
          switch (column.function()) {
            case SUM -> doubles[g] + value;
            case MIN -> Double.compare(value, doubles[g]) < 0 ? value : doubles[g];
            default -> Double.compare(value, doubles[g]) > 0 ? value : doubles[g];
          };
    }
  }

  long longAt(int group) {
    return longs[group];
  }

  double doubleAt(int group) {
    return doubles[group];
  }
}
