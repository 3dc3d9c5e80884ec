package org.cytolake.sql;

import org.apache.spark.sql.AnalysisException;
import scala.collection.immutable.Map;

/** A function called with arguments that it does not take; Spark adds the place in the query. */
final class WrongUsageException extends AnalysisException {
  private static final long serialVersionUID = 1;

  /**
   * Spark's condition of a message and nothing else. Without a condition Python could not show the
   * message.
   */
  private static final String CONDITION = "_LEGACY_ERROR_TEMP_3100";

  WrongUsageException(String message) {
    super(CONDITION, new Map.Map1<>("message", message));
  }
}
