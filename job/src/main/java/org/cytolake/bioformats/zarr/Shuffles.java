package org.cytolake.bioformats.zarr;

/** Puts back in order what Blosc shuffled before it compressed. */
final class Shuffles {
  private Shuffles() {}

  /**
   * Of all samples the first bytes lie together, then the second ones, and so on; what is left at
   * the end is as it was.
   *
   * @param from the block; {@code length} bytes of it
   */
  static void bytes(byte[] from, byte[] into, int to, int length, int typeSize) {
    int samples = length / typeSize;
    switch (typeSize) {
      case 2 -> {
        for (int i = 0, out = to; i < samples; i++, out += 2) {
          into[out] = from[i];
          into[out + 1] = from[samples + i];
        }
      }
      case 4 -> {
        for (int i = 0, out = to; i < samples; i++, out += 4) {
          into[out] = from[i];
          into[out + 1] = from[samples + i];
          into[out + 2] = from[2 * samples + i];
          into[out + 3] = from[3 * samples + i];
        }
      }
      default -> {
        for (int b = 0; b < typeSize; b++) {
          for (int i = 0, out = to + b; i < samples; i++, out += typeSize) {
            into[out] = from[b * samples + i];
          }
        }
      }
    }
    int done = samples * typeSize;
    System.arraycopy(from, done, into, to + done, length - done);
  }

  /**
   * Of all samples the lowest bits of their first bytes lie together, then the second ones, and so
   * on. A block whose number of samples is no multiple of 8 is as it was. Eight times eight bits
   * are turned at once (Warren, Hacker's Delight, 7-3).
   */
  static void bits(byte[] from, byte[] into, int to, int length, int typeSize) {
    int samples = length / typeSize;
    if (samples % 8 != 0) {
      System.arraycopy(from, 0, into, to, length);
      return;
    }
    int row = samples / 8; // bytes with one bit of all samples
    for (int b = 0; b < typeSize; b++) {
      int first = 8 * b * row;
      for (int j = 0; j < row; j++) {
        long turned = 0;
        for (int k = 7; k >= 0; k--) {
          turned = turned << 8 | (from[first + k * row + j] & 0xff);
        }
        long t = (turned ^ (turned >>> 7)) & 0x00AA00AA00AA00AAL;
        turned ^= t ^ (t << 7);
        t = (turned ^ (turned >>> 14)) & 0x0000CCCC0000CCCCL;
        turned ^= t ^ (t << 14);
        t = (turned ^ (turned >>> 28)) & 0x00000000F0F0F0F0L;
        turned ^= t ^ (t << 28);
        int out = to + 8 * j * typeSize + b;
        for (int i = 0; i < 8; i++, out += typeSize) {
          into[out] = (byte) (turned >>> (8 * i));
        }
      }
    }
    int done = samples * typeSize;
    System.arraycopy(from, done, into, to + done, length - done);
  }
}
