package org.cytolake.source.aggregate;

import java.util.List;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.ArrayType;
import org.cytolake.histogram.Histogram;
import org.cytolake.source.read.AggregateColumn;
import org.cytolake.source.read.LoadedTile;

/** Percentiles of a channel of integers, between samples on a straight line, as Spark has them. */
final class PercentileResult extends PlaneResult {
  private final List<Double> fractions;
  private final int channel;
  private Histogram histogram = Histogram.EMPTY;

  PercentileResult(AggregateColumn column, int channel) {
    this.fractions = column.fractions();
    this.channel = channel;
  }

  @Override
  void add(LoadedTile tile, TileCounter counter) {
    histogram = histogram.plus(counter.histogram(channel));
  }

  @Override
  void put(WritableColumnVector vector) {
    if (histogram.size() == 0) {
      vector.putNull(0);
    } else if (vector.dataType() instanceof ArrayType) {
      WritableColumnVector values = vector.arrayData();
      values.reserve(fractions.size());
      vector.putArray(0, 0, fractions.size());
      for (int i = 0; i < fractions.size(); i++) {
        values.putDouble(i, percentile(fractions.get(i)));
      }
    } else {
      vector.putDouble(0, percentile(fractions.get(0)));
    }
  }

  private double percentile(double fraction) {
    double position = (histogram.count() - 1) * fraction;
    double lower = Math.floor(position);
    double higher = Math.ceil(position);
    double low = sample((long) lower);
    double high = sample((long) higher);
    return low == high ? low : (higher - position) * low + (position - lower) * high;
  }

  /** The sample of a place in ascending order, from 0. */
  private double sample(long place) {
    long before = 0;
    int i = 0;
    while (before + histogram.count(i) <= place) {
      before += histogram.count(i++);
    }
    return histogram.value(i);
  }
}
