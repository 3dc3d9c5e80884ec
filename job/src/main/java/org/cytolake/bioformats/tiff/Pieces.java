package org.cytolake.bioformats.tiff;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Bytes that wait until their turn in a file comes: in memory, and on the local disk what memory
 * has no room for. Not thread-safe.
 */
public final class Pieces implements Closeable {
  private final long room;
  private long held; // bytes in memory
  private FileChannel file; // null while all is in memory
  private long end; // of the file

  /**
   * @param room bytes in memory at most
   */
  public Pieces(long room) {
    this.room = room;
  }

  /**
   * Bytes that wait.
   *
   * @param bytes null for those in the file
   * @param position in the file
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Piece(byte[] bytes, long position, int length) {}

  /** Keeps the first of some bytes. */
  public Piece add(byte[] bytes, int length) throws IOException {
    if (held + length <= room) {
      held += length;
      return new Piece(Arrays.copyOf(bytes, length), 0, length);
    }
    if (file == null) {
      file =
          FileChannel.open(
              Files.createTempFile("cytolake-", ".pieces"),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    Piece piece = new Piece(null, end, length);
    while (buffer.hasRemaining()) {
      end += file.write(buffer, end);
    }
    return piece;
  }

  /** Writes a piece and lets go of it. */
  public void moveTo(OutputStream out, Piece piece) throws IOException {
    if (piece.bytes != null) {
      out.write(piece.bytes);
      held -= piece.length;
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocate(piece.length);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, piece.position + buffer.position()) < 0) {
        throw new IOException("a temporary file lacks bytes that were written to it");
      }
    }
    out.write(buffer.array());
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
