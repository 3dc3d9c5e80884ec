package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.intensity.Composite;
import org.cytolake.intensity.Golden;
import org.cytolake.intensity.LookupTable;
import org.cytolake.intensity.Normalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against OpenCV's golden values, and the Java table that other tests hold to them. */
final class NormalizationSqlTest {
  private static final Golden GOLDEN = new Golden(LookupTable.class, "intensity_golden.json");

  /** A view {@code tuples} of three channels; one that is absent is 0, as in the composite. */
  private static void tuples(JointHistogram joint) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < joint.size(); i++) {
      rows.add(
          RowFactory.create(
              (int) joint.value(0, i),
              (int) joint.value(1, i),
              joint.channels() > 2 ? (int) joint.value(2, i) : 0,
              joint.count(i)));
    }
    SqlSession.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("a", DataTypes.IntegerType)
                .add("b", DataTypes.IntegerType)
                .add("c", DataTypes.IntegerType)
                .add("n", DataTypes.LongType))
        .createOrReplaceTempView("tuples");
  }

  private static List<Row> normalized(double offset, int bits) {
    return SqlSession.sql(
            String.format(
                Locale.ROOT,
                "SELECT a, normalize(a, mean, stddev, low, high, %1$s, %2$d), b, normalize(b, mean,"
                    + " stddev, low, high, %1$s, %2$d) FROM tuples CROSS JOIN (SELECT sum(n * a) /"
                    + " sum(n) AS mean, stddev_from_sums(sum(n), sum(n * a), sum(n * a * a)) AS"
                    + " stddev, least(min(a), min(b), min(c)) AS low, greatest(max(a), max(b),"
                    + " max(c)) AS high FROM tuples)",
                offset,
                bits))
        .collectAsList();
  }

  private static void assertEquals(List<Row> rows, LookupTable table) {
    assertThat(rows).isNotEmpty();
    for (Row row : rows) {
      assertThat(row.getInt(1)).isEqualTo((int) table.apply(row.getInt(0)));
      assertThat(row.getInt(3)).isEqualTo((int) table.apply(row.getInt(2)));
    }
  }

  @ParameterizedTest
  @CsvSource({"SYN001_B02_f1,12", "SYN001_B03_f1,8", "bytes,8", "words,16"})
  void equalsTheTable(String name, int bits) {
    JointHistogram joint = Golden.joint(Golden.image(name).channels());
    tuples(joint);
    for (double offset : new double[] {0, 0.5, 1, 2.3, 100}) {
      LookupTable table =
          Normalization.toReference(Composite.of(joint), joint.marginal(0), offset, bits);
      assertEquals(normalized(offset, bits), table);
    }
  }

  @ParameterizedTest
  @CsvSource({"bytes,1,8", "bytes,0.5,8", "bytes,2.3,8", "SYN001_B02_f2,1,12", "words,2.3,16"})
  void equalsOpenCv(String name, String offset, int bits) {
    tuples(Golden.joint(Golden.image(name).channels()));
    List<Row> rows = normalized(Double.parseDouble(offset), bits);
    double[] values = GOLDEN.get(name + ".normalized0_" + offset + ".values");
    double[] results = GOLDEN.get(name + ".normalized0_" + offset + ".results");
    for (Row row : rows) {
      // the golden file has the values at which the result changes, and the last one
      int at = Arrays.binarySearch(values, row.getInt(0));
      int step = at >= 0 ? at : -at - 2;
      assertThat(row.getInt(1)).as("of %s", row.getInt(0)).isEqualTo((int) results[step]);
    }
  }

  @Test
  void randomTuplesEqualTheTable() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 20; round++) {
      double[][] v = new double[2][30];
      long[] counts = new long[30];
      int top = 1 + random.nextInt(255);
      for (int i = 0; i < 30; i++) {
        v[0][i] = random.nextInt(top + 1);
        v[1][i] = random.nextInt(top + 1);
        counts[i] = random.nextInt(1000);
      }
      JointHistogram joint = JointHistogram.of(v, counts);
      tuples(joint);
      double offset = random.nextDouble(3);
      Histogram reference = joint.marginal(0);
      assertEquals(
          normalized(offset, 8),
          Normalization.toReference(Composite.of(joint), reference, offset, 8));
    }
  }

  @Test
  void offsetAndBitsMayBeLeftOut() {
    Row row =
        SqlSession.row(
            "SELECT normalize(60, 50, 20, 0, 200), normalize(60, 50, 20, 0, 200, 1, 8),"
                + " normalize(60, 50, 20, 0, 200, 2)");
    assertThat(row).isEqualTo(RowFactory.create(191, 191, 159));
  }
}
