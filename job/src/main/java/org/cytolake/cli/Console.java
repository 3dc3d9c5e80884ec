package org.cytolake.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;

/**
 * Where a command's words go, and how they may look there.
 *
 * <p>Whether a stream is a terminal the launchers find out, because the JVM cannot tell the two
 * apart: they set {@code CYTOLAKE_TERMINAL} to those of {@code out} and {@code err} that are.
 * Colour follows, in this order: {@code --color}, {@code NO_COLOR}, {@code CLICOLOR_FORCE}, {@code
 * CLICOLOR}, {@code TERM=dumb}, and whether the stream is a terminal (no-color.org,
 * bixense.com/clicolors).
 *
 * @param out standard output: results
 * @param err standard error: progress, notes and errors
 * @param voice how much is said
 */
record Console(Stream out, Stream err, Voice voice) {
  static final String TERMINAL = "CYTOLAKE_TERMINAL";
  private static final int DEFAULT_COLUMNS = 80;

  /** When colour is used. */
  enum Colour {
    AUTO,
    ALWAYS,
    NEVER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How much is said. */
  enum Voice {
    /** Only what went wrong, and what was asked for. */
    QUIET,
    /** Progress and a summary. */
    NORMAL,
    /** All that is logged. */
    VERBOSE
  }

  /**
   * One of the two streams.
   *
   * @param writer takes the text
   * @param terminal whether a person reads it as it comes
   * @param ansi whether it takes colours
   * @param columns width, characters; meant where it is a terminal
   */
  record Stream(PrintWriter writer, boolean terminal, Ansi ansi, int columns) {
    /** The text in this style where the stream takes colours. */
    String styled(String text, IStyle... styles) {
      return Help.defaultColorScheme(ansi).apply(text, List.of(styles)).toString();
    }
  }

  static Console of(
      PrintWriter out,
      PrintWriter err,
      Colour colour,
      Voice voice,
      Map<String, String> environment) {
    return new Console(
        stream(out, "out", colour, environment), stream(err, "err", colour, environment), voice);
  }

  private static Stream stream(
      PrintWriter writer, String name, Colour colour, Map<String, String> environment) {
    boolean terminal = isTerminal(name, environment);
    return new Stream(
        writer, terminal, ansi(colour, terminal, environment), columns(environment.get("COLUMNS")));
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on only the launchers know
  private static boolean isTerminal(String name, Map<String, String> environment) {
    String known = environment.get(TERMINAL);
    return known == null ? System.console() != null : List.of(known.split(",")).contains(name);
  }

  private static Ansi ansi(Colour colour, boolean terminal, Map<String, String> environment) {
    if (colour != Colour.AUTO) {
      return Ansi.valueOf(colour == Colour.ALWAYS);
    }
    if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
      return Ansi.OFF;
    }
    if (!environment.getOrDefault("CLICOLOR_FORCE", "0").matches("0?")) {
      return Ansi.ON;
    }
    boolean plain =
        "0".equals(environment.get("CLICOLOR")) || "dumb".equals(environment.get("TERM"));
    return Ansi.valueOf(terminal && !plain);
  }

  private static int columns(String text) {
    return text != null && text.matches("[1-9]\\d{1,3}") ? Integer.parseInt(text) : DEFAULT_COLUMNS;
  }

  boolean isQuiet() {
    return voice == Voice.QUIET;
  }

  /** A remark beside the result, which quiet leaves out. */
  void note(String text) {
    if (!isQuiet()) {
      err.writer().println(text);
    }
  }
}
