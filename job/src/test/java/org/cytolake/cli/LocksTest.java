package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Python packages that scripts fetch are those of lock files, every one with its hash. */
final class LocksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PIN = Pattern.compile("(?m)^([\\w.-]+)==([\\w.+!-]+)");

  static List<Path> locks() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("deploy"))) {
      return files.filter(p -> p.toString().endsWith(".lock")).sorted().toList();
    }
  }

  private static List<String> pins(String text) {
    return PIN.matcher(text).results().map(LocksTest::pin).toList();
  }

  private static String pin(MatchResult found) {
    return found.group(1).toLowerCase(Locale.ROOT).replaceAll("[_.]", "-") + "==" + found.group(2);
  }

  @ParameterizedTest
  @MethodSource("locks")
  void hasWhatIsRequiredWithHashes(Path lock) throws IOException {
    String text = Files.readString(lock);
    String requirements = Files.readString(Path.of(lock.toString().replaceAll("\\.lock$", ".txt")));
    assertThat(pins(text)).isNotEmpty().containsAll(pins(requirements));
    for (String entry : text.split("\n(?=[\\w.-]+==)", -1)) {
      assertThat(entry).containsPattern("--hash=sha256:[0-9a-f]{64}");
    }
  }

  @Test
  void sparkIsThatOfTheBuild() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    assertThat(Files.readString(ROOT.resolve("deploy/bin/requirements-pyspark.lock")))
        .contains(
            "pyspark=="
                + pom.replaceAll("(?s).*<dep.spark.version>(.*?)</dep.spark.version>.*", "$1")
                + " ");
  }

  @Test
  void scriptsInstallNothingElse() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("deploy"))) {
      for (Path file : files.filter(Files::isExecutable).filter(Files::isRegularFile).toList()) {
        for (String line : Files.readString(file).split("\n", -1)) {
          if (line.matches("\\s*(\"[^\"]*pip\"|pip|.*-m\",? \"?pip\"?,?) \"?(install|download).*")
              && !line.contains("--require-hashes")
              && !line.contains("--no-index")) { // of what was made here
            found.add(ROOT.relativize(file) + ": " + line);
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }
}
