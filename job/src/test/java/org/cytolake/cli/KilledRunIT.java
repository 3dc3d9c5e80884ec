package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is killed (SIGKILL) in the third of five batches, and started again. */
final class KilledRunIT {
  private static final int BATCHES = 5; // of an image each
  private static final Pattern COMMITTED = Pattern.compile("moving files into place: [\\d.]+ s");

  @TempDir Path folder;

  private ProcessBuilder analyze(String format, Path images, Path output) throws IOException {
    List<String> arguments =
        Packaged.analyze(
            images,
            output,
            "--set",
            "run.batch-images=1",
            "--set",
            "output.format=" + format,
            "--set",
            "output.label-images=[nuclei]",
            "--set",
            "report.enabled=true");
    return format.equals("iceberg")
        ? Packaged.submitWithIceberg("local[2]", arguments)
        : Packaged.submit("local[2]", arguments);
  }

  private static Function<String, Dataset<Row>> tables(String format, Path output) {
    return format.equals("iceberg")
        ? name -> Packaged.icebergTable(output, name)
        : name -> Packaged.table(output, name);
  }

  private Path images() throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(Packaged.sampleImages())) {
      all.sorted().limit(2L * BATCHES).forEach(files::add);
    }
    for (Path file : files) {
      Files.copy(file, images.resolve(file.getFileName()));
    }
    return images;
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "iceberg"})
  @TakesMinutes
  void inTheThirdOfFiveBatches(String format) throws Exception {
    Path images = images();
    Path whole = folder.resolve("whole");
    Packaged.Ended undisturbed = Packaged.run(analyze(format, images, whole));
    assertThat(undisturbed.code()).as(undisturbed.text()).isZero();

    Path output = folder.resolve("killed");
    killAfterSecondBatch(analyze(format, images, output));
    assertThat(tables(format, output).apply("images").count()).isEqualTo(2);
    assertThat(tables(format, output).apply("channel_stats").select("image").distinct().count())
        .isEqualTo(2);

    Packaged.Ended again = Packaged.run(analyze(format, images, output));
    assertThat(again.code()).as(again.text()).isZero();
    assertThat(again.text()).contains("3 images analysed, 2 unchanged");
    assertThat(Packaged.rows(tables(format, output), i -> true))
        .isEqualTo(Packaged.rows(tables(format, whole), i -> true));
    assertThat(labels(output)).hasSize(BATCHES).isEqualTo(labels(whole));
    assertThat(output.resolve("report/index.html")).isNotEmptyFile();
    Path staging = output.resolve("_staging");
    if (Files.exists(staging)) {
      try (Stream<Path> left = Files.list(staging)) {
        assertThat(left).isEmpty();
      }
    }
  }

  /** Name and content of the label images of nuclei. */
  private static List<String> labels(Path output) throws IOException {
    List<String> labels = new ArrayList<>();
    try (Stream<Path> files = Files.walk(output.resolve("labels"))) {
      for (Path file :
          files.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        labels.add(file.getFileName() + " " + Arrays.hashCode(bytes));
      }
    }
    return labels;
  }

  /** Ends the process, and its JVM, at once when the third batch is under way. */
  private static void killAfterSecondBatch(ProcessBuilder builder) throws Exception {
    Path log = Files.createTempFile("cytolake", ".log");
    Process process = builder.redirectOutput(log.toFile()).start();
    while (process.isAlive() && count(Files.readString(log)) < 2) {
      Thread.sleep(10);
    }
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
    assertThat(count(Files.readString(log))).as(Files.readString(log)).isEqualTo(2);
    Files.delete(log);
  }

  private static int count(String text) {
    return (int) COMMITTED.matcher(text).results().count();
  }
}
