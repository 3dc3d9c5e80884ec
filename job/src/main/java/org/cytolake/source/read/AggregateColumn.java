package org.cytolake.source.read;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortValue;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Avg;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.GeneralAggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.connector.expressions.aggregate.Sum;
import org.apache.spark.sql.connector.expressions.aggregate.UserDefinedAggregateFunc;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.histogram.PlaneHistograms.ChannelPair;
import org.cytolake.sql.HistogramAggregate;

/**
 * One aggregate that the reader computes.
 *
 * @param channels the channels' column names; none for COUNT(*)
 * @param pairs of the channels, by number among them: those that are counted together
 * @param fractions of the percentiles, 0 to 1; none for other functions
 * @param type the type of the result
 */
public record AggregateColumn(
    Function function,
    List<String> channels,
    List<ChannelPair> pairs,
    List<Double> fractions,
    DataType type)
    implements Serializable {

  public AggregateColumn {
    channels = List.copyOf(channels);
    pairs = List.copyOf(pairs);
    fractions = List.copyOf(fractions);
  }

  /** What is computed. */
  public enum Function {
    COUNT,
    SUM,
    MIN,
    MAX,
    /** Asked for only where the reader finishes planes; else Spark splits it. */
    AVG,
    VAR_POP,
    VAR_SAMP,
    STDDEV_POP,
    STDDEV_SAMP,
    COVAR_POP,
    COVAR_SAMP,
    CORR,
    PERCENTILE,
    HISTOGRAM,
    JOINT_HISTOGRAM,
    PLANE_HISTOGRAMS;

    /** Whether Spark can merge results of parts. */
    public boolean isMergedBySpark() {
      return compareTo(AVG) < 0;
    }

    /** Whether only a reader of whole planes computes it. */
    public boolean isOfPlanes() {
      return compareTo(AVG) > 0;
    }

    /** Whether Spark does not know what it computes. */
    boolean isOurs() {
      return compareTo(HISTOGRAM) >= 0;
    }
  }

  /** Translates Spark's aggregate; empty where it is not one of plain channels. */
  public static Optional<AggregateColumn> of(
      AggregateFunc aggregate, StructType schema, Set<String> channels) {
    if (aggregate instanceof CountStar) {
      return Optional.of(
          new AggregateColumn(Function.COUNT, List.of(), List.of(), List.of(), DataTypes.LongType));
    }
    if (aggregate instanceof UserDefinedAggregateFunc named) {
      return named.isDistinct()
          ? Optional.empty()
          : HistogramAggregate.called(named)
              .flatMap(call -> ofCall(call, named.children(), schema, channels));
    }
    if (aggregate instanceof GeneralAggregateFunc general) {
      return general.isDistinct() ? Optional.empty() : ofGeneral(general, schema, channels);
    }
    if (aggregate instanceof Count count && !count.isDistinct()) {
      return ofNumber(Function.COUNT, count.column(), schema, channels);
    }
    if (aggregate instanceof Sum sum && !sum.isDistinct()) {
      return ofNumber(Function.SUM, sum.column(), schema, channels);
    }
    if (aggregate instanceof Avg avg && !avg.isDistinct()) {
      return ofNumber(Function.AVG, avg.column(), schema, channels);
    }
    if (aggregate instanceof Min min) {
      return ofNumber(Function.MIN, min.column(), schema, channels);
    }
    return aggregate instanceof Max max
        ? ofNumber(Function.MAX, max.column(), schema, channels)
        : Optional.empty();
  }

  private static Optional<AggregateColumn> ofNumber(
      Function function, Expression input, StructType schema, Set<String> channels) {
    return channel(input, channels)
        .map(
            channel -> {
              DataType in = schema.apply(channel).dataType();
              DataType out =
                  switch (function) {
                    case COUNT -> DataTypes.LongType;
                    case SUM -> isInteger(in) ? DataTypes.LongType : DataTypes.DoubleType;
                    case AVG -> DataTypes.DoubleType;
                    default -> in;
                  };
              return new AggregateColumn(function, List.of(channel), List.of(), List.of(), out);
            });
  }

  private static Optional<AggregateColumn> ofGeneral(
      GeneralAggregateFunc general, StructType schema, Set<String> channels) {
    if (general.name().equals("PERCENTILE_CONT")) {
      return ofPercentile(general, schema, channels);
    }
    boolean isKnown =
        Arrays.stream(Function.values())
            .anyMatch(f -> f.isOfPlanes() && !f.isOurs() && f.name().equals(general.name()));
    List<String> of =
        Arrays.stream(general.children())
            .flatMap(input -> channel(withoutCast(input), channels).stream())
            .toList();
    return isKnown && of.size() == general.children().length
        ? Optional.of(
            new AggregateColumn(
                Function.valueOf(general.name()), of, List.of(), List.of(), DataTypes.DoubleType))
        : Optional.empty();
  }

  /** Spark widens what it takes moments of; doubles hold every sample exactly. */
  private static Expression withoutCast(Expression input) {
    return input instanceof Cast cast && cast.dataType().equals(DataTypes.DoubleType)
        ? cast.expression()
        : input;
  }

  /** Of channels of integers, from the smallest sample to the largest. */
  private static Optional<AggregateColumn> ofPercentile(
      GeneralAggregateFunc general, StructType schema, Set<String> channels) {
    SortValue order = general.orderingWithinGroups()[0];
    Optional<String> channel = channel(order.expression(), channels);
    List<Double> fractions = fractions(general.children()[0]);
    if (channel.isEmpty()
        || fractions.isEmpty()
        || order.direction() != SortDirection.ASCENDING
        || !isInteger(schema.apply(channel.get()).dataType())) {
      return Optional.empty();
    }
    boolean isOne = ((LiteralValue<?>) general.children()[0]).value() instanceof Double;
    return Optional.of(
        new AggregateColumn(
            Function.PERCENTILE,
            List.of(channel.get()),
            List.of(),
            fractions,
            isOne ? DataTypes.DoubleType : DataTypes.createArrayType(DataTypes.DoubleType, false)));
  }

  /** Of a literal, one or an array; empty where it is neither. */
  private static List<Double> fractions(Expression literal) {
    if (!(literal instanceof LiteralValue<?> value)) {
      return List.of();
    }
    if (value.value() instanceof Double one) {
      return List.of(one);
    }
    return value.value() instanceof ArrayData several
            && value.dataType() instanceof ArrayType array
            && array.elementType().equals(DataTypes.DoubleType)
        ? Arrays.stream(several.toDoubleArray()).boxed().toList()
        : List.of();
  }

  private static Optional<AggregateColumn> ofCall(
      HistogramAggregate.Call call, Expression[] inputs, StructType schema, Set<String> channels) {
    List<String> of =
        Arrays.stream(inputs).flatMap(input -> channel(input, channels).stream()).toList();
    List<DataType> types = of.stream().map(channel -> schema.apply(channel).dataType()).toList();
    Function function = Function.valueOf(call.aggregate().name());
    boolean isCounted =
        of.size() == inputs.length
            && (function != Function.PLANE_HISTOGRAMS
                || types.stream().allMatch(DataTypes.IntegerType::equals));
    return isCounted
        ? Optional.of(
            new AggregateColumn(
                function, of, call.pairs(), List.of(), call.aggregate().resultType(types)))
        : Optional.empty();
  }

  private static Optional<String> channel(Expression input, Set<String> channels) {
    return input instanceof NamedReference reference
            && reference.fieldNames().length == 1
            && channels.contains(reference.fieldNames()[0])
        ? Optional.of(reference.fieldNames()[0])
        : Optional.empty();
  }

  private static boolean isInteger(DataType type) {
    return type.equals(DataTypes.IntegerType) || type.equals(DataTypes.LongType);
  }

  /** The first channel's column name, or null for COUNT(*). */
  public String channel() {
    return channels.isEmpty() ? null : channels.get(0);
  }

  /** Whether the result is an integer. */
  public boolean isInteger() {
    return isInteger(type);
  }

  @Override
  public String toString() {
    String of = channels.isEmpty() ? "*" : String.join(", ", channels);
    String together =
        pairs.stream().map(ChannelPair::toString).collect(Collectors.joining(" ", "", ", "));
    return (function.isOurs() ? HistogramAggregate.valueOf(function.name()).sqlName() : function)
        + "("
        + (pairs.isEmpty() ? "" : together)
        + of
        + (fractions.isEmpty() ? "" : ", " + fractions)
        + ")";
  }
}
