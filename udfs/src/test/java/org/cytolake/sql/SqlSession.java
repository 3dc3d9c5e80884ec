package org.cytolake.sql;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** One Spark session for the tests of this JVM; nothing in it names Cytolake. */
final class SqlSession {
  private static final SparkSession SESSION =
      SparkSession.builder()
          .master("local[1]")
          .appName("tests")
          .config("spark.ui.enabled", "false")
          .config("spark.sql.shuffle.partitions", "1")
          .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.driver.host", "127.0.0.1")
          .getOrCreate();

  static {
    SESSION.sparkContext().setLogLevel("OFF");
  }

  private SqlSession() {}

  static SparkSession session() {
    return SESSION;
  }

  static Dataset<Row> sql(String query) {
    return SESSION.sql(query);
  }

  static Row row(String query) {
    List<Row> rows = sql(query).collectAsList();
    if (rows.size() != 1) {
      throw new AssertionError(rows.size() + " rows of " + query);
    }
    return rows.get(0);
  }

  /** The only value of the only row. */
  static Object value(String query) {
    return row(query).get(0);
  }
}
