package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import loci.common.IRandomAccess;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Random access for Bio-Formats over any Hadoop file system, or the local disk. Small reads go
 * through a few blocks that are kept, so that the many two- and four-byte reads of a header, here
 * and there in the file, do not become requests to a remote store, and where one block after the
 * other is wanted of a remote file, a request brings up to eight; large reads go straight to where
 * they are wanted. Nothing else of the file is held.
 */
final class FileHandle implements IRandomAccess, Closeable {
  private static final int BLOCK = 1 << 16;
  private static final int BLOCKS_KEPT = 16;
  private static final int BLOCKS_AHEAD = 8;

  private final FileBytes file;
  private final long length;
  private final int mostAtOnce; // blocks a request
  private final Map<Long, byte[]> blocks =
      new LinkedHashMap<>(2 * BLOCKS_KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
          return size() > BLOCKS_KEPT;
        }
      };
  private byte[] block = {}; // the one used last
  private long blockStart;
  private long expected = -1; // the block after those that were read last
  private int atOnce = 1;
  private long position;
  private ByteOrder order = ByteOrder.BIG_ENDIAN;
  private boolean complete; // whether a read past the end is an error

  FileHandle(FileBytes file, long length, int mostAtOnce) {
    this.file = file;
    this.length = length;
    this.mostAtOnce = mostAtOnce;
  }

  /** Of a file on any Hadoop file system. */
  static FileHandle of(FileSystem fs, Path path, long length) throws IOException {
    return new FileHandle(FileBytes.of(fs, path, length), length, BLOCKS_AHEAD);
  }

  /** Of a local file: several times as fast as Bio-Formats' own handle on uncompressed planes. */
  static FileHandle ofLocal(java.nio.file.Path path) throws IOException {
    return new FileHandle(FileBytes.ofLocal(path), Files.size(path), 1);
  }

  /**
   * From now on a read that wants more bytes than there are is an error: of pixels, which readers
   * would leave as they were.
   */
  void requireComplete() {
    complete = true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public long getFilePointer() {
    return position;
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ByteOrder getOrder() {
    return order;
  }

  @Override
  public void setOrder(ByteOrder newOrder) {
    order = newOrder;
  }

  @Override
  public void seek(long newPosition) {
    position = newPosition;
  }

  @Override
  public long skipBytes(long count) {
    long skipped = Math.max(0, Math.min(count, length - position));
    position += skipped;
    return skipped;
  }

  @Override
  public int skipBytes(int count) {
    return (int) skipBytes((long) count);
  }

  @Override
  public int read(byte[] target) throws IOException {
    return read(target, 0, target.length);
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (complete && count > length - position) {
      throw new EOFException("read past the end of the file, at byte " + length);
    }
    if (position >= length) {
      return -1;
    }
    int wanted = (int) Math.min(count, length - position);
    int done = 0;
    while (done < wanted) {
      if (!inBlock() && wanted - done >= BLOCK) {
        file.readFully(position, target, offset + done, wanted - done);
        position += wanted - done;
        return wanted;
      }
      require();
      int from = (int) (position - blockStart);
      int part = Math.min(wanted - done, block.length - from);
      System.arraycopy(block, from, target, offset + done, part);
      done += part;
      position += part;
    }
    return done;
  }

  private boolean inBlock() {
    return position >= blockStart && position < blockStart + block.length;
  }

  /** Makes the block at the position the current one. */
  private void require() throws IOException {
    if (inBlock()) {
      return;
    }
    long index = position / BLOCK;
    byte[] found = blocks.get(index);
    block = found == null ? fetch(index) : found;
    blockStart = index * BLOCK;
  }

  private byte[] fetch(long index) throws IOException {
    atOnce = index == expected ? Math.min(2 * atOnce, mostAtOnce) : 1;
    byte[] bytes = new byte[(int) Math.min((long) atOnce * BLOCK, length - index * BLOCK)];
    file.readFully(index * BLOCK, bytes, 0, bytes.length);
    expected = index + (bytes.length + BLOCK - 1) / BLOCK;
    byte[] first = bytes.length <= BLOCK ? bytes : Arrays.copyOf(bytes, BLOCK);
    for (int from = BLOCK; from < bytes.length; from += BLOCK) {
      int to = Math.min(from + BLOCK, bytes.length);
      blocks.put(index + from / BLOCK, Arrays.copyOfRange(bytes, from, to));
    }
    blocks.put(index, first);
    return first;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return read(target, 0, target.remaining());
  }

  @Override
  public int read(ByteBuffer target, int offset, int count) throws IOException {
    byte[] bytes = new byte[count];
    int done = read(bytes, 0, count);
    if (done > 0) {
      target.position(offset);
      target.put(bytes, 0, done);
    }
    return done;
  }

  @Override
  public void readFully(byte[] target) throws IOException {
    readFully(target, 0, target.length);
  }

  @Override
  public void readFully(byte[] target, int offset, int count) throws IOException {
    if (read(target, offset, count) < count) {
      throw new EOFException("read past the end of the file, at byte " + position);
    }
  }

  @Override
  public byte readByte() throws IOException {
    return (byte) readUnsignedByte();
  }

  @Override
  public int readUnsignedByte() throws IOException {
    if (position >= length) {
      throw new EOFException("read past the end of the file, at byte " + position);
    }
    require();
    return block[(int) (position++ - blockStart)] & 0xff;
  }

  private ByteBuffer bytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    readFully(bytes);
    return ByteBuffer.wrap(bytes).order(order);
  }

  @Override
  public boolean readBoolean() throws IOException {
    return readByte() != 0;
  }

  @Override
  public short readShort() throws IOException {
    return bytes(2).getShort();
  }

  @Override
  public int readUnsignedShort() throws IOException {
    return readShort() & 0xffff;
  }

  @Override
  public char readChar() throws IOException {
    return bytes(2).getChar();
  }

  @Override
  public int readInt() throws IOException {
    return bytes(4).getInt();
  }

  @Override
  public long readLong() throws IOException {
    return bytes(8).getLong();
  }

  @Override
  public float readFloat() throws IOException {
    return bytes(4).getFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return bytes(8).getDouble();
  }

  @Override
  public String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (position < length) {
      char c = (char) readUnsignedByte();
      if (c == '\n') {
        return line.toString();
      }
      line.append(c);
    }
    return line.isEmpty() ? null : line.toString();
  }

  @Override
  public String readUTF() throws IOException {
    return java.io.DataInputStream.readUTF(this);
  }

  private static IOException readOnly() {
    return new IOException("image files are opened for reading only");
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    throw readOnly();
  }

  @Override
  public void write(ByteBuffer source, int offset, int count) throws IOException {
    throw readOnly();
  }

  @Override
  public void write(int b) throws IOException {
    throw readOnly();
  }

  @Override
  public void write(byte[] b) throws IOException {
    throw readOnly();
  }

  @Override
  public void write(byte[] b, int offset, int count) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeBoolean(boolean v) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeByte(int v) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeShort(int v) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeChar(int v) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeInt(int v) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeLong(long v) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeFloat(float v) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeDouble(double v) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeBytes(String s) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeChars(String s) throws IOException {
    throw readOnly();
  }

  @Override
  public void writeUTF(String s) throws IOException {
    throw readOnly();
  }
}
