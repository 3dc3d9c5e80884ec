package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The notebooks as they are committed, and, where asked for, executed. */
final class NotebooksIT {
  private static final Path NOTEBOOKS = Packaged.ROOT.resolve("deploy/notebooks");
  private static final int MAX_BYTES = 600_000;

  @TempDir Path folder;

  private static List<JsonNode> cells(Path notebook) throws IOException {
    List<JsonNode> cells = new ArrayList<>();
    new ObjectMapper().readTree(notebook.toFile()).get("cells").forEach(cells::add);
    return cells;
  }

  /** Each code cell ran, in order and without an error. */
  private static void requireExecuted(Path notebook, int leastCells, int leastPictures)
      throws IOException {
    int executed = 0;
    int pictures = 0;
    for (JsonNode cell : cells(notebook)) {
      if (cell.get("cell_type").asText().equals("code")) {
        assertThat(cell.get("execution_count").asInt()).isEqualTo(++executed);
        for (JsonNode output : cell.get("outputs")) {
          assertThat(output.get("output_type").asText()).isNotEqualTo("error");
          assertThat(output.path("name").asText()).isNotEqualTo("stderr");
          pictures += output.path("data").has("image/png") ? 1 : 0;
        }
      }
    }
    assertThat(executed).isGreaterThanOrEqualTo(leastCells);
    assertThat(pictures).isGreaterThanOrEqualTo(leastPictures);
  }

  @ParameterizedTest
  @CsvSource({"explore.ipynb, 9, 5", "pixels.ipynb, 9, 5", "package.ipynb, 5, 2"})
  void committedWithOutputsThatNameNoMachine(String name, int cells, int pictures)
      throws IOException {
    Path notebook = NOTEBOOKS.resolve(name);
    requireExecuted(notebook, cells, pictures);
    assertThat(Files.size(notebook)).isLessThan(MAX_BYTES);
    assertThat(Files.readString(notebook))
        .doesNotContainPattern("(?<![A-Za-z0-9+/])/(home|root|tmp|work|Users|var)/")
        .doesNotContain("file:/");
  }

  @Test
  void executedFromTopToBottom() throws Exception {
    requireAsked();
    Path executed =
        execute(Packaged.sampleRun().output(), "explore.ipynb", "pixels.ipynb", "package.ipynb");
    requireExecuted(executed.resolve("explore.ipynb"), 9, 5);
    requireExecuted(executed.resolve("pixels.ipynb"), 9, 5);
    requireExecuted(executed.resolve("package.ipynb"), 5, 2);
  }

  /** Of one channel, without wells: what needs two channels is left out. */
  @Test
  void exploresOtherTables() throws Exception {
    requireAsked();
    Path tables = folder.resolve("tables");
    List<String> arguments =
        new ArrayList<>(List.of("analyze", "--input", Packaged.sampleImages().toString()));
    arguments.addAll(List.of("--pattern", "(?<name>SYN001_B0[23]_f1)_(?<channel>nuclei)\\.tif"));
    arguments.addAll(List.of("--channels", "nuclei=nuclei", "--output", tables.toString()));
    arguments.addAll(Packaged.QUICK);
    Packaged.Ended ended = Packaged.submitAndWait(arguments);
    assertThat(ended.code()).as(ended.text()).isZero();
    requireExecuted(execute(tables, "explore.ipynb").resolve("explore.ipynb"), 9, 4);
  }

  private static void requireAsked() {
    assumeTrue(
        Boolean.getBoolean("cytolake.notebooks"),
        "executed with -Dcytolake.notebooks=true, as deploy/bin/verify --full does");
  }

  /**
   * Runs deploy/notebooks/run, which fetches 800 MB of Python packages where they are not there.
   *
   * @return where the executed notebooks are
   */
  private Path execute(Path tables, String... notebooks) throws Exception {
    requireAsked();
    Path executed = folder.resolve("executed");
    Path log = folder.resolve("log");
    List<String> command =
        new ArrayList<>(List.of(NOTEBOOKS.resolve("run").toString(), "--to", executed.toString()));
    for (String notebook : notebooks) {
      command.add(NOTEBOOKS.resolve(notebook).toString());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("CYTOLAKE_BUILD", "off");
    builder.environment().put("CYTOLAKE_OUTPUT", tables.toString());
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return executed;
  }
}
