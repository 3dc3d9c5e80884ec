package org.cytolake.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.Json;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.StoreErrors;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * The file {@code _layout.json} of an output, which its first commit writes.
 *
 * @param groups the groups' names
 * @param channels the channels
 * @param format of the tables, as {@code output.format}
 * @param catalog as {@code output.catalog}
 */
record LayoutFile(List<String> groups, List<Channel> channels, String format, String catalog) {
  static final String FILE = "_layout.json";
  static final String PARQUET = "parquet";

  LayoutFile {
    format = format == null ? PARQUET : format; // written before there was another
    catalog = catalog == null ? "" : catalog;
  }

  /**
   * @param type in SQL
   */
  record Channel(String name, String type) {}

  static LayoutFile of(Layout layout, String format, String catalog) {
    return new LayoutFile(
        layout.groups(),
        layout.channels().stream().map(c -> new Channel(c.name(), c.type().sql())).toList(),
        format,
        catalog);
  }

  Layout layout() {
    return new Layout(
        groups,
        channels.stream()
            .map(c -> new ChannelColumn(c.name(), DataType.fromDDL(c.type())))
            .toList());
  }

  /** The file of an output, or that of a commit that was made; empty if it has none yet. */
  static Optional<LayoutFile> read(OutputFolder output) {
    Optional<String> text =
        Journal.pending(output).stream()
            .flatMap(journal -> journal.steps().stream())
            .filter(step -> FILE.equals(step.to()))
            .flatMap(step -> output.read(step.from()).stream())
            .findFirst()
            .or(() -> output.read(FILE));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      LayoutFile file = Json.read(text.get(), LayoutFile.class);
      file.layout(); // or it is damaged
      return Optional.of(file);
    } catch (JsonProcessingException | RuntimeException e) {
      throw new CytolakeException(
          Code.FAILED,
          "The file " + output.path(FILE) + " is damaged: " + StoreErrors.reason(e) + ".",
          "Restore it, or choose another --output.",
          e);
    }
  }

  /**
   * @throws CytolakeException USAGE if the output holds tables of another layout, or files that
   *     this program did not write where a table would be
   */
  static void requireSame(OutputFolder output, Layout layout) {
    Optional<Layout> present = read(output).map(LayoutFile::layout);
    if (present.isPresent()) {
      if (!present.get().equals(layout)) {
        throw new CytolakeException(
            Code.USAGE,
            "The output "
                + output
                + " holds tables with "
                + present.get()
                + "; the images now given have "
                + layout
                + ".",
            "Use another --output.");
      }
      return;
    }
    if (!Journal.pending(output).isEmpty()) {
      return; // killed during its first commit; looked at again when that is finished
    }
    for (Table table : Table.values()) {
      requireFree(output, table, Set.of());
    }
  }

  /**
   * @param own names in the table's folder that a killed first commit may have left
   * @throws CytolakeException USAGE if something else lies where the table would be
   */
  static void requireFree(OutputFolder output, Table table, Set<String> own) {
    if (!own.containsAll(output.list(table.folder()))) {
      throw new CytolakeException(
          Code.USAGE,
          "The output "
              + output
              + " has a folder '"
              + table.folder()
              + "' with files that are no tables of Cytolake.",
          "Use another --output.");
    }
  }
}
