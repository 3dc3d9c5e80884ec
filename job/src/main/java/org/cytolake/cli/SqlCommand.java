package org.cytolake.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.query.Query;
import org.cytolake.query.QueryErrors;
import org.cytolake.query.Results;
import org.cytolake.query.TextTable;
import org.cytolake.run.AnalyzePipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cytolake sql}. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs SQL over the tables and over images. Standard output has the result and nothing else.",
      "Each table of --output is a view of its name; the view pixels are the pixels of --input,"
          + " else",
      "the table pixels (where output.pixels filled it), else the sample images. All functions of",
      "Spark and of Cytolake are there (SHOW FUNCTIONS). Of several statements, separated by",
      "semicolons, the result of the last is shown."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  # nuclei in each image",
      "  cytolake sql \"SELECT image, nuclei FROM images\" --output tables",
      "  # all nuclei, for another program",
      "  cytolake sql \"SELECT * FROM nuclei\" --format csv > nuclei.csv",
      "  # over images: opens the files of one well only",
      "  cytolake sql --input plates/ --channels 1=nuclei,3=cytoplasm \\",
      "      --pattern '(?<well>[A-P]\\d{2})_c(?<channel>\\d)\\.tif' \\",
      "      \"SELECT avg(nuclei) FROM pixels WHERE well = 'B02'\"",
      "  # from a file, and from standard input",
      "  cytolake sql --file report.sql --format json",
      "  cytolake sql - --format parquet --to big_nuclei"
    })
final class SqlCommand implements Callable<Integer> {
  /** How the result is written. */
  enum Format {
    TABLE,
    CSV,
    JSON,
    PARQUET;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(
      paramLabel = "QUERY",
      arity = "0..1",
      description = "The statements; - reads them from standard input.")
  String query;

  @Option(names = "--file", paramLabel = "FILE", description = "A file with the statements.")
  Path file;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = {
        "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
        "table rounds to 7 digits and cuts long cells; json is an object a line; csv and json are"
            + " written as they come, of any length."
      })
  Format format;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most rows of a table. Default: ${DEFAULT-VALUE}.")
  int rows;

  @Option(
      names = "--to",
      paramLabel = "PATH",
      description = "Folder for --format parquet, on any Hadoop file system; must not exist.")
  String to;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "Folder of the tables. Default: output.")
  String output;

  @Mixin InputOptions images;

  @Option(
      names = "--permissive",
      description =
          "An image that cannot be read becomes one row that says why in the column corrupt,"
              + " instead of an error.")
  boolean permissive;

  @Mixin ConfigOptions config;
  @Mixin SparkOptions spark;
  @ParentCommand Main main;

  @Override
  public Integer call() throws IOException {
    String text = text();
    requireConsistent();
    Map<String, Object> flags = images.flags();
    ConfigOptions.put(flags, "output.path", output);
    CytolakeConfig settings = config.loadWithSample(flags);
    Console console = main.console();
    try (SparkSession session = start(settings.run().progress(), console)) {
      Query views =
          Query.over(
              session, settings.output().path(), source(settings.input()), !images.input.isEmpty());
      Dataset<Row> result = views.run(text);
      try {
        write(result, console);
      } catch (Exception e) { // Spark's Scala does not declare what it throws
        throw QueryErrors.inWords(e, text, settings.output().path(), List.of());
      }
    }
    return Main.OK;
  }

  /** Says that it starts only to a person who waits: its end is nothing to tell. */
  private SparkSession start(String progress, Console console) {
    try (ConsoleProgress starting =
        ConsoleProgress.of(console.err().terminal() ? progress : "none", console)) {
      starting.begin("starting Spark", 0, 0);
      return spark.session("sql");
    }
  }

  private String text() throws IOException {
    if ((query == null) == (file == null)) {
      throw new CytolakeException(
          Code.USAGE,
          query == null ? "No query is given." : "A query and --file are given.",
          "Give the SQL in quotes, or - for standard input, or --file.");
    }
    try {
      return file != null
          ? Files.readString(file)
          : query.equals("-")
              ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
              : query;
    } catch (java.nio.file.NoSuchFileException e) {
      throw new CytolakeException(
          Code.USAGE, "The file " + file + " does not exist.", "Check the path of --file.", e);
    } catch (java.nio.charset.MalformedInputException e) {
      throw new CytolakeException(
          Code.USAGE, "The file " + file + " is no text in UTF-8.", "Check --file.", e);
    }
  }

  private void requireConsistent() {
    if ((format == Format.PARQUET) != (to != null)) {
      throw new CytolakeException(
          Code.USAGE,
          to == null ? "--format parquet needs --to." : "--to is only for --format parquet.",
          to == null ? "Name a folder with --to." : "Send standard output to a file.");
    }
    if (rows < 1) {
      throw new CytolakeException(
          Code.USAGE,
          "--rows is " + rows + ".",
          "It must be 1 or more; --format csv has no limit.");
    }
  }

  private Optional<SourceOptions> source(CytolakeConfig.Input input) {
    return input.paths().isEmpty()
        ? Optional.empty()
        : Optional.of(AnalyzePipeline.sourceOptions(input).withPermissive(permissive));
  }

  private void write(Dataset<Row> result, Console console) {
    if (format == Format.PARQUET) {
      result.write().parquet(to);
      return;
    }
    if (result.columns().length == 0) {
      return; // a statement without a result, such as CREATE VIEW
    }
    if (format == Format.TABLE) {
      table(result, console);
      return;
    }
    PrintWriter out = new PrintWriter(new BufferedWriter(console.out().writer()));
    if (format == Format.CSV) {
      Results.csv(result, out);
    } else {
      Results.json(result, out);
    }
    out.flush();
  }

  private void table(Dataset<Row> result, Console console) {
    boolean[] more = new boolean[1];
    TextTable table = Results.table(result, rows, more);
    Console.Stream out = console.out();
    boolean wide = out.terminal() && table.width() > out.columns();
    List<String> lines = wide ? table.records() : table.lines();
    for (int i = 0; i < lines.size(); i++) {
      boolean header = wide ? lines.get(i).startsWith("─[") : i == 0;
      out.writer().println(header ? out.styled(lines.get(i), Style.bold) : lines.get(i));
    }
    console.note(
        more[0]
            ? "(the first " + rows + " rows; --rows shows more, --format csv writes all)"
            : table.size() == 1 ? "(1 row)" : "(" + table.size() + " rows)");
  }
}
