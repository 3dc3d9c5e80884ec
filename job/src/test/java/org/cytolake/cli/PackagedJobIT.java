package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged job under spark-submit: local, on a cluster, broken, killed, run again. */
final class PackagedJobIT {
  @TempDir static Path folder;

  private static Path local;
  private static Packaged.Ended first;

  @BeforeAll
  static void runOnSampleData() throws Exception {
    local = Packaged.sampleRun().output();
    first = Packaged.sampleRun().ended();
  }

  @Test
  void localRunSaysWhatItFound() {
    assertThat(first.code()).as(first.text()).isZero();
    assertThat(first.text())
        .contains("6 images analysed, 0 unchanged, 0 failed (12 files seen, 0 ignored)")
        .contains("nuclei    448,")
        .contains("tables    " + local);
  }

  /** As many as Python StarDist finds with the same weights: sample-data/golden. */
  @Test
  void nucleiOfEveryImage() throws IOException {
    JsonNode golden =
        new ObjectMapper()
            .readTree(Packaged.ROOT.resolve("sample-data/golden/golden.json").toFile());
    Map<String, Long> expected = new TreeMap<>();
    for (JsonNode image : golden.get("images")) {
      expected.put(
          image.get("image").asText().replace("_f", "_"), image.get("stardist_count").asLong());
    }
    Map<String, Long> counts = new TreeMap<>();
    Packaged.table(local, "nuclei")
        .groupBy("image")
        .count()
        .collectAsList()
        .forEach(r -> counts.put(r.getString(0), r.getLong(1)));
    assertThat(counts).hasSize(6).isEqualTo(expected);
  }

  @Test
  void onlyTablesAndTheirBookkeepingAreOnDisk() throws IOException {
    try (Stream<Path> files = Files.walk(local)) {
      assertThat(files.filter(Files::isRegularFile).map(f -> local.relativize(f).toString()))
          .allMatch(
              f ->
                  f.matches(
                      "[a-z0-9_]+/part-[\\w-]+\\.zstd\\.parquet|_layout\\.json|_runs/.*\\.json"
                          + "|report/index\\.html|report/cells/.*\\.png"),
              "a table's file, the layout, a manifest or the report");
    }
  }

  @Test
  void standaloneClusterGivesTheSameTables() throws Exception {
    Path output = folder.resolve("cluster");
    try (StandaloneCluster cluster = StandaloneCluster.start(folder.resolve("work"), 2)) {
      Packaged.Ended ended =
          Packaged.run(
              Packaged.submit(cluster.master(), Packaged.analyze(Packaged.sampleImages(), output)));
      assertThat(ended.code()).as(ended.text()).isZero();
    }
    assertThat(Packaged.rows(output)).isEqualTo(Packaged.rows(local));
  }

  @Test
  void twoOfTwelveFieldsBroken() throws Exception {
    Path images = Files.createDirectory(folder.resolve("twelve"));
    copy(images, "SYN001");
    copy(images, "SYN002");
    Path truncated = images.resolve("SYN002_B02_f1_nuclei.tif");
    byte[] bytes = Files.readAllBytes(truncated);
    Files.write(truncated, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    Files.delete(images.resolve("SYN002_B03_f2_cytoplasm.tif"));
    Path output = folder.resolve("broken");
    Packaged.Ended ended = Packaged.submitAndWait(Packaged.analyze(images, output));
    assertThat(ended.code()).as(ended.text()).isEqualTo(3);
    assertThat(ended.text())
        .contains("10 images analysed, 0 unchanged, 2 failed")
        .contains("SYN002_B02_1:")
        .contains("SYN002_B03_2:");
    assertThat(Packaged.table(output, "errors").select("image").collectAsList())
        .extracting(r -> r.getString(0))
        .containsExactlyInAnyOrder("SYN002_B02_1", "SYN002_B03_2");
    assertThat(Packaged.table(output, "images").where("status = 'ok'").count()).isEqualTo(10);
    assertThat(Packaged.table(output, "images").where("status = 'failed'").count()).isEqualTo(2);
    assertThat(Packaged.table(output, "channel_stats").count()).isEqualTo(40);
  }

  @Test
  void secondRunReadsOnlyWhatChanged() throws Exception {
    Path images = Files.createDirectory(folder.resolve("again"));
    copy(images, "SYN001");
    Path output = folder.resolve("again-tables");
    List<String> arguments = Packaged.analyze(images, output);
    assertThat(Packaged.submitAndWait(arguments).code()).isZero();
    List<String> before = Packaged.rows(output);
    Packaged.Ended second = Packaged.submitAndWait(arguments);
    assertThat(second.code()).isZero();
    assertThat(second.text())
        .contains("0 images analysed, 6 unchanged")
        .doesNotContain("analysing images");
    assertThat(Packaged.rows(output)).isEqualTo(before);

    Files.copy(
        images.resolve("SYN001_B04_f1_nuclei.tif"),
        images.resolve("SYN001_B04_f2_nuclei.tif"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Packaged.Ended third = Packaged.submitAndWait(arguments);
    assertThat(third.text()).contains("1 images analysed, 5 unchanged");
    assertThat(Packaged.table(output, "images").count()).isEqualTo(6);
    assertThat(Packaged.rows(output, i -> !"SYN001_B04_2".equals(i)))
        .filteredOn(r -> !r.startsWith("cluster"))
        .isEqualTo(
            before.stream()
                .filter(r -> !r.startsWith("cluster") && !r.contains("SYN001_B04_2"))
                .toList());
  }

  private static void copy(Path images, String plate) throws IOException {
    try (Stream<Path> files = Files.list(Packaged.sampleImages())) {
      for (Path file : files.toList()) {
        Files.copy(file, images.resolve(file.getFileName().toString().replace("SYN001", plate)));
      }
    }
  }
}
