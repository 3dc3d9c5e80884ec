package org.cytolake.cli;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data source in Spark's own shells with nothing but the jar. */
final class SparkShellsIT {
  @TempDir Path folder;

  private ProcessBuilder spark(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Packaged.sparkHome().resolve("bin").resolve(program).toString());
    command.addAll(List.of("--master", "local[2]", "--jars", Packaged.JAR.toString()));
    command.addAll(List.of("--conf", "spark.ui.enabled=false"));
    command.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
    command.addAll(List.of("--conf", "spark.log.level=ERROR"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_HOME", Packaged.sparkHome().toString());
    String python = System.getProperty("cytolake.python");
    builder.environment().put("PYSPARK_PYTHON", python);
    builder.environment().put("PYSPARK_DRIVER_PYTHON", python);
    return builder;
  }

  @Test
  void sparkSql() throws Exception {
    String table =
        "CREATE TABLE pixels USING microscopy OPTIONS (path '%s', pattern '%s', channels '%s');"
            .formatted(
                Packaged.sampleImages(), Packaged.PATTERN.replace("\\", "\\\\"), Packaged.CHANNELS);
    Packaged.Ended ended =
        Packaged.run(
            spark(
                "spark-sql",
                "-e",
                table
                    + " SELECT well, count(*), count(DISTINCT image) FROM pixels"
                    + " GROUP BY well ORDER BY well;"
                    // counts that Spark merges, by a class loader which does not have the jar
                    + " SELECT 'all', histogram_count(histogram(nuclei)), max(nuclei),"
                    + " cardinality(joint_histogram(nuclei, cytoplasm)),"
                    + " length(plane_histograms(array(array(0, 1)), nuclei, cytoplasm)) > 0 FROM"
                    + " pixels; SELECT 'tuples', max(nuclei), count(DISTINCT nuclei, cytoplasm)"
                    + " FROM pixels;"));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text()).contains("B02\t236160\t2").contains("B03\t236160\t2");
    List<String> all = fields(ended.text(), "all");
    List<String> tuples = fields(ended.text(), "tuples");
    assertThat(all).containsExactly("all", "708480", tuples.get(1), tuples.get(2), "true");
  }

  private static List<String> fields(String text, String first) {
    return text.lines()
        .filter(line -> line.startsWith(first + "\t"))
        .map(line -> List.of(line.split("\t")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(text));
  }

  private static String example(String name) throws IOException {
    try (InputStream in =
        SparkShellsIT.class.getResourceAsStream("/org/cytolake/sql/examples/" + name + ".sql")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The documented statements over files give what the tables of analyze say. */
  @Test
  void examplesOfTheSqlFunctions() throws Exception {
    String view =
        "CREATE TEMPORARY VIEW pixels USING microscopy OPTIONS (path '%s', pattern '%s', channels '%s');"
            .formatted(
                Packaged.sampleImages(), Packaged.PATTERN.replace("\\", "\\\\"), Packaged.CHANNELS);
    Path script =
        Files.writeString(
            folder.resolve("examples.sql"),
            view
                + example("stained_area_per_well")
                + ";"
                + example("mean_intensity_per_image")
                + ";"
                + example("pearson_per_image")
                + "; DESCRIBE FUNCTION EXTENDED histogram_otsu;");
    Packaged.Ended ended = Packaged.run(spark("spark-sql", "-f", script.toString()));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text()).contains("Function: histogram_otsu", "Examples:");
    Path output = Packaged.sampleRun().output();
    Dataset<Row> stats = Packaged.table(output, "channel_stats").where("region = 'image'");
    for (Row well :
        stats
            .where("channel = 'nuclei'")
            .groupBy("well")
            .agg(expr("count(*)"), expr("sum(bigint(round(stained_fraction * pixels)))"))
            .collectAsList()) {
      assertThat(ended.text())
          .contains(well.get(0) + "\t" + well.get(1) + "\t" + well.get(2) + "\t");
    }
    for (Row image :
        stats
            .groupBy("image")
            .agg(
                expr("first(pixels)"),
                expr("max(mean) FILTER (WHERE channel = 'nuclei')"),
                expr("max(mean) FILTER (WHERE channel = 'cytoplasm')"))
            .collectAsList()) {
      String line = image.get(0) + "\t" + image.get(1) + "\t";
      double[] means = numbers(ended.text(), line);
      assertThat(means[0]).isCloseTo(image.getDouble(2), withinPercentage(1e-7));
      assertThat(means[1]).isCloseTo(image.getDouble(3), withinPercentage(1e-7));
    }
    for (Row image :
        Packaged.table(output, "colocalization")
            .where("region = 'image' and nucleus is null")
            .select("image", "pearson")
            .collectAsList()) {
      double pearson =
          ended
              .text()
              .lines()
              .filter(l -> l.startsWith(image.get(0) + "\t") && l.split("\t", -1).length == 2)
              .mapToDouble(l -> Double.parseDouble(l.split("\t", -1)[1]))
              .findFirst()
              .orElseThrow();
      assertThat(pearson).isCloseTo(image.getDouble(1), withinPercentage(1e-7));
    }
  }

  /** The numbers of the line behind its start. */
  private static double[] numbers(String text, String start) {
    String line =
        text.lines().filter(l -> l.startsWith(start)).findFirst().orElseThrow(AssertionError::new);
    return Arrays.stream(line.substring(start.length()).split("\t", -1))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Test
  void pySpark() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("ask.py"),
            """
            import sys
            from pyspark.sql import SparkSession
            spark = SparkSession.builder.getOrCreate()
            pixels = (spark.read.format("microscopy").option("pattern", sys.argv[2])
                .option("channels", sys.argv[3]).load(sys.argv[1]))
            joint = pixels.groupBy("image", "nuclei", "cytoplasm").count()
            joint.explain()
            print("images", joint.select("image").distinct().count())
            print("pixels", joint.groupBy().sum("count").first()[0] == pixels.count())
            """);
    Packaged.Ended ended =
        Packaged.run(
            spark(
                "spark-submit",
                script.toString(),
                Packaged.sampleImages().toString(),
                Packaged.PATTERN,
                Packaged.CHANNELS));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text())
        .contains("images 6")
        .contains("pixels True")
        .contains("groupBy=[image, nuclei, cytoplasm]");
  }

  @Test
  void tilesInNumpy() throws Exception {
    Path script = Path.of("src/test/python/tile_rows.py").toAbsolutePath();
    Packaged.Ended ended =
        Packaged.run(
            spark(
                "spark-submit",
                script.toString(),
                Packaged.sampleImages().toString(),
                Packaged.PATTERN,
                Packaged.CHANNELS));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text().lines())
        .contains(
            "tiles mapInArrow equal all True",
            "tiles mapInPandas equal all True",
            "images mapInArrow equal all True",
            "images mapInPandas equal all True");
  }
}
