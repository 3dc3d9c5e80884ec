package org.cytolake.sql;

import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.KnownNullable;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Keeps Spark from translating what {@code AND}, {@code OR} and {@code NOT} make in aggregates over
 * images for the data source, which takes no such aggregate: where one side is no comparison, as
 * the NULL that is left of a comparison with NaN, Spark 4.1's translation fails an assertion.
 */
final class BooleansOfAggregates extends Rule<LogicalPlan> {
  private static final String IMAGES = "org.cytolake.";

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformDown(
        new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return node instanceof Aggregate && readsImages(node);
          }

          @Override
          public <A1 extends LogicalPlan, B1> B1 applyOrElse(
              A1 node, scala.Function1<A1, B1> otherwise) {
            @SuppressWarnings("unchecked")
            B1 marked = isDefinedAt(node) ? (B1) marked(node) : otherwise.apply(node);
            return marked;
          }
        });
  }

  private static boolean readsImages(LogicalPlan plan) {
    return CollectionConverters.asJava(plan.collectLeaves()).stream()
        .anyMatch(
            leaf ->
                leaf instanceof DataSourceV2Relation relation
                    && relation.table().getClass().getName().startsWith(IMAGES));
  }

  /** An aggregate, and what is computed right below it, with marked expressions. */
  private static LogicalPlan marked(LogicalPlan node) {
    LogicalPlan marked = node.mapExpressions(BooleansOfAggregates::marked);
    return marked.mapChildren(child -> child instanceof Project ? marked(child) : child);
  }

  /** Marks the outermost ones: what is marked is the same, and Spark does not look into it. */
  private static Expression marked(Expression expression) {
    if (expression instanceof And || expression instanceof Or || expression instanceof Not) {
      return new KnownNullable(expression);
    }
    return expression instanceof KnownNullable
        ? expression
        : expression.mapChildren(BooleansOfAggregates::marked);
  }
}
