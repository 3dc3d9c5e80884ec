package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
  private static final int WIDTH = 97;
  private static final int HEIGHT = 61;

  @TempDir static Path folder;

  private static TestImages.Pattern pattern(String type, int seed) {
    int range = type.endsWith("8") ? 256 : 40_000;
    int low = type.startsWith("u") ? 0 : -range / 2;
    return (s, c, z, t, y, x) ->
        low + Math.floorMod(x * (7 + c) + y * y * (3 + z + 2 * t) + c * x * y + seed, range);
  }

  @BeforeAll
  static void write() throws IOException {
    for (String type : List.of("uint8", "int8", "uint16", "int16")) {
      Path images = Files.createDirectory(folder.resolve(type));
      for (int i = 0; i < 3; i++) {
        TestImages.write(
            images.resolve("i" + i + ".ome.tif"),
            TestImages.Spec.of(WIDTH, HEIGHT, type, pattern(type, 100 * i)).channels(2));
      }
    }
    Path stacks = Files.createDirectory(folder.resolve("stacks"));
    TestImages.write(
        stacks.resolve("a.ome.tif"),
        TestImages.Spec.of(40, 50, "uint16", pattern("uint16", 1)).channels(2).zt(3, 2).series(2));
    Path wide = Files.createDirectory(folder.resolve("wide"));
    for (String type : List.of("float", "uint32", "double")) {
      TestImages.write(
          wide.resolve("A01_" + type + ".ome.tif"),
          TestImages.Spec.of(
              WIDTH,
              HEIGHT,
              type,
              (s, c, z, t, y, x) ->
                  type.equals("uint32")
                      ? 4_000_000_000.0 + x * y % 9
                      : x == 3
                          ? Double.NaN
                          : x == 4 ? -0.0 : x == 5 ? 1 / 0.0 : Math.floorMod(x * y, 5) / 4.0 - 1));
    }
    Path broken = Files.createDirectory(folder.resolve("broken"));
    for (String name : List.of("good", "header", "pixels")) {
      TestImages.write(
          broken.resolve(name + ".ome.tif"),
          TestImages.Spec.of(WIDTH, HEIGHT, "uint16", pattern("uint16", 5)).channels(2));
    }
    Files.write(broken.resolve("header.ome.tif"), new byte[] {1, 2, 3});
    Path damaged = broken.resolve("pixels.ome.tif");
    byte[] bytes = Files.readAllBytes(damaged);
    Files.write(damaged, Arrays.copyOf(bytes, 8 + WIDTH * HEIGHT));
  }

  private static Dataset<Row> pixels(String images, boolean pushDown) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("channels", "1=nuclei,2=cells");
    options.put("tile-pixels", "1024");
    options.put("push-down", String.valueOf(pushDown));
    if (images.equals("wide")) {
      options.put("pattern", "(?<well>[A-P]\\d\\d)_(?<channel>[a-z0-9]+)\\.ome\\.tif");
      options.put("channels", "float=f,uint32=l,double=d");
    }
    if (images.equals("broken")) {
      options.put("mode", "PERMISSIVE");
    }
    return MicroscopySourceTest.read(folder.resolve(images), options);
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
    pixels(images, pushDown).createOrReplaceTempView("p");
    return LocalSpark.session().sql(sql);
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
          samples[c][i] = pattern(type, seed).at(0, c, 0, 0, i / WIDTH, i % WIDTH);
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
