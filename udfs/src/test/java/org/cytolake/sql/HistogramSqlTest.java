package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Equalization;
import org.cytolake.intensity.Golden;
import org.cytolake.intensity.LookupTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what numpy and scikit-image printed, in SQL throughout. */
final class HistogramSqlTest {
  private static final Golden GOLDEN = new Golden(Histogram.class, "histogram_golden.json");
  private static final Golden INTENSITY = new Golden(LookupTable.class, "intensity_golden.json");

  static Stream<String> cases() {
    return GOLDEN.casesWith("values");
  }

  private static SampleKind kind(String name) {
    return SampleKind.valueOf(name.substring(0, name.indexOf('_')).toUpperCase(Locale.ROOT));
  }

  /** A view {@code h} of one row: the histogram as an array and as a map, values typed by kind. */
  private static void view(SampleKind kind, double[] values, double[] counts) {
    DataType type =
        switch (kind) {
          case INTEGER -> DataTypes.LongType;
          case FLOAT -> DataTypes.FloatType;
          case DOUBLE -> DataTypes.DoubleType;
        };
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Object value =
          switch (kind) {
            case INTEGER -> (Object) (long) values[i];
            case FLOAT -> (Object) (float) values[i];
            case DOUBLE -> (Object) values[i];
          };
      rows.add(RowFactory.create(value, (long) counts[i]));
    }
    SqlSession.session()
        .createDataFrame(rows, new StructType().add("v", type).add("n", DataTypes.LongType))
        .createOrReplaceTempView("counted");
    SqlSession.sql(
            "SELECT collect_list(struct(v, n)) AS h, map_from_arrays(collect_list(v),"
                + " collect_list(n)) AS m FROM counted")
        .createOrReplaceTempView("h");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void statisticsEqualNumpyAndScikitImage(String name) {
    view(kind(name), GOLDEN.get(name + ".values"), GOLDEN.get(name + ".counts"));
    String percentiles =
        Arrays.stream(GOLDEN.get("q"))
            .mapToObj(q -> "histogram_percentile(%1$s, " + q + ")")
            .collect(Collectors.joining(", "));
    for (String h : List.of("h", "m")) {
      Row row =
          SqlSession.row(
              String.format(
                  Locale.ROOT,
                  "SELECT histogram_count(%1$s), histogram_mean(%1$s), histogram_stddev(%1$s),"
                      + " histogram_otsu(%1$s), array("
                      + percentiles
                      + ") FROM h",
                  h));
      double[] moments = GOLDEN.get(name + ".moments");
      double tolerance = 1e-12 * Math.max(1, Math.abs(moments[0]));
      assertThat(row.getLong(0)).isEqualTo((long) sum(GOLDEN.get(name + ".counts")));
      assertThat(row.getDouble(1)).isCloseTo(moments[0], within(tolerance));
      assertThat(row.getDouble(2)).isCloseTo(moments[1], within(tolerance));
      assertThat(row.getDouble(3)).isEqualTo(GOLDEN.get(name + ".otsu")[0]);
      assertThat(row.<Double>getList(4).stream().mapToDouble(Double::doubleValue).toArray())
          .containsExactly(GOLDEN.get(name + ".percentiles"));
    }
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stainAndEqualizationEqualJava(String name) {
    double[] values = GOLDEN.get(name + ".values");
    long[] counts = Arrays.stream(GOLDEN.get(name + ".counts")).mapToLong(c -> (long) c).toArray();
    view(kind(name), values, GOLDEN.get(name + ".counts"));
    Histogram h = Histogram.of(values, counts);
    double threshold = h.mean();
    Row stain =
        SqlSession.row(
            "SELECT stained_count(h, histogram_mean(h)), stained_fraction(h, histogram_mean(h)),"
                + " stained_mean(m, histogram_mean(m)) FROM h");
    assertThat(stain.getLong(0)).isEqualTo(h.countAbove(threshold));
    assertThat(stain.getDouble(1)).isEqualTo(h.fractionAbove(threshold));
    assertThat((Double) stain.get(2))
        .isEqualTo(h.countAbove(threshold) == 0 ? null : h.meanAbove(threshold).getAsDouble());
    LookupTable table = Equalization.channel(h, kind(name));
    List<Row> rows = SqlSession.sql("SELECT inline(histogram_equalize(h)) FROM h").collectAsList();
    assertThat(rows).hasSize(table.size());
    for (int i = 0; i < table.size(); i++) {
      assertThat(rows.get(i))
          .isEqualTo(RowFactory.create(table.value(i), table.result(i), h.count(i)));
    }
    int step = Math.max(1, h.size() / 50);
    for (Row row :
        SqlSession.sql(
                "SELECT v, equalize(v, h), equalize(v, m) FROM (SELECT *, row_number() OVER (ORDER"
                    + " BY v) AS i FROM counted) CROSS JOIN h WHERE i % "
                    + step
                    + " = 0")
            .collectAsList()) {
      double expected = table.apply(((Number) row.get(0)).doubleValue());
      assertThat(row.getDouble(1)).isEqualTo(expected);
      assertThat(row.getDouble(2)).isEqualTo(expected);
    }
  }

  @Test
  void equalizationEqualsScikitImage() {
    for (String name : List.of("bytes", "words")) {
      double[][] channels = Golden.image(name).channels();
      Histogram h = Histogram.ofSamples(channels[0]);
      double[] values = new double[h.size()];
      double[] counts = new double[h.size()];
      Arrays.setAll(values, h::value);
      Arrays.setAll(counts, i -> (double) h.count(i));
      view(SampleKind.INTEGER, values, counts);
      Map<Double, Double> equalized =
          SqlSession.sql("SELECT inline(histogram_equalize(h)) FROM h").collectAsList().stream()
              .collect(Collectors.toMap(row -> row.getDouble(0), row -> row.getDouble(1)));
      double[] at = INTENSITY.get(name + ".equalized0.values");
      double[] expected = INTENSITY.get(name + ".equalized0.results");
      for (int i = 0; i < at.length; i++) {
        assertThat(equalized.get(at[i])).isEqualTo(expected[i]);
      }
    }
  }

  @Test
  void equalizationOfIntegersIsTheCumulativeDistribution() {
    assertThat(
            SqlSession.value(
                "WITH v AS (SELECT id * id % 97 AS v FROM range(500)), h AS (SELECT"
                    + " collect_list(struct(v, 1)) AS h FROM v), c AS (SELECT v, cume_dist() OVER"
                    + " (ORDER BY v) AS c FROM v) SELECT count(*) FROM c CROSS JOIN h WHERE"
                    + " equalize(v, h) <> c OR equalize(v + 0.5, h) <> c OR equalize(-1, h) <> 0"))
        .isEqualTo(0L);
  }

  @Test
  void histogramsOfSeveralImagesCollectIntoOne() {
    assertThat(
            SqlSession.value(
                "SELECT histogram_mean(collect_list(struct(v, n))) FROM VALUES (5, 1), (2, 1), (5,"
                    + " 2) AS t(v, n)"))
        .isEqualTo(4.25);
  }

  @Test
  void nullsInEntriesCountNothing() {
    Row row =
        SqlSession.row(
            "SELECT histogram_count(h), histogram_mean(h), equalize(5, h) FROM (SELECT"
                + " array(struct(NULL, 7), struct(5, NULL), NULL, struct(4, 2), struct(6, 2)) AS"
                + " h)");
    assertThat(row).isEqualTo(RowFactory.create(4L, 5.0, 0.5));
  }

  @Test
  void withoutPixelsWhatIsNotDefinedIsNull() {
    Row row =
        SqlSession.row(
            "SELECT histogram_count(h), histogram_mean(h), histogram_stddev(h),"
                + " histogram_percentile(h, 50), histogram_otsu(h), size(histogram_equalize(h)),"
                + " equalize(1, h), stained_count(h, 1), stained_fraction(h, 1), stained_mean(h,"
                + " 1) FROM (SELECT collect_list(struct(id, 1)) AS h FROM range(0))");
    assertThat(row)
        .isEqualTo(RowFactory.create(0L, null, null, null, null, 0, null, 0L, null, null));
  }

  @Test
  void theKindOfValuesDecidesOtsusRule() {
    String h = "map(%s, 40, %s, 30, %s, 20)";
    Histogram histogram = Histogram.of(new double[] {0, 100, 255}, new long[] {40, 30, 20});
    String integers = String.format(Locale.ROOT, h, "0", "100", "255");
    assertThat(SqlSession.value("SELECT histogram_otsu(" + integers + ")"))
        .isEqualTo(Otsu.threshold(histogram, SampleKind.INTEGER));
    String doubles = String.format(Locale.ROOT, h, "0D", "100D", "255D");
    assertThat(SqlSession.value("SELECT histogram_otsu(" + doubles + ")"))
        .isEqualTo(Otsu.threshold(histogram, SampleKind.DOUBLE))
        .isNotEqualTo(Otsu.threshold(histogram, SampleKind.INTEGER));
  }

  @Test
  void anIntensityThatIsNoNumberIsAsNull() {
    Row row =
        SqlSession.row(
            "SELECT equalize(v, h), stained_count(h, v), stained_fraction(h, v), stained_mean(h, v)"
                + " FROM (SELECT double('NaN') AS v, map(1, 2) AS h)");
    assertThat(row).isEqualTo(RowFactory.create(null, null, null, null));
  }
}
