package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.Manders;
import org.cytolake.density.KernelDensity;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Golden;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class CoefficientsSqlTest {
  private static final Golden GOLDEN =
      new Golden(Colocalization.class, "colocalization_golden.json");
  private static final String NAME = "SYN001_B02_f1";

  private static JointHistogram joint;

  @BeforeAll
  static void readTuples() {
    joint = Golden.joint(Golden.image(NAME).channels());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < joint.size(); i++) {
      rows.add(RowFactory.create((int) joint.value(0, i), (int) joint.value(1, i), joint.count(i)));
    }
    SqlSession.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("x", DataTypes.IntegerType)
                .add("y", DataTypes.IntegerType)
                .add("n", DataTypes.LongType))
        .createOrReplaceTempView("pairs");
  }

  private static String sums(String offset, String type) {
    return String.format(
        Locale.ROOT,
        "SELECT pearson_from_sums(n, sx, sy, sxx, syy, sxy), slope_from_sums(n, sx, sy, sxx, sxy),"
            + " overlap_from_sums(sxx, syy, sxy), stddev_from_sums(n, sx, sxx) FROM (SELECT sum(n)"
            + " AS n, sum(n * x) AS sx, sum(n * y) AS sy, sum(n * x * x) AS sxx, sum(n * y * y) AS"
            + " syy, sum(n * x * y) AS sxy FROM (SELECT n, CAST(x + %1$s AS %2$s) AS x, CAST(y +"
            + " %1$s AS %2$s) AS y FROM pairs))",
        offset,
        type);
  }

  @Test
  void sumsGiveWhatTheReferencesGive() {
    for (String type : List.of("INT", "BIGINT", "DECIMAL(9, 0)", "DOUBLE", "FLOAT")) {
      Row row = SqlSession.row(sums("0", type));
      assertClose(row.getDouble(0), GOLDEN.get(NAME + ".pearson")[0]);
      assertClose(row.getDouble(1), GOLDEN.get(NAME + ".slope")[0]);
      assertClose(row.getDouble(2), GOLDEN.get(NAME + ".overlap")[0]);
      assertClose(row.getDouble(3), joint.marginal(0).stddev());
    }
  }

  @Test
  void sumsOfIntegersLoseNothingToALargeOffset() {
    Row row = SqlSession.row(sums("0", "BIGINT"));
    // sums of squares near 1e19 are beyond what floating point tells apart
    for (String moved : List.of(sums("1000000", "BIGINT"), sums("900000000", "DECIMAL(10, 0)"))) {
      Row offset = SqlSession.row(moved);
      assertThat(offset.getDouble(0)).isEqualTo(row.getDouble(0));
      assertThat(offset.getDouble(1)).isEqualTo(row.getDouble(1));
      assertThat(offset.getDouble(3)).isEqualTo(row.getDouble(3));
    }
  }

  @Test
  void whatIsNotDefinedIsNull() {
    Row constant =
        SqlSession.row(
            "SELECT pearson_from_sums(n, sx, sy, sxx, syy, sxy), slope_from_sums(n, sx, sy, sxx,"
                + " sxy), overlap_from_sums(0, syy, 0), stddev_from_sums(n, sx, sxx),"
                + " pearson_from_sums(n, sx, sy, sxx, syy, double('nan')), stddev_from_sums(0, 0,"
                + " 0) FROM (SELECT count(*) AS n, sum(7) AS sx, sum(id) AS sy, sum(49) AS sxx,"
                + " sum(id * id) AS syy, sum(7 * id) AS sxy FROM range(10))");
    assertThat(constant).isEqualTo(RowFactory.create(null, null, null, 0.0, null, null));
  }

  @Test
  void perfectCorrelationIsOne() {
    assertThat(
            SqlSession.value(
                "SELECT pearson_from_sums(count(*), sum(id), sum(3 * id + 1), sum(id * id), sum((3"
                    + " * id + 1) * (3 * id + 1)), sum(id * (3 * id + 1))) FROM range(12345)"))
        .isEqualTo(1.0);
  }

  @Test
  void allCoefficientsEqualTheReferencesHoweverTheTuplesCome() {
    for (String call :
        List.of(
            "colocalization(collect_list(struct(x, y, n)))",
            "colocalization(collect_list(x), collect_list(y), collect_list(n))",
            "colocalization(arrays_zip(collect_list(x), collect_list(y), collect_list(n)))")) {
      Row c = SqlSession.row("SELECT " + call + " FROM pairs").getStruct(0);
      assertThat(c.getLong(c.fieldIndex("pixels"))).isEqualTo(joint.count());
      assertGolden(c, "pearson", "pearson", 0);
      assertGolden(c, "spearman", "spearman", 0);
      assertGolden(c, "slope", "slope", 0);
      assertGolden(c, "overlap", "overlap", 0);
      assertGolden(c, "k1", "k", 0);
      assertGolden(c, "k2", "k", 1);
      assertGolden(c, "li_icq", "icq", 0);
      assertGolden(c, "manders_m1", "manders_all", 2);
      assertGolden(c, "manders_m2", "manders_all", 3);
      assertGolden(c, "otsu_x", "manders_otsu", 0);
      assertGolden(c, "otsu_y", "manders_otsu", 1);
      assertGolden(c, "manders_otsu_m1", "manders_otsu", 2);
      assertGolden(c, "manders_otsu_m2", "manders_otsu", 3);
      assertGolden(c, "costes_x", "manders_costes", 0);
      assertGolden(c, "costes_y", "manders_costes", 1);
      assertGolden(c, "manders_costes_m1", "manders_costes", 2);
      assertGolden(c, "manders_costes_m2", "manders_costes", 3);
      assertGolden(c, "manders_costes_stained_m1", "above_both", 0);
      assertGolden(c, "manders_costes_stained_m2", "above_both", 1);
    }
  }

  private static void assertGolden(Row actual, String field, String quantity, int index) {
    assertClose(
        actual.getDouble(actual.fieldIndex(field)), GOLDEN.get(NAME + "." + quantity)[index]);
  }

  private static void assertClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
  }

  @Test
  void floatingPointFollowsItsOwnRule() {
    Colocalization expected = Colocalization.of(joint, SampleKind.DOUBLE);
    Row c =
        SqlSession.row("SELECT colocalization(collect_list(struct(x, double(y), n))) FROM pairs")
            .getStruct(0);
    Manders otsu = expected.mandersOtsu();
    assertThat(c.getDouble(c.fieldIndex("otsu_x"))).isEqualTo(otsu.xThreshold());
    assertThat(c.getDouble(c.fieldIndex("otsu_y"))).isEqualTo(otsu.yThreshold());
    assertThat(c.getDouble(c.fieldIndex("costes_x")))
        .isEqualTo(expected.mandersCostes().xThreshold());
  }

  @Test
  void aConstantChannelHasNoCorrelation() {
    Row c =
        SqlSession.row("SELECT colocalization(array(struct(3, 1, 2), struct(3, 2, 5)))")
            .getStruct(0);
    assertThat(c.isNullAt(c.fieldIndex("pearson"))).isTrue();
    assertThat(c.isNullAt(c.fieldIndex("costes_x"))).isTrue();
    assertThat(c.getDouble(c.fieldIndex("manders_m1"))).isEqualTo(1.0);
    Row none = SqlSession.row("SELECT colocalization(array(), array(), array())").getStruct(0);
    assertThat(none.getLong(0)).isZero();
    assertThat(none.isNullAt(1)).isTrue();
  }

  @Test
  void densityEqualsJava() {
    KernelDensity expected = KernelDensity.of(joint, 20, 2.5);
    List<Row> rows =
        SqlSession.sql(
                "SELECT inline(kernel_density(collect_list(struct(x, y, n)), 20, 2.5)) FROM pairs")
            .collectAsList();
    assertThat(rows).hasSize(400);
    for (int i = 0; i < 400; i++) {
      int column = i % 20;
      int row = i / 20;
      assertThat(rows.get(i))
          .isEqualTo(
              RowFactory.create(
                  expected.x(column), expected.y(row), expected.density(column, row)));
    }
    assertThat(SqlSession.value("SELECT kernel_density(array(struct(3, 1, 2), struct(3, 2, 5)))"))
        .isNull();
    assertThat(
            SqlSession.value(
                "SELECT size(kernel_density(collect_list(struct(x, y, n)))) FROM pairs"))
        .isEqualTo(40_000);
  }
}
