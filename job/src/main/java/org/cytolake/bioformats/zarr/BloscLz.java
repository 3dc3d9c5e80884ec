package org.cytolake.bioformats.zarr;

import java.io.IOException;

/** BloscLZ, Blosc's own compression: runs of literals and matches, as FastLZ's level 2 has them. */
final class BloscLz {
  private static final int NEAR = 8191; // farthest of a match's short form
  private static final int LONG = 6; // length of a match that goes on in the bytes that follow

  private BloscLz() {}

  /**
   * Decompresses.
   *
   * @return number of bytes, at most so many
   * @throws IOException where a match lies before the first byte, or more comes out
   */
  static int undo(ChunkBytes stored, byte[] into, int to, int most) throws IOException {
    try {
      return undoWithin(stored, into, to, most);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new IOException("a BloscLZ stream ends too early", e);
    }
  }

  private static int undoWithin(ChunkBytes stored, byte[] into, int to, int most)
      throws IOException {
    byte[] in = stored.array();
    int at = stored.from();
    int end = at + stored.length();
    int out = to;
    int control = in[at++] & 31;
    while (true) {
      if (control < 32) {
        int count = control + 1;
        require(count <= to + most - out && count <= end - at);
        System.arraycopy(in, at, into, out, count);
        at += count;
        out += count;
      } else {
        int length = (control >> 5) - 1;
        int distance = (control & 31) << 8;
        int code;
        if (length == LONG) {
          do {
            code = in[at++] & 0xff;
            length += code;
            require(length <= most);
          } while (code == 255);
        }
        code = in[at++] & 0xff;
        if (code == 255 && distance == 31 << 8) {
          distance = ((in[at] & 0xff) << 8) + (in[at + 1] & 0xff) + NEAR;
          at += 2;
        } else {
          distance += code;
        }
        length += 3;
        int from = out - distance - 1;
        require(from >= to && length <= to + most - out);
        for (int i = 0; i < length; i++) { // what is copied may be copied again
          into[out + i] = into[from + i];
        }
        out += length;
      }
      if (at >= end) {
        return out - to;
      }
      control = in[at++] & 0xff;
    }
  }

  private static void require(boolean holds) throws IOException {
    if (!holds) {
      throw new IOException("a BloscLZ stream is damaged");
    }
  }
}
