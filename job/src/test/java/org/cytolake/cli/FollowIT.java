package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.cytolake.TakesMinutes;
import org.cytolake.s3.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code analyze --follow} of the packaged jar over a folder, and over a bucket, that fill while it
 * runs.
 */
final class FollowIT {
  private static final long LIMIT_SECONDS = 240;

  @TempDir Path folder;

  /** A command that runs. */
  private static final class Running implements AutoCloseable {
    private final Process process;
    private final Path log;

    Running(ProcessBuilder builder, Path log) throws IOException {
      this.log = log;
      process = builder.redirectOutput(log.toFile()).start();
    }

    String text() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until it has said something so often. */
    void await(String words, int times) throws InterruptedException {
      BooleanSupplier isSaid = () -> text().split(words, -1).length > times;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (process.isAlive() && !isSaid.getAsBoolean() && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(isSaid.getAsBoolean()).as(text()).isTrue();
    }

    /** Sends it and all that it started a signal; its exit code. */
    int stop(boolean kill) throws InterruptedException {
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      all.forEach(kill ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
      return end();
    }

    int end() throws InterruptedException {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(text()).isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Running follow(ProcessBuilder builder, String log) throws IOException {
    return new Running(builder, folder.resolve(log));
  }

  private List<String> arguments(String output, String... more) {
    List<String> arguments =
        Packaged.analyze(folder.resolve("images"), folder.resolve(output), more);
    arguments.addAll(List.of("--set", "segmentation.enabled=false"));
    arguments.addAll(List.of("--set", "input.rest-seconds=1"));
    return arguments;
  }

  private static String file(String field, String channel) {
    return "SYN001_" + field + "_" + channel + ".tif";
  }

  /** A file of the sample data comes, whole. */
  private void drop(String field, String channel) throws IOException {
    String name = file(field, channel);
    Path aside = Files.createDirectories(folder.resolve("aside")).resolve(name);
    Files.createDirectories(folder.resolve("images"));
    Files.copy(Packaged.sampleImages().resolve(name), aside, StandardCopyOption.REPLACE_EXISTING);
    Files.move(aside, folder.resolve("images").resolve(name));
  }

  /** Killed while it is at work, stopped while it waits, then left to end. */
  @Test
  @TakesMinutes
  void filesThatComeOneByOneThoughItIsStoppedTwice() throws Exception {
    drop("B02_f1", "nuclei");
    drop("B02_f1", "cytoplasm");
    drop("B02_f2", "nuclei");
    try (Running first =
        follow(Packaged.submit("local[2]", arguments("tables", "--follow")), "first")) {
      first.await("1 images analysed", 1);
      drop("B02_f2", "cytoplasm");
      first.await("reading headers", 2);
      first.stop(true);
    }
    drop("B03_f1", "cytoplasm");
    try (Running second =
        follow(Packaged.submit("local[2]", arguments("tables", "--follow")), "second")) {
      second.await("images analysed", 1);
      drop("B03_f1", "nuclei");
      second.await("images analysed", 2);
      int code = second.stop(false);
      assertThat(code).as(second.text()).isEqualTo(143);
      assertThat(second.text())
          .contains("Stopped by a signal", "Run the same command again to go on with the rest.");
    }
    drop("B03_f2", "nuclei"); // and never its cytoplasm
    try (Running third =
        follow(Packaged.submit("local[2]", arguments("tables", "--follow-idle", "3")), "third")) {
      assertThat(third.end()).as(third.text()).isEqualTo(3);
      assertThat(third.text()).contains("3 unchanged");
    }

    Packaged.Ended once = Packaged.submitAndWait(arguments("once"));
    assertThat(once.code()).as(once.text()).isEqualTo(3);
    assertThat(Packaged.rows(folder.resolve("tables")))
        .anyMatch(row -> row.contains("CHANNEL_MISSING"))
        .isEqualTo(Packaged.rows(folder.resolve("once")));
  }

  @Test
  @TakesMinutes
  void objectsThatComeToABucket() throws Exception {
    try (S3Server server = new S3Server(folder.resolve("store"))) {
      upload(server, "B02_f1", "nuclei");
      upload(server, "B02_f1", "cytoplasm");
      upload(server, "B02_f2", "nuclei");
      List<String> arguments = arguments("tables", "--follow-idle", "8");
      arguments.set(arguments.indexOf(folder.resolve("images").toString()), server.path("images"));
      arguments.set(arguments.indexOf(folder.resolve("tables").toString()), server.path("tables"));
      ProcessBuilder builder = Packaged.submitWithS3(server, arguments);
      builder.environment().put("AWS_ACCESS_KEY_ID", S3Server.KEY);
      builder.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
      try (Running running = follow(builder, "log")) {
        running.await("reading headers", 1);
        upload(server, "B02_f2", "cytoplasm");
        assertThat(running.end()).as(running.text()).isZero();
      }
      assertThat(Packaged.table(server.objects().resolve("tables"), "images").count()).isEqualTo(2);
    }
  }

  private static void upload(S3Server server, String field, String channel) throws IOException {
    String name = file(field, channel);
    server.upload(Packaged.sampleImages().resolve(name), "images/" + name);
  }
}
