package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deviations, correlations and percentiles that the reader finishes, against Spark's own. */
final class SpreadPushDownTest {
  private static final String FINISHED = "finished a plane at a time";
  private static final int WIDTH = PushDownImages.WIDTH;
  private static final int HEIGHT = PushDownImages.HEIGHT;

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws IOException {
    PushDownImages.write(folder);
  }

  private static Dataset<Row> run(String sql, String images, boolean pushDown) {
    return PushDownImages.run(folder, sql, images, pushDown);
  }

  private static final String SPREAD =
      "stddev_pop(cells), stddev(cells), var_pop(nuclei), variance(cells), corr(nuclei, cells),"
          + " corr(cells, cells), covar_pop(nuclei, cells), covar_samp(cells, nuclei),"
          + " percentile(cells, 0.5), percentile(nuclei, array(0, 0.01, 0.5, 0.998, 1)),"
          + " median(nuclei), percentile_cont(0.3) WITHIN GROUP (ORDER BY cells), count(*),"
          + " avg(cells)";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uint8|SELECT image, SPREAD FROM p GROUP BY image",
        "int8|SELECT image, SPREAD FROM p GROUP BY image",
        "uint16|SELECT image, SPREAD FROM p WHERE y > 20 GROUP BY image",
        "int16|SELECT image, SPREAD FROM p WHERE nuclei > 100 GROUP BY image",
        "uint16|SELECT image, SPREAD FROM p WHERE x = 3 AND y = 4 GROUP BY image",
        "uint16|SELECT image, SPREAD FROM p WHERE x = 3 AND y < 2 GROUP BY image",
        "uint8|SELECT image, SPREAD FROM p WHERE nuclei > 1000 GROUP BY image",
        "uint8|SELECT image, SPREAD FROM p WHERE nuclei = 7 GROUP BY image",
        "stacks|SELECT image, z, t, SPREAD FROM p GROUP BY image, z, t",
        "broken|SELECT image, SPREAD FROM p GROUP BY image",
        "wide|SELECT image, percentile(l, array(0.5, 0.9)), stddev_samp(f), var_pop(d), corr(l, l),"
            + " corr(f, d) FROM p GROUP BY image",
        "wide|SELECT image, stddev_samp(f), var_pop(d), corr(f, d), covar_pop(f, d) FROM p WHERE x"
            + " > 5 GROUP BY image"
      })
  void spreadIsThatOfSpark(String images, String query) {
    String sql = query.replace("SPREAD", SPREAD);
    Dataset<Row> pushed = run(sql, images, true);
    assertThat(MicroscopySourceTest.explain(pushed))
        .contains(FINISHED)
        .doesNotContain("Aggregate(");
    List<Row> rows = pushed.orderBy(pushed.columns()[0]).collectAsList();
    List<Row> expected = withoutAnsi(sql, images);
    if (images.equals("stacks")) {
      rows = sorted(rows);
      expected = sorted(expected);
    }
    assertThat(rows).hasSameSizeAs(expected);
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < rows.get(r).size(); c++) {
        Object value = rows.get(r).get(c);
        Object of = expected.get(r).get(c);
        String name = pushed.columns()[c];
        if (value instanceof Double number
            && of instanceof Double other
            && !name.startsWith("percentile")
            && !name.startsWith("median")
            && Double.isFinite(other)) {
          double scale =
              name.startsWith("co") ? Math.max(Math.abs(other), spread(name, images)) : other;
          assertThat(number)
              .as(name + " of row " + r)
              .isCloseTo(other, within(1e-12 * Math.abs(scale)));
        } else {
          assertThat(String.valueOf(value)).as(name + " of row " + r).isEqualTo(String.valueOf(of));
        }
      }
    }
  }

  /** Of large samples that lie close together, where running means lose seven digits. */
  @Test
  void spreadIsExactWhereRunningMeansAreNot() {
    BigDecimal n = BigDecimal.valueOf((long) WIDTH * HEIGHT);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      BigDecimal sample = BigDecimal.valueOf(4_000_000_000L + (i % WIDTH) * (i / WIDTH) % 9);
      sum = sum.add(sample);
      squares = squares.add(sample.multiply(sample));
    }
    double variance =
        squares
            .subtract(sum.multiply(sum).divide(n, MathContext.DECIMAL128))
            .divide(n, MathContext.DECIMAL128)
            .doubleValue();
    Row row =
        run("SELECT image, var_pop(l), stddev_pop(l) FROM p GROUP BY image", "wide", true).first();
    assertThat(row.getDouble(1)).isCloseTo(variance, within(1e-12 * variance));
    assertThat(row.getDouble(2)).isCloseTo(Math.sqrt(variance), within(1e-12 * variance));
    assertThat(
            run("SELECT image, var_pop(l), 0 FROM p GROUP BY image", "wide", false)
                .first()
                .getDouble(1))
        .isCloseTo(variance, within(1e-6 * variance));
  }

  /** Spark's own; in ANSI mode its correlation of what does not vary is an error, else NULL. */
  private static List<Row> withoutAnsi(String sql, String images) {
    LocalSpark.session().conf().set("spark.sql.ansi.enabled", false);
    try {
      Dataset<Row> plain = run(sql, images, false);
      return plain.orderBy(plain.columns()[0]).collectAsList();
    } finally {
      LocalSpark.session().conf().unset("spark.sql.ansi.enabled");
    }
  }

  /** The scale of what may be next to nothing: the product of both channels' deviations. */
  private static double spread(String name, String images) {
    if (name.startsWith("corr") || images.equals("wide")) {
      return 1;
    }
    return Math.pow(images.endsWith("int8") ? 256 : 40_000, 2) / 12;
  }

  private static List<Row> sorted(List<Row> rows) {
    return rows.stream()
        .sorted(Comparator.comparing(row -> row.get(0) + " " + row.get(1) + " " + row.get(2)))
        .toList();
  }

  @Test
  void explainSaysWhichSpread() {
    assertThat(
            MicroscopySourceTest.explain(
                run(
                    "SELECT image, corr(nuclei, cells), stddev(cells), percentile(nuclei, 0.5) FROM"
                        + " p GROUP BY image",
                    "uint8",
                    true)))
        .contains(
            "aggregates=[CORR(nuclei, cells), STDDEV_SAMP(cells), PERCENTILE(nuclei, [0.5])]");
  }
}
