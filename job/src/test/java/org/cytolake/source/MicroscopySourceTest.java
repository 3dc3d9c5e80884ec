package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.source.TestImages.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of file, pixel by pixel: the samples say where they come from. */
final class MicroscopySourceTest {
  @TempDir Path folder;

  static Dataset<Row> read(Path path, Map<String, String> options) {
    return LocalSpark.session().read().format("microscopy").options(options).load(path.toString());
  }

  private static List<String> rows(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(r -> r.mkString(" ")).sorted().toList();
  }

  @Test
  void everyPlaneOfSeveralSeriesChannelsZAndT() {
    TestImages.write(
        folder.resolve("all.ome.tif"),
        Spec.of(7, 5, "uint16", TestImages.coded()).channels(2).zt(2, 2).series(2));
    List<String> expected = new ArrayList<>();
    for (int s = 0; s < 2; s++) {
      for (int t = 0; t < 2; t++) {
        for (int z = 0; z < 2; z++) {
          for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 7; x++) {
              String id = s == 0 ? "all" : "all_1";
              int first = (int) TestImages.coded().at(s, 0, z, t, y, x);
              int second = (int) TestImages.coded().at(s, 1, z, t, y, x);
              expected.add(
                  String.join(
                      " ", id, s + "", z + "", t + "", y + "", x + "", first + "", second + ""));
            }
          }
        }
      }
    }
    assertThat(rows(read(folder, Map.of()))).isEqualTo(expected.stream().sorted().toList());
  }

  @Test
  void oneZPlaneAndMaximumProjection() {
    TestImages.write(
        folder.resolve("stack.ome.tif"),
        Spec.of(6, 4, "uint8", (s, c, z, t, y, x) -> (x + 2 * y + 5 * z) % 11).zt(3, 1));
    assertThat(rows(read(folder, Map.of("z", "1")).select("z", "y", "x", "channel_1")))
        .hasSize(24)
        .allSatisfy(
            r -> {
              String[] v = r.split(" ", -1);
              int x = Integer.parseInt(v[2]);
              int y = Integer.parseInt(v[1]);
              assertThat(v[0]).isEqualTo("1");
              assertThat(Integer.parseInt(v[3])).isEqualTo((x + 2 * y + 5) % 11);
            });
    assertThat(rows(read(folder, Map.of("z", "max")).select("y", "x", "channel_1")))
        .hasSize(24)
        .allSatisfy(
            r -> {
              String[] v = r.split(" ", -1);
              int base = Integer.parseInt(v[1]) + 2 * Integer.parseInt(v[0]);
              int max = Math.max(base % 11, Math.max((base + 5) % 11, (base + 10) % 11));
              assertThat(Integer.parseInt(v[2])).isEqualTo(max);
            });
  }

  @Test
  void rgbGivesThreeChannels() {
    TestImages.write(
        folder.resolve("rgb.tif"),
        Spec.of(9, 4, "uint8", (s, c, z, t, y, x) -> 80 * c + 9 * y + x).asRgb());
    Dataset<Row> pixels = read(folder, Map.of("channels", "1=red,2=green,3=blue"));
    assertThat(pixels.columns()).endsWith("red", "green", "blue");
    assertThat(
            pixels
                .where("red <> 9 * y + x or green <> 80 + 9 * y + x or blue <> 160 + 9 * y + x")
                .count())
        .isZero();
    assertThat(pixels.count()).isEqualTo(36);
  }

  @ParameterizedTest
  @CsvSource({
    "uint8,int,250", "int8,int,-100", "uint16,int,65000", "int16,int,-30000",
    "uint32,bigint,4000000000", "int32,bigint,-2000000000", "float,float,0.5", "double,double,1e-9"
  })
  void everyPixelType(String type, String column, double base) {
    TestImages.write(
        folder.resolve("a.ome.tif"),
        Spec.of(5, 3, type, (s, c, z, t, y, x) -> base * (x == 4 && y == 2 ? 1 : 0)));
    Dataset<Row> pixels = read(folder, Map.of("channels", "1=only"));
    assertThat(pixels.schema().apply("only").dataType().simpleString()).isEqualTo(column);
    Row row = pixels.where("x = 4 and y = 2").select("only").first();
    assertThat(((Number) row.get(0)).doubleValue()).isEqualTo(base);
    assertThat(pixels.where("only = 0").count()).isEqualTo(14);
  }

  @Test
  void groupsOfThePatternAreColumns() {
    for (String well : List.of("A01", "B02")) {
      for (int c = 0; c < 2; c++) {
        int channel = c;
        TestImages.write(
            folder.resolve("P_" + well + "_c" + c + ".tif"),
            Spec.of(4, 3, "uint8", (s, k, z, t, y, x) -> 100 * channel + (well.charAt(0) - 'A')));
      }
    }
    Dataset<Row> pixels =
        read(
            folder,
            Map.of(
                "pattern",
                "(?<plate>[^_]+)_(?<well>[A-P]\\d\\d)_c(?<channel>\\d)\\.tif",
                "channels",
                "0=dna,1=actin"));
    assertThat(pixels.columns())
        .containsExactly("image", "plate", "well", "series", "z", "t", "y", "x", "dna", "actin");
    assertThat(rows(pixels.select("image", "plate", "well", "dna", "actin").distinct()))
        .containsExactly("P_A01 P A01 0 100", "P_B02 P B02 1 101");
  }

  @Test
  void largeImagesAreSplitAndCompressedTilesDecoded() {
    Path file =
        TestImages.write(
            folder.resolve("large.tif"),
            Spec.of(300, 200, "uint16", (s, c, z, t, y, x) -> 200 * x + y).tiled(64, "LZW"));
    assertThat(Files.exists(file)).isTrue();
    Dataset<Row> pixels = read(file, Map.of("tile-pixels", "8192", "partition-pixels", "16384"));
    assertThat(pixels.rdd().getNumPartitions()).isGreaterThan(1);
    assertThat(pixels.where("channel_1 = 200 * x + y").count()).isEqualTo(60_000);
    assertThat(pixels.where("x between 100 and 130 and y >= 190").count()).isEqualTo(310);
  }

  @Test
  void countReadsHeadersOnly() {
    TestImages.write(folder.resolve("a.tif"), Spec.of(50, 40, "uint8", TestImages.coded()));
    Dataset<Row> pixels = read(folder, Map.of());
    assertThat(pixels.count()).isEqualTo(2000);
    assertThat(explain(pixels.groupBy().count())).contains("channels=[]");
  }

  static String explain(Dataset<Row> rows) {
    return rows.queryExecution().executedPlan().toString();
  }

  @Test
  void sqlTableWithNothingButTheFormat() {
    TestImages.write(folder.resolve("a.tif"), Spec.of(50, 40, "uint8", (s, c, z, t, y, x) -> x));
    var spark = LocalSpark.session();
    spark.sql("DROP TABLE IF EXISTS pixels_of_test");
    spark.sql(
        "CREATE TABLE pixels_of_test USING microscopy OPTIONS (path '"
            + folder
            + "', channels '1=dna')");
    try {
      assertThat(
              spark
                  .sql("SELECT sum(dna), count(*) FROM pixels_of_test WHERE y < 10")
                  .first()
                  .mkString(" "))
          .isEqualTo("12250 500");
    } finally {
      spark.sql("DROP TABLE pixels_of_test");
    }
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW v USING microscopy OPTIONS (path '"
            + folder
            + "', channels '1=dna')");
    assertThat(spark.sql("SELECT max(dna) FROM v").first().getInt(0)).isEqualTo(49);
  }

  @Test
  void rowsAreRightWithoutAnyColumnAndUnderJoins() {
    TestImages.write(folder.resolve("a.tif"), Spec.of(30, 20, "uint8", (s, c, z, t, y, x) -> x));
    Dataset<Row> pixels = read(folder, Map.of("channels", "1=dna"));
    Dataset<Row> shifted =
        pixels.selectExpr("image as i2", "y as y2", "x + 1 as x2", "dna as left_dna");
    assertThat(
            pixels
                .join(
                    shifted,
                    org.apache.spark.sql.functions.expr("image = i2 and y = y2 and x = x2"))
                .where("dna = left_dna + 1")
                .count())
        .isEqualTo(29 * 20);
  }
}
