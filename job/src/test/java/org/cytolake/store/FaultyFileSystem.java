package org.cytolake.store;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under {@code faulty:///}, whose n-th operation from now fails. Every operation
 * that a file system offers counts: create, end of writing, open, rename, delete, list, look at,
 * make a folder.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  /** Which operations fail. */
  enum Fault {
    /** The n-th; the rest work. */
    ONCE,
    /** The n-th and all that follow: what a killed process does. */
    FROM_THEN_ON,
    /** The n-th is carried out and then reported as failed, as over a broken connection. */
    AFTERWARDS
  }

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);
  private static volatile int failing = Integer.MAX_VALUE;
  private static volatile Fault fault = Fault.ONCE;
  private static volatile String message = "injected";

  /** Starts to count; the n-th operation, from 0, fails. */
  static void failAt(int n, Fault how, String why) {
    COUNT.set(0);
    fault = how;
    message = why;
    failing = n;
  }

  /** No operation fails any more. */
  static void heal() {
    failing = Integer.MAX_VALUE;
  }

  /** How many operations there were since {@link #failAt}. */
  static int count() {
    return COUNT.get();
  }

  private interface Operation<T> {
    T run() throws IOException;
  }

  private static <T> T counted(String name, Operation<T> operation) throws IOException {
    if (INSIDE.get()) {
      return operation.run(); // the local disk's own way of doing it
    }
    int n = COUNT.getAndIncrement();
    boolean fails = fault == Fault.FROM_THEN_ON ? n >= failing : n == failing;
    if (fails && fault != Fault.AFTERWARDS) {
      throw failure(n, name);
    }
    INSIDE.set(true);
    try {
      T result = operation.run();
      if (fails) {
        throw failure(n, name);
      }
      return result;
    } finally {
      INSIDE.set(false);
    }
  }

  private static IOException failure(int n, String name) {
    return new IOException(message + " at operation " + n + ": " + name);
  }

  @Override
  public URI getUri() {
    return URI.create("faulty:///");
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  @Override
  public FSDataOutputStream create(
      Path f,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return counted(
        "create " + f,
        () ->
            new Stream(
                super.create(
                    f, permission, overwrite, bufferSize, replication, blockSize, progress)));
  }

  @Override
  public FSDataOutputStream create(
      Path f,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(f, null, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataInputStream open(Path f, int bufferSize) throws IOException {
    return counted("open " + f, () -> super.open(f, bufferSize));
  }

  @Override
  public boolean rename(Path src, Path dst) throws IOException {
    return counted("rename " + src, () -> super.rename(src, dst));
  }

  @Override
  public boolean delete(Path p, boolean recursive) throws IOException {
    return counted("delete " + p, () -> super.delete(p, recursive));
  }

  @Override
  public FileStatus[] listStatus(Path f) throws IOException {
    return counted("list " + f, () -> super.listStatus(f));
  }

  @Override
  public FileStatus getFileStatus(Path f) throws IOException {
    return counted("look at " + f, () -> super.getFileStatus(f));
  }

  @Override
  public boolean mkdirs(Path f) throws IOException {
    return counted("make folder " + f, () -> super.mkdirs(f));
  }

  private static final class Stream extends FSDataOutputStream {
    Stream(FSDataOutputStream out) throws IOException {
      super(out, null);
    }

    @Override
    public void close() throws IOException {
      counted(
          "end of writing",
          () -> {
            super.close();
            return null;
          });
    }
  }
}
