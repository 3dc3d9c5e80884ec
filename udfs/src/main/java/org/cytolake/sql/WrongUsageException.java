package org.cytolake.sql;

import org.apache.spark.QueryContext;
import org.apache.spark.sql.AnalysisException;
import scala.Option;
import scala.collection.immutable.Map$;

/** A function called with arguments that it does not take; Spark adds the place in the query. */
final class WrongUsageException extends AnalysisException {
  private static final long serialVersionUID = 1;

  WrongUsageException(String message) {
    super(
        message,
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Map$.MODULE$.empty(),
        new QueryContext[0]);
  }
}
