package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dry run, quiet, verbose, colour and the log file of the packaged jar. */
final class HabitsIT {
  @TempDir Path folder;

  private record Said(int code, String out, String err) {}

  private Said run(List<String> arguments, String... environment) throws Exception {
    List<String> command = new ArrayList<>(Packaged.java());
    command.addAll(arguments);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    for (String variable : environment) {
      builder.environment().put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
    }
    int code = builder.start().waitFor();
    return new Said(
        code,
        Files.readString(out),
        Files.readString(err).replaceAll("WARNING: Using incubator.*\n", ""));
  }

  private Path brokenScreen() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    try (Stream<Path> files = Files.list(Packaged.sampleImages())) {
      for (Path file : files.toList()) {
        Files.copy(file, images.resolve(file.getFileName()));
      }
    }
    Path truncated = images.resolve("SYN001_B02_f1_nuclei.tif");
    Files.write(truncated, Arrays.copyOf(Files.readAllBytes(truncated), 3000));
    Files.delete(images.resolve("SYN001_B03_f2_cytoplasm.tif"));
    return images;
  }

  @Test
  void dryRunShowsImagesAndFailuresAndWritesNothing() throws Exception {
    Path output = folder.resolve("tables");
    Said said = run(Packaged.analyze(brokenScreen(), output, "--dry-run"));
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.out())
        .containsPattern("SYN001_B02_2 +new +360 x 328 +1 +1 +uint16 +2")
        .contains("failed  SYN001_B02_1: ", "failed  SYN001_B03_2: ")
        .contains("4 images would be analysed, 0 are unchanged, 2 fail (11 files seen, 0 ignored)")
        .contains("472,320 in channels nuclei, cytoplasm")
        .containsPattern("  tasks     \\d+ in 1 batch\n")
        .contains("which holds none yet", "Nothing was written.")
        .doesNotContain("\u001b");
    assertThat(output).doesNotExist();
  }

  @Test
  void dryRunKnowsWhatIsDone() throws Exception {
    Path output = Packaged.sampleRun().output();
    List<String> same = Packaged.analyze(Packaged.sampleImages(), output, "-n");
    Said said = run(same);
    assertThat(said.code()).isZero();
    assertThat(said.out()).contains("0 images would be analysed, 6 are unchanged");
    same.addAll(List.of("--set", "histograms.bins=10", "--color", "always"));
    Said other = run(same);
    assertThat(other.out())
        .containsPattern("SYN001_B04_2 +settings changed +360 x 328")
        .contains("6 images would be analysed", "hold 6 images", "\u001b[1m");
  }

  @Test
  void quietSaysOnlyWhatFailed() throws Exception {
    List<String> arguments =
        Packaged.analyze(
            brokenScreen(),
            folder.resolve("tables"),
            "--quiet",
            "--set",
            "segmentation.enabled=false",
            "--set",
            "clustering.enabled=false",
            "--set",
            "density.enabled=false");
    Said said = run(arguments);
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.out()).isEmpty();
    assertThat(said.err().lines())
        .hasSize(2)
        .allMatch(l -> l.matches("  failed    SYN001_B0[23]_[12]: .*"));
  }

  @Test
  void logFileHasWhatTheTerminalHasNot() throws Exception {
    Path log = folder.resolve("run.log");
    List<String> arguments =
        Packaged.analyze(
            Packaged.sampleImages(),
            folder.resolve("tables"),
            "-n",
            "--log-file",
            log.toString(),
            "--conf",
            "spark.hadoop.fs.s3a.secret.key=hidden-words");
    Said said = run(arguments);
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err()).doesNotContain("INFO");
    assertThat(Files.readString(log))
        .contains("INFO [main] o.c.c.Main: analyze --input", "spark.hadoop.fs.s3a.secret.key=***")
        .contains("o.a.s.SparkContext: Running Spark version")
        .contains("o.c.c.ConsoleProgress: reading headers")
        .contains("exit code 0")
        .doesNotContain("hidden-words");
    long first = Files.size(log);
    assertThat(run(List.of("inspect", "absent.tif", "--log-file", log.toString())).code())
        .isEqualTo(2);
    assertThat(Files.size(log)).isGreaterThan(first);
    Said absent =
        run(List.of("tables", "--log-file", folder.resolve("no/such/run.log").toString()));
    assertThat(absent.code()).isEqualTo(2);
    assertThat(absent.err()).contains("its folder does not exist", "Choose another --log-file");
  }

  @Test
  void verboseShowsTheLogInsteadOfProgress() throws Exception {
    Said said =
        run(Packaged.analyze(Packaged.sampleImages(), folder.resolve("tables"), "-n", "--verbose"));
    assertThat(said.code()).isZero();
    assertThat(said.err())
        .contains("Running Spark version")
        .contains("INFO ConsoleProgress: reading headers");
    assertThat(said.err().lines()).noneMatch(l -> l.startsWith("reading headers"));
  }
}
