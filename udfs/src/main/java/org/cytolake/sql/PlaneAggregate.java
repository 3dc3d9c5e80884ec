package org.cytolake.sql;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.PlaneHistograms;
import org.cytolake.histogram.PlaneHistograms.ChannelPair;
import org.cytolake.histogram.TupleCounts;

/**
 * The histograms of channels and of pairs of them, as Spark counts them row by row.
 *
 * @param types of the channels: INT
 */
record PlaneAggregate(List<DataType> types, List<ChannelPair> pairs)
    implements AggregateFunction<Serializable, byte[]> {

  PlaneAggregate {
    types = List.copyOf(types);
    pairs = List.copyOf(pairs);
  }

  /** Of every channel and every pair; serialised it is a list of {@link TupleCounts}'. */
  private record State(List<TupleCounts> channels, List<TupleCounts> joint)
      implements Serializable {
    private static List<TupleCounts> none(int n, int channels) {
      return Stream.generate(() -> new TupleCounts(channels)).limit(n).toList();
    }

    private static void add(List<TupleCounts> to, List<TupleCounts> from) {
      for (int i = 0; i < to.size(); i++) {
        to.get(i).add(from.get(i));
      }
    }

    private Object writeReplace() {
      return new ArrayList<>(Stream.concat(channels.stream(), joint.stream()).toList());
    }
  }

  @Override
  public String name() {
    return HistogramAggregate.PLANE_HISTOGRAMS.sqlName();
  }

  @Override
  public String canonicalName() {
    return HistogramAggregate.PLANE_HISTOGRAMS.canonicalName(pairs);
  }

  @Override
  public DataType[] inputTypes() {
    return types.toArray(DataType[]::new);
  }

  @Override
  public DataType resultType() {
    return DataTypes.BinaryType;
  }

  private State of(Serializable state) {
    if (state instanceof State own) {
      return own;
    }
    List<TupleCounts> all = ((List<?>) state).stream().map(TupleCounts::of).toList();
    return new State(all.subList(0, types.size()), all.subList(types.size(), all.size()));
  }

  @Override
  public Serializable newAggregationState() {
    return new State(State.none(types.size(), 1), State.none(pairs.size(), 2));
  }

  @Override
  public Serializable update(Serializable before, InternalRow pixel) {
    State state = of(before);
    if (!pixel.anyNull()) {
      for (int channel = 0; channel < types.size(); channel++) {
        state.channels().get(channel).add(pixel.getInt(channel));
      }
      for (int i = 0; i < pairs.size(); i++) {
        state.joint().get(i).add(pixel.getInt(pairs.get(i).x()), pixel.getInt(pairs.get(i).y()));
      }
    }
    return state;
  }

  @Override
  public Serializable merge(Serializable before, Serializable more) {
    State state = of(before);
    State other = of(more);
    State.add(state.channels(), other.channels());
    State.add(state.joint(), other.joint());
    return state;
  }

  @Override
  public byte[] produceResult(Serializable all) {
    State state = of(all);
    if (state.channels().get(0).isEmpty()) {
      return null;
    }
    List<Histogram> channels =
        state.channels().stream().map(c -> c.sorted().histogram(value -> value)).toList();
    List<JointHistogram> joint =
        state.joint().stream().map(c -> c.sorted().joint(value -> value)).toList();
    return new PlaneHistograms(channels, pairs, joint).toBytes();
  }
}
