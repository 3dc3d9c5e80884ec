package org.cytolake.bioformats.zarr;

/** Takes the samples of a rectangle, a part of a row at a time. */
@FunctionalInterface
public interface RowSink {
  /**
   * Takes some.
   *
   * @param bytes the samples as they are stored, valid during the call
   * @param from index of the first byte
   * @param count samples
   * @param to which sample of the rectangle, row by row, is the first of them
   */
  void take(byte[] bytes, int from, int count, int to);
}
