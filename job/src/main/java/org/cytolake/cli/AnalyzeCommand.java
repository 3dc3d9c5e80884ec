package org.cytolake.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.stage.AnalyzePipeline;
import org.cytolake.stage.RunPlan;
import org.cytolake.stage.RunSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code cytolake analyze}. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Images in, tables out: statistics and histograms of every channel, clusters of pixels,"
          + " nuclei.",
      "A second run processes only images that are new or have changed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  # the sample data, to the folder output",
      "  cytolake analyze",
      "  # a plate whose files each hold one channel: what would be done",
      "  cytolake analyze --input plates/ --channels 1=nuclei,3=cytoplasm \\",
      "      --pattern '(?<well>[A-P]\\d{2})_f(?<field>\\d+)_c(?<channel>\\d)\\.tif' \\",
      "      --output tables --dry-run",
      "  # without nuclei, three clusters, on four cores",
      "  cytolake analyze --input plates/ --master local[4] \\",
      "      --set segmentation.enabled=false --set clustering.k=[3]",
      "  # silent unless something fails, with a log: for cron",
      "  cytolake analyze --config screen.conf --quiet --log-file screen.log"
    })
final class AnalyzeCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--dry-run"},
      description =
          "Show which images would be processed, and why, and which cannot be read. Writes"
              + " nothing.")
  boolean dryRun;

  @Mixin RunOptions options;
  @Mixin NucleiOptions nuclei;
  @Mixin SparkOptions spark;
  @ParentCommand Main main;

  @Override
  public Integer call() throws IOException {
    CytolakeConfig config = options.load(nuclei.flags());
    Console console = main.console();
    try (ConsoleProgress progress = ConsoleProgress.of(config.run().progress(), console)) {
      progress.begin("starting Spark", 0);
      try (SparkSession session = spark.session("analyze")) {
        progress.end();
        AnalyzePipeline pipeline = new AnalyzePipeline(session, config, progress);
        if (dryRun) {
          RunPlan plan = pipeline.plan();
          PlanText.print(plan, console);
          return plan.failures().isEmpty() ? Main.OK : Main.FAILED_IMAGES;
        }
        RunSummary summary = pipeline.run();
        SummaryText.print(summary, console);
        return summary.failures().isEmpty() ? Main.OK : Main.FAILED_IMAGES;
      }
    }
  }
}
