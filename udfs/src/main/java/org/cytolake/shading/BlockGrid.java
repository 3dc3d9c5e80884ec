package org.cytolake.shading;

import java.io.Serializable;

/**
 * A plane cut into blocks of nearly the same size: as many each way as whole ones fit, at least
 * one, and each row and column of pixels in one of them, as {@code centrosome.cpmorphology.block}
 * cuts.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BlockGrid(int[] rows, int[] columns, int rowsOfBlocks, int columnsOfBlocks)
    implements Serializable {
  static BlockGrid of(int height, int width, int side) {
    int down = Math.max(1, height / side);
    int across = Math.max(1, width / side);
    return new BlockGrid(cut(height, down), cut(width, across), down, across);
  }

  private static int[] cut(int pixels, int blocks) {
    double share = (double) blocks / pixels; // in doubles, as numpy has it: edges round alike
    int[] of = new int[pixels];
    for (int i = 0; i < pixels; i++) {
      of[i] = (int) (i * share);
    }
    return of;
  }

  int count() {
    return rowsOfBlocks * columnsOfBlocks;
  }

  /** The first block of those that a row of pixels is in. */
  int firstOfRow(int y) {
    return rows[y] * columnsOfBlocks;
  }

  /** How many blocks after it a column of pixels is. */
  int column(int x) {
    return columns[x];
  }
}
