package org.cytolake.store;

/**
 * The name of one batch of a command. Those of a command sort in the order of their commits.
 *
 * @param command when the command began, and something random
 * @param number from 1
 */
record BatchId(String command, int number) {
  static BatchId first() {
    return new BatchId(Manifest.newRun(), 1);
  }

  /** The command of a batch, by the batch's name. */
  static String command(String batch) {
    return batch.replaceFirst("^([^-]+-[^-]+)-[0-9]+$", "$1");
  }

  BatchId next() {
    return new BatchId(command, number + 1);
  }

  /** The command's name alone for the first, so that a run of one batch has a plain name. */
  @Override
  public String toString() {
    return number == 1 ? command : "%s-%05d".formatted(command, number);
  }
}
