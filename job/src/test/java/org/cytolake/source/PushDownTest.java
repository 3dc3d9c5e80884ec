package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is pushed is in the plan, and gives the rows that Spark alone gives. */
final class PushDownTest {
  @TempDir static Path folder;

  @BeforeAll
  static void write() {
    for (String well : List.of("A01", "A02", "B01")) {
      int seed = well.hashCode();
      TestImages.write(
          folder.resolve(well + "_dna.tif"),
          TestImages.Spec.of(
              97, 61, "uint16", (s, c, z, t, y, x) -> Math.floorMod(x * 7 + y * 13 + seed, 300)));
      TestImages.write(
          folder.resolve(well + "_actin.tif"),
          TestImages.Spec.of(
              97, 61, "uint8", (s, c, z, t, y, x) -> Math.floorMod(x * y + seed, 23)));
      TestImages.write(
          folder.resolve(well + "_heat.ome.tif"),
          TestImages.Spec.of(
              97,
              61,
              "float",
              (s, c, z, t, y, x) ->
                  x == 3 ? Double.NaN : x == 4 ? -0.0 : Math.floorMod(x * y, 5) / 4.0));
    }
  }

  private static Dataset<Row> pixels() {
    return MicroscopySourceTest.read(
        folder,
        Map.of(
            "pattern",
            "(?<well>[A-P]\\d\\d)_(?<channel>[a-z]+)(?:\\.ome)?\\.tif",
            "channels",
            "dna=dna,actin=actin,heat=heat",
            "tile-pixels",
            "1024"));
  }

  /** The same rows through an RDD, which nothing can be pushed through. */
  private static Dataset<Row> unpushed() {
    Dataset<Row> pixels = pixels();
    return LocalSpark.session().createDataFrame(pixels.javaRDD(), pixels.schema());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT image, dna, actin, count(*) FROM p GROUP BY image, dna, actin",
        "SELECT well, sum(dna), min(actin), max(dna), avg(actin), count(dna) FROM p GROUP BY well",
        "SELECT count(*), sum(dna) FROM p",
        "SELECT count(*), sum(dna), max(heat) FROM p WHERE dna > 100000",
        "SELECT heat, count(*) FROM p GROUP BY heat",
        "SELECT min(heat), max(heat), count(heat) FROM p WHERE x > 4",
        "SELECT max(heat) FROM p",
        "SELECT actin, sum(dna) FROM p WHERE x BETWEEN 10 AND 40 AND y < 30 GROUP BY actin",
        "SELECT image, count(*) FROM p WHERE dna > 100 AND actin IN (1, 2, 3) GROUP BY image",
        "SELECT z, t, series, count(*) FROM p WHERE well <> 'A01' GROUP BY z, t, series",
        "SELECT DISTINCT actin FROM p WHERE NOT (dna < 50 OR actin = 7)",
        "SELECT image, y, x, dna FROM p WHERE well LIKE 'A%' AND y >= 60 AND dna <= 10",
        "SELECT y, sum(dna) FROM p WHERE x = 5 GROUP BY y",
        "SELECT count(DISTINCT dna) FROM p",
        "SELECT sum(dna * actin) FROM p WHERE image = 'B01'",
        "SELECT count(*) FROM p WHERE x < 0",
        "SELECT count(*) FROM p WHERE x >= 1.5 AND x < 2.5 AND heat = heat",
        "SELECT count(*) FROM p WHERE heat > 0.25 OR heat IS NULL",
        "SELECT count(*) FROM p WHERE actin = 3 AND x <> 7 AND y NOT IN (1, 2)",
        "SELECT round(stddev_pop(dna), 6), round(corr(dna, actin), 9) FROM p WHERE y > 20"
      })
  void rowsEqualThoseWithoutPushDown(String sql) {
    pixels().createOrReplaceTempView("p");
    List<String> pushed = rows(sql);
    unpushed().createOrReplaceTempView("p");
    List<String> plain = rows(sql);
    assertThat(pushed).isEqualTo(plain);
  }

  private static List<String> rows(String sql) {
    return LocalSpark.session().sql(sql).collectAsList().stream()
        .map(r -> r.mkString(" "))
        .sorted()
        .toList();
  }

  @Test
  void planShowsAggregatesRegionAndPredicates() {
    String plan =
        MicroscopySourceTest.explain(
            pixels()
                .where("x between 10 and 40 and y < 30 and well = 'A02' and dna > 7")
                .groupBy("image", "dna", "actin")
                .count());
    assertThat(plan)
        .contains("aggregates=[COUNT(*)]")
        .contains("groupBy=[image, dna, actin]")
        .contains("channels=[dna, actin]")
        .contains("tiles=3")
        .contains("well");
    assertThat(plan).doesNotContain("Filter (");
  }

  @Test
  void aChannelThatIsNotAskedForIsNotRead() {
    assertThat(MicroscopySourceTest.explain(pixels().select("image", "actin")))
        .contains("channels=[actin]");
  }

  @Test
  void predicatesOnGroupsSkipFiles() {
    assertThat(MicroscopySourceTest.explain(pixels().where("well = 'none'").select("dna")))
        .contains("tiles=0");
  }

  @Test
  void positionsAreNoGroupsOfTheReader() {
    assertThat(MicroscopySourceTest.explain(pixels().groupBy("y").count()))
        .doesNotContain("aggregates=");
  }
}
