package org.cytolake.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.cytolake.tables.TableDocs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cytolake tables}. */
@Command(
    name = "tables",
    mixinStandardHelpOptions = true,
    description = "Lists the tables: every column with its type, meaning and unit.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  cytolake tables | less",
      "  # the columns of the table nuclei, by jq",
      "  cytolake tables --json"
    })
final class TablesCommand implements Callable<Integer> {
  @Option(names = "--json", description = "As JSON, for programs.")
  boolean json;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    String text = json ? TableDocs.json(Optional.empty()) : TableDocs.text(Optional.empty());
    spec.commandLine().getOut().println(text);
    return Main.OK;
  }
}
