package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cytolake.config.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** That what the documents name is there: links, files, commands, options, settings. */
final class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*]\\(([^)\\s]+)\\)");
  private static final Pattern FENCED =
      Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern CODE =
      Pattern.compile("^```[^\\n]*\\n(.*?)^```|`([^`\\n]+)`", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern CALL =
      Pattern.compile("(?<![\\w./-])(?:deploy/bin/)?cytolake +([a-z]+)\\b([^\\n|#`]*)");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-z-]*");
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w./-])(?:deploy|conf|sample-data|udfs|job/src)/[\\w./-]*\\w");

  static List<Path> documents() throws IOException {
    try (Stream<Path> below = Files.walk(ROOT.resolve("deploy"))) {
      return Stream.concat(
              Stream.of(ROOT.resolve("README.md")),
              below.filter(p -> p.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  static String read(Path document) throws IOException {
    return Files.readString(document);
  }

  private static CommandLine program() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return Main.commandLine(nowhere, nowhere);
  }

  /** Code between fences and within lines; continued lines as one. */
  private static List<String> code(Path document) throws IOException {
    return CODE.matcher(read(document))
        .results()
        .map(m -> m.group(1) == null ? m.group(2) : m.group(1))
        .map(text -> text.replaceAll("\\\\\\R\\s*", " "))
        .toList();
  }

  @Test
  void referencePagesAreCurrent() throws IOException {
    Map<String, String> committed = new TreeMap<>();
    for (String page : ReferencePages.all().keySet()) {
      committed.put(page, read(ROOT.resolve("deploy/docs/reference").resolve(page)));
    }
    assertThat(committed)
        .as("after 'deploy/bin/cytolake reference deploy/docs/reference'")
        .isEqualTo(new TreeMap<>(ReferencePages.all()));
  }

  /** The functions of the Python package are made from their reference page. */
  @Test
  void functionsInPythonAreCurrent() throws IOException, InterruptedException {
    Process check =
        new ProcessBuilder("python3", "deploy/python/make_functions.py", "--check")
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor()).as(said).isZero();
  }

  @Test
  void readmeIsShortAndEveryPageIsReachedFromIt() throws IOException {
    Path readme = ROOT.resolve("README.md");
    assertThat(read(readme).lines().count()).isLessThanOrEqualTo(100);
    Set<Path> reached = new HashSet<>(Set.of(readme));
    List<Path> next = new ArrayList<>(reached);
    while (!next.isEmpty()) {
      Path document = next.remove(0);
      for (String link : links(document)) {
        Path target = document.resolveSibling(link.replaceFirst("#.*", "")).normalize();
        if (!link.contains(":") && target.toString().endsWith(".md") && reached.add(target)) {
          next.add(target);
        }
      }
    }
    assertThat(reached).containsAll(documents());
  }

  private static List<String> links(Path document) throws IOException {
    String text = FENCED.matcher(read(document)).replaceAll("").replaceAll("`[^`\\n]*`", "");
    return LINK.matcher(text).results().map(m -> m.group(1)).toList();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws IOException {
    for (String link : links(document)) {
      if (link.matches("(https?|mailto):.*")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
      assertThat(target).as("%s in %s", link, document).exists();
      if (parts.length > 1) {
        assertThat(anchors(target)).as("%s in %s", link, document).contains(parts[1]);
      }
    }
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path document) throws IOException {
    return FENCED
        .matcher(read(document))
        .replaceAll("")
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\w\\s-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commandsAndOptionsExist(Path document) throws IOException {
    Map<String, CommandLine> commands = program().getSubcommands();
    for (String code : code(document)) {
      Matcher call = CALL.matcher(code);
      while (call.find()) {
        assertThat(commands).as("%s in %s", call.group(), document).containsKey(call.group(1));
        Set<String> known = commands.get(call.group(1)).getCommandSpec().optionsMap().keySet();
        assertThat(options(call.group(2))).as("%s in %s", call.group(), document).isSubsetOf(known);
      }
    }
  }

  private static List<String> options(String arguments) {
    return OPTION.matcher(arguments).results().map(MatchResult::group).toList();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void settingsExist(Path document) throws IOException {
    Set<String> known = Setting.all().stream().map(Setting::key).collect(Collectors.toSet());
    Set<String> sections =
        known.stream().map(k -> k.substring(0, k.indexOf('.'))).collect(Collectors.toSet());
    Pattern key =
        Pattern.compile(
            "(?<![\\w./<{])(?:"
                + String.join("|", sections)
                + ")(?:\\.[a-z][a-z0-9-]*)+(?![\\w(/])");
    for (String code : code(document)) {
      for (MatchResult named : key.matcher(code).results().toList()) {
        String text = named.group();
        if (text.matches(".*\\.(sql|conf|md|html)")) { // a file's name
          continue;
        }
        assertThat(known)
            .as("%s in %s", text, document)
            .anyMatch(k -> k.equals(text) || k.startsWith(text + "."));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void filesExist(Path document) throws IOException {
    for (String code : code(document)) {
      for (MatchResult file : FILE.matcher(code).results().toList()) {
        assertThat(ROOT.resolve(file.group())).as("%s in %s", file.group(), document).exists();
      }
    }
  }
}
