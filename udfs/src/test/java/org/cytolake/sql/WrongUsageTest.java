package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkThrowableHelper;
import org.apache.spark.sql.AnalysisException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WrongUsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "histogram_percentile(map(1, 1), 100.5)|the argument p must be from 0 to 100, not 100.5",
        "histogram_percentile(map(1, 1), -1)|the argument p must be from 0 to 100, not -1",
        "normalize(1, 1, -2, 0, 9)|the argument stddev must be 0 or more, not -2",
        "normalize(1, 1, 2, 0, 9, -1)|the argument offset must be 0 or more, not -1",
        "normalize(1, 1, 2, 0, 9, 1, 0)|the argument bits must be 1 or more, not 0",
        "kernel_density(array(struct(1, 1, 1)), 1)|the argument grid_size must be from 2 to 16384,"
            + " not 1",
        "kernel_density(array(struct(1, 1, 1)), 9, -1)|the argument cut must be 0 or more, not -1",
        "kernel_density(array(struct(1, 1, 1)), 9.5)|the argument grid_size must be an integer, not"
            + " DECIMAL(2,1)",
        "histogram_mean(map(1, 1.5))|the argument h must be a histogram",
        "histogram_mean(array(struct(1, 1, 1)))|the argument h must be a histogram",
        "polygon_area(array(struct(1 AS a, 2 AS b)))|the argument polygon must be a polygon",
        "colocalization(array(struct(1, 1)))|the argument tuples must be a joint histogram",
      })
  void aConstantIsCheckedBeforeAnyRowIsRead(String call, String message) {
    String function = call.substring(0, call.indexOf('('));
    assertThatThrownBy(() -> SqlSession.sql("SELECT " + call))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith(function + ": " + message)
        .hasMessageContaining("For example, SELECT ")
        .hasMessageContaining(function + "(")
        .hasMessageContaining("pos 7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "histogram_percentile(map(1, 1), v)|histogram_percentile: a percentile lies between 0 and"
            + " 100, not at 300.0",
        "histogram_mean(map(1, -v))|histogram_mean: value 1.0 has the count -300",
        "equalize(v, map(1, -v))|equalize: value 1.0 has the count -300",
        "normalize(v, v, v, v, v)|normalize: the argument value must be an integer from 0 to 255",
        "normalize(v, 1, 1, 0, 255)|normalize: the argument value must be from low to high, 0.0 to"
            + " 255.0, not 300.0",
        "normalize(v, 1, -v, 0, v)|normalize: the argument stddev must be 0 or more, not -300.0",
        "colocalization(array(v), array(v), array(1, 2))|colocalization: xs, ys and counts must be"
            + " of one length, not 1, 1 and 2",
        "histogram_mean(array(struct(double('nan') * v, 1)))|histogram_mean: a histogram holds"
            + " finite values, not NaN",
        "polygon_area(array(named_struct('y', v, 'x', if(v > 0, NULL, 1))))|polygon_area: vertex 0"
            + " of the polygon is NULL",
      })
  void aValueOfARowIsNamed(String call, String message) {
    assertThatThrownBy(
            () -> SqlSession.sql("SELECT " + call + " FROM range(300, 301) AS t(v)").collect())
        .hasStackTraceContaining(message);
  }

  @Test
  void whatOnlyARowTellsIsNotCheckedBefore() {
    assertThat(
            SqlSession.value(
                "SELECT histogram_percentile(map(1, 1), v) FROM range(100, 101) AS t(v)"))
        .isEqualTo(1.0);
    assertThat(SqlSession.value("SELECT histogram_percentile(map(1, 1), 200 / 2)")).isEqualTo(1.0);
  }

  @Test
  void itHasAConditionWithoutWhichPythonLosesTheMessage() {
    assertThatThrownBy(() -> SqlSession.sql("SELECT histogram_mean(1)"))
        .isInstanceOfSatisfying(
            AnalysisException.class,
            e ->
                assertThat(
                        SparkThrowableHelper.getMessage(e.getCondition(), e.getMessageParameters()))
                    .startsWith("histogram_mean: the argument h"));
  }
}
