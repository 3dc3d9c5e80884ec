package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Queries have the same rows with push-down, without, and over the same rows from Parquet: over
 * integers, floats with NaN, infinities and both zeros, and over images that fail in the listing,
 * in the header and in the pixels. {@code -Dcytolake.full} draws 2,000, {@code
 * -Dcytolake.queries=N} N.
 */
final class RandomQueriesTest {
  private static final int QUERIES =
      Integer.getInteger("cytolake.queries", Boolean.getBoolean("cytolake.full") ? 2_000 : 60);
  private static final int WIDTH = 37;
  private static final int HEIGHT = 29;

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    for (String well : List.of("A01", "A02", "B01", "C01", "C02", "C03")) {
      int seed = well.hashCode();
      write(
          images,
          well + "_dna",
          "uint16",
          (s, c, z, t, y, x) -> Math.floorMod(x * 7 + y * 13 + seed + 31 * z, 300));
      write(
          images,
          well + "_actin",
          "uint8",
          (s, c, z, t, y, x) -> Math.floorMod(x * y + seed + z, 23));
      write(
          images,
          well + "_wide",
          "int32",
          (s, c, z, t, y, x) -> (x % 3 - 1) * 2_000_000_000.0 + y % 2);
      write(images, well + "_heat", "float", RandomQueriesTest::heat);
      write(images, well + "_heap", "double", (s, c, z, t, y, x) -> heat(s, c, z, t, x, y + 1));
    }
    Files.delete(images.resolve("C01_wide.ome.tif")); // fails in the listing
    Files.writeString(images.resolve("C02_actin.ome.tif"), "no image"); // in the header
    damage(images.resolve("C03_actin.ome.tif")); // in the pixels of some of its tiles
    for (String view : List.of("pushed", "plain")) {
      pixels(view.equals("pushed")).createOrReplaceTempView(view);
    }
    String rows = folder.resolve("rows").toString();
    pixels(false).coalesce(1).write().parquet(rows);
    spark().read().parquet(rows).createOrReplaceTempView("parquet_rows");
    String doses = folder.resolve("doses").toString();
    spark()
        .sql(
            "SELECT * FROM VALUES ('A01', 1), ('C03', 2), ('C02', 3), ('B01', 2) AS d(place, dose)")
        .write()
        .parquet(doses);
    spark().read().parquet(doses).createOrReplaceTempView("doses");
  }

  private static SparkSession spark() {
    return LocalSpark.session();
  }

  private static double heat(int s, int c, int z, int t, int y, int x) {
    return switch (x) {
      case 3 -> Double.NaN;
      case 4 -> -0.0;
      case 5 -> y % 2 == 0 ? Double.POSITIVE_INFINITY : 1;
      case 6 -> y % 3 == 0 ? Double.NEGATIVE_INFINITY : -1;
      default -> Math.floorMod(x * y + z, 5) / 4.0 - 0.5;
    };
  }

  private static void write(Path images, String name, String type, TestImages.Pattern pattern) {
    TestImages.write(
        images.resolve(name + ".ome.tif"),
        TestImages.Spec.of(WIDTH, HEIGHT, type, pattern).zt(2, 1).tiled(16, "zlib"));
  }

  /** Of compressed tiles, some in the last plane. */
  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int middle = bytes.length * 6 / 10;
    Arrays.fill(bytes, middle, middle + 40, (byte) 0xff);
    Files.write(file, bytes);
  }

  private static Dataset<Row> pixels(boolean pushDown) {
    Map<String, String> options = new HashMap<>();
    options.put("pattern", "(?<well>[A-P]\\d\\d)_(?<channel>[a-z]+)\\.ome\\.tif");
    options.put("channels", "dna=dna,actin=actin,wide=wide,heat=heat,heap=heap");
    options.put("mode", "PERMISSIVE");
    options.put("tile-pixels", "1024");
    options.put("push-down", String.valueOf(pushDown));
    return MicroscopySourceTest.read(folder.resolve("images"), options);
  }

  private static List<String> rows(String sql, String view) {
    return sorted(sql, view).stream().map(Row::toString).sorted().toList();
  }

  /** In ANSI mode Spark's own correlation of what does not vary is an error, else NULL. */
  private static List<Row> sorted(String sql, String view) {
    spark().conf().set("spark.sql.ansi.enabled", !sql.contains("corr("));
    try {
      return rowsOf(sql, view);
    } finally {
      spark().conf().unset("spark.sql.ansi.enabled");
    }
  }

  private static List<Row> rowsOf(String sql, String view) {
    return spark().sql(sql.replace("$p", view)).collectAsList().stream()
        .map(row -> Map.entry(text(row, 6), row))
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .toList();
  }

  private static void requireSame(String sql) {
    List<Row> plain = sorted(sql, "plain");
    for (String view : List.of("pushed", "parquet_rows")) {
      List<Row> other = sorted(sql, view);
      assertThat(other).as(view + ": " + sql).hasSameSizeAs(plain);
      for (int i = 0; i < plain.size(); i++) {
        if (!isSame(plain.get(i), other.get(i))) {
          assertThat(text(other.get(i), 17))
              .as(view + ", row " + i + ": " + sql)
              .isEqualTo(text(plain.get(i), 17));
        }
      }
    }
  }

  /** Equal; numbers with a fraction to 1e-12, since they depend on the order of additions. */
  private static boolean isSame(Object a, Object b) {
    if (a instanceof Row one && b instanceof Row other) {
      return isSame(
          CollectionConverters.asJava(one.toSeq()), CollectionConverters.asJava(other.toSeq()));
    }
    if (a instanceof scala.collection.Seq<?> one && b instanceof scala.collection.Seq<?> other) {
      return isSame(CollectionConverters.asJava(one), CollectionConverters.asJava(other));
    }
    if (a instanceof List<?> one && b instanceof List<?> other) {
      return one.size() == other.size()
          && IntStream.range(0, one.size()).allMatch(i -> isSame(one.get(i), other.get(i)));
    }
    if (a instanceof Double x && b instanceof Double y && Double.isFinite(x)) {
      return x.equals(y) || (x * y > 0 && Math.abs(x - y) <= 1e-12 * Math.abs(x));
    }
    return Objects.equals(a, b);
  }

  /** With so many digits of numbers that have a fraction. */
  private static String text(Object value, int digits) {
    if (value instanceof Row row) {
      return text(CollectionConverters.asJava(row.toSeq()), digits);
    }
    if (value instanceof scala.collection.Seq<?> several) {
      return text(CollectionConverters.asJava(several), digits);
    }
    if (value instanceof List<?> several) {
      return several.stream().map(one -> text(one, digits)).toList().toString();
    }
    return value instanceof Double number && Double.isFinite(number)
        ? BigDecimal.valueOf(number).round(new MathContext(digits)).toString()
        : String.valueOf(value);
  }

  @Test
  void thereAreThreeKindsOfFailureRows() {
    assertThat(
            rows(
                "SELECT well, series, z, t, y, x, dna, heat, get_json_object(corrupt, '$.stage')"
                    + " FROM $p WHERE corrupt IS NOT NULL",
                "pushed"))
        .hasSize(3)
        .anyMatch(row -> row.matches("\\[C01,0,0,0,(null,){4}list]"))
        .anyMatch(row -> row.matches("\\[C02,0,0,0,(null,){4}header]"))
        .anyMatch(row -> row.matches("\\[C03,0,\\d,0,(null,){4}pixels]"));
    assertThat(rows("SELECT well, count(*) FROM $p GROUP BY well", "pushed"))
        .contains("[A01," + 2 * WIDTH * HEIGHT + "]", "[C01,1]", "[C02,1]")
        .contains("[C03," + (WIDTH * HEIGHT + 1) + "]"); // one of two planes can be read
  }

  /** Each was once different, or an error of Spark's own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM $p",
        "SELECT count(*), count(x), count(actin), count(corrupt) FROM $p WHERE well >= 'C'",
        "SELECT corrupt, count(*) FROM $p GROUP BY corrupt",
        "SELECT image, corrupt IS NULL, count(dna) FROM $p GROUP BY image, corrupt IS NULL",
        "SELECT count(*), count(corrupt) FROM $p WHERE x >= 0",
        "SELECT image, z, corrupt FROM $p WHERE x >= 0 AND corrupt IS NOT NULL",
        "SELECT image, z, corrupt FROM $p WHERE x >= 0 OR corrupt IS NOT NULL AND z = 1",
        "SELECT count(*) FROM $p WHERE y <= 1000000",
        "SELECT count(*), max(dna) FROM $p WHERE x < 2 AND y < 2 AND well = 'C03'",
        "SELECT image, z, count(*) FROM $p WHERE x IS NULL GROUP BY image, z",
        "SELECT image, z, t, joint_histogram(dna, actin), count(*) FROM $p WHERE x BETWEEN 1 AND 9"
            + " GROUP BY image, z, t",
        "SELECT image, z, t, corrupt, histogram(heat), count(*) FROM $p GROUP BY image, z, t,"
            + " corrupt",
        "SELECT heat, bool_and(dna > 5), count_if(actin = 2) FROM $p GROUP BY heat",
        "SELECT heat, heap, count(*) FILTER (WHERE dna > 9), sum(actin) FILTER (WHERE x > 3) FROM"
            + " $p GROUP BY heat, heap",
        "SELECT bool_or(y > double('NaN') AND well IN ('C03', 'C02')), avg(heat) FROM $p",
        "SELECT image, z, count_if(well IN ('A02', 'B01') AND -0 <=> x), bool_or(x NOT IN (32.5,"
            + " NULL) AND well NOT LIKE '%1') FROM $p GROUP BY image, z",
        "SELECT bool_and(coalesce(x > 3, false) AND NOT y = NULL), z > 0 AND x > NULL, count(*)"
            + " FROM $p GROUP BY z > 0 AND x > NULL",
        "SELECT heap, some(heat > 0), every(dna IS NOT NULL), max(wide) FROM $p GROUP BY heap",
        "SELECT sum(heat), min(heat), max(heat), avg(heap), count(heat) FROM $p",
        "SELECT well, min(heap), max(heap) FROM $p WHERE heap < 1 GROUP BY well",
        "SELECT DISTINCT heat FROM $p WHERE heat >= 'NaN' OR heat = 0 OR heat = float('-Infinity')",
        "SELECT count(*) FROM $p WHERE heat IN (0, 0.25, 1) OR heap NOT IN (0.5, -0.5)",
        "SELECT count(*) FROM $p WHERE NOT (heat > 0.3 AND x < 9)",
      })
  void special(String sql) {
    requireSame(sql);
  }

  @Test
  void randomQueries() {
    Random seeds = new Random(Long.getLong("cytolake.query-seed", 21));
    for (int i = 1; i <= QUERIES; i++) {
      requireSame(new RandomQuery(new Random(seeds.nextLong())).sql());
      if (i % 1_000 == 0) {
        System.out.println(i + " of " + QUERIES + " queries had the same rows");
      }
    }
  }
}
