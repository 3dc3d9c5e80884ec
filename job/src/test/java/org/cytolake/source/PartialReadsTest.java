package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/** Joins, LIMIT and TABLESAMPLE read a part: what the metrics count. */
final class PartialReadsTest {
  private static final int SIDE = 512;

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws Exception {
    Path plate = Files.createDirectory(folder.resolve("plate"));
    List<Row> map = new ArrayList<>();
    for (char row = 'A'; row <= 'F'; row++) {
      for (int column = 1; column <= 8; column++) {
        String well = String.format("%c%02d", row, column);
        map.add(RowFactory.create(well, well.equals("C05") ? "drug" : "none"));
        for (String channel : List.of("dna", "actin")) {
          TestImages.write(
              plate.resolve(well + "_" + channel + ".tif"),
              TestImages.Spec.of(
                  20, 16, "uint8", (s, c, z, t, y, x) -> (well.hashCode() + x + y) & 0xff));
        }
      }
    }
    spark()
        .createDataFrame(
            map,
            new StructType()
                .add("place", DataTypes.StringType)
                .add("compound", DataTypes.StringType))
        .coalesce(1)
        .write()
        .parquet(folder.resolve("map").toString());
    Path large = Files.createDirectory(folder.resolve("large"));
    for (String name : List.of("a", "b")) {
      TestImages.write(
          large.resolve(name + ".ome.tif"),
          TestImages.Spec.of(SIDE, SIDE, "uint16", (s, c, z, t, y, x) -> 64 * y + x)
              .tiled(32, "zlib"));
    }
    MicroscopySourceTest.read(
            plate,
            Map.of(
                "pattern", "(?<well>[A-F]\\d\\d)_(?<channel>[a-z]+)\\.tif",
                "channels", "dna=dna,actin=actin"))
        .createOrReplaceTempView("plate_pixels");
    spark()
        .read()
        .parquet(folder.resolve("map").toString())
        .createOrReplaceTempView("plate_map_rows");
    MicroscopySourceTest.read(large, Map.of("channels", "1=dna"))
        .createOrReplaceTempView("large_pixels");
  }

  private static SparkSession spark() {
    return LocalSpark.session();
  }

  private static long metric(Dataset<Row> done, String name) {
    return scans(done.queryExecution().executedPlan()).stream()
        .filter(scan -> scan.metrics().contains(name))
        .mapToLong(scan -> scan.metrics().apply(name).value())
        .sum();
  }

