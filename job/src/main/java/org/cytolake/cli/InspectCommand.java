package org.cytolake.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.catalog.Inspector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cytolake inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Says what is in image files. Starts no Spark job.",
      "Of a folder, what its file names tell: plates, wells, fields, channels, gaps."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cytolake inspect plate/some.tif",
      "  cytolake inspect plate/",
      "  cytolake inspect plate/*.czi s3a://screens/2026-11/scan.ome.tif"
    })
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files or folders on any Hadoop file system.")
  List<String> files;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "Of folders: how files are named, as for analyze. Default: ${DEFAULT-VALUE}.")
  String layout;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    int code = Main.OK;
    for (String file : files) {
      Inspector.Report report = Inspector.inspect(file, layout, new Configuration());
      spec.commandLine().getOut().println(report.text());
      code = report.readable() ? code : Main.FAILED_IMAGES;
    }
    return code;
  }
}
