package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cytolake.TakesMinutes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ctrl-C and {@code kill} in the middle of a run of the packaged jar: it says how far it was, exits
 * with 128 and the signal's number, leaves whole tables and nothing in the temporary directory, and
 * the next run goes on.
 */
final class SignalsIT {
  private static final long LIMIT_SECONDS = 300;

  @TempDir Path folder;
  private Path temporary;
  private Path output;

  @BeforeEach
  void folders() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
    output = folder.resolve("tables");
  }

  private List<String> analyze() {
    return Packaged.analyze(Packaged.sampleImages(), output, "--set", "run.batch-images=2");
  }

  private List<String> java() throws IOException {
    List<String> command = new ArrayList<>(Packaged.java());
    command.add(1, "-Djava.io.tmpdir=" + temporary);
    command.addAll(analyze());
    return command;
  }

  private List<String> submit() {
    List<String> command = new ArrayList<>(Packaged.submit("local[2]", analyze()).command());
    command.addAll(1, List.of("--driver-java-options", "-Djava.io.tmpdir=" + temporary));
    return command;
  }

  /** Starts a command and sends it a signal at once after it has said something. */
  private Packaged.Ended stop(List<String> command, String signal, String moment)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    // what was started in the background of a script ignores SIGINT, and so does what it starts
    List<String> heard = new ArrayList<>(List.of("python3", "-c"));
    heard.add(
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
            + " os.execvp(sys.argv[1], sys.argv[1:])");
    heard.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(heard).redirectErrorStream(true);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_HOME", Packaged.sparkHome().toString());
    Process process = builder.redirectOutput(log.toFile()).start();
    try {
      while (process.isAlive() && !Files.readString(log).contains(moment)) {
        Thread.sleep(20);
      }
      assertThat(Files.readString(log)).contains(moment);
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("ends in time").isTrue();
      return new Packaged.Ended(process.exitValue(), Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private Packaged.Ended run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_HOME", Packaged.sparkHome().toString());
    return Packaged.run(builder);
  }

  private void requireStopped(Packaged.Ended ended, int code, String words) {
    assertThat(ended.code()).as(ended.text()).isEqualTo(code);
    assertThat(ended.text())
        .contains("cytolake: Stopped by a signal. " + words)
        .contains("Run the same command again to go on with the rest.")
        .doesNotContain("Exception", "\tat ");
    assertThat(temporary).isEmptyDirectory();
  }

  /** Some images have all their rows, the others none. */
  private void requireImages(int count) {
    List<String> images =
        Packaged.table(output, "images").select("image").collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(images).hasSize(count);
    assertThat(Packaged.rows(output, image -> true))
        .filteredOn(row -> !row.startsWith("cluster_models"))
        .isEqualTo(
            Packaged.rows(sample(), images::contains).stream()
                .filter(row -> !row.startsWith("cluster_models"))
                .toList());
  }

  private static Path sample() {
    try {
      return Packaged.sampleRun().output();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  @TakesMinutes
  void stoppedThreeTimesItGoesOnAndEndsAsIfItHadNotBeen() throws Exception {
    Packaged.Ended first = stop(java(), "INT", "reading headers:");
    requireStopped(first, 130, "Nothing was committed: " + output + " has what it had before.");
    assertThat(output.resolve("images")).doesNotExist();

    Packaged.Ended second = stop(submit(), "TERM", "moving files into place:");
    requireStopped(second, 143, "2 of 6 images are committed to " + output + ".");
    requireImages(2);

    Packaged.Ended third = stop(java(), "INT", "moving files into place:");
    requireStopped(third, 130, "");
    requireImages(4);

    Packaged.Ended last = run(java());
    assertThat(last.code()).as(last.text()).isZero();
    assertThat(last.text()).contains("2 images analysed, 4 unchanged");
    assertThat(Packaged.rows(output)).isEqualTo(Packaged.rows(sample()));
    assertThat(temporary).isEmptyDirectory();
    try (Stream<Path> left = Files.list(output.resolve("_staging"))) {
      assertThat(left).isEmpty();
    }
  }

  /** Nor is anything left by a run that failed. */
  @Test
  @TakesMinutes
  void nothingIsLeftOfRunsThatFail() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.copy(
        Packaged.sampleImages().resolve("SYN001_B02_f1_nuclei.tif"),
        images.resolve("SYN001_B02_f1_nuclei.tif"));
    Files.writeString(images.resolve("SYN001_B02_f1_cytoplasm.tif"), "no image");
    List<String> command = java();
    command.set(command.indexOf(Packaged.sampleImages().toString()), images.toString());
    Packaged.Ended failed = run(command);
    assertThat(failed.code()).as(failed.text()).isEqualTo(3);
    assertThat(temporary).isEmptyDirectory();

    Files.writeString(output.resolve("_layout.json"), "{");
    Packaged.Ended damaged = run(command);
    assertThat(damaged.code()).as(damaged.text()).isNotIn(0, 3);
    assertThat(temporary).isEmptyDirectory();
  }
}
