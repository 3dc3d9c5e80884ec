package org.cytolake.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.cytolake.field.Failure;
import org.cytolake.query.Printable;
import org.cytolake.run.RunSummary;
import picocli.CommandLine.Help.Ansi.Style;

/** Says what a run found, what failed, and where the tables are. */
final class SummaryText {
  private static final int FAILURES_SHOWN = 5;

  private SummaryText() {}

  /** Prints all on standard output; where quiet is wanted, only failures, on standard error. */
  static void print(RunSummary run, Console console) {
    if (console.isQuiet()) {
      printFailures(run, console.err());
      return;
    }
    PrintWriter out = console.out().writer();
    String headline =
        String.format(
            Locale.ROOT,
            "%d images analysed, %d unchanged, %d failed (%d files seen, %d ignored)",
            run.analyzed(),
            run.unchanged(),
            run.failures().size(),
            run.filesSeen(),
            run.filesIgnored());
    out.println(console.out().styled(headline, Style.bold));
    if (run.removed() > 0) {
      out.println("  removed   " + removed(run.removed()));
    }
    if (run.analyzed() > 0) {
      out.printf(
          Locale.ROOT,
          "  pixels    %,d in channels %s%n",
          run.pixels(),
          String.join(", ", run.channels()));
      run.nuclei().ifPresent(n -> count(out, "nuclei", n, run));
      run.cells().ifPresent(n -> count(out, "cells", n, run));
    }
    if (!run.warnings().isEmpty()) {
      StringBuilder warnings = new StringBuilder();
      run.warnings()
          .forEach(
              (code, planes) ->
                  warnings.append(warnings.isEmpty() ? "" : ", ").append(planes + " " + code));
      out.println("  warnings  " + warnings + ": see the column warnings of the table images");
    }
    if (!run.flags().isEmpty()) {
      StringBuilder flags = new StringBuilder();
      run.flags()
          .forEach(
              (flag, fields) ->
                  flags.append(flags.isEmpty() ? "" : ", ").append(fields + " " + flag));
      out.println(
          "  flags     "
              + flags
              + ": see the table flags"
              + (run.excluded() == 0 ? "" : "; images left out: " + run.excluded()));
    }
    for (String model : run.models()) {
      out.println("  clusters  " + model);
    }
    printFailures(run, console.out());
    StringBuilder times = new StringBuilder();
    run.seconds()
        .forEach(
            (part, seconds) ->
                times
                    .append(times.isEmpty() ? "" : ", ")
                    .append(part)
                    .append(String.format(Locale.ROOT, " %.1f s", seconds)));
    out.println("  time      " + times);
    out.println("  tables    " + place(run.output()));
    run.report().ifPresent(page -> out.println("  report    " + place(page)));
    run.reportProblem()
        .ifPresent(
            why ->
                out.println(
                    "  report    not written: "
                        + Printable.of(why)
                        + ". Try 'cytolake report' on these tables."));
    out.flush();
  }

  private static void count(PrintWriter out, String what, long n, RunSummary run) {
    out.printf(Locale.ROOT, "  %-9s %,d, %.1f an image%n", what, n, (double) n / run.analyzed());
  }

  private static void printFailures(RunSummary run, Console.Stream out) {
    String failed = "  " + out.styled("failed", Style.fg_red) + "    ";
    for (Failure failure :
        run.failures().subList(0, Math.min(FAILURES_SHOWN, run.failures().size()))) {
      out.writer()
          .println(
              failed
                  + Printable.of(failure.image())
                  + ": "
                  + Printable.of(failure.message())
                  + " "
                  + failure.remedy());
    }
    if (run.failures().size() > FAILURES_SHOWN) {
      out.writer()
          .println(
              failed
                  + "... and "
                  + (run.failures().size() - FAILURES_SHOWN)
                  + " more: see the table errors");
    }
    out.writer().flush();
  }

  /** What is said of images whose files have gone. */
  static String removed(int images) {
    return images
        + (images == 1 ? " image whose file has" : " images whose files have")
        + " gone from the input (run.keep-missing=true keeps such)";
  }

  /** A folder of this machine by its whole path, anything else as it was given. */
  static String place(String output) {
    return output.contains(":") ? output : Path.of(output).toAbsolutePath().normalize().toString();
  }
}
