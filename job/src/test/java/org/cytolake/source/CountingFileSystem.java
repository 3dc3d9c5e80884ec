package org.cytolake.source;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local disk under {@code counting:///}, which Cytolake must not take for local files. Counts
 * streams and bytes, and gives a few bytes a call, as a remote store may.
 */
public final class CountingFileSystem extends RawLocalFileSystem {
  static final AtomicInteger OPENED = new AtomicInteger();
  static final AtomicInteger OPEN = new AtomicInteger();
  static final AtomicLong BYTES = new AtomicLong();
  private static final int MOST = 10_000;

  public static void register(Configuration hadoop) {
    hadoop.set("fs.counting.impl", CountingFileSystem.class.getName());
  }

  static void reset() {
    OPENED.set(0);
    BYTES.set(0);
  }

  @Override
  public URI getUri() {
    return URI.create("counting:///");
  }

  @Override
  public String getScheme() {
    return "counting";
  }

  @Override
  public FSDataInputStream open(Path f, int bufferSize) throws IOException {
    FSDataInputStream stream = super.open(f, bufferSize);
    OPENED.incrementAndGet();
    OPEN.incrementAndGet();
    return new FSDataInputStream(new Counted(stream));
  }

  @Override
  public FileStatus getFileStatus(Path f) throws IOException {
    return plain(super.getFileStatus(f));
  }

  @Override
  public FileStatus[] listStatus(Path f) throws IOException {
    return Arrays.stream(super.listStatus(f))
        .map(CountingFileSystem::plain)
        .toArray(FileStatus[]::new);
  }

  /** Without the look at the local file's permissions. */
  private static FileStatus plain(FileStatus s) {
    return new FileStatus(
        s.getLen(), s.isDirectory(), 1, s.getBlockSize(), s.getModificationTime(), s.getPath());
  }

  private static final class Counted extends FSInputStream {
    private final FSDataInputStream stream;
    private boolean closed;

    Counted(FSDataInputStream stream) {
      this.stream = stream;
    }

    @Override
    public void seek(long position) throws IOException {
      stream.seek(position);
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read() throws IOException {
      int value = stream.read();
      BYTES.addAndGet(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      int n = stream.read(target, offset, Math.min(count, MOST));
      BYTES.addAndGet(Math.max(0, n));
      return n;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        OPEN.decrementAndGet();
      }
      stream.close();
    }
  }
}
