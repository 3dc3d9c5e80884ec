package org.cytolake.bioformats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import loci.common.IRandomAccess;

/**
 * Looks over a TIFF file's chain of directories before Bio-Formats reads it whole: that it ends,
 * that no tag claims more than the file holds, and that all of it fits the memory. Layouts after
 * TIFF 6.0 section 2 and BigTIFF.
 */
final class TiffChain {
  private static final int IMAGE_DESCRIPTION = 270;

  /** Bytes by type; BigTIFF's 16 to 18 are 64-bit integers. */
  private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

  /** What is read past the end without a word as long as it is small. */
  private static final long HARMLESS = 1 << 16;

  /** Bytes that Bio-Formats takes for a directory's entry, and for each byte of values. */
  private static final int ENTRY_BYTES = 150;

  private static final int VALUE_BYTES = 4;

  /** Bytes of memory for each of a description, which is made a tree. */
  private static final int DESCRIPTION_BYTES = 30;

  private final String file;
  private final IRandomAccess in;
  private final long length;
  private final boolean big;
  private final ByteOrder order;
  private long memory; // of all directories

  private TiffChain(String file, IRandomAccess in, boolean big, ByteOrder order)
      throws IOException {
    this.file = file;
    this.in = in;
    this.length = in.length();
    this.big = big;
    this.order = order;
  }

  /**
   * Looks a file over; one that is no TIFF is left alone.
   *
   * @throws ImageReadException where it cannot be read as it is
   */
  static void check(String file, IRandomAccess in) throws IOException {
    if (in.length() < 16) {
      return;
    }
    byte[] start = new byte[4];
    in.seek(0);
    in.readFully(start);
    if (start[0] != start[1] || (start[0] != 'I' && start[0] != 'M')) {
      return;
    }
    ByteOrder order = start[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    int magic = ByteBuffer.wrap(start).order(order).getShort(2);
    boolean isLargeNdpi = magic == 42 && in.length() > 0xffffffffL; // has offsets of its own
    if ((magic == 42 || magic == 43) && !isLargeNdpi) {
      in.setOrder(order);
      new TiffChain(file, in, magic == 43, order).follow();
    }
  }

  private void follow() throws IOException {
    Set<Long> seen = new HashSet<>();
    in.seek(big ? 8 : 4);
    long offset = offset();
    while (offset != 0) {
      if (offset < 0 || offset >= length) {
        throw damaged(
            "directory "
                + (seen.size() + 1)
                + " would lie at byte "
                + Long.toUnsignedString(offset)
                + ", beyond its end");
      }
      if (!seen.add(offset)) {
        throw damaged("its directories form a circle: that at byte " + offset + " comes again");
      }
      in.seek(offset);
      long entries = big ? in.readLong() : in.readUnsignedShort();
      int entryBytes = big ? 20 : 12;
      if (entries < 0 || entries > (length - in.getFilePointer()) / entryBytes) {
        throw damaged("directory " + seen.size() + " would not end before the file does");
      }
      memory += ENTRY_BYTES * entries;
      DeclaredSize.requireMemory(file, memory, "its " + seen.size() + " directories");
      byte[] directory = new byte[(int) entries * entryBytes];
      in.readFully(directory);
      if (in.getFilePointer() + (big ? 8 : 4) > length) {
        return;
      }
      long next = offset();
      look(ByteBuffer.wrap(directory).order(order), seen.size() == 1);
      offset = next;
    }
  }

  private long offset() throws IOException {
    return big ? in.readLong() : in.readInt() & 0xffffffffL;
  }

  private void look(ByteBuffer entries, boolean first) throws IOException {
    long values = 0;
    while (entries.hasRemaining()) {
      int tag = entries.getShort() & 0xffff;
      int type = entries.getShort() & 0xffff;
      long count = big ? entries.getLong() : entries.getInt() & 0xffffffffL;
      long value = big ? entries.getLong() : entries.getInt() & 0xffffffffL;
      int size = type < SIZES.length ? SIZES[type] : 0;
      if (size == 0 || count <= (big ? 8 : 4) / size) {
        continue;
      }
      if (count < 0 || count > Math.max(HARMLESS, length) / size) {
        throw damaged("its tag " + tag + " has " + Long.toUnsignedString(count) + " values");
      }
      values += (long) VALUE_BYTES * size * count;
      DeclaredSize.requireMemory(file, memory + values, "the values of a directory");
      if (tag == IMAGE_DESCRIPTION && first && value >= 0 && value < length) {
        describe(value, (int) Math.min(count, length - value));
      }
    }
  }

  private void describe(long at, int count) throws IOException {
    byte[] bytes = new byte[count];
    in.seek(at);
    in.readFully(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.stripLeading().startsWith("<")) {
      DeclaredSize.requireMemory(
          file, (long) DESCRIPTION_BYTES * count, "its description of " + count + " bytes");
      DeclaredSize.requireDescription(file, text);
    }
  }

  private ImageReadException damaged(String what) {
    return ImageReadException.of(
        file,
        "header",
        "DAMAGED_FILE",
        "The file " + file + " is damaged: " + what + ".",
        "Copy it again, or keep it out of the input.",
        null);
  }
}
