package org.cytolake.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.OutputLock;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

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
final class ParquetTableStore implements TableStore {
  static final long ROWS_PER_FILE = 2_000_000;
  private static final int ATTEMPTS = 5;

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

  /** The tables of an output that were committed there; writes nothing. */
  static TableStore existing(SparkSession spark, OutputFolder output, Layout layout) {
    return new ParquetTableStore(spark, output, layout, OutputLock.Timing.DEFAULT, ROWS_PER_FILE);
  }

  /**
   * Opens an output for writing; creates the folder.
   *
   * @throws CytolakeException USAGE if it cannot be written, holds tables of another layout or
   *     folders with foreign files where tables would be; FAILED if the disk is full or what is
   *     there is damaged
   */
  static TableStore open(SparkSession spark, OutputFolder output, Layout layout) {
    return open(spark, output, layout, OutputLock.Timing.DEFAULT, ROWS_PER_FILE);
  }

  static TableStore open(
      SparkSession spark,
      OutputFolder output,
      Layout layout,
      OutputLock.Timing timing,
      long rowsPerFile) {
    output.requireWritable(OutputFolder.PROBE + UUID.randomUUID());
    LayoutFile.requireSame(output, layout);
    return new ParquetTableStore(spark, output, layout, timing, rowsPerFile);
  }

  @Override
  public Optional<Dataset<Row>> read(Table table) {
    StructType schema = table.schema(layout);
    List<String> files = files(table);
    for (int attempt = 1; attempt < ATTEMPTS && !files.isEmpty(); attempt++) {
      Optional<Dataset<Row>> rows = FileContents.readIfThere(spark, output, schema, files);
      if (rows.isPresent()) {
        return rows;
      }
      files = files(table); // a commit has moved some
    }
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(FileContents.read(spark, output, schema, files));
  }

  /**
   * The table's files as they are, or will be when journals of killed runs are carried out. Looked
   * at again where a commit began or ended meanwhile.
   */
  private List<String> files(Table table) {
    while (true) {
      List<String> runs = output.list(Manifest.FOLDER);
      List<Journal> pending = Journal.pending(output);
      List<String> files = new ArrayList<>(output.parquetFiles(table.folder()));
      for (Journal journal : pending) {
        carryOut(journal, table, files);
      }
      if (pending.equals(Journal.pending(output)) && runs.equals(output.list(Manifest.FOLDER))) {
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
  public String version(Table table) {
    return String.join(" ", files(table));
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public Layout fitting(Layout found) {
    return layout.widened(found);
  }

  @Override
  public Map<String, String> facts() {
    return Manifest.lastFacts(output);
  }

  @Override
  public Run begin() {
    OutputLock lock = OutputLock.acquire(output, timing);
    try {
      Journal.recover(output);
      LayoutFile.requireSame(output, layout);
      return new ParquetRun(spark, output, layout, lock, BatchId.first(), rowsPerFile);
    } catch (Throwable t) {
      lock.close();
      throw t;
    }
  }
}
