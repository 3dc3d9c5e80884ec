package org.cytolake.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cytolake reference}, for who changes the code. */
@Command(
    name = "reference",
    hidden = true,
    mixinStandardHelpOptions = true,
    description =
        "Writes the reference pages of the documentation: settings, tables, functions, commands.",
    footerHeading = "%nExamples:%n",
    footer = "  cytolake reference deploy/docs/reference")
final class ReferenceCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "Where the pages go; made where it is missing.")
  Path folder;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> page : ReferencePages.all().entrySet()) {
      spec.commandLine()
          .getOut()
          .println(Files.writeString(folder.resolve(page.getKey()), page.getValue()));
    }
    return Main.OK;
  }
}
