package org.cytolake.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.cytolake.run.ReportPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code cytolake report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes report/index.html in an output folder again, from its tables and the images.",
      "analyze does so itself at its end, unless report.enabled is false."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cytolake report --output tables/",
      "  # wells by what was done to them",
      "  cytolake report --output tables/ --plate-map plate.csv",
      "  # a page for every image, in report/images",
      "  cytolake report --output tables/ --set report.inline-images=0"
    })
final class ReportCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      defaultValue = "output",
      description = "Folder of the tables, as analyze was given it. Default: ${DEFAULT-VALUE}.")
  String output;

  @Option(
      names = "--plate-map",
      paramLabel = "FILE",
      description = "Another plate map than the tables have, as analyze takes it; it is kept.")
  String plateMap;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A setting other than in the run that wrote the tables, such as"
              + " --set report.inline-images=0.")
  List<String> settings = new ArrayList<>();

  @Mixin SparkOptions spark;
  @ParentCommand Main main;

  @Override
  public Integer call() throws IOException {
    if (plateMap != null) {
      settings.add(
          "input.plate-map=\"" + plateMap.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }
    try (SparkSession session = spark.session("report")) {
      String page = ReportPipeline.rewrite(session, output, settings);
      if (!main.console().isQuiet()) {
        main.console().out().writer().println("report    " + SummaryText.place(page));
        main.console().out().writer().flush();
      }
      return Main.OK;
    }
  }
}
