package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cytolake.config.CytolakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A temporary directory that cannot be written is told before Spark dies of it. */
final class TemporaryDirectoryTest {
  @TempDir Path folder;

  @Test
  void whatCannotBeWrittenIsTold() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no directory");
    assertThatThrownBy(() -> SparkOptions.requireRoom(folder + "," + file.resolve("below")))
        .isInstanceOfSatisfying(
            CytolakeException.class,
            e -> assertThat(e.code()).isEqualTo(CytolakeException.Code.FAILED))
        .hasMessageContaining("The temporary directory " + file.resolve("below"))
        .hasMessageContaining("-Djava.io.tmpdir=DIR");
  }

  @Test
  void nothingIsLeftInOneThatCan() throws IOException {
    Path made = folder.resolve("not/there/yet");
    SparkOptions.requireRoom(made.toString());
    assertThat(made).isEmptyDirectory();
  }
}
