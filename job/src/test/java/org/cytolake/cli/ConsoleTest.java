package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no-color.org and bixense.com/clicolors ask for. */
final class ConsoleTest {
  @ParameterizedTest
  @CsvSource({
    // --color, streams that are terminals, environment, colour on standard output?
    "auto, 'out,err', '', true",
    "auto, err, '', false",
    "auto, '', '', false",
    "auto, 'out,err', NO_COLOR=1, false",
    "auto, 'out,err', NO_COLOR=, true",
    "auto, 'out,err', CLICOLOR=0, false",
    "auto, 'out,err', CLICOLOR=1, true",
    "auto, '', CLICOLOR=1, false",
    "auto, '', CLICOLOR_FORCE=1, true",
    "auto, '', CLICOLOR_FORCE=0, false",
    "auto, '', CLICOLOR_FORCE=1 NO_COLOR=1, false",
    "auto, 'out,err', TERM=dumb, false",
    "always, '', NO_COLOR=1, true",
    "never, 'out,err', CLICOLOR_FORCE=1, false"
  })
  void colour(String when, String terminals, String settings, boolean expected) {
    Map<String, String> environment = new HashMap<>(Map.of(Console.TERMINAL, terminals));
    for (String setting : settings.split(" ", -1)) {
      int equals = setting.indexOf('=');
      if (equals > 0) {
        environment.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
    }
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    Console console =
        Console.of(
            nowhere,
            nowhere,
            Console.Colour.valueOf(when.toUpperCase(java.util.Locale.ROOT)),
            Console.Voice.NORMAL,
            environment);
    String red = console.out().styled("x", picocli.CommandLine.Help.Ansi.Style.fg_red);
    assertThat(red).isEqualTo(expected ? "\u001b[31mx\u001b[39m\u001b[0m" : "x");
  }
}
