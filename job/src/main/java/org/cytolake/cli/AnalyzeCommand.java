package org.cytolake.cli;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
final class AnalyzeCommand extends PipelineCommand {
  @Mixin NucleiOptions nuclei;

  @Override
  Map<String, Object> flags() {
    return nuclei.flags();
  }

  @Override
  AnalyzePipeline pipeline(SparkSession session, CytolakeConfig config, Progress progress) {
    return new AnalyzePipeline(session, config, progress);
  }
}
