package org.cytolake.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeException;

/**
 * Tables as folders of Parquet files, {@code <output>/<table>/part-<run>-NNNNN.zstd.parquet}, on
 * any Hadoop file system. Whatever reads Parquet reads them.
 *
 * <p>A run writes under {@code _staging/<run>/}, then a {@link Journal} of moves and deletes;
 * renaming the journal to its final name is the commit. A file that holds rows of a replaced image
 * is written anew without them; other files stay.
 *
 * <p><b>What a reader sees.</b> {@link #read} gives the rows before the commit or those after it,
 * also when the process was killed while it moved files. A reader that only lists a table's folder
 * sees the same, except while files are being moved, which takes one rename or delete a file: then
 * each file is there whole or not at all, no row is missing, but of a table that is just being
 * switched replaced rows may be seen in their old and new form, and files that were rewritten
 * twice. Tables are switched one after the other, {@code images} last. Should the process be killed
 * then, it stays so until the next {@link #begin}. A query that has listed an old file before and
 * opens it after it was deleted fails with file-not-found and succeeds when run again.
 */
public final class ParquetTableStore implements TableStore {
  private static final long ROWS_PER_FILE = 2_000_000;
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final SparkSession spark;
  private final OutputFolder output;
  private final Layout layout;
  private final OutputLock.Timing timing;
  private final long rowsPerFile;

  private ParquetTableStore(
      SparkSession spark,
      OutputFolder output,
      Layout layout,
      OutputLock.Timing timing,
      long rowsPerFile) {
    this.spark = spark;
    this.output = output;
    this.layout = layout;
    this.timing = timing;
    this.rowsPerFile = rowsPerFile;
  }

  /**
   * Opens an output for writing; creates the folder.
   *
   * @param outputPath a path or URI of any Hadoop file system
   * @throws CytolakeException USAGE if it cannot be written, holds tables of another layout or
   *     folders with foreign files where tables would be; FAILED if the disk is full or what is
   *     there is damaged
   */
  public static TableStore open(SparkSession spark, String outputPath, Layout layout) {
    return open(spark, outputPath, layout, OutputLock.Timing.DEFAULT, ROWS_PER_FILE);
  }

  /**
   * The tables of an output for reading; writes nothing, not even to find out whether it could.
   *
   * @return empty if no run was committed there yet
   */
  public static Optional<TableStore> reader(SparkSession spark, String outputPath) {
    OutputFolder output = folder(spark, outputPath);
    return LayoutFile.read(output)
        .map(
            layout ->
                new ParquetTableStore(
                    spark, output, layout, OutputLock.Timing.DEFAULT, ROWS_PER_FILE));
  }

  static TableStore open(
      SparkSession spark,
      String outputPath,
      Layout layout,
      OutputLock.Timing timing,
      long rowsPerFile) {
    OutputFolder output = folder(spark, outputPath);
    output.requireWritable(OutputFolder.PROBE + UUID.randomUUID());
    LayoutFile.requireSame(output, layout);
    return new ParquetTableStore(spark, output, layout, timing, rowsPerFile);
  }

  /**
   * Finds out whether an output can be written, before any work is done for it.
   *
   * @throws CytolakeException USAGE if it cannot be
   */
  public static void requireWritable(SparkSession spark, String outputPath) {
    folder(spark, outputPath)
        .requireWritable(OutputFolder.STAGING + "/" + OutputFolder.PROBE + UUID.randomUUID());
  }

  /**
   * The layout of the tables that an output holds; writes nothing.
   *
   * @return empty if no run was committed there yet
   */
  public static Optional<Layout> layout(SparkSession spark, String outputPath) {
    return LayoutFile.read(folder(spark, outputPath));
  }

  private static OutputFolder folder(SparkSession spark, String outputPath) {
    return OutputFolder.of(outputPath, spark.sparkContext().hadoopConfiguration());
  }

  @Override
  public Optional<Dataset<Row>> read(Table table) {
    List<String> files = files(table);
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(TableWriter.read(spark, output, table.schema(layout), files));
  }

  /**
   * The table's files as they are, or will be when journals of killed runs are carried out. Looked
   * at again where a commit began or ended meanwhile.
   */
  private List<String> files(Table table) {
    while (true) {
      List<String> runs = output.list(Journal.RUNS);
      List<Journal> pending = Journal.pending(output);
      List<String> files = new ArrayList<>(output.parquetFiles(table.folder()));
      for (Journal journal : pending) {
        carryOut(journal, table, files);
      }
      if (pending.equals(Journal.pending(output)) && runs.equals(output.list(Journal.RUNS))) {
        return files;
      }
    }
  }

  private void carryOut(Journal journal, Table table, List<String> files) {
    for (Journal.Step step : journal.steps()) {
      if (step.to() == null) {
        files.remove(step.from());
      } else if (step.to().startsWith(table.folder() + "/") && !files.contains(step.to())) {
        files.add(output.exists(step.from()) ? step.from() : step.to());
      }
    }
  }

  @Override
  public Map<String, String> facts() {
    List<String> manifests = output.list(Journal.RUNS);
    Optional<String> last =
        manifests.isEmpty()
            ? Optional.empty()
            : output.read(Journal.RUNS + "/" + manifests.get(manifests.size() - 1));
    Map<String, String> facts = new HashMap<>();
    try {
      if (last.isPresent()) {
        Json.read(last.get(), JsonNode.class)
            .path("facts")
            .properties()
            .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
      }
    } catch (JsonProcessingException e) {
      return Map.of(); // a damaged manifest: as if nothing were known
    }
    return facts;
  }

  @Override
  public Run begin() {
    OutputLock lock = OutputLock.acquire(output, timing);
    try {
      Journal.recover(output);
      LayoutFile.requireSame(output, layout);
      return new ParquetRun(spark, output, layout, lock, newId(), rowsPerFile);
    } catch (Throwable t) {
      lock.close();
      throw t;
    }
  }

  private static String newId() {
    return RUN_TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
