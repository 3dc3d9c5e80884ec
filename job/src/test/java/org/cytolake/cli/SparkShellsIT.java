package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                    + " GROUP BY well ORDER BY well;"));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text()).contains("B02\t236160\t2").contains("B03\t236160\t2");
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
}
