package org.cytolake.sql;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import scala.Tuple3;
import scala.runtime.BoxedUnit;

/**
 * Registers the SQL functions of the {@link Catalogue}, and a rule, with every Spark session. Spark
 * finds it by {@code META-INF/services}: the jar on the class path ({@code --jars}) is all it
 * takes.
 */
public final class CytolakeExtensions implements SparkSessionExtensionsProvider {
  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    for (SqlFunction function : Catalogue.FUNCTIONS) {
      extensions.injectFunction(
          new Tuple3<>(
              new FunctionIdentifier(function.name()), function.info(), function::expression));
    }
    for (SqlAggregate aggregate : Catalogue.AGGREGATES) {
      extensions.injectFunction(
          new Tuple3<>(
              new FunctionIdentifier(aggregate.name()), aggregate.info(), aggregate::expression));
    }
    extensions.injectPreCBORule(session -> new BooleansOfAggregates());
    return BoxedUnit.UNIT;
  }
}
