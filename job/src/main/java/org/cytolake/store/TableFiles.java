package org.cytolake.store;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.PlainFiles;
import org.cytolake.output.StoreErrors;
import org.cytolake.tables.Layout;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/**
 * How tasks write the tables' rows where they make them: one Parquet file a table and share of the
 * images, below the run's staging folder. It travels with the tasks; the driver only learns the
 * files' names.
 *
 * <p>The files are those that Spark would write: the same schema, comments, compression and times.
 * Each attempt of a task writes files of names of its own, once and where they stay until the
 * commit; what an attempt wrote whose answer the driver did not take is never read, and goes with
 * the staging folder.
 */
public final class TableFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The most that a file's rows take in memory before they are written: many files are open. */
  private static final long ROW_GROUP_BYTES = 32L << 20;

  private final SerializableConfiguration hadoop;
  private final String root;
  private final String folder;
  private final Layout layout;
  private transient Configuration parquet; // once it is asked for

  /**
   * @param hadoop a configuration that Spark has prepared for writing Parquet
   * @param root the folder of the files
   * @param folder the same, relative to the output
   */
  TableFiles(Configuration hadoop, Path root, String folder, Layout layout) {
    this.hadoop = new SerializableConfiguration(hadoop);
    this.root = root.toString();
    this.folder = folder;
    this.layout = layout;
  }

  /** The settings that Parquet's writers look at: copying all of Hadoop's for a file takes long. */
  private Configuration parquet() {
    if (parquet == null) {
      Configuration some = new Configuration(false);
      for (Map.Entry<String, String> setting : hadoop.value()) {
        if (setting.getKey().startsWith("spark.sql.") || setting.getKey().startsWith("parquet.")) {
          some.set(setting.getKey(), setting.getValue());
        }
      }
      parquet = some;
    }
    return parquet;
  }

  /** The layout of the rows. */
  public Layout layout() {
    return layout;
  }

  /**
   * Begins to write, in a task; creates nothing before the first row.
   *
   * @param share the number of the share, which orders the files
   */
  public Writer open(int share) {
    return new Writer(share);
  }

  /**
   * The files of one attempt of a task, for one thread. Rows of a table come in its order: those of
   * an image one after another.
   */
  public final class Writer implements AutoCloseable {
    private final String base;
    private final Map<Table, Open> files = new EnumMap<>(Table.class);

    private Writer(int share) {
      TaskContext task = TaskContext.get();
      this.base =
          "part-%05d-%s-%s.zstd.parquet"
              .formatted(share, task == null ? 0 : task.taskAttemptId(), UUID.randomUUID());
    }

    /**
     * Writes a row.
     *
     * @param row as {@link RowByName} fills it; it may change afterwards
     * @throws CytolakeException FAILED if it cannot be written
     */
    public void write(Table table, InternalRow row) {
      try {
        files.computeIfAbsent(table, this::create).write(row);
      } catch (IOException e) {
        throw failed(table, e);
      }
    }

    private Open create(Table table) {
      String name = table.folder() + "/" + base;
      try {
        return new Open(table, folder + "/" + name, new Path(root, name));
      } catch (IOException e) {
        throw failed(table, e);
      }
    }

    /**
     * Ends the writing.
     *
     * @return a file for each table that got a row
     * @throws CytolakeException FAILED if they cannot be written
     */
    public List<StagedFile> finish() {
      List<StagedFile> finished = new ArrayList<>();
      for (Open file : files.values()) {
        try {
          finished.add(file.finish());
        } catch (IOException e) {
          throw failed(file.table, e);
        }
      }
      files.clear();
      return finished;
    }

    /** Removes what is not finished. */
    @Override
    public void close() {
      files.values().forEach(Open::discard);
      files.clear();
    }

    private CytolakeException failed(Table table, IOException e) {
      return StoreErrors.failed(
          "Table " + table.folder() + " could not be written to " + root,
          "The tables are as they were before; run the same command again.",
          e);
    }
  }

  private final class Open {
    private final Table table;
    private final String name;
    private final Path path;
    private final ParquetRows out;
    private long rows;
    private long withoutImage;
    private UTF8String image; // of the last row
    private UTF8String first;
    private UTF8String last;

    Open(Table table, String name, Path path) throws IOException {
      this.table = table;
      this.name = name;
      this.path = path;
      this.out =
          new ParquetRows(
              PlainFiles.output(path, hadoop.value()),
              table.schema(layout),
              layout.keys(),
              ROW_GROUP_BYTES,
              new Configuration(parquet()));
    }

    void write(InternalRow row) throws IOException {
      UTF8String of = row.getUTF8String(0);
      if (of == null) {
        withoutImage++;
      } else if (!of.equals(image)) {
        widen(of);
      }
      out.write(row);
      rows++;
    }

    private void widen(UTF8String of) {
      image = of.copy();
      first = first == null || image.compareTo(first) < 0 ? image : first;
      last = last == null || image.compareTo(last) > 0 ? image : last;
    }

    StagedFile finish() throws IOException {
      out.finish();
      out.close();
      String from = first == null ? null : first.toString();
      return new StagedFile(
          table, name, rows, from, from == null ? null : last.toString(), withoutImage);
    }

    /** What cannot be removed now goes with the staging folder. */
    void discard() {
      try {
        out.close();
      } catch (IOException | RuntimeException e) {
        // it is not wanted
      }
      try {
        PlainFiles.system(path, hadoop.value()).delete(path, false);
      } catch (IOException e) {
        // the end of the run removes it
      }
    }
  }
}
