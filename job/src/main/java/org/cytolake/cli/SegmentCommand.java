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

/** {@code cytolake segment}. */
@Command(
    name = "segment",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Only the nuclei: images in, the tables images, nuclei and errors out.",
      "They are the nuclei that analyze finds; statistics, co-localisation and clusters are left out.",
      "A second run processes only images that are new or have changed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cytolake segment --input plates/ --output nuclei/",
      "  cytolake segment --input plates/ --channels 1=dapi,3=actin --channel dapi --precision int8",
      "  cytolake segment --input slides/*.tif --model he.onnx --channel red,green,blue \\",
      "      --set segmentation.normalize=together",
      "  cytolake segment --input plates/ --model mine.onnx --prob-threshold 0.6 --nms-threshold 0.3"
    })
final class SegmentCommand implements Callable<Integer> {
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
      try (SparkSession session = spark.session("segment")) {
        progress.end();
        RunSummary summary = AnalyzePipeline.onlyNuclei(session, config, progress).run();
        SummaryText.print(summary, line.getOut());
        return summary.failures().isEmpty() ? Main.OK : Main.FAILED_IMAGES;
      }
    }
  }
}
