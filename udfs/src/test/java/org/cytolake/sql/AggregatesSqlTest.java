package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.PlaneHistograms;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates as Spark runs them, against counting by GROUP BY. */
final class AggregatesSqlTest {
  @BeforeAll
  static void makePixels() {
    SqlSession.sql(
            "SELECT id % 3 AS image, CAST(hash(id) % 20 AS INT) AS i, CAST(id * id % 7 AS BYTE) AS"
                + " b, CAST(id % 11 AS SHORT) AS s, id * 5000000000 % 13 AS l, CASE id % 17 WHEN 0"
                + " THEN float('NaN') WHEN 1 THEN NULL WHEN 2 THEN float('-Infinity') WHEN 3 THEN"
                + " float(-0.0) ELSE float((id % 5 - 2) / 4) END AS f, double(id % 9 - 4) / 3 AS d"
                + " FROM range(0, 2000, 1, 4)")
        .repartition(4)
        .createOrReplaceTempView("some");
  }

  private static List<String> texts(String query) {
    return SqlSession.sql(query).collectAsList().stream().map(Row::toString).toList();
  }

  @ParameterizedTest
  @CsvSource({"i, int", "b, int", "s, int", "l, bigint", "f, float", "d, double"})
  void countsValues(String channel, String type) {
    List<String> counted =
        texts(
            "SELECT image, inline(h) FROM (SELECT image, histogram("
                + channel
                + ") AS h FROM some GROUP BY image) ORDER BY image");
    assertThat(counted)
        .isNotEmpty()
        .isEqualTo(
            texts(
                "SELECT image, v, count(*) FROM (SELECT image, nullif("
                    + channel
                    + ", double('NaN')) + 0 AS v FROM some) WHERE v IS NOT NULL AND abs(v) <"
                    + " double('Infinity') GROUP BY image, v ORDER BY image, v"));
    assertThat(
            SqlSession.sql("SELECT histogram(" + channel + ") FROM some")
                .schema()
                .fields()[0]
                .dataType()
                .catalogString())
        .isEqualTo("array<struct<value:" + type + ",count:bigint>>");
  }

  @ParameterizedTest
  @CsvSource({"i, b", "b, l", "l, f", "f, i", "d, d"})
  void countsPairs(String x, String y) {
    String finite = " IS NOT NULL AND abs(%1$s) < double('Infinity') AND NOT isnan(%1$s)";
    assertThat(texts("SELECT inline(joint_histogram(" + x + ", " + y + ")) FROM some"))
        .isNotEmpty()
        .isEqualTo(
            texts(
                String.format(
                    "SELECT %1$s + 0 AS p, %2$s + 0 AS q, count(*) FROM some WHERE %1$s"
                        + String.format(finite, x)
                        + " AND %2$s"
                        + String.format(finite, y)
                        + " GROUP BY p, q ORDER BY p, q",
                    x,
                    y)));
  }

  @Test
  void planeHistogramsAreThoseOfTheirChannels() {
    Row row =
        SqlSession.row(
            "SELECT plane_histograms(array(array(2, 0), array(0, 1)), i, b, s), histogram(i),"
                + " histogram(b), histogram(s), joint_histogram(s, i), joint_histogram(i, b) FROM"
                + " some");
    PlaneHistograms plane = PlaneHistograms.of((byte[]) row.get(0));
    for (int channel = 0; channel < 3; channel++) {
      assertThat(plane.channels().get(channel)).isEqualTo(histogram(row.getList(1 + channel)));
    }
    assertThat(plane.joint(2, 0)).isEqualTo(joint(row.getList(4)));
    assertThat(plane.joint(0, 1)).isEqualTo(joint(row.getList(5)));
  }

  private static Histogram histogram(List<Row> entries) {
    return Histogram.of(
        entries.stream().mapToDouble(e -> e.getInt(0)).toArray(),
        entries.stream().mapToLong(e -> e.getLong(1)).toArray());
  }

  private static JointHistogram joint(List<Row> entries) {
    return JointHistogram.of(
        new double[][] {
          entries.stream().mapToDouble(e -> e.getInt(0)).toArray(),
          entries.stream().mapToDouble(e -> e.getInt(1)).toArray()
        },
        entries.stream().mapToLong(e -> e.getLong(2)).toArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "histogram(i)",
        "joint_histogram(i, b)",
        "plane_histograms(array(array(0, 1)), i, b)",
        "plane_histograms(array(), i)"
      })
  void withoutPixelsItIsNull(String call) {
    assertThat(SqlSession.value("SELECT " + call + " FROM some WHERE image > 5")).isNull();
    assertThat(SqlSession.value("SELECT " + call + " FILTER (WHERE image > 5) FROM some")).isNull();
    assertThat(
            SqlSession.value(
                "SELECT " + call.replace("(i", "(NULL").replace(" i", " NULL") + " FROM some"))
        .isNull();
    assertThat(SqlSession.sql("SELECT " + call + " FROM some").columns()[0])
        .startsWith(call.substring(0, call.indexOf('(') + 1));
  }

  @Test
  void scalarFunctionsTakeThem() {
    assertThat(
            SqlSession.row(
                "SELECT histogram_count(histogram(i)), histogram_mean(histogram(f)),"
                    + " colocalization(joint_histogram(i, d)).pixels FROM some"))
        .isEqualTo(
            SqlSession.row(
                "SELECT count(*), avg(f) FILTER (WHERE abs(f) < 9), count(d) FROM some"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "histogram()|it takes histogram(x), not 0 arguments",
        "histogram(i, b)|it takes histogram(x), not 2 arguments",
        "joint_histogram(i)|it takes joint_histogram(x, y), not 1 argument",
        "histogram('a')|the argument x must be a number",
        "plane_histograms(array())|it takes plane_histograms(pairs, c, ...), not 1 argument",
        "plane_histograms(array(), f)|the argument c must be an integer channel of up to 16 bits",
        "plane_histograms(array(), i, l)|the argument c must be an integer channel of up to 16",
        "plane_histograms(1, i)|the argument pairs must be a constant array of pairs",
        "plane_histograms(array(array(0)), i)|a pair has two channels",
        "plane_histograms(array(array(0, 1)), i)|there is no pair 0-1 of channels from 0 to 0",
        "plane_histograms(array(array(0, 0)), i)|two different channels",
        "plane_histograms(array(array(0, i)), i, b)|the argument pairs must be constant"
      })
  void wrongUsageIsExplained(String call, String fault) {
    assertThatThrownBy(() -> SqlSession.sql("SELECT " + call + " FROM some"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith(call.substring(0, call.indexOf('(')) + ": ")
        .hasMessageContaining(fault)
        .hasMessageContaining("For example, SELECT ");
  }
}
