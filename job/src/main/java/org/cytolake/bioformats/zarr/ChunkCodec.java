package org.cytolake.bioformats.zarr;

import java.io.IOException;

/** A step from the bytes that are stored towards the samples of a chunk. */
@FunctionalInterface
interface ChunkCodec {
  /**
   * Undoes the step.
   *
   * @param stored what the step made
   * @param room where the result may be put; it is no longer
   * @return the result, in the room or within what was stored
   * @throws IOException or a RuntimeException where the bytes are damaged
   */
  ChunkBytes undo(ChunkBytes stored, byte[] room) throws IOException;
}
