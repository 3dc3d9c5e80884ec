package org.cytolake.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.StorePath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The job's main class, under {@code spark-submit} and from the launcher.
 *
 * <p>Exit codes: 0 all good, 2 wrong usage or configuration, 3 finished with failed images, 1
 * anything else; where a signal ends it, 128 and the signal's number.
 */
@Command(
    name = "cytolake",
    description = "Microscopy images as Spark DataFrames.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AnalyzeCommand.class,
      SegmentCommand.class,
      QcCommand.class,
      InspectCommand.class,
      ReportCommand.class,
      TablesCommand.class,
      SqlCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      ReferenceCommand.class,
      CommandLine.HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cytolake analyze                       the sample data, to the folder output",
      "  cytolake analyze --help                options of a command, and examples",
      "  cytolake inspect plate/some.tif        what is in a file",
      "  cytolake sql 'SELECT * FROM images'    the tables, in SQL"
    })
public final class Main implements Runnable {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int FAILED_IMAGES = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /** In the name of a setting whose value nobody may read. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)secret|pass(?:word|phrase|wd)|token|credential|signature|\\.sas\\b"
              + "|(?:access|account|private|encryption|api|shared).?key");

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Say only what went wrong, and what was asked for.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Also show the log of Spark and of Cytolake, on standard error.")
  boolean verbose;

  @Option(
      names = "--color",
      scope = ScopeType.INHERIT,
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "${COMPLETION-CANDIDATES}. auto: on terminals, unless NO_COLOR or CLICOLOR=0 is set."
              + " Default: ${DEFAULT-VALUE}.")
  Console.Colour colour = Console.Colour.AUTO;

  @Option(
      names = "--log-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "Append the log of Spark and of Cytolake to a local file, from level INFO on (that of the"
              + " driver). Default: none is written.")
  Path logFile;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error came up.")
  boolean stacktrace;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    Interruption.expect(System.err);
    int code = run(args, System.out, System.err);
    Interruption.over();
    System.out.flush();
    System.err.flush();
    System.exit(code);
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    int code =
        commandLine(
                new PrintWriter(out, true, StandardCharsets.UTF_8),
                new PrintWriter(err, true, StandardCharsets.UTF_8))
            .execute(args);
    LOG.info("exit code {}", code);
    return code;
  }

  /** The program with all its commands. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    line.setOut(out)
        .setErr(err)
        .setExecutionStrategy(main::execute)
        .setExecutionExceptionHandler((e, of, parsed) -> main.failed(e))
        .setParameterExceptionHandler((e, wrong) -> main.wrongUsage(e))
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true);
    describe(line.getCommandSpec());
    line.getSubcommands().values().forEach(command -> describe(command.getCommandSpec()));
    return line;
  }

  /** What is the same for every command. */
  private static void describe(CommandLine.Model.CommandSpec command) {
    command.versionProvider(new Versions());
    java.util.Map<String, String> codes = new java.util.LinkedHashMap<>();
    codes.put("0", "all good");
    codes.put("1", "the run failed");
    codes.put("2", "wrong usage or configuration");
    codes.put("3", "finished, but some images failed");
    codes.put("130", "stopped by Ctrl-C; 143 by kill");
    command.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
  }

  private int execute(ParseResult parsed) {
    colourHelp();
    if (quiet && verbose) {
      throw new CommandLine.ParameterException(
          commandOf(parsed), "--quiet and --verbose contradict each other: give one of them.");
    }
    try {
      logs().apply();
      LOG.info("{}", withoutSecrets(parsed.originalArgs()));
    } catch (CytolakeException e) {
      return failed(e);
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static CommandLine commandOf(ParseResult parsed) {
    List<CommandLine> chain = parsed.asCommandLineList();
    return chain.get(chain.size() - 1);
  }

  static String withoutSecrets(List<String> arguments) {
    return arguments.stream()
        .map(Main::withoutSecret)
        .map(StorePath::withoutSecret)
        .collect(Collectors.joining(" "));
  }

  /** Without all that follows the first name of a secret and {@code =}. */
  private static String withoutSecret(String argument) {
    Matcher name = SECRET.matcher(argument);
    int value = name.find() ? argument.indexOf('=', name.end()) + 1 : 0;
    return value == 0 ? argument : argument.substring(0, value) + "***";
  }

  private int wrongUsage(CommandLine.ParameterException e) {
    Console.Stream err = console().err();
    err.writer().println(err.styled("cytolake:", Style.bold, Style.fg_red) + " " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err.writer());
    err.writer().println("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
    return USAGE;
  }

  private void colourHelp() {
    spec.commandLine().setColorScheme(CommandLine.Help.defaultColorScheme(console().out().ansi()));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Where a command's words go. */
  Console console() {
    return Console.of(
        spec.commandLine().getOut(),
        spec.commandLine().getErr(),
        colour,
        quiet ? Console.Voice.QUIET : verbose ? Console.Voice.VERBOSE : Console.Voice.NORMAL,
        System.getenv());
  }

  /** The program's own and Spark's log. */
  Logs logs() {
    return new Logs(console().voice(), Optional.ofNullable(logFile));
  }

  private int failed(Exception exception) {
    Throwable cause = exception;
    while (cause.getCause() != null && !(cause instanceof CytolakeException)) {
      cause = cause.getCause();
    }
    LOG.info("failed", exception);
    if (Interruption.isUnderWay()) {
      return FAILED;
    }
    Console.Stream err = console().err();
    if (stacktrace) {
      exception.printStackTrace(err.writer());
    }
    String prefix = err.styled("cytolake:", Style.bold, Style.fg_red) + " ";
    if (cause instanceof CytolakeException known) {
      err.writer().println(prefix + known.getMessage());
      return known.code() == CytolakeException.Code.USAGE ? USAGE : FAILED;
    }
    err.writer().println(prefix + cause);
    if (!stacktrace) {
      err.writer().println("Run again with --stacktrace to see where.");
    }
    return FAILED;
  }
}
