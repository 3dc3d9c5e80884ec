package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Help, its examples, and completion. */
final class HelpTest {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

  @TempDir Path folder;

  private static CommandLine program() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return Main.commandLine(nowhere, nowhere);
  }

  static List<String> commands() {
    return program().getSubcommands().keySet().stream().filter(c -> !c.equals("help")).toList();
  }

  private static String help(String command) {
    StringWriter text = new StringWriter();
    CommandLine line = Main.commandLine(new PrintWriter(text, true), new PrintWriter(text, true));
    assertThat(line.execute(command, "--help")).isZero();
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void examplesAreWhatTheProgramTakes(String command) {
    String help = help(command);
    assertThat(help).contains("Exit codes:", "Examples:", "--color", "--log-file");
    String examples = help.substring(help.indexOf("Examples:")).replaceAll("\\\\\\R", " ");
    List<String> lines = examples.lines().map(String::strip).toList();
    assertThat(lines).anyMatch(l -> l.contains("cytolake " + command));
    for (String line : lines) {
      if (line.startsWith("cytolake ")) {
        program().parseArgs(words(line.replaceFirst(" [|>] .*", "")).toArray(String[]::new));
      } else {
        assertThat(line).matches("Examples:|#.*|source <\\(deploy/bin/cytolake .*\\)|");
      }
    }
    assertThat(help.lines()).allMatch(l -> l.length() <= 80);
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line.substring("cytolake ".length()));
    while (matcher.find()) {
      for (int g = 1; g <= 3; g++) {
        if (matcher.group(g) != null) {
          words.add(matcher.group(g));
        }
      }
    }
    return words;
  }

  @ParameterizedTest
  @CsvSource({
    "anal, analyze",
    "analyze --dry, --dry-run",
    "analyze --chan, --channels --channel",
    "sql --form, --format",
    "sql --format js, json",
    "sql --color al, always",
    "comp, completion"
  })
  void bashCompletes(String typed, String completed) throws Exception {
    StringWriter script = new StringWriter();
    Main.commandLine(new PrintWriter(script, true), new PrintWriter(script, true))
        .execute("completion", "bash");
    Path file = Files.writeString(folder.resolve("completion"), script.toString());
    assertThat(bash(file, typed)).isEqualTo(completed);
  }

  /** What the Tab key would offer; compopt works only while the Tab key does. */
  private static String bash(Path script, String typed) throws IOException, InterruptedException {
    String asked =
        "compopt() { :; }; . '%s'; COMP_WORDS=(cytolake %s); COMP_CWORD=%d; _complete_cytolake; echo \"${COMPREPLY[*]}\""
            .formatted(script, typed, typed.split(" ", -1).length);
    Process process = new ProcessBuilder("bash", "-c", asked).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text.strip();
  }

  @Test
  void wrongUsageIsShortAndNamesTheRemedy() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true));
    assertThat(line.execute("analyze", "--chanels", "x")).isEqualTo(Main.USAGE);
    assertThat(err.toString())
        .startsWith("cytolake: Unknown option")
        .contains("--channels")
        .contains("See cytolake analyze --help.");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void quietAndVerboseContradictEachOther() {
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine(new PrintWriter(err, true), new PrintWriter(err, true));
    assertThat(line.execute("tables", "-q", "-v")).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("--quiet and --verbose", "See cytolake tables --help.");
  }

  @Test
  void versionsOfWhatItStandsOn() {
    StringWriter out = new StringWriter();
    CommandLine line = Main.commandLine(new PrintWriter(out, true), new PrintWriter(out, true));
    assertThat(line.execute("sql", "--version")).isZero();
    assertThat(out.toString())
        .contains("Spark         4.")
        .contains("Hadoop        3.")
        .contains("Bio-Formats   8.0.0, BSD")
        .containsPattern("ONNX Runtime  1\\.\\d+\\.\\d+")
        .contains("Java          " + Runtime.version());
  }
}
