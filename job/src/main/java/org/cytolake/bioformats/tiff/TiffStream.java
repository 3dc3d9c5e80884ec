package org.cytolake.bioformats.tiff;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a TIFF file (TIFF 6.0, or BigTIFF) from its beginning to its end: each directory before
 * what it describes, whose sizes are known by then. Little-endian.
 */
public final class TiffStream {
  /** Types of tags. */
  public static final int ASCII = 2;

  public static final int SHORT = 3;
  public static final int LONG = 4;
  public static final int RATIONAL = 5;
  public static final int LONG8 = 16;

  private final OutputStream out;
  private final boolean big;
  private long at;

  /**
   * Begins a file.
   *
   * @param big BigTIFF, for files of 4 GiB and more
   */
  public TiffStream(OutputStream out, boolean big) throws IOException {
    this.out = out;
    this.big = big;
    ByteBuffer header = buffer(big ? 16 : 8).put((byte) 'I').put((byte) 'I');
    if (big) {
      header.putShort((short) 43).putShort((short) 8).putShort((short) 0).putLong(16);
    } else {
      header.putShort((short) 42).putInt(8);
    }
    write(header);
  }

  /**
   * An entry of a directory.
   *
   * @param values numbers; bytes of a text; numerators, each before its denominator
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tag(int number, int type, long... values) {
    /** Of text. */
    public static Tag ascii(int number, String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      long[] values = new long[utf8.length + 1]; // 0 ends it
      for (int i = 0; i < utf8.length; i++) {
        values[i] = utf8[i];
      }
      return new Tag(number, ASCII, values);
    }

    private int size() {
      return values.length
          * switch (type) {
            case ASCII -> 1;
            case SHORT -> 2;
            case LONG8 -> 8;
            default -> 4;
          };
    }

    private long count() {
      return type == RATIONAL ? values.length / 2 : values.length;
    }

    private void put(ByteBuffer to) {
      for (long value : values) {
        switch (type) {
          case ASCII -> to.put((byte) value);
          case SHORT -> to.putShort((short) value);
          case LONG8 -> to.putLong(value);
          default -> to.putInt((int) value);
        }
      }
    }
  }

  /**
   * Writes a directory. The pieces of its plane come next, and then {@link #align}.
   *
   * @param tags by number; the numbers of that of the offsets are the pieces' sizes
   * @param offsets number of the tag of the pieces' offsets
   * @param last whether no other directory follows
   */
  public void directory(List<Tag> tags, int offsets, boolean last) throws IOException {
    int inside = big ? 8 : 4;
    int head = big ? 16 + 20 * tags.size() : 6 + 12 * tags.size();
    int size = head;
    for (Tag tag : tags) {
      size += tag.size() > inside ? even(tag.size()) : 0;
    }
    ByteBuffer buffer = buffer(size);
    if (big) {
      buffer.putLong(tags.size());
    } else {
      buffer.putShort((short) tags.size());
    }
    long next = at + size;
    int outside = head;
    for (Tag tag : tags) {
      buffer.putShort((short) tag.number).putShort((short) tag.type);
      place(buffer, tag.count());
      if (tag.number == offsets) {
        for (int piece = 0; piece < tag.values.length; piece++) {
          long length = tag.values[piece];
          tag.values[piece] = next;
          next += length;
        }
      }
      int entry = buffer.position();
      if (tag.size() > inside) {
        place(buffer, at + outside);
        buffer.position(outside);
        outside += even(tag.size());
      }
      tag.put(buffer);
      buffer.position(entry + inside);
    }
    place(buffer, last ? 0 : next + (next & 1));
    write(buffer);
  }

  private void place(ByteBuffer buffer, long value) {
    if (big) {
      buffer.putLong(value);
    } else {
      buffer.putInt((int) value);
    }
  }

  private static int even(int size) {
    return size + (size & 1);
  }

  /** Moves a piece here. */
  public void piece(Pieces pieces, Pieces.Piece piece) throws IOException {
    pieces.moveTo(out, piece);
    at += piece.length();
  }

  /** Ends a plane. */
  public void align() throws IOException {
    if ((at & 1) == 1) {
      out.write(0);
      at++;
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(ByteBuffer buffer) throws IOException {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.rewind().get(bytes);
    out.write(bytes);
    at += bytes.length;
  }
}
