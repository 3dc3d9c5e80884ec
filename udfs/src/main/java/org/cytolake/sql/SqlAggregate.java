package org.cytolake.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.types.DataType;
import org.cytolake.histogram.PlaneHistograms;
import org.cytolake.histogram.PlaneHistograms.ChannelPair;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An aggregate of SQL over pixels. Pixels with a NULL, NaN or infinity in any argument are left
 * out; without pixels the result is NULL.
 */
record SqlAggregate(Signature signature, HistogramAggregate aggregate) {

  static SqlAggregate of(
      HistogramAggregate aggregate,
      String usage,
      String example,
      String result,
      Argument... arguments) {
    return new SqlAggregate(
        new Signature(
            aggregate.sqlName(),
            usage,
            List.of(List.of(arguments)),
            aggregate == HistogramAggregate.PLANE_HISTOGRAMS,
            example,
            result),
        aggregate);
  }

  /** Its name in SQL. */
  String name() {
    return signature.name();
  }

  /** What {@code DESCRIBE FUNCTION EXTENDED} shows. */
  ExpressionInfo info() {
    return signature.info(
        HistogramAggregate.class,
        "Pixels with a NULL, NaN or infinite argument are left out; NULL without pixels.");
  }

  /**
   * The call, checked: a {@link WrongUsageException}, which it does not declare, says that there
   * are too few or too many arguments, or that one has a type or a value that it does not take.
   */
  Expression expression(Seq<Expression> given) {
    List<Argument> form = signature.formOf(given.size());
    List<Expression> arguments = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Argument argument = form.get(Math.min(i, form.size() - 1));
      String fault = argument.fault(given.apply(i));
      if (fault != null) {
        throw signature.wrong("the argument " + argument.name() + " " + fault);
      }
      arguments.addAll(argument.kind().passed(given.apply(i)));
    }
    List<ChannelPair> pairs =
        aggregate == HistogramAggregate.PLANE_HISTOGRAMS
            ? pairs(arguments.remove(0), arguments.size())
            : List.of();
    List<DataType> types = arguments.stream().map(Expression::dataType).toList();
    AggregateFunction<?, ?> bound =
        aggregate == HistogramAggregate.PLANE_HISTOGRAMS
            ? new PlaneAggregate(types, pairs)
            : new TupleAggregate(aggregate, types);
    return new NamedAggregate<>(bound, CollectionConverters.asScala(arguments).toSeq(), 0, 0);
  }

  private List<ChannelPair> pairs(Expression constant, int channels) {
    if (!constant.foldable()) {
      throw signature.wrong("the argument pairs must be constant, not " + constant.sql());
    }
    try {
      ArrayData all = (ArrayData) constant.eval(InternalRow.empty());
      List<ChannelPair> pairs = new ArrayList<>();
      for (int i = 0; i < all.numElements(); i++) {
        ArrayData pair = all.isNullAt(i) ? null : all.getArray(i);
        if (pair == null || pair.numElements() != 2 || pair.isNullAt(0) || pair.isNullAt(1)) {
          throw new IllegalArgumentException("a pair has two channels");
        }
        pairs.add(new ChannelPair(pair.getInt(0), pair.getInt(1)));
      }
      PlaneHistograms.requireWithin(pairs, channels);
      return pairs;
    } catch (IllegalArgumentException e) {
      throw signature.wrong("the argument pairs is wrong: " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
