package org.cytolake.store;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeException;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/** The tables of one output, and the one way to change them: a {@link Run}. */
public interface TableStore {
  /**
   * The rows that the last committed run left, in the columns of {@link Table#schema}. What an
   * unfinished run has staged is not among them.
   *
   * @return empty if no run has been committed yet
   * @throws CytolakeException FAILED if the output cannot be read
   */
  Optional<Dataset<Row>> read(Table table);

  /** A text that is another one when a run has changed the table. */
  String version(Table table);

  /** The layout of the tables. */
  Layout layout();

  /**
   * The layout of the tables after a run over images of that one: their own, or, where columns can
   * be added, that of the images with wider types kept.
   */
  Layout fitting(Layout found);

  /** What the last committed run was given to keep; empty if there was none. */
  Map<String, String> facts();

  /**
   * Starts a run. First finishes a run that was killed after its commit, and removes one that was
   * killed before.
   *
   * @throws CytolakeException USAGE if another run is under way, where only one may be, or the
   *     output holds tables of another layout; FAILED if the output cannot be written
   */
  Run begin();
}
