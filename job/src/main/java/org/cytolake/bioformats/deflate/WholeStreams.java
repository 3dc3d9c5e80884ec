package org.cytolake.bioformats.deflate;

import com.intel.gkl.compression.IntelInflater;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses Deflate streams (RFC 1951) that are whole, that one knows the length of, and that
 * have a checksum: nearly all chunks and strips are such. By ISA-L (Intel's storage library, from
 * the Genomics Kernel Library), which takes little more than half of the time of zlib, where its
 * library can be loaded: on Linux with an x86-64 processor. Elsewhere by the JDK's zlib.
 *
 * <p>What is not such a stream, or is damaged, is not decompressed here: the caller asks the JDK,
 * which knows all forms, and what is wrong.
 */
public final class WholeStreams {
  private static final int ZLIB_HEADER = 2;
  private static final int ZLIB_TRAILER = 4;
  private static final int PLAIN_GZIP = 0x1f8b0800; // deflate, and no flags
  private static final int GZIP_HEADER = 10;
  private static final int GZIP_TRAILER = 8;

  private static final boolean IS_NATIVE = isNative();

  /** Those that no thread uses now; each holds native memory. */
  private static final Queue<IntelInflater> IDLE = new ConcurrentLinkedQueue<>();

  private WholeStreams() {}

  /** Whether ISA-L could be loaded; a processor or a folder for temporary files may forbid it. */
  private static boolean isNative() {
    try {
      return System.getProperty("os.name").equals("Linux")
          && System.getProperty("os.arch").equals("amd64")
          && new IntelInflater(true).load(null);
    } catch (LinkageError e) {
      return false;
    }
  }

  /**
   * Decompresses a zlib stream (RFC 1950).
   *
   * @param packed holds the stream and nothing else, {@code length} bytes from {@code from}
   * @param into receives {@code size} bytes from {@code to}
   * @return whether it was one of exactly so many bytes; else anything may stand in their place
   */
  public static boolean zlib(byte[] packed, int from, int length, byte[] into, int to, int size) {
    int body = length - ZLIB_HEADER - ZLIB_TRAILER;
    if (body <= 0) {
      return false;
    }
    int header = bigEndian(packed, from) >>> 16;
    boolean isZlib = (header >> 8 & 15) == 8 && header % 31 == 0 && (header & 0x20) == 0;
    if (!isZlib || !inflate(packed, from + ZLIB_HEADER, body, into, to, size)) {
      return false;
    }
    Adler32 sum = new Adler32();
    sum.update(into, to, size);
    return (int) sum.getValue() == bigEndian(packed, from + ZLIB_HEADER + body);
  }

  /**
   * Decompresses a gzip stream (RFC 1952) of one member without name and comment.
   *
   * @param packed holds the stream and nothing else, {@code length} bytes from {@code from}
   * @param into receives {@code size} bytes from {@code to}
   * @return whether it was one of exactly so many bytes; else anything may stand in their place
   */
  public static boolean gzip(byte[] packed, int from, int length, byte[] into, int to, int size) {
    int body = length - GZIP_HEADER - GZIP_TRAILER;
    if (body <= 0 || bigEndian(packed, from) != PLAIN_GZIP) {
      return false;
    }
    int end = from + GZIP_HEADER + body;
    if (littleEndian(packed, end + 4) != size
        || !inflate(packed, from + GZIP_HEADER, body, into, to, size)) {
      return false;
    }
    CRC32 sum = new CRC32();
    sum.update(into, to, size);
    return (int) sum.getValue() == littleEndian(packed, end);
  }

  private static boolean inflate(
      byte[] packed, int from, int length, byte[] into, int to, int size) {
    return IS_NATIVE
        ? inflateByIsal(packed, from, length, into, to, size)
        : inflateByJdk(packed, from, length, into, to, size);
  }

  /** It does not say whether the stream has ended: the checksum does. */
  private static boolean inflateByIsal(
      byte[] packed, int from, int length, byte[] into, int to, int size) {
    IntelInflater idle = IDLE.poll();
    IntelInflater inflater = idle == null ? new IntelInflater(true) : idle;
    try {
      inflater.reset();
      inflater.setInput(packed, from, length);
      return inflater.inflate(into, to, size) == size;
    } catch (RuntimeException e) { // what it throws for a damaged stream
      return false;
    } finally {
      inflater.reset(); // lets go of the array
      IDLE.add(inflater);
    }
  }

  /** The same where there is no ISA-L. */
  static boolean inflateByJdk(byte[] packed, int from, int length, byte[] into, int to, int size) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed, from, length);
      return inflater.inflate(into, to, size) == size;
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }

  private static int bigEndian(byte[] bytes, int at) {
    return Integer.reverseBytes(littleEndian(bytes, at));
  }

  private static int littleEndian(byte[] bytes, int at) {
    return (bytes[at] & 255)
        | (bytes[at + 1] & 255) << 8
        | (bytes[at + 2] & 255) << 16
        | (bytes[at + 3] & 255) << 24;
  }
}
