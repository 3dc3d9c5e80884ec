package org.cytolake.store;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.StoreErrors;
import org.cytolake.store.StagedRun.Going;

/** What the tables' files hold, as far as it was asked; a command's batches share it. */
final class FileContents {
  private final OutputFolder output;
  private final Configuration hadoop;
  private final Map<String, ImageColumn.Footer> footers = new ConcurrentHashMap<>(); // by name

  FileContents(OutputFolder output, Configuration hadoop) {
    this.output = output;
    this.hadoop = hadoop;
  }

  /** The number of rows. */
  long rows(String file) {
    return footer(file).rows();
  }

  /** Whether there are rows of those that go. */
  boolean holdsAny(String file, Going going) {
    if (going.withoutImage() && footer(file).withoutImage()) {
      return true;
    }
    try {
      return column(file).holdsAny(going.images());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Those of the images that there are rows of. */
  Set<String> present(String file, Set<String> images) {
    try {
      return column(file).present(images);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The file has another name now. */
  void renamed(String from, String to) {
    ImageColumn.Footer footer = footers.remove(from);
    if (footer != null) {
      footers.put(to, footer);
    }
  }

  /**
   * The rows of some files.
   *
   * @throws CytolakeException FAILED if one has gone meanwhile
   */
  static Dataset<Row> read(
      SparkSession session, OutputFolder output, StructType schema, List<String> files) {
    return readIfThere(session, output, schema, files)
        .orElseThrow(
            () ->
                new CytolakeException(
                    CytolakeException.Code.FAILED,
                    "Files of "
                        + output
                        + " have gone while they were read: some of "
                        + files.stream().limit(3).collect(Collectors.joining(", "))
                        + (files.size() > 3 ? " and " + (files.size() - 3) + " more" : "")
                        + ".",
                    "Another command has changed the output meanwhile, or files were removed by"
                        + " hand: run the same command again."));
  }

  /**
   * The same; empty if a file has gone, which Spark, where it is late, takes for one without rows.
   */
  static Optional<Dataset<Row>> readIfThere(
      SparkSession session, OutputFolder output, StructType schema, List<String> files) {
    if (files.isEmpty()) {
      return Optional.of(session.createDataFrame(List.<Row>of(), schema));
    }
    try {
      Dataset<Row> rows =
          session
              .read()
              .schema(schema)
              .option("mergeSchema", "false")
              .option("ignoreMissingFiles", "false") // whatever the session says
              .option("ignoreCorruptFiles", "false")
              .parquet(output.paths(files).toArray(String[]::new));
      return rows.inputFiles().length < new HashSet<>(files).size()
          ? Optional.empty()
          : Optional.of(rows);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      if (e instanceof AnalysisException a && "PATH_NOT_FOUND".equals(a.getCondition())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private ImageColumn.Footer footer(String file) {
    return footers.computeIfAbsent(
        file,
        name -> {
          try {
            return column(name).footer();
          } catch (IOException e) {
            throw unreadable(name, e);
          }
        });
  }

  private ImageColumn column(String file) {
    return new ImageColumn(hadoop, output.path(file));
  }

  private RuntimeException unreadable(String file, IOException e) {
    return StoreErrors.failed(
        output.path(file) + " cannot be read", "Restore it, or choose another --output.", e);
  }
}
