package org.cytolake.cli;

import java.io.PrintStream;
import org.cytolake.config.CytolakeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The job's main class, under {@code spark-submit} and from the launcher.
 *
 * <p>Exit codes: 0 all good, 2 wrong usage or configuration, 3 finished with failed images, 1
 * anything else.
 */
@Command(
    name = "cytolake",
    description = "Microscopy images as Spark DataFrames.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      AnalyzeCommand.class,
      InspectCommand.class,
      ReportCommand.class,
      TablesCommand.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all good",
      "1:the run failed",
      "2:wrong usage or configuration",
      "3:finished, but some images failed"
    })
public final class Main implements Runnable {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int FAILED_IMAGES = 3;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error came up.")
  boolean stacktrace;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    int code = run(args, System.out, System.err);
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
    Main main = new Main();
    CommandLine line =
        new CommandLine(main)
            .setOut(new java.io.PrintWriter(out, true, java.nio.charset.StandardCharsets.UTF_8))
            .setErr(new java.io.PrintWriter(err, true, java.nio.charset.StandardCharsets.UTF_8))
            .setExecutionExceptionHandler(handler(main))
            .setUsageHelpAutoWidth(true)
            .setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(args);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static IExecutionExceptionHandler handler(Main main) {
    return (exception, line, parsed) -> {
      Throwable cause = exception;
      while (cause.getCause() != null && !(cause instanceof CytolakeException)) {
        cause = cause.getCause();
      }
      if (main.stacktrace) {
        exception.printStackTrace(line.getErr());
      }
      if (cause instanceof CytolakeException known) {
        line.getErr().println("cytolake: " + known.getMessage());
        return known.code() == CytolakeException.Code.USAGE ? USAGE : FAILED;
      }
      line.getErr()
          .println(
              "cytolake: "
                  + cause
                  + (main.stacktrace
                      ? ""
                      : System.lineSeparator() + "Run again with --stacktrace to see where."));
      return FAILED;
    };
  }

  /** Says the version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "cytolake " + (version == null ? "(not packaged)" : version),
        "Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION() + ", Java " + Runtime.version()
      };
    }
  }
}
