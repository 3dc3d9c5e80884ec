package org.cytolake.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.cytolake.stage.ReportPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cytolake report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes report/index.html in an output folder again, from its tables and the images.",
      "analyze does so itself at its end, unless report.enabled is false."
    },
    footer = {"", "Example:", "  cytolake report --output tables/"})
final class ReportCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      defaultValue = "output",
      description = "Folder of the tables, as analyze was given it. Default: ${DEFAULT-VALUE}.")
  String output;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A setting other than in the run that wrote the tables, such as"
              + " --set report.inline-images=0.")
  List<String> settings = new ArrayList<>();

  @Mixin SparkOptions spark;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (SparkSession session = spark.session("report")) {
      String page = ReportPipeline.rewrite(session, output, settings);
      spec.commandLine().getOut().println("report    " + SummaryText.place(page));
      return Main.OK;
    }
  }
}
