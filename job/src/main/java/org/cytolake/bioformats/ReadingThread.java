package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import loci.formats.FormatException;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.xml.ClosedParsers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread on which files are read, so that one that never ends, takes the memory or ends its
 * thread costs itself only. What takes longer than its time is left behind, on a thread that keeps
 * no JVM alive, and a new thread takes the next file. On it Bio-Formats opens no file but those
 * that {@link ReadableFiles} allows, and its XML parsers are {@link ClosedParsers}.
 */
final class ReadingThread implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadingThread.class);
  private static final ClassLoader CLOSED = new ClosedParsers(ReadingThread.class.getClassLoader());
  private static final int SECONDS_TO_CLOSE = 20;
  private static final int SECONDS_TO_STOP = 1;

  private final int seconds;
  private ExecutorService executor; // null before the first reading, and after one was left behind
  private volatile Thread thread; // null where the last was left behind

  /**
   * @param hadoop says how long a reading may take ({@link ReadingTime})
   */
  ReadingThread(Configuration hadoop) {
    this.seconds = ReadingTime.seconds(hadoop);
  }

  /**
   * Reads on the thread.
   *
   * @param stage {@code header} or {@code pixels}
   * @param times how many times as long as a header it may take
   * @throws ImageReadException where it takes too long, or more memory than there is
   * @throws IOException or another exception that the reading throws
   */
  <T> T call(String file, String stage, double times, Callable<T> reading)
      throws IOException, FormatException {
    double limit = times * seconds;
    Future<T> future = submit(reading);
    try {
      return future.get((long) (1000 * limit), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      leave(future, file);
      throw tooLong(file, stage, limit);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      throw unwrapped(file, stage, e.getCause());
    }
  }

  private <T> Future<T> submit(Callable<T> reading) {
    if (executor == null) {
      executor =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread made = new Thread(task, "cytolake-reading");
                made.setDaemon(true);
                made.setContextClassLoader(CLOSED);
                thread = made;
                return made;
              });
    }
    return executor.submit(reading);
  }

  private static IOException unwrapped(String file, String stage, Throwable cause)
      throws FormatException {
    if (cause instanceof IOException io) {
      return io;
    }
    if (cause instanceof FormatException format) {
      throw format;
    }
    if (cause instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (cause instanceof OutOfMemoryError) {
      return tooLarge(file, stage, cause);
    }
    if (cause instanceof LinkageError linkage) {
      throw linkage;
    }
    String why =
        cause instanceof StackOverflowError
            ? "what it describes is nested too deeply"
            : "its reader gave up (" + cause + ")";
    return new IOException(why, cause);
  }

  private static ImageReadException tooLong(String file, String stage, double limit) {
    return ImageReadException.of(
        file,
        stage,
        "TIMED_OUT",
        "Reading the "
            + stage
            + " of "
            + file
            + " took longer than "
            + Math.round(limit)
            + " seconds and was given up.",
        "The file is damaged, or the disk or store is slow: for the latter raise"
            + " input.file-seconds.",
        null);
  }

  private static ImageReadException tooLarge(String file, String stage, Throwable cause) {
    return ImageReadException.of(
        file,
        stage,
        "OUT_OF_MEMORY",
        "Reading the "
            + stage
            + " of "
            + file
            + " takes more memory than there is ("
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB).",
        "The file is damaged, or give the job more memory (CYTOLAKE_MEMORY,"
            + " spark.driver.memory, spark.executor.memory).",
        cause);
  }

  /** Goes on without what is being read. */
  private void leave(Future<?> future, String file) {
    Thread left = thread;
    thread = null;
    future.cancel(true);
    executor.shutdownNow();
    executor = null;
    if (!ends(left)) {
      stop(left);
      if (!ends(left)) {
        LOG.warn("A reader of {} does not end and takes a core until the job ends", file);
      }
    }
  }

  private static boolean ends(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_STOP));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /**
   * A decoder in an endless loop hears no interrupt and would keep a core until the JVM ends.
   * Decoders hold no locks that others wait for, so it may be stopped, as long as Java can.
   */
  @SuppressWarnings({"deprecation", "removal"})
  private static void stop(Thread thread) {
    try {
      thread.stop();
    } catch (UnsupportedOperationException e) {
      LOG.debug("This Java stops no thread", e);
    }
  }

  /**
   * That the caller's thread was not left behind: what it holds may be in other hands since.
   *
   * @throws InterruptedIOException where it was
   */
  void requireCurrent() throws InterruptedIOException {
    if (Thread.currentThread() != thread) {
      throw new InterruptedIOException("given up");
    }
  }

  /** Whether what was opened on the thread can still be reached there. */
  boolean isHere() {
    return executor != null;
  }

  /** Closes on the thread what was opened there, and ends it. */
  void close(Callable<Void> closing) throws IOException {
    if (executor == null) {
      return;
    }
    Future<Void> closed = executor.submit(closing);
    try {
      closed.get(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      closed.cancel(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      LOG.debug("A reader did not close", e.getCause());
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    if (executor != null) {
      executor.shutdown();
      executor = null;
    }
  }
}
