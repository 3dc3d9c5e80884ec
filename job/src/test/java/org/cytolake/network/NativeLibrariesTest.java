package org.cytolake.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime's libraries are not left in the temporary directory. */
final class NativeLibrariesTest {
  @TempDir Path folder;

  /** A program that loads a network, then ends or kills itself. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] how) {
      try (NetworkModel model =
          NetworkSession.load(ModelFile.builtIn("int8"), 1, OptionalInt.empty())) {
        System.out.println(NativeLibraries.folder() + " of " + model);
        if (how[0].equals("killed")) {
          Runtime.getRuntime().halt(7); // no hook runs, as where it is killed
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ended", "killed"})
  void nothingIsLeft(String how) throws Exception {
    Path said = folder.resolve("said");
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Loading.class.getName(),
                how)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue())
        .as(Files.readString(said))
        .isEqualTo(how.equals("ended") ? 0 : 7);
    assertThat(Files.readString(said)).contains(temporary.resolve("onnxruntime").toString());
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(p -> p.getFileName().toString().startsWith("onnx"))).isEmpty();
    }
  }

  @Test
  void aNetworkWorksWithoutTheFiles() {
    try (SharedModels.Lease lease =
        SharedModels.lease(ModelFile.builtIn("int8"), 1, OptionalInt.empty())) {
      assertThat(NativeLibraries.folder()).isNotNull().doesNotExist();
      lease.buffers().input(64 * 64 * lease.starDist().channels());
      assertThat(lease.starDist().predict(lease.buffers(), 64, 64).rays()).isEqualTo(32);
    }
  }
}
