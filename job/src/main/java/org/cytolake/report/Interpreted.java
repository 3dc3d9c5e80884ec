package org.cytolake.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Runs queries over few rows without Spark's code generation and without planning again after each
 * stage: to compile the code takes a second, to run it next to nothing.
 */
final class Interpreted {
  private static final Map<String, String> SETTINGS =
      Map.of(
          SQLConf.WHOLESTAGE_CODEGEN_ENABLED().key(), "false",
          SQLConf.CODEGEN_FACTORY_MODE().key(), "NO_CODEGEN",
          SQLConf.ADAPTIVE_EXECUTION_ENABLED().key(), "false");

  private Interpreted() {}

  /**
   * Runs them; the session is as before afterwards.
   *
   * @param session of the queries' rows
   */
  static <T> T rows(SparkSession session, Supplier<T> queries) {
    Map<String, String> before = new LinkedHashMap<>();
    SETTINGS.forEach(
        (key, value) -> {
          before.put(key, session.conf().get(key, null));
          session.conf().set(key, value);
        });
    try {
      return queries.get();
    } finally {
      before.forEach(
          (key, value) -> {
            if (value == null) {
              session.conf().unset(key);
            } else {
              session.conf().set(key, value);
            }
          });
    }
  }
}
