package org.cytolake.source;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.connector.expressions.aggregate.Sum;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One aggregate that the reader computes. AVG never comes here: Spark splits it into SUM and COUNT.
 *
 * @param channel the channel's column name, or null for COUNT(*)
 * @param type the type of the partial result
 */
record AggregateColumn(Function function, String channel, DataType type) implements Serializable {
  /** What is computed. */
  enum Function {
    COUNT,
    SUM,
    MIN,
    MAX
  }

  /** Translates Spark's aggregate; empty where it is not one of a plain channel. */
  static Optional<AggregateColumn> of(
      AggregateFunc aggregate, StructType schema, java.util.Set<String> channels) {
    if (aggregate instanceof CountStar) {
      return Optional.of(new AggregateColumn(Function.COUNT, null, DataTypes.LongType));
    }
    Function function;
    Expression input;
    if (aggregate instanceof Count count && !count.isDistinct()) {
      function = Function.COUNT;
      input = count.column();
    } else if (aggregate instanceof Sum sum && !sum.isDistinct()) {
      function = Function.SUM;
      input = sum.column();
    } else if (aggregate instanceof Min min) {
      function = Function.MIN;
      input = min.column();
    } else if (aggregate instanceof Max max) {
      function = Function.MAX;
      input = max.column();
    } else {
      return Optional.empty();
    }
    if (!(input instanceof NamedReference reference)
        || reference.fieldNames().length != 1
        || !channels.contains(reference.fieldNames()[0])) {
      return Optional.empty();
    }
    String channel = reference.fieldNames()[0];
    DataType in = schema.apply(channel).dataType();
    DataType out =
        switch (function) {
          case COUNT -> DataTypes.LongType;
          case SUM -> isInteger(in) ? DataTypes.LongType : DataTypes.DoubleType;
          case MIN, MAX -> in;
        };
    return Optional.of(new AggregateColumn(function, channel, out));
  }

  private static boolean isInteger(DataType type) {
    return type.equals(DataTypes.IntegerType) || type.equals(DataTypes.LongType);
  }

  /** Whether sums, minima and maxima of the channel are taken over integers. */
  boolean isInteger() {
    return isInteger(type);
  }

  @Override
  public String toString() {
    return function + "(" + (channel == null ? "*" : channel) + ")";
  }
}
