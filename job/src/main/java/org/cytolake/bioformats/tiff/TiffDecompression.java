package org.cytolake.bioformats.tiff;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.cytolake.bioformats.deflate.WholeStreams;

/** Undoes the compressions of TIFF that know nothing of pixels. */
final class TiffDecompression {
  private static final int CLEAR = 256;
  private static final int END = 257;
  private static final int MOST_CODES = 4096;

  /** Blocks of bytes beyond a piece that are looked through for the end of the stream. */
  private static final int MOST_BEYOND = 1 << 10;

  private TiffDecompression() {}

  /**
   * Decompresses a piece.
   *
   * @param compression a code of {@link TiffLayout}
   * @param into receives what there is, at most its length
   * @return bytes written
   * @throws IOException where the bytes are not of that compression
   */
  static int undo(int compression, byte[] packed, int length, byte[] into) throws IOException {
    return switch (compression) {
      case TiffLayout.LZW ->
          length > 1 && packed[0] == 0 && (packed[1] & 1) == 1
              ? oldLzw(packed, length, into)
              : lzw(packed, length, into);
      case TiffLayout.DEFLATE, TiffLayout.OLD_DEFLATE -> inflate(packed, length, into);
      case TiffLayout.PACK_BITS -> packBits(packed, length, into);
      case TiffLayout.ZSTD -> zstd(packed, length, into);
      default -> throw new IOException("compression " + compression);
    };
  }

  private static int inflate(byte[] packed, int length, byte[] into) throws IOException {
    if (WholeStreams.zlib(packed, 0, length, into, 0, into.length)) {
      return into.length;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed, 0, length);
      int done = 0;
      while (done < into.length && !inflater.finished()) {
        int n = inflater.inflate(into, done, into.length - done);
        if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          break;
        }
        done += n;
      }
      checkEnd(inflater);
      return done;
    } catch (DataFormatException e) {
      throw new IOException("the Deflate stream is damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  /** The sum over all bytes comes last; what there is before it beyond a piece is left out. */
  private static void checkEnd(Inflater inflater) throws DataFormatException {
    byte[] beyond = new byte[1 << 10];
    for (int i = 0; i < MOST_BEYOND && !inflater.finished(); i++) {
      if (inflater.inflate(beyond) == 0) {
        return; // cut off
      }
    }
  }

  private static int zstd(byte[] packed, int length, byte[] into) throws IOException {
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(packed, 0, length))) {
      int done = in.readNBytes(into, 0, into.length);
      in.skip(1L << 10); // the sum over all bytes comes last
      return done;
    }
  }

  /** PackBits, TIFF 6.0 section 9. */
  private static int packBits(byte[] packed, int length, byte[] into) {
    int done = 0;
    int at = 0;
    while (at < length && done < into.length) {
      int run = packed[at++];
      if (run >= 0) {
        int n = Math.min(Math.min(run + 1, length - at), into.length - done);
        System.arraycopy(packed, at, into, done, n);
        at += run + 1;
        done += n;
      } else if (run != -128 && at < length) {
        int n = Math.min(1 - run, into.length - done);
        java.util.Arrays.fill(into, done, done + n, packed[at++]);
        done += n;
      }
    }
    return done;
  }

  /** LZW, TIFF 6.0 section 13: the most significant bit first, codes grow one entry early. */
  private static int lzw(byte[] packed, int length, byte[] into) throws IOException {
    return new Lzw(into).run(packed, length, false);
  }

  /** LZW of TIFF before 5.0: the least significant bit first, codes grow when the table is full. */
  private static int oldLzw(byte[] packed, int length, byte[] into) throws IOException {
    return new Lzw(into).run(packed, length, true);
  }

  /** The table: each string is a place in what was written, since each extends one that was. */
  private static final class Lzw {
    private final byte[] into;
    private final int[] starts = new int[MOST_CODES];
    private final int[] lengths = new int[MOST_CODES];
    private int done;

    Lzw(byte[] into) {
      this.into = into;
    }

    int run(byte[] packed, int length, boolean old) throws IOException {
      int next = END + 1;
      int width = 9;
      int before = -1; // the code before; -1 after a clear
      int beforeStart = 0;
      int beforeLength = 0;
      long bits = 0;
      int held = 0;
      int at = 0;
      while (done < into.length) {
        while (held < width) {
          if (at >= length) {
            return done;
          }
          long piece = packed[at++] & 0xffL;
          bits = old ? bits | (piece << held) : (bits << 8) | piece;
          held += 8;
        }
        int code;
        if (old) {
          code = (int) (bits & ((1 << width) - 1));
          bits >>>= width;
        } else {
          code = (int) (bits >>> (held - width)) & ((1 << width) - 1);
        }
        held -= width;
        if (code == END) {
          return done;
        }
        if (code == CLEAR) {
          next = END + 1;
          width = 9;
          before = -1;
          continue;
        }
        int start = done;
        if (code < CLEAR) {
          into[done++] = (byte) code;
        } else if (before >= 0 && code < next) {
          copy(starts[code], lengths[code]);
        } else if (before >= 0 && code == next) {
          copy(beforeStart, beforeLength + 1);
        } else {
          throw new IOException("the LZW stream is damaged");
        }
        if (before >= 0 && next < MOST_CODES) {
          starts[next] = beforeStart;
          lengths[next] = beforeLength + 1;
          next++;
        }
        before = code;
        beforeStart = start;
        beforeLength = code < CLEAR ? 1 : done - start;
        int grown = old ? next : next + 1;
        width = grown >= 2048 ? 12 : grown >= 1024 ? 11 : grown >= 512 ? 10 : 9;
      }
      return done;
    }

    /** Byte by byte, since a string may overlap what it makes. */
    private void copy(int from, int count) {
      int n = Math.min(count, into.length - done);
      for (int i = 0; i < n; i++) {
        into[done + i] = into[from + i];
      }
      done += n;
    }
  }
}
