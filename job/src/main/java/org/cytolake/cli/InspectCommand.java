package org.cytolake.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.catalog.Inspector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cytolake inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Says what is in image files. Starts no Spark job.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  cytolake inspect plate/some.tif",
      "  cytolake inspect plate/*.czi s3a://screens/2026-11/scan.ome.tif"
    })
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files on any Hadoop file system.")
  List<String> files;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    int code = Main.OK;
    for (String file : files) {
      Inspector.Report report = Inspector.inspect(file, new Configuration());
      spec.commandLine().getOut().println(report.text());
      code = report.readable() ? code : Main.FAILED_IMAGES;
    }
    return code;
  }
}
