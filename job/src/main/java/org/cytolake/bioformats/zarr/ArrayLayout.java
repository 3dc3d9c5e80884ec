package org.cytolake.bioformats.zarr;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * How an array lies in chunks. Axes are in the array's order; chunks at its ends are as large as
 * all others.
 *
 * @param shape samples along each axis
 * @param chunk the same of a chunk, or of a chunk within a shard
 * @param steps samples from one to the next along each axis in the bytes of a chunk
 * @param littleEndian order of the bytes of a sample
 * @param fill the sample, as it is stored, where there is no chunk
 * @param names of the files of chunks or shards
 * @param codecs from the samples to what is stored
 * @param shards where chunks lie together
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ArrayLayout(
    long[] shape,
    int[] chunk,
    int[] steps,
    ZarrType type,
    boolean littleEndian,
    byte[] fill,
    ChunkNames names,
    List<ChunkCodec> codecs,
    Optional<Shards> shards) {
  /** Most bytes of a chunk in memory. */
  static final long MOST_CHUNK = 1L << 29;

  /** Most bytes of the index of a shard. */
  private static final int MOST_INDEX = 1 << 26;

  private static final int ENTRY = 16;
  private static final int CHECKSUM = 4;

  /**
   * Names of the files of chunks.
   *
   * @param prefix what comes first
   * @param separator between the numbers
   */
  record ChunkNames(String prefix, String separator) {
    String of(long[] numbers) {
      StringBuilder name = new StringBuilder(prefix);
      for (int a = 0; a < numbers.length; a++) {
        name.append(a == 0 ? "" : separator).append(numbers[a]);
      }
      return name.toString();
    }
  }

  /**
   * Shards of chunks, each with an index of where they lie in it.
   *
   * @param chunks along each axis
   * @param atEnd whether the index is
   * @param checked whether a CRC-32C follows the index
   */
  record Shards(int[] chunks, boolean littleEndian, boolean checked, boolean atEnd) {
    /** Chunks of a shard. */
    int count() {
      return Arrays.stream(chunks).reduce(1, (a, b) -> a * b);
    }

    /** Bytes of the index. */
    int indexBytes() {
      return ENTRY * count() + (checked ? CHECKSUM : 0);
    }

    void require() throws RefusedException {
      long bytes = product(chunks, ENTRY);
      if (bytes > MOST_INDEX) {
        throw ZarrRefusals.unsupported("its shards have an index of " + bytes + " bytes");
      }
    }
  }

  /** Bytes of a chunk in memory. */
  int chunkBytes() {
    return (int) product(chunk, type.bytes());
  }

  /** Most bytes that a chunk may take where it is stored. */
  int mostStored() {
    return chunkBytes() + chunkBytes() / 8 + (1 << 16);
  }

  /**
   * Chunks whose sizes can be.
   *
   * @throws RefusedException where they cannot
   */
  void require() throws RefusedException {
    if (chunk.length != shape.length || shape.length == 0) {
      throw ZarrRefusals.metadata(
          "its array has " + shape.length + " axes and chunks of " + chunk.length);
    }
    for (int a = 0; a < shape.length; a++) {
      if (shape[a] < 1 || chunk[a] < 1) {
        throw ZarrRefusals.metadata(
            "its array has the shape "
                + Arrays.toString(shape)
                + " in chunks of "
                + Arrays.toString(chunk));
      }
    }
    long bytes = product(chunk, type.bytes());
    if (bytes > Math.min(MOST_CHUNK, Runtime.getRuntime().maxMemory() / 4)) {
      throw ZarrRefusals.unsupported(
          "its chunks are of "
              + Arrays.toString(chunk)
              + " samples, "
              + (bytes == Long.MAX_VALUE ? "more" : bytes >> 20)
              + " MiB each, more than a quarter of the memory or "
              + (MOST_CHUNK >> 20)
              + " MiB");
    }
  }

  /** The product of some sizes and another; Long.MAX_VALUE where it is more. */
  static long product(int[] sizes, long by) {
    long product = by;
    for (int size : sizes) {
      product = size > 0 && product > Long.MAX_VALUE / size ? Long.MAX_VALUE : product * size;
    }
    return product;
  }

  /**
   * Steps of axes that are stored in another order.
   *
   * @param order the axes as they are stored, the slowest first
   */
  static int[] steps(int[] chunk, int[] order) {
    int[] steps = new int[chunk.length];
    int step = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      steps[order[i]] = step;
      step *= chunk[order[i]]; // overflows where require() refuses
    }
    return steps;
  }
}
