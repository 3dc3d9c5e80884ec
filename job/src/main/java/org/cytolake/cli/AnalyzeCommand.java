package org.cytolake.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.stage.AnalyzePipeline;
import org.cytolake.stage.RunSummary;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cytolake analyze}. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Images in, tables out: statistics and histograms of every channel, clusters of pixels, nuclei.",
      "A second run processes only images that are new or have changed."
    })
final class AnalyzeCommand implements Callable<Integer> {
  @Mixin RunOptions options;
  @Mixin NucleiOptions nuclei;
  @Mixin SparkOptions spark;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    CytolakeConfig config = options.load(nuclei);
    CommandLine line = spec.commandLine();
    try (ConsoleProgress progress = ConsoleProgress.of(config.run().progress(), line.getErr())) {
      progress.begin("starting Spark", 0);
      try (SparkSession session = spark.session("analyze")) {
        progress.end();
        RunSummary summary = new AnalyzePipeline(session, config, progress).run();
        SummaryText.print(summary, line.getOut());
        return summary.failures().isEmpty() ? Main.OK : Main.FAILED_IMAGES;
      }
    }
  }
}
