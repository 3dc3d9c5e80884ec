package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions wherever SQL takes an expression. */
final class ClausesTest {
  @BeforeAll
  static void makeRows() {
    SqlSession.sql("SELECT id AS v, id % 3 AS g FROM range(10)").createOrReplaceTempView("rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT sum(normalize(v, 5, 100, 0, 9)) FROM rows",
        "SELECT sum(s) FROM (SELECT normalize(v, 5, 100, 0, 9) AS k, sum(normalize(v, 5, 100, 0,"
            + " 9)) AS s FROM rows GROUP BY normalize(v, 5, 100, 0, 9))",
        "SELECT sum(k * n) FROM (SELECT normalize(v, 5, 100, 0, 9) AS k, count(*) AS n FROM rows"
            + " GROUP BY ALL)",
        "SELECT sum(k) FROM (SELECT g, sum(normalize(v, 5, 100, 0, 9)) AS k FROM rows GROUP BY g"
            + " HAVING sum(normalize(v, 5, 100, 0, 9)) >= 0 ORDER BY sum(normalize(v, 5, 100, 0,"
            + " 9)))",
        "SELECT max(s) FROM (SELECT sum(normalize(v, 5, 100, 0, 9)) OVER (PARTITION BY normalize(0,"
            + " 5, 100, 0, 9) ORDER BY normalize(v, 5, 100, 0, 9)) AS s FROM rows)",
        "SELECT sum(normalize(a.v, 5, 100, 0, 9)) FROM rows a JOIN rows b ON normalize(a.v, 5, 100,"
            + " 0, 9) = normalize(b.v, 5, 100, 0, 9)",
        "SELECT sum(normalize(v, 5, 100, 0, 9)) FROM rows WHERE normalize(v, 5, 100, 0, 9) >= 0",
        "SELECT aggregate(transform(collect_list(v), x -> normalize(x, 5, 100, 0, 9)), 0, (s, x) ->"
            + " s + x) FROM rows",
        "SELECT sum((SELECT normalize(o.v, 5, 100, 0, 9))) FROM rows o",
        "WITH t AS (SELECT normalize(v, 5, 100, 0, 9) FROM rows) SELECT sum(`normalize(v, 5, 100,"
            + " 0, 9)`) FROM t",
        "SELECT sum(normalize(v, 5, 100, 0, (SELECT max(v) FROM rows))) FROM rows",
        "SELECT sum(NORMALIZE(v, 5, 100, 0, 9)) FILTER (WHERE equalize(v, map(0, 1)) >= 0) FROM"
            + " rows",
      })
  void anyClauseTakesThem(String query) {
    // 0, 28, 57, 85, 113, 142, 170, 198, 227, 255
    assertThat(((Number) SqlSession.value(query)).longValue()).isEqualTo(1275);
  }

  @Test
  void viewsKeepThem() {
    SqlSession.sql(
        "CREATE OR REPLACE TEMPORARY VIEW kept AS SELECT g, histogram_mean(collect_list(struct(v,"
            + " 1))) FROM rows GROUP BY g");
    assertThat(SqlSession.sql("SELECT * FROM kept ORDER BY g").collectAsList())
        .containsExactly(
            RowFactory.create(0L, 4.5), RowFactory.create(1L, 4.0), RowFactory.create(2L, 5.0));
  }

  @Test
  void columnsCallThemByName() {
    assertThat(
            SqlSession.session()
                .table("rows")
                .agg(
                    functions.call_function(
                        "histogram_count", functions.expr("collect_list(struct(v, 1))")))
                .first()
                .getLong(0))
        .isEqualTo(10);
  }

  @Test
  void sparkListsThem() {
    assertThat(SqlSession.sql("SHOW FUNCTIONS LIKE 'histogram_*'").collectAsList())
        .extracting(row -> row.getString(0))
        .contains("histogram_mean", "histogram_otsu", "histogram_percentile");
  }

  @Test
  void anUngroupedColumnIsStillNamed() {
    assertThatThrownBy(
            () -> SqlSession.sql("SELECT normalize(v, 5, 100, 0, 9) FROM rows GROUP BY g"))
        .hasMessageContaining("MISSING_AGGREGATION");
  }
}
