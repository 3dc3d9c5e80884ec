package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.PlaneHistograms;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates that the reader finishes: claimed where it can, equal to Spark's own everywhere. */
final class PlanePushDownTest {
  private static final String FINISHED = "finished a plane at a time";
  private static final int WIDTH = PushDownImages.WIDTH;
  private static final int HEIGHT = PushDownImages.HEIGHT;

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws IOException {
    PushDownImages.write(folder);
  }

  private static List<String> rows(Dataset<Row> rows) {
    Dataset<Row> plain = rows;
    for (var field : rows.schema().fields()) {
      if (field.dataType().catalogString().equals("binary")) {
        plain = plain.withColumn(field.name(), functions.hex(functions.col(field.name())));
      }
    }
    return plain.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static Dataset<Row> run(String sql, String images, boolean pushDown) {
    return PushDownImages.run(folder, sql, images, pushDown);
  }

  private static final String ALL =
      "histogram(cells) AS h, joint_histogram(nuclei, cells) AS j, joint_histogram(cells, cells) AS"
          + " k, plane_histograms(array(array(0, 1)), nuclei, cells) AS p, count(*), count(cells),"
          + " sum(nuclei), min(nuclei), max(cells), avg(nuclei), avg(cells)";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uint8|SELECT image, ALL FROM p GROUP BY image",
        "int8|SELECT image, ALL FROM p GROUP BY image",
        "uint16|SELECT image, ALL FROM p GROUP BY image",
        "int16|SELECT image, ALL FROM p GROUP BY image",
        "uint8|SELECT t, z, series, image, ALL FROM p GROUP BY image, series, z, t",
        "uint8|SELECT image, ALL FROM p WHERE x BETWEEN 10 AND 80 AND y > 7 GROUP BY image",
        "uint16|SELECT image, ALL FROM p WHERE x < 30 AND y < 9 GROUP BY image",
        "int16|SELECT image, ALL FROM p WHERE nuclei > 100 AND cells <> 3 GROUP BY image",
        "uint8|SELECT image, ALL FROM p WHERE nuclei > 1000 GROUP BY image",
        "uint8|SELECT ALL, image FROM p WHERE image = 'i1' GROUP BY image HAVING count(*) > 1",
        "stacks|SELECT image, z, t, ALL FROM p GROUP BY image, z, t",
        "stacks|SELECT image, z, t, ALL FROM p WHERE z = 1 AND y > 3 GROUP BY image, z, t",
        "broken|SELECT image, ALL FROM p GROUP BY image",
        "broken|SELECT corrupt, image, ALL FROM p GROUP BY image, corrupt",
        "wide|SELECT image, well, histogram(f), histogram(l), histogram(d), joint_histogram(f, d),"
            + " joint_histogram(l, f), max(f), min(d), avg(l), sum(l), count(f) FROM p GROUP BY"
            + " image, well"
      })
  void finishedRowsAreThoseOfSpark(String images, String query) {
    String sql = query.replace("ALL", ALL);
    Dataset<Row> pushed = run(sql, images, true);
    assertThat(MicroscopySourceTest.explain(pushed))
        .contains(FINISHED)
        .doesNotContain("Aggregate(");
    List<String> rows = rows(pushed);
    Dataset<Row> plain = run(sql, images, false);
    assertThat(MicroscopySourceTest.explain(plain)).doesNotContain(FINISHED);
    assertThat(rows).isEqualTo(rows(plain));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stacks|SELECT image, histogram(nuclei) FROM p GROUP BY image",
        "stacks|SELECT image, z, histogram(nuclei) FROM p GROUP BY image, z",
        "uint8|SELECT histogram(nuclei) FROM p",
        "uint8|SELECT series, histogram(nuclei) FROM p GROUP BY series",
        "uint8|SELECT image, nuclei, histogram(cells) FROM p GROUP BY image, nuclei",
        "uint8|SELECT image, y, histogram(cells) FROM p GROUP BY image, y",
        "uint8|SELECT image, histogram(DISTINCT cells) FROM p GROUP BY image",
        "uint8|SELECT image, histogram(cells + 1) FROM p GROUP BY image",
        "uint8|SELECT image, histogram(x) FROM p GROUP BY image",
        "uint8|SELECT image, histogram(cells) FILTER (WHERE x > 4) FROM p GROUP BY image",
        "uint8|SELECT image, histogram(cells), count(DISTINCT cells) FROM p GROUP BY image",
        "uint8|SELECT image, histogram(cells), skewness(cells) FROM p GROUP BY image",
        "uint8|SELECT image, corr(cells, nuclei) FILTER (WHERE x > 4) FROM p GROUP BY image",
        "uint8|SELECT image, var_pop(cells * 2) FROM p GROUP BY image",
        "uint8|SELECT image, percentile(cells, 0.5, nuclei) FROM p GROUP BY image",
        "uint8|SELECT image, percentile_cont(0.3) WITHIN GROUP (ORDER BY cells DESC) FROM p GROUP"
            + " BY image",
        "wide|SELECT image, percentile(f, 0.5) FROM p GROUP BY image",
        "stacks|SELECT z, stddev(cells) FROM p GROUP BY z",
        "uint8|SELECT image, histogram(cells) FROM p WHERE nuclei * x > 4 GROUP BY image",
        "broken|SELECT image, histogram(cells) FROM p WHERE corrupt IS NULL GROUP BY image"
      })
  void whatTheReaderCannotFinishIsSparks(String images, String sql) {
    Dataset<Row> pushed = run(sql, images, true);
    assertThat(MicroscopySourceTest.explain(pushed))
        .doesNotContain("finished")
        .contains("Aggregate(");
    List<String> rows = rows(pushed);
    assertThat(rows).isNotEmpty().isEqualTo(rows(run(sql, images, false)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uint8", "int8", "uint16", "int16"})
  void histogramsAreThoseOfTheSamplesWritten(String type) {
    List<Row> rows =
        run(
                "SELECT image, plane_histograms(array(array(1, 0)), nuclei, cells) FROM p GROUP BY"
                    + " image",
                type,
                true)
            .collectAsList();
    assertThat(rows).hasSize(3);
    for (Row row : rows) {
      int seed = 100 * Integer.parseInt(row.getString(0).substring(1));
      double[][] samples = new double[2][WIDTH * HEIGHT];
      for (int i = 0; i < WIDTH * HEIGHT; i++) {
        for (int c = 0; c < 2; c++) {
          samples[c][i] = PushDownImages.pattern(type, seed).at(0, c, 0, 0, i / WIDTH, i % WIDTH);
        }
      }
      long[] ones = IntStream.range(0, WIDTH * HEIGHT).mapToLong(i -> 1).toArray();
      PlaneHistograms plane = PlaneHistograms.of((byte[]) row.get(1));
      assertThat(plane.channels().get(0)).isEqualTo(Histogram.ofSamples(samples[0]));
      assertThat(plane.channels().get(1)).isEqualTo(Histogram.ofSamples(samples[1]));
      assertThat(plane.joint(1, 0))
          .isEqualTo(JointHistogram.of(new double[][] {samples[1], samples[0]}, ones));
    }
  }

  @Test
  void aFailedImageIsARowWithoutHistograms() {
    List<Row> rows =
        run(
                "SELECT image, corrupt, histogram(cells), plane_histograms(array(), nuclei),"
                    + " count(*) FROM p GROUP BY image, corrupt",
                "broken",
                true)
            .collectAsList();
    for (Row row : rows) {
      assertThat(row.isNullAt(2)).isEqualTo(!row.isNullAt(1)).isEqualTo(row.isNullAt(3));
    }
    assertThat(rows.stream().filter(row -> row.isNullAt(1)).map(row -> row.getString(0)))
        .contains("good");
    assertThat(rows.stream().filter(row -> !row.isNullAt(1)).map(row -> row.getString(0)))
        .contains("header", "pixels")
        .doesNotContain("good");
  }

  @Test
  void explainSaysWhatIsCounted() {
    assertThat(
            MicroscopySourceTest.explain(
                run(
                    "SELECT image, plane_histograms(array(array(0, 1)), nuclei, cells), avg(cells)"
                        + " FROM p GROUP BY image",
                    "uint8",
                    true)))
        .contains("aggregates=[plane_histograms(0-1, nuclei, cells), AVG(cells)]")
        .contains("groupBy=[image] " + FINISHED)
        .contains("channels=[nuclei, cells]");
  }

  private static MicroscopyTable table(String images) {
    SourceOptions options =
        SourceOptions.of(
            Map.of(
                "path",
                folder.resolve(images).toString(),
                "channels",
                "1=nuclei,2=cells",
                "tile-pixels",
                "1024",
                "mode",
                "PERMISSIVE"));
    var spark = LocalSpark.session();
    return new MicroscopyTable(
        spark, options, ImageCatalog.load(options, spark.sessionState().newHadoopConf(), spark));
  }

  @Test
  void sharesArePartitionsInOrder() {
    Dataset<Row> pixels =
        table("uint8").inShares(List.of(List.of("i2", "i0"), List.of(), List.of("i1"))).pixels();
    List<List<String>> expected = List.of(List.of("i2", "i0"), List.of(), List.of("i1"));
    Dataset<Row> finished = pixels.groupBy("image").agg(functions.expr("histogram(nuclei)"));
    assertThat(MicroscopySourceTest.explain(finished)).contains(FINISHED);
    assertThat(images(finished)).isEqualTo(expected);
    assertThat(images(pixels.select("image"))).isEqualTo(expected);
    assertThat(images(table("uint8").inShares(List.of(List.of("i1"))).pixels().where("x = 3")))
        .isEqualTo(List.of(List.of("i1")));
    assertThat(images(pixels.where("image = 'i1'").select("image")))
        .isEqualTo(List.of(List.of(), List.of(), List.of("i1")));
    assertThat(
            images(table("broken").inShares(List.of(List.of("header"), List.of("good"))).pixels()))
        .isEqualTo(List.of(List.of("header"), List.of("good")));
  }

  /** The images of each partition's rows. */
  private static List<List<String>> images(Dataset<Row> rows) {
    return rows.javaRDD().glom().collect().stream()
        .map(part -> part.stream().map(row -> row.<String>getAs("image")).distinct().toList())
        .toList();
  }

  @Test
  void sharesNameImagesOfTheTableOnce() {
    MicroscopyTable table = table("uint8");
    assertThatThrownBy(() -> table.inShares(List.of(List.of("i7"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'i7'");
    assertThatThrownBy(() -> table.inShares(List.of(List.of("i1"), List.of("i1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }
}
