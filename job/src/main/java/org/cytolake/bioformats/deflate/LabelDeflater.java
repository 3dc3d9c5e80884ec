package org.cytolake.bioformats.deflate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Deflates rectangles of a label image, many times faster than zlib, which searches: here a match
 * is a run of the label to the left, or of those in the row above. A rectangle becomes a zlib
 * stream (RFC 1950) of one block with codes of its own (RFC 1951, 3.2.7). Not thread-safe.
 */
public final class LabelDeflater {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LONGEST_MATCH = 258; // bytes
  private static final int WINDOW = 1 << 15; // bytes
  private static final int MOST_BITS = 12; // of a code
  private static final int END = 256; // the symbol after the literals
  private static final int SYMBOLS = 286;
  private static final int FEW_ZEROS = 17;
  private static final int MANY_ZEROS = 18;
  private static final int[] LENGTHS_ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final int HEADER = 600; // bytes of codes' lengths at most, and some

  /** Fewest pixels of a match: shorter ones save little. */
  private static final int SHORTEST = 3;

  private final int width;
  private final int bytes;
  private final int longest; // pixels of a match
  private final boolean above; // whether the row above is in the window
  private final byte[] raw;
  private final short[] shorts;
  private final long[] left; // a bit a pixel: equals the one to the left
  private final long[] up;
  private final long[] starts; // of matches
  private final int[] sequences; // literals, then pixels of a match, less than 0 for one above
  private final int[] small = new int[256]; // how often a literal pixel has a value
  private final int[] counts = new int[SYMBOLS];
  private final int[] matches; // how many there are, by pixels
  private final Adler32 adler = new Adler32();
  private final byte[] out;
  private int at;
  private long bits; // that wait
  private int waiting; // how many, fewer than 8

  /**
   * @param width pixels of a row
   * @param rows most rows of a rectangle
   * @param bytes of a label, 2 or 4
   */
  public LabelDeflater(int width, int rows, int bytes) {
    int most = width * rows;
    int words = (most >> 6) + 2;
    this.width = width;
    this.bytes = bytes;
    this.longest = LONGEST_MATCH / bytes;
    this.above = width > 1 && width * bytes <= WINDOW;
    this.raw = new byte[most * bytes];
    this.shorts = new short[bytes == 2 ? most : 0];
    this.left = new long[words];
    this.up = new long[words];
    this.starts = new long[words];
    this.sequences = new int[2 * (most / SHORTEST + 2)];
    this.matches = new int[longest + 1];
    this.out = new byte[(int) ((long) most * bytes * MOST_BITS / 8) + HEADER];
  }

  /** Where {@link #deflate} leaves its bytes. */
  public byte[] out() {
    return out;
  }

  /**
   * Deflates labels, little-endian.
   *
   * @param labels row by row; those beyond are left
   * @param from the first
   * @param size how many
   * @return bytes in {@link #out}
   */
  public int deflate(int[] labels, int from, int size) {
    pack(labels, from, size);
    adler.reset();
    adler.update(raw, 0, size * bytes);
    compare(labels, from, size);
    int used = sequences(size);
    count(labels, from, used);
    at = 0;
    bits = 0;
    waiting = 0;
    put(0x0178, 16); // deflate, window of 32 KiB, fastest
    write(labels, from, used);
    put(0, -waiting & 7);
    int sum = Integer.reverseBytes((int) adler.getValue());
    put(sum & 0xffff, 16);
    put(sum >>> 16, 16);
    return at;
  }

