package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.field.Failure;
import org.junit.jupiter.api.Test;

/** Whatever a decoder does, its caller goes on, with the next file. */
final class ReadingThreadTest {
  private static final Configuration HADOOP = ReadingTime.set(new Configuration(), 1);

  private final AtomicReference<Thread> ran = new AtomicReference<>();

  private Failure failure(ReadingThread thread, int seconds, Callable<Integer> reading) {
    return catchThrowableOfType(
            ImageReadException.class, () -> thread.call("bad.tif", "pixels", seconds, reading))
        .failure();
  }

  private static void works(ReadingThread thread) throws Exception {
    assertThat(thread.call("good.tif", "header", 30, () -> 7)).isEqualTo(7);
  }

  @Test
  void whatNeverEndsIsLeftAndStopped() throws Exception {
    try (ReadingThread thread = new ReadingThread(HADOOP)) {
      long start = System.nanoTime();
      Failure failure =
          failure(
              thread,
              1,
              () -> {
                ran.set(Thread.currentThread());
                for (int i = 0; ; i++) { // hears no interrupt
                  if (i == Integer.MIN_VALUE && ran.get() == null) {
                    return i;
                  }
                }
              });
      assertThat(failure.code()).isEqualTo("TIMED_OUT");
      assertThat(failure.message()).contains("bad.tif", "1 seconds");
      assertThat(failure.remedy()).contains("input.file-seconds");
      assertThat((System.nanoTime() - start) / 1e9).isLessThan(15);
      ran.get().join(15_000);
      assertThat(ran.get().isAlive()).isFalse();
      assertThat(thread.isHere()).isFalse();
      works(thread);
    }
  }

  @Test
  void whatTakesTheMemoryOrTheStackCostsItselfOnly() throws Exception {
    try (ReadingThread thread = new ReadingThread(HADOOP)) {
      Failure failure =
          failure(
              thread,
              120, // the collector may take its time before it gives up
              () -> {
                List<long[]> all = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                  all.add(new long[Integer.MAX_VALUE - 8]);
                }
                return all.size();
              });
      assertThat(failure.code()).isEqualTo("OUT_OF_MEMORY");
      works(thread);
      assertThatThrownBy(() -> thread.call("bad.tif", "header", 30, () -> deep(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nested too deeply");
      works(thread);
    }
  }

  @SuppressWarnings("InfiniteRecursion") // wanted
  private static int deep(int depth) {
    return 1 + deep(depth + 1);
  }

  @Test
  @SuppressWarnings({"deprecation", "removal"})
  void whatEndsItsThreadCostsItselfOnly() throws Exception {
    try (ReadingThread thread = new ReadingThread(HADOOP)) {
      assertThatThrownBy(
              () ->
                  thread.call(
                      "bad.tif",
                      "header",
                      30,
                      () -> {
                        throw new ThreadDeath();
                      }))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("gave up");
      works(thread);
      assertThatThrownBy(
              () ->
                  thread.call(
                      "bad.tif",
                      "header",
                      30,
                      () -> {
                        throw new NoClassDefFoundError("x/Y");
                      }))
          .isInstanceOf(NoClassDefFoundError.class);
      works(thread);
    }
  }

  /** A task that Spark kills ends, though its file goes on. */
  @Test
  void anInterruptedCallerGoes() throws Exception {
    try (ReadingThread thread = new ReadingThread(HADOOP)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(
              () ->
                  thread.call(
                      "a.tif",
                      "header",
                      30,
                      () -> {
                        ran.set(Thread.currentThread());
                        Thread.sleep(60_000);
                        return 1;
                      }))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      works(thread);
    }
  }

  @Test
  void readingsKeepNoJvmAliveAndParseClosed() throws Exception {
    try (ReadingThread thread = new ReadingThread(HADOOP)) {
      Thread reading = thread.call("a.tif", "header", 30, Thread::currentThread);
      assertThat(reading.isDaemon()).isTrue();
      assertThat(reading.getContextClassLoader().getName()).isEqualTo("closed-xml-parsers");
      assertThat(reading).isNotSameAs(Thread.currentThread());
    }
  }
}
