package org.cytolake.stardist.clip;

import java.util.BitSet;

/** Rows in which edges start or end, to be visited upwards. */
final class Beams {
  private final int lowest;
  private final BitSet rows = new BitSet(); // counted from the lowest row upwards
  private int next;

  /**
   * @param lowest the largest row that will be added
   */
  Beams(int lowest) {
    this.lowest = lowest;
  }

  void add(int row) {
    rows.set(lowest - row);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  int remove() {
    next = rows.nextSetBit(next);
    rows.clear(next);
    return lowest - next;
  }
}
