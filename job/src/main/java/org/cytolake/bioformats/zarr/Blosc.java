package org.cytolake.bioformats.zarr;

import java.io.IOException;
import org.xerial.snappy.Snappy;

/**
 * Reads Blosc 1 containers: blocks of samples, shuffled by bytes or bits, each compressed in one
 * stream or in one a byte of the samples. After the format's description (README_CHUNK_FORMAT of
 * c-blosc).
 */
final class Blosc {
  private static final int HEADER = 16;
  private static final int BYTE_SHUFFLE = 1;
  private static final int COPIED = 2;
  private static final int BIT_SHUFFLE = 4;
  private static final int UNSPLIT = 16;
  private static final int MOST_SPLITS = 16;
  private static final int LEAST_SPLIT = 128; // samples of a block that is split

  private final ChunkBytes stored;
  private final int flags;
  private final int typeSize;
  private final int size;
  private final int blockSize;
  private byte[] shuffled = {};
  private byte[] between = {};

  private Blosc(ChunkBytes stored) throws IOException {
    if (stored.length() < HEADER) {
      throw new IOException("it is too short for a Blosc header");
    }
    if (stored.unsigned(0) > 2) {
      throw new IOException("it is of Blosc's format " + stored.unsigned(0) + ", read is 2");
    }
    this.stored = stored;
    this.flags = stored.unsigned(2);
    this.typeSize = Math.max(1, stored.unsigned(3));
    this.size = stored.intAt(4);
    this.blockSize = stored.intAt(8);
    int packed = stored.intAt(12);
    if (size < 0 || packed < HEADER || packed > stored.length()) {
      throw new IOException("its Blosc header contradicts its length");
    }
    if (size > 0 && blockSize < 1) {
      throw new IOException("its Blosc header declares blocks of " + blockSize + " bytes");
    }
  }

  /** As a {@link ChunkCodec}. */
  static ChunkBytes undo(ChunkBytes stored, byte[] room) throws IOException {
    return new Blosc(stored).undo(room);
  }

  private ChunkBytes undo(byte[] room) throws IOException {
    if (size > room.length) {
      throw new IOException("it holds more than a chunk");
    }
    if ((flags & COPIED) != 0) {
      if (stored.length() < HEADER + size) {
        throw new IOException("it ends too early");
      }
      return new ChunkBytes(stored.array(), stored.from() + HEADER, size);
    }
    int blocks = size == 0 ? 0 : (size - 1) / blockSize + 1;
    if ((long) HEADER + 4L * blocks > stored.length()) {
      throw new IOException("it is too short for the starts of its blocks");
    }
    boolean isShuffled =
        ((flags & BYTE_SHUFFLE) != 0 && typeSize > 1) || (flags & BIT_SHUFFLE) != 0;
    for (int b = 0; b < blocks; b++) {
      int at = b * blockSize;
      int length = Math.min(blockSize, size - at);
      int start = stored.intAt(HEADER + 4 * b);
      if (!isShuffled) {
        block(start, length, room, at);
        continue;
      }
      if (shuffled.length < length) {
        shuffled = new byte[length];
      }
      block(start, length, shuffled, 0);
      if ((flags & BYTE_SHUFFLE) != 0) {
        Shuffles.bytes(shuffled, room, at, length, typeSize);
      } else {
        if (between.length < length) {
          between = new byte[length];
        }
        Shuffles.bits(shuffled, room, at, length, typeSize, between);
      }
    }
    return new ChunkBytes(room, 0, size);
  }

  /** Decompresses a block. */
  private void block(int start, int length, byte[] into, int to) throws IOException {
    boolean split =
        (flags & UNSPLIT) == 0
            && typeSize <= MOST_SPLITS
            && blockSize / typeSize >= LEAST_SPLIT
            && length == blockSize;
    int streams = split ? typeSize : 1;
    int part = length / streams;
    int at = start;
    for (int s = 0; s < streams; s++) {
      if (at < HEADER || at > stored.length() - 4) {
        throw new IOException("a block starts outside it");
      }
      int packed = stored.intAt(at);
      at += 4;
      if (packed < 1 || packed > stored.length() - at) {
        throw new IOException("a block ends outside it");
      }
      ChunkBytes stream = new ChunkBytes(stored.array(), stored.from() + at, packed);
      int done = packed == part ? copy(stream, into, to) : decompress(stream, into, to, part);
      if (done != part) {
        throw new IOException("a block has " + done + " in place of " + part + " bytes");
      }
      at += packed;
      to += part;
    }
  }

  private static int copy(ChunkBytes stream, byte[] into, int to) {
    System.arraycopy(stream.array(), stream.from(), into, to, stream.length());
    return stream.length();
  }

  private int decompress(ChunkBytes stream, byte[] into, int to, int most) throws IOException {
    return switch (flags >> 5) {
      case 0 -> BloscLz.undo(stream, into, to, most);
      case 1 -> ChunkCodecs.lz4(stream, into, to, most);
      case 2 -> snappy(stream, into, to, most);
      case 3 -> ChunkCodecs.zlib(stream, into, to, most);
      case 4 -> ChunkCodecs.zstd(stream, into, to, most);
      default -> throw new IOException("Blosc's compression " + (flags >> 5) + " is not known");
    };
  }

  private static int snappy(ChunkBytes stream, byte[] into, int to, int most) throws IOException {
    if (Snappy.uncompressedLength(stream.array(), stream.from(), stream.length()) > most) {
      throw new IOException("a block holds more than it should");
    }
    return Snappy.uncompress(stream.array(), stream.from(), stream.length(), into, to);
  }
}
