package org.cytolake.store;

/**
 * Is told how far a commit is, between its steps: nothing changes until the call returns. A step is
 * a file that is moved or deleted or, in Iceberg, a table that is committed.
 */
@FunctionalInterface
public interface CommitSteps {
  /** Is told nothing. */
  CommitSteps NONE = (done, of) -> {};

  /**
   * So many steps are done. With 0 the commit is about to be made, and with 1 or more it is made:
   * in Parquet all at once, in Iceberg table by table.
   */
  void done(int steps, int of);
}
