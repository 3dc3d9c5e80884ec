package org.cytolake.sql;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.aggregate.V2Aggregator;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * Spark's expression of a connector's aggregate, under the aggregate's own name. Spark hands it to
 * data sources as a {@code UserDefinedAggregateFunc}, or runs it where none takes it. Public
 * because Spark copies expressions by their constructor.
 */
public final class NamedAggregate<S extends Serializable, R> extends V2Aggregator<S, R> {
  private static final long serialVersionUID = 1;

  public NamedAggregate(
      AggregateFunction<S, R> function,
      Seq<Expression> children,
      int mutableBufferOffset,
      int inputBufferOffset) {
    super(function, children, mutableBufferOffset, inputBufferOffset);
  }

  @Override
  public String prettyName() {
    return aggrFunc().name();
  }

  @Override
  public String nodeName() {
    return aggrFunc().name();
  }

  @Override
  public String toString() {
    return children().mkString(prettyName() + "(", ", ", ")");
  }

  @Override
  public V2Aggregator<S, R> withNewMutableAggBufferOffset(int offset) {
    return new NamedAggregate<>(aggrFunc(), children(), offset, inputAggBufferOffset());
  }

  @Override
  public V2Aggregator<S, R> withNewInputAggBufferOffset(int offset) {
    return new NamedAggregate<>(aggrFunc(), children(), mutableAggBufferOffset(), offset);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return new NamedAggregate<>(
        aggrFunc(), children.toSeq(), mutableAggBufferOffset(), inputAggBufferOffset());
  }
}
