package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged job with {@code output.format = iceberg}. */
final class IcebergIT {
  @TempDir Path folder;

  private List<String> analyze(Path input, String... more) {
    List<String> arguments =
        new ArrayList<>(
            Packaged.analyze(input, folder.resolve("tables"), "--set", "output.format=iceberg"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static Packaged.Ended submit(List<String> arguments) {
    try {
      return Packaged.run(Packaged.submitWithIceberg("local[1]", arguments));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Dataset<Row> table(String name) {
    return Packaged.icebergTable(folder.resolve("tables"), name);
  }

  private List<String> segment(Path input) {
    List<String> arguments = new ArrayList<>(List.of("segment", "--input", input.toString()));
    arguments.addAll(List.of("--pattern", Packaged.PATTERN, "--channels", Packaged.CHANNELS));
    arguments.addAll(List.of("--set", "output.label-images=[]", "--output", tables()));
    arguments.addAll(List.of("--set", "output.format=iceberg"));
    return arguments;
  }

  /** Links the sample images whose names have a part into a folder. */
  private static void link(Path folder, String part) throws IOException {
    try (var files = Files.list(Packaged.sampleImages())) {
      for (Path file : files.filter(f -> f.toString().contains(part)).toList()) {
        Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
      }
    }
  }

  private static void unlink(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void segmentedAndQueried() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    link(images, "_B02_");
    Packaged.Ended run = java(Packaged.javaWithIceberg(), segment(images));
    assertThat(run.code()).as(run.text()).isZero();
    assertThat(table("images").count()).isEqualTo(2);
    assertThat(table("nuclei").count()).isEqualTo(46);

    List<String> sql =
        List.of("sql", "SELECT count(*) AS n FROM nuclei", "-o", tables(), "--format", "csv");
    assertThat(java(Packaged.javaWithIceberg(), sql).text()).contains("n\n46\n");
    Packaged.Ended without = java(Packaged.java(), sql);
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.text()).contains("Iceberg's, which is not on the class path", "--packages");
    Packaged.Ended parquet =
        java(Packaged.java(), Packaged.analyze(images, folder.resolve("tables")));
    assertThat(parquet.code()).isEqualTo(2);
    assertThat(parquet.text()).contains("output.format = iceberg");
  }

  @Test
  @TakesMinutes
  void twoRunsAtOnceThenTheRestGiveTheTablesOfOneRun() throws Exception {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    link(first, "_B02_");
    link(second, "_B03_");
    CompletableFuture<Packaged.Ended> one =
        CompletableFuture.supplyAsync(() -> submit(analyze(first)));
    Packaged.Ended other = submit(analyze(second));
    assertThat(one.get().code()).as(one.get().text()).isZero();
    assertThat(other.code()).as(other.text()).isZero();
    assertThat(table("images").count()).isEqualTo(4);
    assertThat(table("nuclei").select("image").distinct().count()).isEqualTo(4);

    // the images have moved: the paths are others than the links'
    unlink(first);
    unlink(second);
    Packaged.Ended all = submit(analyze(Packaged.sampleImages(), "--set", "report.enabled=true"));
    assertThat(all.code()).as(all.text()).isZero();
    assertThat(all.text()).contains("6 images analysed, 0 unchanged");
    assertThat(folder.resolve("tables/report/index.html")).isNotEmptyFile();
    Path parquet = Packaged.sampleRun().output();
    assertThat(Packaged.rows(this::table, image -> true)).isEqualTo(Packaged.rows(parquet));
    Packaged.Ended again = submit(analyze(Packaged.sampleImages()));
    assertThat(again.text()).contains("0 images analysed, 6 unchanged");
    assertThat(java(Packaged.javaWithIceberg(), List.of("report", "-o", tables())).code()).isZero();
  }

  private String tables() {
    return folder.resolve("tables").toString();
  }

  private static Packaged.Ended java(List<String> java, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(java);
    command.addAll(arguments);
    return Packaged.run(new ProcessBuilder(command).redirectErrorStream(true));
  }
}
