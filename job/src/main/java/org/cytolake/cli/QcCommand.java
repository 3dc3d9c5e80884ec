package org.cytolake.cli;

import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import picocli.CommandLine.Command;

/** {@code cytolake qc}. */
@Command(
    name = "qc",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Which images can be trusted: images in, the tables images, image_quality, flags and errors"
          + " out.",
      "Each field is compared with those of its plate; analyze does the same beside all else.",
      "A second run processes only images that are new or have changed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  # all images of a plate, and what is wrong with some of them",
      "  cytolake qc --input plate1/ --output quality/",
      "  cytolake sql --output quality/ \\",
      "      'SELECT image, channel, flag, message FROM flags ORDER BY z_score'",
      "  # only what is very unusual; plates by the pattern's group run",
      "  cytolake qc --input plates/ --output quality/ \\",
      "      --pattern '(?<run>\\w+)_(?<well>[A-P]\\d{2})_(?<channel>\\w+)\\.tif' \\",
      "      --set quality.plate=run --set quality.out-of-focus=8"
    })
final class QcCommand extends PipelineCommand {
  @Override
  AnalyzePipeline pipeline(SparkSession session, CytolakeConfig config, Progress progress) {
    return AnalyzePipeline.onlyQuality(session, config, progress);
  }
}