  private static List<BatchScanExec> scans(SparkPlan plan) {
    List<BatchScanExec> scans = new ArrayList<>();
    if (plan instanceof BatchScanExec scan) {
      scans.add(scan);
    } else if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      scans.addAll(scans(adaptive.executedPlan()));
    } else if (plan instanceof QueryStageExec stage) {
      scans.addAll(scans(stage.plan()));
    }
    CollectionConverters.asJava(plan.children()).forEach(child -> scans.addAll(scans(child)));
    return scans;
  }

  private static <T> T with(Map<String, String> settings, Supplier<T> work) {
    Map<String, String> before = new java.util.HashMap<>();
    settings.forEach(
        (key, value) -> {
          before.put(key, spark().conf().get(key));
          spark().conf().set(key, value);
        });
    try {
      return work.get();
    } finally {
      before.forEach(spark().conf()::set);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT well, max(dna), count(*) FROM plate_pixels JOIN plate_map_rows ON well = place"
            + " WHERE compound = 'drug' GROUP BY well",
        "SELECT image, x, y, dna FROM plate_pixels JOIN plate_map_rows ON well = place WHERE"
            + " compound = 'drug' AND x < 10",
        "SELECT image, x, y, dna FROM plate_pixels WHERE well IN (SELECT place FROM plate_map_rows"
            + " WHERE compound LIKE 'dr%')",
        "SELECT p.well, a, compound FROM (SELECT well, avg(dna) AS a FROM plate_pixels GROUP BY"
            + " well) p JOIN plate_map_rows ON well = place WHERE compound = 'drug'"
      })
  void aJoinReadsTheWellsThatMatch(String sql) {
    for (Map<String, String> settings :
        List.of(
            Map.<String, String>of(),
            Map.of(
                "spark.sql.autoBroadcastJoinThreshold",
                "-1",
                "spark.sql.optimizer.dynamicPartitionPruning.reuseBroadcastOnly",
                "false"))) {
      Dataset<Row> pruned =
          with(
              settings,
              () -> {
                Dataset<Row> rows = spark().sql(sql);
                rows.collectAsList();
                return rows;
              });
      assertThat(MicroscopySourceTest.explain(pruned))
          .contains("RuntimeFilters: [dynamicpruning")
          .contains(settings.isEmpty() ? "BroadcastHashJoin" : "SortMergeJoin");
      assertThat(metric(pruned, "planesRead")).isEqualTo(1);
      assertThat(metric(pruned, "imagesSkipped")).isEqualTo(47);
      List<String> all =
          with(
              Map.of("spark.sql.optimizer.dynamicPartitionPruning.enabled", "false"),
              () -> {
                Dataset<Row> rows = spark().sql(sql);
                List<String> got = texts(rows.collectAsList());
                assertThat(metric(rows, "planesRead")).isEqualTo(48);
                return got;
              });
      assertThat(texts(pruned.collectAsList())).isNotEmpty().isEqualTo(all);
    }
  }

  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(Row::toString).sorted().toList();
  }

  @Test
  void aJoinThatMatchesNothingOpensNothing() {
    Dataset<Row> rows =
        spark()
            .sql(
                "SELECT count(*), sum(dna) FROM plate_pixels JOIN plate_map_rows ON well = place"
                    + " WHERE compound = 'poison'");
    assertThat(rows.collectAsList().toString()).isEqualTo("[[0,null]]");
    assertThat(metric(rows, "planesRead")).isZero();
  }

  @Test
  void aLimitReadsTheRowsThatAreEnough() {
    Dataset<Row> ten = spark().sql("SELECT image, x, dna FROM large_pixels LIMIT 10");
    assertThat(ten.collectAsList())
        .hasSize(10)
        .allSatisfy(row -> assertThat(row.getInt(2)).isEqualTo(row.getInt(1)));
    assertThat(MicroscopySourceTest.explain(ten)).contains("limit=10").contains("tiles=1");
    assertThat(metric(ten, "pixelsDecoded")).isEqualTo(SIDE);
    Dataset<Row> inside =
        spark().sql("SELECT max(y), min(dna) >= 0 FROM (SELECT * FROM large_pixels LIMIT 1000)");
    assertThat(inside.collectAsList().toString()).isEqualTo("[[1,true]]");
    assertThat(metric(inside, "pixelsDecoded")).isEqualTo(2 * SIDE);
    Dataset<Row> second =
        spark().sql("SELECT dna FROM large_pixels WHERE image = 'b' AND y >= 7 LIMIT 600");
    assertThat(second.collectAsList())
        .hasSize(600)
        .allSatisfy(row -> assertThat(row.getInt(0)).isGreaterThanOrEqualTo(7 * 64));
    assertThat(metric(second, "pixelsDecoded")).isEqualTo(2 * SIDE);
    assertThat(spark().sql("SELECT x FROM large_pixels WHERE dna > 30000 LIMIT 7").collectAsList())
        .hasSize(7);
    assertThat(
            spark().sql("SELECT * FROM large_pixels LIMIT 600000").groupBy().count().first().get(0))
        .isEqualTo(2L * SIDE * SIDE);
    assertThat(
            spark()
                .sql("SELECT image, count(*) AS n FROM large_pixels GROUP BY image LIMIT 1")
                .collectAsList()
                .get(0)
                .get(1))
        .isEqualTo((long) SIDE * SIDE);
  }

  @Test
  void aSampleReadsTheBlocksItTakes() {
    String sampled = "large_pixels TABLESAMPLE (25 PERCENT) REPEATABLE (7)";
    Dataset<Row> rows = spark().sql("SELECT image, y, x, dna FROM " + sampled);
    List<Row> pixels = rows.collectAsList();
    assertThat(MicroscopySourceTest.explain(rows))
        .contains("sample=[0.0, 0.25) of blocks")
        .doesNotContain("Sample ");
    assertThat(metric(rows, "pixelsDecoded")).isEqualTo(pixels.size());
    assertThat(pixels)
        .allSatisfy(r -> assertThat(r.getInt(3)).isEqualTo(64 * r.getInt(1) + r.getInt(2)));
    assertThat(texts(pixels)).doesNotHaveDuplicates();
    // 128 blocks of 64 x 64 pixels: the share's standard deviation is 0.038
    assertThat(pixels.size() / (2.0 * SIDE * SIDE)).isCloseTo(0.25, within(0.15));
    Row sums = spark().sql("SELECT count(*), sum(dna) FROM " + sampled).first();
    assertThat(sums.getLong(0)).isEqualTo(pixels.size());
    assertThat(sums.getLong(1)).isEqualTo(pixels.stream().mapToLong(r -> r.getInt(3)).sum());
    assertThat(
            texts(
                spark()
                    .sql("SELECT image, y, x, dna FROM " + sampled + " WHERE x >= 33 AND y < 300")
                    .collectAsList()))
        .isEqualTo(
            texts(pixels.stream().filter(r -> r.getInt(2) >= 33 && r.getInt(1) < 300).toList()));
    double mean = 0;
    for (int seed = 0; seed < 40; seed++) {
      mean += spark().table("large_pixels").sample(0.25, seed).count() / (2.0 * SIDE * SIDE) / 40;
    }
    assertThat(mean).isCloseTo(0.25, within(5 * 0.0061));
  }

  @Test
  void tilesAreSampledAndLimitedWhole() {
    Dataset<Row> tiles =
        MicroscopySourceTest.read(
            folder.resolve("large"),
            Map.of("channels", "1=dna", "rows", "tiles", "tile-pixels", "4096"));
    assertThat(tiles.count()).isEqualTo(128);
    Dataset<Row> three = tiles.limit(3);
    assertThat(three.collectAsList()).hasSize(3);
    assertThat(metric(three, "planesRead")).isEqualTo(3);
    Dataset<Row> half = tiles.sample(0.5, 3);
    int taken = half.collectAsList().size();
    assertThat(taken).isBetween(32, 96);
    assertThat(metric(half, "planesRead")).isEqualTo(taken);
  }
}
