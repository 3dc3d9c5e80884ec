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
      "  # the nuclei of all images of a folder",
      "  cytolake segment --input plates/ --output nuclei/",
      "  # two channels a file, the nuclei in the first, by the faster model",
      "  cytolake segment --input plates/ --channels 1=dapi,3=actin \\",
      "      --channel dapi --precision int8",
      "  # stained tissue with a network for RGB",
      "  cytolake segment --input slides/ --channels 1=red,2=green,3=blue \\",
      "      --model he.onnx --channel red,green,blue \\",
      "      --set segmentation.normalize=together",
      "  # other thresholds than the model's",
      "  cytolake segment --input plates/ --model mine.onnx \\",
      "      --prob-threshold 0.6 --nms-threshold 0.3"
    })
final class SegmentCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--dry-run"},
      description =
          "Show which images would be processed, and why, and which cannot be read. Writes nothing.")
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
      try (SparkSession session = spark.session("segment")) {
        progress.end();
        AnalyzePipeline pipeline = AnalyzePipeline.onlyNuclei(session, config, progress);
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
