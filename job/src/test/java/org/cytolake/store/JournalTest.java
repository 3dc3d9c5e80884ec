package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.OutputFolder;
import org.cytolake.store.FaultyFileSystem.Fault;
import org.cytolake.store.Journal.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Map<String, String> BEFORE =
      Map.of("nuclei/old", "a b", "nuclei/kept", "c", "images/old", "a b", "labels/a.tif", "x");
  private static final Map<String, String> AFTER =
      Map.of(
          "nuclei/new",
          "A b",
          "nuclei/kept",
          "c",
          "images/new",
          "A b",
          "labels/a.tif",
          "x",
          "_runs/r.json",
          "done");
  private static final Journal JOURNAL =
      new Journal(
          "r",
          List.of(
              new Step("_staging/r/n", "nuclei/new"),
              new Step("nuclei/old", null),
              new Step("_staging/r/i", "images/new"),
              new Step("images/old", null),
              new Step("_staging/r/m", "_runs/r.json")));

  @TempDir Path folder;

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private OutputFolder outputWithStagedFiles(String name) throws IOException {
    Path root = folder.resolve(name);
    for (var file : BEFORE.entrySet()) {
      Files.createDirectories(root.resolve(file.getKey()).getParent());
      Files.writeString(root.resolve(file.getKey()), file.getValue());
    }
    Files.createDirectories(root.resolve("_staging/r"));
    Files.writeString(root.resolve("_staging/r/n"), "A b");
    Files.writeString(root.resolve("_staging/r/i"), "A b");
    Files.writeString(root.resolve("_staging/r/m"), "done");
    Configuration configuration = new Configuration();
    configuration.set("fs.faulty.impl", FaultyFileSystem.class.getName());
    return OutputFolder.of("faulty://" + root, configuration);
  }

  private Map<String, String> contents(String name) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    Path root = folder.resolve(name);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  @Test
  void whateverOperationFailsAllOrNothingIsDone() throws IOException {
    for (Fault fault : Fault.values()) {
      int n = 0;
      boolean reached = true;
      for (; reached; n++) {
        String at = fault.name() + n;
        OutputFolder output = outputWithStagedFiles(at);
        FaultyFileSystem.failAt(n, fault, "injected");
        try {
          JOURNAL.write(output, () -> {});
          JOURNAL.carryOut(output, CommitSteps.NONE);
        } catch (CytolakeException e) {
          assertThat(e).hasMessageContaining("injected").hasMessageContaining(at);
        }
        reached = FaultyFileSystem.count() > n;
        FaultyFileSystem.heal();
        boolean committed = Journal.exists(output, "r");
        recoverWithFailures(output);
        assertThat(contents(at)).as(at).isEqualTo(committed ? AFTER : BEFORE);
      }
      assertThat(n).isGreaterThan(15);
    }
  }

  /** Recovery itself is killed at its first operation, started again, killed at its second... */
  private static void recoverWithFailures(OutputFolder output) {
    for (int n = 0; ; n++) {
      FaultyFileSystem.failAt(n, Fault.FROM_THEN_ON, "injected again");
      try {
        Journal.recover(output);
      } catch (CytolakeException e) {
        assertThat(e).hasMessageContaining("injected again");
        continue;
      } finally {
        FaultyFileSystem.heal();
      }
      return;
    }
  }

  @Test
  void aMoveThatWasOnlyCopiedIsDoneAgain() throws IOException {
    OutputFolder output = outputWithStagedFiles("copied");
    Files.writeString(folder.resolve("copied/nuclei/new"), "A");
    JOURNAL.write(output, () -> {});
    Journal.recover(output);
    assertThat(contents("copied")).isEqualTo(AFTER);
  }

  @Test
  void aFinishedRunIsNotCarriedOutAgain() throws IOException {
    OutputFolder output = outputWithStagedFiles("finished");
    JOURNAL.write(output, () -> {});
    JOURNAL.carryOut(output, CommitSteps.NONE);
    Files.delete(folder.resolve("finished/nuclei/new"));
    Journal.recover(output);
    assertThat(folder.resolve("finished/_staging")).isEmptyDirectory();
  }

  @Test
  void aMissingFileAndADamagedJournalAreNamed() throws IOException {
    OutputFolder output = outputWithStagedFiles("missing");
    JOURNAL.write(output, () -> {});
    Files.delete(folder.resolve("missing/_staging/r/n"));
    assertThatThrownBy(() -> Journal.recover(output))
        .isInstanceOf(CytolakeException.class)
        .hasMessageMatching("Neither .*_staging/r/n nor .*nuclei/new exists\\. .*");
    Files.writeString(folder.resolve("missing/_staging/r/journal.json"), "{\"run\":");
    assertThatThrownBy(() -> Journal.recover(output))
        .hasMessageMatching("The journal .*journal.json is damaged: .*");
    Files.writeString(
        folder.resolve("missing/_staging/r/journal.json"),
        "{\"run\": \"r\", \"steps\": [{\"from\": \"../../etc/passwd\"}]}");
    assertThatThrownBy(() -> Journal.recover(output)).hasMessageContaining("not ../../etc/passwd");
    assertThatThrownBy(() -> new Step("/etc/passwd", null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
