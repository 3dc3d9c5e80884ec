package org.cytolake.sql;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.cytolake.histogram.TupleCounts;

/**
 * The histogram of one channel or of two, as Spark counts it row by row. The state is {@link
 * TupleCounts}, or, from another task, its serialised form.
 *
 * @param types of the channels: INT, BIGINT, FLOAT or DOUBLE
 */
record TupleAggregate(HistogramAggregate aggregate, List<DataType> types)
    implements AggregateFunction<Serializable, ArrayData> {

  TupleAggregate {
    types = List.copyOf(types);
  }

  @Override
  public String name() {
    return aggregate.sqlName();
  }

  @Override
  public String canonicalName() {
    return aggregate.canonicalName(List.of());
  }

  @Override
  public DataType[] inputTypes() {
    return types.toArray(DataType[]::new);
  }

  @Override
  public DataType resultType() {
    return aggregate.resultType(types);
  }

  @Override
  public Serializable newAggregationState() {
    return new TupleCounts(types.size());
  }

  @Override
  public Serializable update(Serializable state, InternalRow pixel) {
    TupleCounts counts = TupleCounts.of(state);
    OptionalLong x = code(pixel, 0);
    OptionalLong y = types.size() == 1 ? x : code(pixel, 1);
    if (x.isPresent() && y.isPresent()) {
      counts.add(x.getAsLong(), y.getAsLong());
    }
    return counts;
  }

  /** Empty for what is not counted. */
  private OptionalLong code(InternalRow pixel, int channel) {
    DataType type = types.get(channel);
    if (pixel.isNullAt(channel)) {
      return OptionalLong.empty();
    }
    if (type instanceof IntegerType) {
      return OptionalLong.of(pixel.getInt(channel));
    }
    if (type instanceof LongType) {
      return OptionalLong.of(pixel.getLong(channel));
    }
    double value = type instanceof FloatType ? pixel.getFloat(channel) : pixel.getDouble(channel);
    return Double.isFinite(value) ? OptionalLong.of(TupleCounts.code(value)) : OptionalLong.empty();
  }

  @Override
  public Serializable merge(Serializable state, Serializable other) {
    TupleCounts counts = TupleCounts.of(state);
    counts.add(TupleCounts.of(other));
    return counts;
  }

  @Override
  public ArrayData produceResult(Serializable state) {
    TupleCounts counts = TupleCounts.of(state);
    if (counts.isEmpty()) {
      return null;
    }
    TupleCounts.Sorted sorted = counts.sorted();
    InternalRow[] rows = new InternalRow[sorted.size()];
    for (int i = 0; i < rows.length; i++) {
      Object[] fields = new Object[types.size() + 1];
      for (int channel = 0; channel < types.size(); channel++) {
        fields[channel] = value(types.get(channel), sorted.code(channel, i));
      }
      fields[types.size()] = sorted.count(i);
      rows[i] = Entries.row(fields);
    }
    return Entries.rows(rows);
  }

  private static Object value(DataType type, long code) {
    if (type instanceof IntegerType) {
      return (int) code;
    }
    if (type instanceof LongType) {
      return code;
    }
    double value = TupleCounts.value(code);
    return type instanceof FloatType ? (Object) (float) value : (Object) value;
  }
}
