package org.cytolake.store;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeException;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * One change of the output, all or nothing: stage rows with {@link #replace} and files with {@link
 * #replaceFile}, then {@link #commit}. Safe for several threads, which wait for each other.
 */
public interface Run extends AutoCloseable {
  /** The run's name: when it began, and something random. */
  String id();

  /**
   * Says what images the rows will be of; before the first are staged.
   *
   * @param found the images' layout
   * @return {@link TableStore#fitting} it: that of the rows
   */
  Layout layout(Layout found);

  /** A folder for intermediate data, as a path that Spark takes; gone after the run. */
  String scratch();

  /**
   * Stages: the tables' rows of these images are replaced by these rows, several tables at once.
   * The rows are computed now. Rows without an image, which {@linkplain Table#mayLackImage some
   * tables} may have, belong to the last run that wrote the table: every call replaces them. A
   * later call sees what an earlier one staged.
   *
   * @param rows by table, the columns of {@link Table#schema} in any order
   * @param images every image that the rows are of, and those whose rows are to go; none is null
   * @throws IllegalArgumentException if a column is missing, of another type or one too many, or a
   *     row is of another image
   * @throws CytolakeException FAILED if the rows cannot be computed or written
   */
  void replace(Map<Table, Dataset<Row>> rows, Collection<String> images);

  /** The same for one table. */
  default void replace(Table table, Dataset<Row> rows, Collection<String> images) {
    replace(Map.of(table, rows), images);
  }

  /** How tasks write rows of any table into files that {@link #stage} takes. */
  TableFiles files();

  /**
   * Stages: of every table the rows of these images are replaced by those in the files. Rows
   * without an image that earlier commands left go the first time; those of this command stay.
   *
   * <p>Whether there are rows that go is found out from the table {@code images}, which has a row
   * of every image that another table has rows of. Where none of the images is there, no table is
   * read and no Spark job started.
   *
   * @param files what the successful attempts of the tasks returned
   * @param images every image that the rows are of, and those whose rows are to go
   * @throws IllegalArgumentException if a file is of another run or of images that are not among
   *     these
   * @throws CytolakeException FAILED if files cannot be read or written again
   */
  void stage(Collection<StagedFile> files, Set<String> images);

  /**
   * Stages: what lies beside the tables under this name is replaced, or removed.
   *
   * @param name of a file or folder, relative to the output, as {@link ImageFiles} gives it; in no
   *     table's folder
   * @param staged what becomes it: a file or folder in {@link #scratch}, as a path of Hadoop's;
   *     null removes what is there
   * @throws IllegalArgumentException if the name is a table's or leads out of the output, or what
   *     is staged is not in the scratch folder
   */
  void replaceFile(String name, String staged);

  /** The table's rows as they will be after the commit: committed ones and those staged so far. */
  Dataset<Row> read(Table table);

  /**
   * Makes everything that was staged visible and records the run; afterwards every table exists.
   *
   * @param manifest facts about the run worth keeping, written to {@code _runs/<id>.json}
   * @param steps is told how far it is
   * @throws CytolakeException FAILED if the output cannot be written. Either nothing has changed
   *     or, as the message then says, the next run finishes the commit
   */
  void commit(Map<String, String> manifest, CommitSteps steps);

  /** The same where nobody is told. */
  default void commit(Map<String, String> manifest) {
    commit(manifest, CommitSteps.NONE);
  }

  /**
   * Stages one table: its rows of these images are replaced by those in the files; other tables
   * stay.
   *
   * @param files of that table
   * @param images every image that the rows are of, and those whose rows are to go
   */
  void stage(Table table, Collection<StagedFile> files, Set<String> images);

  /**
   * Begins the next batch of the same command, after the commit of this one and without letting
   * another run in between. This run has ended then, and the next one is to be closed in its place.
   * What lies in {@link #scratch} has gone; the next run has a folder and an {@link #id} of its
   * own.
   *
   * @throws IllegalStateException if this one is not committed
   */
  Run next();

  /** Ends the run. Without a commit everything that was staged is removed and nothing changes. */
  @Override
  void close();
}