  private void pack(int[] labels, int from, int size) {
    ByteBuffer buffer = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes == 4) {
      buffer.asIntBuffer().put(labels, from, size);
      return;
    }
    for (int i = 0; i < size; i++) {
      shorts[i] = (short) labels[from + i];
    }
    buffer.asShortBuffer().put(shorts, 0, size);
  }

  private void compare(int[] labels, int from, int size) {
    int words = (size + 63) >> 6;
    for (int word = 0; word < words; word++) {
      int begin = word << 6;
      int end = Math.min(size, begin + 64);
      left[word] = equal(labels, from, begin, end, 1);
      up[word] = above ? equal(labels, from, begin, end, width) : 0;
    }
    left[words] = 0;
    up[words] = 0;
    for (int word = 0; word < words; word++) {
      starts[word] = starts(left, word) | starts(up, word);
    }
  }

  /**
   * A bit for each pixel that equals the one that lies some pixels before, none where none does.
   */
  private static long equal(int[] labels, int from, int begin, int end, int before) {
    int first = from + Math.max(begin, before);
    int last = from + end;
    if (last - first == 64
        && Arrays.equals(labels, first, last, labels, first - before, last - before)) {
      return -1;
    }
    long bits = 0;
    for (int p = first; p < last; p++) { // no branch: noise is hard to predict
      bits |= ((((labels[p] ^ labels[p - before]) & 0xffffffffL) - 1) >>> 63) << (p - from);
    }
    return bits;
  }

  /** Where {@link #SHORTEST} pixels or more are equal. */
  private static long starts(long[] equal, int word) {
    long bits = equal[word];
    long next = equal[word + 1];
    return bits & ((bits >>> 1) | (next << 63)) & ((bits >>> 2) | (next << 62));
  }

  private int sequences(int size) {
    int words = (size + 63) >> 6;
    int used = 0;
    int pixel = 0;
    while (pixel < size) {
      int word = pixel >> 6;
      long found = starts[word] & (-1L << pixel);
      while (found == 0 && ++word < words) {
        found = starts[word];
      }
      int start = found == 0 ? size : (word << 6) + Long.numberOfTrailingZeros(found);
      int toLeft = found == 0 ? 0 : run(left, start);
      int toUp = found == 0 ? 0 : run(up, start);
      sequences[used++] = start - pixel;
      sequences[used++] = toLeft >= toUp ? toLeft : -toUp;
      pixel = start + Math.max(toLeft, toUp);
    }
    return used;
  }

  private static int run(long[] equal, int from) {
    int word = from >> 6;
    long different = ~equal[word] >>> from;
    int run = 64 - (from & 63);
    if (different != 0) {
      return Long.numberOfTrailingZeros(different);
    }
    while (equal[++word] == -1) {
      run += 64;
    }
    return run + Long.numberOfTrailingZeros(~equal[word]);
  }

  /** The pixels of a match's next part: deflate's are short, and none may be shorter than 3. */
  private int part(int pixels) {
    return pixels == longest + 1 ? longest - 1 : Math.min(pixels, longest);
  }

  private void count(int[] labels, int from, int used) {
    Arrays.fill(small, 0);
    Arrays.fill(counts, 0);
    Arrays.fill(matches, 0);
    int pixel = from;
    for (int s = 0; s < used; s += 2) {
      for (int end = pixel + sequences[s]; pixel < end; pixel++) {
        int label = labels[pixel];
        if ((label & ~0xff) == 0) {
          small[label]++;
        } else {
          for (int b = 0; b < bytes; b++) {
            counts[(label >> (8 * b)) & 0xff]++;
          }
        }
      }
      int length = Math.abs(sequences[s + 1]);
      pixel += length;
      for (int part; length > 0; length -= part) {
        part = part(length);
        matches[part]++;
      }
    }
    for (int value = 0; value < small.length; value++) {
      counts[value] += small[value];
      counts[0] += (bytes - 1) * small[value];
    }
    for (int pixels = 2; pixels < matches.length; pixels++) {
      counts[lengthSymbol(pixels * bytes)] += matches[pixels];
    }
    counts[END] = 1;
  }

  private void write(int[] labels, int from, int used) {
    int[] lengths = Huffman.lengths(counts, MOST_BITS);
    int[] codes = Huffman.codes(lengths);
    int[] distances = {bytes, above ? width * bytes : 1};
    int[] distanceLengths = new int[1 + distanceSymbol(Math.max(distances[0], distances[1]))];
    for (int distance : distances) {
      distanceLengths[distanceSymbol(distance)] = 1;
    }
    header(lengths, distanceLengths);
    long[] pixels = new long[256]; // codes of the bytes of small labels, above their length
    for (int value = 0; value < pixels.length; value++) {
      int length = lengths[value];
      long code = codes[value];
      for (int b = 1; b < bytes && length > 0; b++) {
        code |= (long) codes[0] << length;
        length += lengths[0];
      }
      pixels[value] = (code << 6) | length;
    }
    long[] toLeft = matchCodes(lengths, codes, distanceLengths, distances[0]);
    long[] toUp = matchCodes(lengths, codes, distanceLengths, distances[1]);
    int pixel = from;
    for (int s = 0; s < used; s += 2) {
      pixel = literals(labels, pixel, sequences[s], pixels, lengths, codes);
      long[] match = sequences[s + 1] < 0 ? toUp : toLeft;
      int length = Math.abs(sequences[s + 1]);
      pixel += length;
      for (int part; length > 0; length -= part) {
        part = part(length);
        put(match[part] >>> 6, (int) match[part] & 63);
      }
    }
    put(codes[END], lengths[END]);
  }

  /** The codes' lengths, in a code of 3 bits for many zeros and of 4 for what else there is. */
  private void header(int[] lengths, int[] distanceLengths) {
    put(5, 3); // the last block, with codes of its own
    put(lengths.length - 257, 5);
    put(distanceLengths.length - 1, 5);
    put(LENGTHS_ORDER.length - 4, 4);
    int[] lengthLengths = new int[19];
    Arrays.fill(lengthLengths, 0, MOST_BITS + 1, 4);
    lengthLengths[FEW_ZEROS] = 4;
    lengthLengths[MANY_ZEROS] = 3;
    for (int symbol : LENGTHS_ORDER) {
      put(lengthLengths[symbol], 3);
    }
    int[] codes = Huffman.codes(lengthLengths);
    int[] all = Arrays.copyOf(lengths, lengths.length + distanceLengths.length);
    System.arraycopy(distanceLengths, 0, all, lengths.length, distanceLengths.length);
    for (int i = 0; i < all.length; ) {
      int zeros = 0;
      while (i + zeros < all.length && zeros < 138 && all[i + zeros] == 0) {
        zeros++;
      }
      if (zeros < 3) {
        put(codes[all[i]], 4);
        i++;
      } else if (zeros < 11) {
        put(codes[FEW_ZEROS], 4);
        put(zeros - 3, 3);
        i += zeros;
      } else {
        put(codes[MANY_ZEROS], 3);
        put(zeros - 11, 7);
        i += zeros;
      }
    }
  }

  /** Of matches by their pixels, above the codes' length. */
  private long[] matchCodes(int[] lengths, int[] codes, int[] distanceLengths, int distance) {
    int far = distanceSymbol(distance);
    int farExtra = far < 4 ? 0 : (far >> 1) - 1;
    long farCode =
        Huffman.codes(distanceLengths)[far]
            | ((long) ((distance - 1) & ((1 << farExtra) - 1)) << 1);
    long[] matchCodes = new long[longest + 1];
    for (int pixels = 2; pixels <= longest; pixels++) {
      int length = pixels * bytes;
      int symbol = lengthSymbol(length);
      int extra = symbol < 265 || length == LONGEST_MATCH ? 0 : (symbol - 261) >> 2;
      long code = codes[symbol] | ((long) ((length - 3) & ((1 << extra) - 1)) << lengths[symbol]);
      int size = lengths[symbol] + extra;
      matchCodes[pixels] = ((code | (farCode << size)) << 6) | (size + 1 + farExtra);
    }
    return matchCodes;
  }

  private int literals(
      int[] labels, int from, int count, long[] pixels, int[] lengths, int[] codes) {
    long acc = bits;
    int n = waiting;
    int to = at;
    int pixel = from;
    for (int end = from + count; pixel < end; pixel++) {
      int label = labels[pixel];
      if ((label & ~0xff) == 0) {
        long code = pixels[label];
        acc |= (code >>> 6) << n;
        n += (int) code & 63;
      } else {
        for (int b = 0; b < bytes; b++) {
          int value = (label >> (8 * b)) & 0xff;
          acc |= (long) codes[value] << n;
          n += lengths[value];
        }
      }
      LONG.set(out, to, acc);
      to += n >> 3;
      acc >>>= n & ~7;
      n &= 7;
    }
    bits = acc;
    waiting = n;
    at = to;
    return pixel;
  }

  private void put(long value, int count) {
    bits |= value << waiting;
    waiting += count;
    LONG.set(out, at, bits);
    at += waiting >> 3;
    bits >>>= waiting & ~7;
    waiting &= 7;
  }

  private static int lengthSymbol(int length) {
    int more = length - 3;
    if (more < 8) {
      return 257 + more;
    }
    int extra = 29 - Integer.numberOfLeadingZeros(more);
    return length == LONGEST_MATCH ? 285 : 261 + 4 * extra + ((more >> extra) & 3);
  }

  private static int distanceSymbol(int distance) {
    int more = distance - 1;
    if (more < 4) {
      return more;
    }
    int extra = 30 - Integer.numberOfLeadingZeros(more);
    return 2 * extra + 2 + ((more >> extra) & 1);
  }
}
