package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.intensity.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what scikit-image paints and OpenCV measures. */
final class PolygonSqlTest {
  private static final int WIDTH = 50;
  private static final int HEIGHT = 40;
  private static final Golden GOLDEN = new Golden(Catalogue.class, "polygon_golden.json");

  static Stream<String> cases() {
    return GOLDEN.casesWith("area");
  }

  /** A view {@code nuclei} of one row with the column as the table of that name has it. */
  private static void nuclei(double[] ys, double[] xs) {
    List<Row> vertices = new ArrayList<>();
    for (int k = 0; k < ys.length; k++) {
      vertices.add(RowFactory.create(ys[k], xs[k]));
    }
    StructType vertex =
        new StructType().add("y", DataTypes.DoubleType).add("x", DataTypes.DoubleType);
    SqlSession.session()
        .createDataFrame(
            List.of(RowFactory.create(vertices)),
            new StructType().add("polygon", DataTypes.createArrayType(vertex)))
        .createOrReplaceTempView("nuclei");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areaEqualsOpenCv(String name) {
    nuclei(GOLDEN.get(name + ".ys"), GOLDEN.get(name + ".xs"));
    assertThat(SqlSession.value("SELECT polygon_area(polygon) FROM nuclei"))
        .isEqualTo(GOLDEN.get(name + ".area")[0]);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void containsThePixelsThatScikitImagePaints(String name) {
    nuclei(GOLDEN.get(name + ".ys"), GOLDEN.get(name + ".xs"));
    String where = " FROM nuclei CROSS JOIN range(" + WIDTH * HEIGHT + ") WHERE polygon_contains(";
    for (String polygon :
        List.of("polygon", "transform(polygon, v -> named_struct('x', v.x, 'y', v.y))")) {
      double[] painted =
          SqlSession.sql("SELECT id" + where + polygon + ", id div 50, id % 50) ORDER BY id")
              .collectAsList()
              .stream()
              .mapToDouble(row -> row.getLong(0))
              .toArray();
      assertThat(painted).containsExactly(GOLDEN.get(name + ".painted"));
    }
  }

  @Test
  void areaFarFromTheOriginKeepsItsDigits() {
    double[] ys = Arrays.stream(GOLDEN.get("star0.ys")).map(v -> v + 1e9).toArray();
    double[] xs = Arrays.stream(GOLDEN.get("star0.xs")).map(v -> v + 1e9).toArray();
    nuclei(ys, xs);
    assertThat(SqlSession.value("SELECT polygon_area(polygon) FROM nuclei"))
        .isEqualTo(GOLDEN.get("star0.area")[0]);
  }

  @Test
  void wellKnownTextIsClosedAndHasXFirst() {
    nuclei(new double[] {1, 2.5, 3}, new double[] {10, 20, 30.125});
    assertThat(SqlSession.value("SELECT polygon_wkt(polygon) FROM nuclei"))
        .isEqualTo("POLYGON ((10 1, 20 2.5, 30.125 3, 10 1))");
  }

  @Test
  void fewVerticesHaveNoArea() {
    Row none =
        SqlSession.row(
            "SELECT polygon_area(p), polygon_contains(p, 1, 1), polygon_wkt(p) FROM (SELECT"
                + " filter(array(named_struct('y', 1, 'x', 1)), v -> v.y > 1) AS p)");
    assertThat(none).isEqualTo(RowFactory.create(0.0, false, "POLYGON EMPTY"));
    nuclei(new double[] {1, 3}, new double[] {1, 3});
    Row line =
        SqlSession.row(
            "SELECT polygon_area(polygon), polygon_contains(polygon, 3, 3),"
                + " polygon_contains(polygon, 2, 1), polygon_contains(polygon, 4, 4) FROM nuclei");
    assertThat(line).isEqualTo(RowFactory.create(0.0, true, false, false));
  }
}
