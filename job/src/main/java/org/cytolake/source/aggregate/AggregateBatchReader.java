package org.cytolake.source.aggregate;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Columns;
import org.cytolake.field.SampleType;
import org.cytolake.source.read.AggregateColumn;
import org.cytolake.source.read.LoadedTile;
import org.cytolake.source.read.PushedQuery;
import org.cytolake.source.read.TileBatchReader;
import org.cytolake.source.read.TilePartition;

/**
 * Delivers partial aggregates: one row for each tile and group, which Spark merges.
 *
 * <p>Without grouping columns Spark merges a partial COUNT by SUM, which over no rows at all is
 * NULL: such a reader always delivers one more row, of count 0.
 */
public final class AggregateBatchReader extends TileBatchReader {
  private static final int BATCH_ROWS = 1 << 14;

  private final PushedQuery query;
  private final List<String> by;
  private final List<AggregateColumn> functions;
  private final LoadedTile loaded;
  private final Grouping grouping = new Grouping();
  private final List<String> channelsOnly; // of the grouping columns
  private final List<Samples> groupingChannels;
  private final Accumulator[] accumulators;
  private final boolean onlyCounts;
  private final WritableColumnVector[] vectors;
  private final ColumnarBatch batch;
  private boolean emptyRowDue;
  private int next;
  private int rows;

  public AggregateBatchReader(TilePartition partition, PushedQuery query, Configuration hadoop) {
    super(partition, query, hadoop);
    this.query = query;
    by = query.aggregates().orElseThrow().by();
    functions = query.aggregates().orElseThrow().functions();
    loaded = loaded();
    channelsOnly = by.stream().filter(query.channels()::contains).toList();
    groupingChannels =
        channelsOnly.stream().map(c -> loaded.samples(query.channels().indexOf(c))).toList();
    accumulators = new Accumulator[functions.size()];
    for (int f = 0; f < accumulators.length; f++) {
      String channel = functions.get(f).channel();
      accumulators[f] =
          new Accumulator(
              functions.get(f),
              channel == null ? null : loaded.samples(query.channels().indexOf(channel)));
    }
    onlyCounts = functions.stream().allMatch(f -> f.function() == AggregateColumn.Function.COUNT);
    StructField[] fields = query.output().fields();
    vectors = new WritableColumnVector[fields.length];
    for (int c = 0; c < fields.length; c++) {
      vectors[c] = new OnHeapColumnVector(BATCH_ROWS, fields[c].dataType());
    }
    batch = new ColumnarBatch(vectors);
    emptyRowDue = by.isEmpty() && partition.first();
  }

  @Override
  public boolean next() throws IOException {
    while (next >= rows) {
      if (emptyRowDue) {
        emptyRowDue = false;
        return emptyRow();
      }
      if (!loadNext()) {
        return false;
      }
      next = 0;
      if (loaded.corrupt() != null) {
        rows = 0;
        if (loaded.size() == 1) {
          return corruptRow();
        }
        continue;
      }
      grouping.group(groupingChannels, loaded.size(), onlyCounts);
      rows = grouping.groups();
      if (rows > 0) {
        for (Accumulator accumulator : accumulators) {
          accumulator.run(grouping, loaded.size());
        }
      }
    }
    int count = Math.min(BATCH_ROWS, rows - next);
    reset();
    for (int c = 0; c < by.size(); c++) {
      putGroup(vectors[c], by.get(c), count);
    }
    for (int f = 0; f < accumulators.length; f++) {
      putAggregate(vectors[by.size() + f], functions.get(f), accumulators[f], count);
    }
    batch.setNumRows(count);
    next += count;
    return true;
  }

  private void reset() {
    for (WritableColumnVector vector : vectors) {
      vector.reset();
    }
  }

  private boolean emptyRow() {
    reset();
    for (int f = 0; f < accumulators.length; f++) {
      putNothing(vectors[f], functions.get(f), 0);
    }
    batch.setNumRows(1);
    return true;
  }

  private boolean corruptRow() {
    reset();
    for (int c = 0; c < by.size(); c++) {
      if (by.get(c).equals(Columns.CORRUPT)) {
        vectors[c].putByteArray(0, UTF8String.fromString(loaded.corrupt()).getBytes());
      } else if (query.constantIndex(by.get(c)) >= 0) {
        putGroup(vectors[c], by.get(c), 1);
      } else {
        vectors[c].putNull(0);
      }
    }
    for (int f = 0; f < accumulators.length; f++) {
      putNothing(
          vectors[by.size() + f], functions.get(f), functions.get(f).channel() == null ? 1 : 0);
    }
    batch.setNumRows(1);
    return true;
  }

  private static void putNothing(
      WritableColumnVector vector, AggregateColumn function, long count) {
    if (function.function() == AggregateColumn.Function.COUNT) {
      vector.putLong(0, count);
    } else {
      vector.putNull(0);
    }
  }

  private void putGroup(WritableColumnVector vector, String column, int count) {
    int constant = query.constantIndex(column);
    if (constant >= 0) {
      Object value = loaded.tile().constant(constant, query.groups().size());
      if (value instanceof Integer number) {
        vector.putInts(0, count, number);
      } else {
        byte[] text = UTF8String.fromString((String) value).getBytes();
        for (int i = 0; i < count; i++) {
          vector.putByteArray(i, text);
        }
      }
      return;
    }
    if (column.equals(Columns.CORRUPT)) {
      vector.putNulls(0, count);
      return;
    }
    if (grouping.dense()) {
      int channel = channelsOnly.indexOf(column);
      for (int i = 0; i < count; i++) {
        vector.putInt(i, grouping.sample(channel, next + i));
      }
      return;
    }
    Samples samples = loaded.samples(query.channels().indexOf(column));
    for (int i = 0; i < count; i++) {
      int pixel = grouping.firstPixel(next + i);
      switch (samples.type()) {
        case INT -> vector.putInt(i, samples.ints()[pixel]);
        case LONG -> vector.putLong(i, samples.longs()[pixel]);
        case FLOAT -> vector.putFloat(i, samples.floats()[pixel]);
        case DOUBLE -> vector.putDouble(i, samples.doubles()[pixel]);
      }
    }
  }

  private void putAggregate(
      WritableColumnVector vector, AggregateColumn function, Accumulator accumulator, int count) {
    SampleType type =
        function.channel() == null
            ? SampleType.LONG
            : query.types().get(query.channels().indexOf(function.channel()));
    for (int i = 0; i < count; i++) {
      int group = next + i;
      switch (function.function()) {
        case COUNT -> vector.putLong(i, accumulator.longAt(group));
        case SUM -> {
          if (function.isInteger()) {
            vector.putLong(i, accumulator.longAt(group));
          } else {
            vector.putDouble(i, accumulator.doubleAt(group));
          }
        }
        default -> {
          switch (type) {
            case INT -> vector.putInt(i, (int) accumulator.longAt(group));
            case LONG -> vector.putLong(i, accumulator.longAt(group));
            case FLOAT -> vector.putFloat(i, (float) accumulator.doubleAt(group));
            case DOUBLE -> vector.putDouble(i, accumulator.doubleAt(group));
          }
        }
      }
    }
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public void close() throws IOException {
    batch.close();
    super.close();
  }
}
