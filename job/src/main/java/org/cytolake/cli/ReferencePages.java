package org.cytolake.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.config.Setting;
import org.cytolake.sql.FunctionText;
import org.cytolake.tables.TableDocs;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The reference pages of the documentation, in Markdown, made of what the program itself knows. */
final class ReferencePages {
  private static final String MADE =
      "<!-- Made by `deploy/bin/cytolake reference deploy/docs/reference`: change the code, not"
          + " this page. -->\n";
  private static final int WIDTH = 100;

  private ReferencePages() {}

  /** The pages' texts by file name. */
  static Map<String, String> all() {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("settings.md", settings());
    pages.put("tables.md", tables());
    pages.put("functions.md", functions());
    pages.put("commands.md", commands());
    return pages;
  }

  private static String settings() {
    StringBuilder page = new StringBuilder("# Settings\n").append(MADE);
    page.append(
        "\n"
            + "Given by `--set key=value`, by flags, or in a HOCON file by `--config FILE`; `--set`"
            + " beats flags, flags beat the file.\n");
    String section = "";
    for (Setting setting : Setting.all()) {
      String first = setting.key().substring(0, setting.key().indexOf('.'));
      if (!first.equals(section)) {
        section = first;
        page.append("\n## ").append(section).append("\n| key | default | |\n|---|---|---|\n");
      }
      page.append("| `").append(setting.key()).append("` | ");
      page.append(codeCell(setting.fallback())).append(" | ");
      page.append(setting.comment().isEmpty() ? "See above." : cell(setting.comment()));
      page.append(" |\n");
    }
    return page.toString();
  }

  private static String tables() {
    StringBuilder page = new StringBuilder("# Tables\n").append(MADE);
    page.append(
        "\n"
            + "`<group>` stands for each named group of the file names, `<channel>` for each"
            + " channel. Of this output's tables `cytolake tables` says the same on the"
            + " console.\n");
    for (JsonNode table : json(TableDocs.json(Optional.empty()))) {
      page.append("\n## ").append(table.get("table").asText()).append('\n');
      page.append(text(table.get("description").asText())).append("\n\n");
      page.append("| column | type | |\n|---|---|---|\n");
      for (JsonNode column : table.get("columns")) {
        page.append("| ").append(codeCell(column.get("name").asText()));
        page.append(" | ").append(codeCell(column.get("type").asText()));
        page.append(" | ").append(cell(column.get("comment").asText())).append(" |\n");
      }
    }
    return page.toString();
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String functions() {
    StringBuilder page = new StringBuilder("# SQL functions\n").append(MADE);
    page.append(
        "\n"
            + "The aggregates of pixels first. A histogram is an array of (value, count) or a map,"
            + " a joint histogram an array of (x, y, count). `DESCRIBE FUNCTION EXTENDED name` says"
            + " the same.\n");
    for (FunctionText function : FunctionText.all()) {
      page.append("\n## ").append(function.name()).append("\n`");
      page.append(function.calls().replace(" or ", "` or `")).append("`\n\n");
      page.append(text(function.usage())).append("\n\n");
      function.arguments().forEach(a -> page.append("- ").append(text(a)).append('\n'));
      page.append("\n```sql\n").append(function.example()).append('\n');
      function.result().lines().forEach(line -> page.append("-- ").append(line).append('\n'));
      page.append("```\n");
    }
    return page.toString();
  }

  private static String commands() {
    StringBuilder page = new StringBuilder("# Commands\n").append(MADE);
    page.append("\nWhat `--help` prints.\n");
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    CommandLine program = Main.commandLine(nowhere, nowhere);
    help(page, program);
    program.getSubcommands().values().stream().distinct().forEach(c -> help(page, c));
    return page.toString();
  }

  private static void help(StringBuilder page, CommandLine command) {
    if (!command.getCommandSpec().usageMessage().hidden()) {
      command.setUsageHelpAutoWidth(false).setUsageHelpWidth(WIDTH);
      page.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n```\n");
      List<String> lines = command.getUsageMessage(Ansi.OFF).stripTrailing().lines().toList();
      lines.forEach(line -> page.append(line.stripTrailing()).append('\n'));
      page.append("```\n");
    }
  }

  /** Text that is not taken for markup. */
  private static String text(String plain) {
    return plain.replace("<", "&lt;").replace("*", "\\*");
  }

  private static String cell(String plain) {
    return text(plain).replace("|", "\\|");
  }

  private static String codeCell(String plain) {
    return "`" + plain.replace("|", "\\|") + "`";
  }
}
