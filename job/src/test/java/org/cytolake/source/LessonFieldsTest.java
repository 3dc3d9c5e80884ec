package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** The twelve fields of the lesson, where a checkout has them beside it. */
final class LessonFieldsTest {
  static final Path DATA = Path.of("../../shared/data/bbbc008");
  static final String PATTERN =
      "(?<plate>.+)_(?<well>[A-P]\\d{2})f\\d+d\\d_slice(?<field>\\d+)_channel(?<channel>\\d)\\.tif";

  private static Dataset<Row> pixels() {
    assumeThat(Files.isDirectory(DATA)).as("no %s", DATA).isTrue();
    return LocalSpark.session()
        .read()
        .format("microscopy")
        .option("pattern", PATTERN)
        .option("channels", "1=nuclei,3=cytoplasm")
        .load(DATA.toAbsolutePath().normalize().toString());
  }

  @Test
  void pixelsAreThoseOfTheFile() {
    List<Row> rows =
        pixels()
            .where("well = 'A24' and field = '1' and y between 10 and 19 and x between 10 and 19")
            .orderBy("y", "x")
            .select("nuclei")
            .collectAsList();
    assertThat(rows).hasSize(100);
    assertThat(rows.subList(0, 10).stream().map(r -> r.getInt(0)))
        .containsExactly(128, 150, 137, 100, 53, 27, 18, 14, 12, 10);
  }

  @Test
  void statisticsAreThoseOfNumpy() {
    Row row =
        pixels()
            .where("well = 'A24' and field = '1'")
            .agg(
                functions.max("nuclei"),
                functions.avg("nuclei"),
                functions.max("cytoplasm"),
                functions.count("*"))
            .first();
    assertThat(row.getInt(0)).isEqualTo(255);
    assertThat(row.getDouble(1)).isBetween(15.709105, 15.709115);
    assertThat(row.getInt(2)).isEqualTo(122);
    assertThat(row.getLong(3)).isEqualTo(262_144);
  }

  @Test
  void tuplesAddUpToThePixels() {
    List<Row> rows =
        pixels()
            .groupBy("image", "nuclei", "cytoplasm")
            .count()
            .groupBy("image")
            .sum("count")
            .collectAsList();
    assertThat(rows).hasSize(12).allMatch(r -> r.getLong(1) == 262_144);
  }
}
