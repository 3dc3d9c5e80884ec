package org.cytolake.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.aggregate.UserDefinedAggregateFunc;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.histogram.PlaneHistograms.ChannelPair;

/** The aggregates of pixels, as a data source that computes them itself is asked for them. */
public enum HistogramAggregate {
  /** Of one channel. */
  HISTOGRAM,
  /** Of two channels. */
  JOINT_HISTOGRAM,
  /** Of many channels and pairs of them; Spark's name for it ends with the pairs. */
  PLANE_HISTOGRAMS;

  private static final String PREFIX = "cytolake.";

  /**
   * A call of an aggregate.
   *
   * @param pairs of the arguments, by number from 0; empty but for {@link #PLANE_HISTOGRAMS}
   */
  public record Call(HistogramAggregate aggregate, List<ChannelPair> pairs) {
    public Call {
      pairs = List.copyOf(pairs);
    }
  }

  /** What Spark asks for; empty where it is none of these aggregates. */
  public static Optional<Call> called(UserDefinedAggregateFunc function) {
    for (HistogramAggregate aggregate : values()) {
      String name = aggregate.canonicalName(List.of());
      if (function.canonicalName().equals(name)) {
        return Optional.of(new Call(aggregate, List.of()));
      }
      if (function.canonicalName().startsWith(name + " ")) {
        return Optional.of(new Call(aggregate, pairs(function.canonicalName(), name.length() + 1)));
      }
    }
    return Optional.empty();
  }

  private static List<ChannelPair> pairs(String name, int from) {
    return Arrays.stream(name.substring(from).split(" "))
        .map(pair -> pair.split("-"))
        .map(pair -> new ChannelPair(Integer.parseInt(pair[0]), Integer.parseInt(pair[1])))
        .toList();
  }

  /** The name by which Spark tells aggregates apart: it says everything but the columns. */
  String canonicalName(List<ChannelPair> pairs) {
    return PREFIX
        + sqlName()
        + pairs.stream().map(pair -> " " + pair).collect(Collectors.joining());
  }

  /** Its name in SQL. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of the result over channels of such types. */
  public DataType resultType(List<DataType> channels) {
    StructType tuple = new StructType();
    switch (this) {
      case HISTOGRAM -> tuple = tuple.add("value", channels.get(0), false);
      case JOINT_HISTOGRAM ->
          tuple = tuple.add("x", channels.get(0), false).add("y", channels.get(1), false);
      case PLANE_HISTOGRAMS -> {
        return DataTypes.BinaryType;
      }
    }
    return new ArrayType(tuple.add("count", DataTypes.LongType, false), false);
  }
}
