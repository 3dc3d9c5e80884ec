package org.cytolake.source.aggregate;

import java.util.List;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.StructType;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.SampleType;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.PlaneHistograms;
import org.cytolake.source.read.AggregateColumn;
import org.cytolake.source.read.LoadedTile;

/** One aggregate of a plane, made of the aggregates of its tiles. */
abstract class PlaneResult {
  /** Adds what a tile has; it has at least one pixel. */
  abstract void add(LoadedTile tile, TileCounter counter);

  /** Adds the row of a failed image, all of whose channels are NULL. */
  void addFailed() {}

  /** Writes the result into the first row. */
  abstract void put(WritableColumnVector vector);

  /**
   * Of no pixels yet.
   *
   * @param channels the column's channels, by number
   */
  static PlaneResult of(AggregateColumn column, List<Integer> channels) {
    return switch (column.function()) {
      case COUNT -> new Count(channels.isEmpty());
      case SUM, MIN, MAX, AVG -> new Arithmetic(column, channels.get(0));
      case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP, COVAR_POP, COVAR_SAMP, CORR ->
          new SpreadResult(column.function(), channels.get(0), channels.get(channels.size() - 1));
      case PERCENTILE -> new PercentileResult(column, channels.get(0));
      case HISTOGRAM -> new OneChannel(channels.get(0));
      case JOINT_HISTOGRAM -> new TwoChannels(channels.get(0), channels.get(1));
      case PLANE_HISTOGRAMS -> new AllChannels(column, channels);
    };
  }

  private static final class Count extends PlaneResult {
    private final boolean ofRows;
    private long count;

    Count(boolean ofRows) {
      this.ofRows = ofRows;
    }

    @Override
    void add(LoadedTile tile, TileCounter counter) {
      count += tile.size();
    }

    @Override
    void addFailed() {
      count += ofRows ? 1 : 0;
    }

    @Override
    void put(WritableColumnVector vector) {
      vector.putLong(0, count);
    }
  }

  /** SUM, MIN, MAX or AVG: NULL without pixels. */
  private static final class Arithmetic extends PlaneResult {
    private final AggregateColumn column;
    private final AggregateColumn ofTile;
    private final int channel;
    private final Grouping grouping = new Grouping();
    private Accumulator accumulator;
    private long pixels;
    private long integer;
    private double floating;

    Arithmetic(AggregateColumn column, int channel) {
      this.column = column;
      this.channel = channel;
      AggregateColumn.Function function =
          column.function() == AggregateColumn.Function.AVG
              ? AggregateColumn.Function.SUM
              : column.function();
      ofTile =
          new AggregateColumn(function, column.channels(), List.of(), List.of(), column.type());
    }

    @Override
    void add(LoadedTile tile, TileCounter counter) {
      Samples samples = tile.samples(channel);
      if (accumulator == null) {
        accumulator = new Accumulator(ofTile, samples);
      }
      grouping.group(List.of(), tile.size(), false);
      accumulator.run(grouping, tile.size());
      if (samples.type() == SampleType.INT || samples.type() == SampleType.LONG) {
        long next = accumulator.longAt(0);
        integer =
            pixels == 0
                ? next
                : switch (ofTile.function()) {
                  case MIN -> Math.min(integer, next);
                  case MAX -> Math.max(integer, next);
                  default -> Math.addExact(integer, next);
                };
        floating = integer;
      } else {
        double next = accumulator.doubleAt(0);
        floating =
            pixels == 0
                ? next
                : switch (ofTile.function()) {
                  case MIN -> Double.compare(next, floating) < 0 ? next : floating;
                  case MAX -> Double.compare(next, floating) > 0 ? next : floating;
                  default -> floating + next;
                };
      }
      pixels += tile.size();
    }

    @Override
    void put(WritableColumnVector vector) {
      if (pixels == 0) {
        vector.putNull(0);
      } else if (column.type().equals(DataTypes.LongType)) {
        vector.putLong(0, integer);
      } else {
        putNumber(
            vector,
            0,
            column.type(),
            column.function() == AggregateColumn.Function.AVG ? floating / pixels : floating);
      }
    }
  }

  private static final class OneChannel extends PlaneResult {
    private final int channel;
    private Histogram histogram = Histogram.EMPTY;

    OneChannel(int channel) {
      this.channel = channel;
    }

    @Override
    void add(LoadedTile tile, TileCounter counter) {
      histogram = histogram.plus(counter.histogram(channel));
    }

    @Override
    void put(WritableColumnVector vector) {
      putTuples(
          vector, histogram.size(), (channel, tuple) -> histogram.value(tuple), histogram::count);
    }
  }

  private static final class TwoChannels extends PlaneResult {
    private final int x;
    private final int y;
    private JointHistogram joint = JointHistogram.empty(2);

    TwoChannels(int x, int y) {
      this.x = x;
      this.y = y;
    }

    @Override
    void add(LoadedTile tile, TileCounter counter) {
      JointHistogram next = counter.joint(x, y);
      joint = joint.size() == 0 ? next : joint.plus(next);
    }

    @Override
    void put(WritableColumnVector vector) {
      putTuples(vector, joint.size(), joint::value, joint::count);
    }
  }

  private static final class AllChannels extends PlaneResult {
    private final AggregateColumn column;
    private final List<Integer> channels;
    private PlaneHistograms histograms;

    AllChannels(AggregateColumn column, List<Integer> channels) {
      this.column = column;
      this.channels = channels;
    }

    @Override
    void add(LoadedTile tile, TileCounter counter) {
      PlaneHistograms next =
          new PlaneHistograms(
              channels.stream().map(counter::histogram).toList(),
              column.pairs(),
              column.pairs().stream()
                  .map(pair -> counter.joint(channels.get(pair.x()), channels.get(pair.y())))
                  .toList());
      histograms = histograms == null ? next : histograms.plus(next);
    }

    @Override
    void put(WritableColumnVector vector) {
      if (histograms == null) {
        vector.putNull(0);
      } else {
        vector.putByteArray(0, histograms.toBytes());
      }
    }
  }

  @FunctionalInterface
  private interface Values {
    double at(int channel, int tuple);
  }

  @FunctionalInterface
  private interface Counts {
    long at(int tuple);
  }

  /** An array of structs of the values and the count; NULL without tuples. */
  private static void putTuples(WritableColumnVector vector, int n, Values values, Counts counts) {
    if (n == 0) {
      vector.putNull(0);
      return;
    }
    StructType tuple = (StructType) ((ArrayType) vector.dataType()).elementType();
    WritableColumnVector tuples = vector.arrayData();
    vector.putArray(0, 0, n);
    tuples.reserve(n);
    for (int channel = 0; channel < tuple.length(); channel++) {
      WritableColumnVector field = tuples.getChild(channel);
      field.reserve(n);
      for (int i = 0; i < n; i++) {
        if (channel == tuple.length() - 1) {
          field.putLong(i, counts.at(i));
        } else {
          putNumber(field, i, tuple.apply(channel).dataType(), values.at(channel, i));
        }
      }
    }
  }

  private static void putNumber(WritableColumnVector vector, int row, DataType type, double value) {
    if (type instanceof IntegerType) {
      vector.putInt(row, (int) value);
    } else if (type instanceof FloatType) {
      vector.putFloat(row, (float) value);
    } else if (type instanceof DoubleType) {
      vector.putDouble(row, value);
    } else {
      vector.putLong(row, (long) value);
    }
  }
}
