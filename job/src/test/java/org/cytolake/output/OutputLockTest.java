package org.cytolake.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputLockTest {
  private static final OutputLock.Timing TIMING =
      new OutputLock.Timing(Duration.ofMillis(20), Duration.ofSeconds(60), Duration.ofMillis(50));

  @TempDir Path folder;
  private OutputFolder output;
  private Path file;

  @BeforeEach
  void open() {
    output = OutputFolder.of(folder.toString(), new Configuration());
    file = folder.resolve(OutputLock.FILE);
  }

  private void hold(String machine, long pid, String started) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        Json.write(
            new LockHolder("a-token", "elsewhere", machine, pid, started, "2026-01-01T00:00:00Z")));
  }

  private void lastSeen(Duration ago) throws IOException {
    Files.setLastModifiedTime(
        file, java.nio.file.attribute.FileTime.from(Instant.now().minus(ago)));
  }

  @Test
  void isRefusedWhileHeldAndFreeAfterwards() {
    try (OutputLock lock = OutputLock.acquire(output, TIMING)) {
      lock.requireHeld();
      assertThatThrownBy(() -> OutputLock.acquire(output, TIMING))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining("Another run is writing to file:" + folder)
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining("Wait until it has ended, or choose another --output. If it has")
          .extracting("code")
          .isEqualTo(Code.USAGE);
    }
    assertThat(folder.resolve("_staging")).isEmptyDirectory();
    OutputLock.acquire(output, TIMING).close();
  }

  @Test
  void givesSignsOfLifeAndStopsThem() throws Exception {
    try (OutputLock lock = OutputLock.acquire(output, TIMING)) {
      Thread.sleep(200);
      lastSeen(Duration.ofHours(1));
      assertThatThrownBy(() -> OutputLock.acquire(output, TIMING))
          .hasMessageContaining("Another run is writing");
      lock.requireHeld();
    }
    Thread.sleep(60);
    assertThat(folder.resolve("_staging")).isEmptyDirectory();
  }

  @Test
  void aDeadProcessOfThisMachineLosesItAtOnce() throws IOException {
    long pid = ProcessHandle.current().pid();
    hold(LockHolder.thisMachine(), pid, "2001-01-01T00:00:00Z"); // not held by this process
    OutputLock.acquire(output, TIMING).close();
    hold(LockHolder.thisMachine(), Integer.MAX_VALUE, ""); // no such process
    OutputLock.acquire(output, TIMING).close();
    long parent = ProcessHandle.current().parent().orElseThrow().pid();
    hold(LockHolder.thisMachine(), parent, "2001-01-01T00:00:00Z"); // its number came again
    OutputLock.acquire(output, TIMING).close();
    assertThat(folder.resolve("_staging")).isEmptyDirectory();
  }

  @Test
  void aProcessElsewhereLosesItAfterTheTimeout() throws IOException {
    hold("another machine", 1, "");
    lastSeen(Duration.ofSeconds(50));
    assertThatThrownBy(() -> OutputLock.acquire(output, TIMING))
        .hasMessageContaining("process 1 on elsewhere since 2026-01-01T00:00:00Z")
        .hasMessageMatching(".* lapses ([1-9]|10) s from now unless it gives a sign of life.");
    assertThat(file).exists();
    lastSeen(Duration.ofSeconds(61));
    OutputLock.acquire(output, TIMING).close();
  }

  @Test
  void aHalfWrittenLockLapsesToo() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"token");
    assertThatThrownBy(() -> OutputLock.acquire(output, TIMING))
        .hasMessageContaining("a process that is just starting");
    lastSeen(Duration.ofSeconds(61));
    OutputLock.acquire(output, TIMING).close();
  }

  @Test
  void whoHasLostItDoesNotCommitNorTakeItAway() throws IOException {
    OutputLock lock = OutputLock.acquire(output, TIMING);
    hold("another machine", 1, "");
    assertThatThrownBy(lock::requireHeld)
        .hasMessageContaining("was taken over by process 1 on elsewhere")
        .extracting("code")
        .isEqualTo(Code.FAILED);
    lock.close();
    assertThat(Files.readString(file)).contains("another machine");
  }

  @Test
  void ofManyAtOnceOneGetsIt() throws Exception {
    hold(LockHolder.thisMachine(), Integer.MAX_VALUE, "");
    var threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<OutputLock>> attempts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        attempts.add(() -> OutputLock.acquire(output, TIMING));
      }
      List<OutputLock> holders = new ArrayList<>();
      for (Future<OutputLock> attempt : threads.invokeAll(attempts)) {
        try {
          holders.add(attempt.get());
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e).hasMessageContaining("Another run is writing");
        }
      }
      assertThat(holders).hasSize(1);
      holders.get(0).requireHeld();
      holders.get(0).close();
    } finally {
      threads.shutdown();
    }
  }
}
