package org.cytolake.cli;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cytolake segment}. */
@Command(
    name = "segment",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Only the nuclei: images in, the tables images, nuclei and errors out.",
      "They are the nuclei that analyze finds; statistics, co-localisation and clusters are left"
          + " out.",
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
final class SegmentCommand extends PipelineCommand {
  @Mixin NucleiOptions nuclei;

  @Override
  Map<String, Object> flags() {
    return nuclei.flags();
  }

  @Override
  AnalyzePipeline pipeline(SparkSession session, CytolakeConfig config, Progress progress) {
    return AnalyzePipeline.onlyNuclei(session, config, progress);
  }
}
