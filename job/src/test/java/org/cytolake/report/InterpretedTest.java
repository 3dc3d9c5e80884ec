package org.cytolake.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.source.LocalSpark;
import org.junit.jupiter.api.Test;

class InterpretedTest {
  private static final String WHOLE_STAGE = "spark.sql.codegen.wholeStage";
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";

  private final SparkSession session = LocalSpark.session().newSession();

  private Dataset<Row> sums() {
    return session.range(10).selectExpr("id % 3 AS a", "id").groupBy("a").sum("id").orderBy("a");
  }

  @Test
  void rowsAreTheSameAndNoCodeIsGenerated() {
    List<Row> expected = sums().collectAsList();
    Dataset<Row> asEver = sums();
    Dataset<Row> interpreted = sums();
    assertThat(asEver.queryExecution().executedPlan().toString()).contains("AdaptiveSparkPlan");
    assertThat(Interpreted.rows(session, interpreted::collectAsList)).isEqualTo(expected);
    assertThat(interpreted.queryExecution().executedPlan().toString())
        .doesNotContain("AdaptiveSparkPlan")
        .doesNotContain("*("); // a stage of generated code
  }

  @Test
  void theSessionIsAsBefore() {
    session.conf().set(ADAPTIVE, "true");
    scala.collection.immutable.Map<String, String> before = session.conf().getAll();
    Interpreted.rows(session, () -> assertThat(session.conf().get(WHOLE_STAGE)).isEqualTo("false"));
    assertThat(session.conf().getAll()).isEqualTo(before);
    assertThatThrownBy(
            () ->
                Interpreted.rows(
                    session,
                    () -> {
                      throw new IllegalStateException("it failed");
                    }))
        .hasMessage("it failed");
    assertThat(session.conf().getAll()).isEqualTo(before);
  }
}
