package org.cytolake.output;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to change an output, which one process has at a time: the file {@code _staging/_lock}.
 * Beside it, {@code _lock-<token>} is written again and again while the holder lives. A lock by
 * another name says that the holder of what bears its name lives.
 *
 * <p>A holder that has died on this machine loses the lock at once, any other when its heartbeat
 * has stopped for {@link Timing#timeout}, both times measured by the file system's clock. Where
 * creating a file is not exclusive (object stores without conditional writes) and on a take-over,
 * two processes may both believe for a moment that they hold it; therefore each looks again after
 * {@link Timing#settle}, and once more before it commits.
 */
public final class OutputLock implements AutoCloseable {
  public static final String FILE = OutputFolder.STAGING + "/_lock";
  private static final Logger LOG = LoggerFactory.getLogger(OutputLock.class);

  /**
   * How long to wait for what.
   *
   * @param heartbeat between two heartbeats
   * @param timeout without a heartbeat a holder counts as dead
   * @param settle the longest that a write by another process may take to be seen
   */
  public record Timing(Duration heartbeat, Duration timeout, Duration settle) {
    public static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofSeconds(1));
  }

  private final OutputFolder output;
  private final String file;
  private final LockHolder me;
  private final ScheduledExecutorService heart;

  private OutputLock(OutputFolder output, String file, LockHolder me, Timing timing) {
    this.output = output;
    this.file = file;
    this.me = me;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "cytolake-lock-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    long millis = timing.heartbeat.toMillis();
    var unused = heart.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the lock.
   *
   * @throws CytolakeException USAGE if another process holds the lock, and says which
   */
  public static OutputLock acquire(OutputFolder output, Timing timing) {
    return acquire(output, FILE, timing);
  }

  /**
   * The same by another name.
   *
   * @param file relative to the output
   */
  public static OutputLock acquire(OutputFolder output, String file, Timing timing) {
    LockHolder me = LockHolder.ofThisProcess();
    me.hold();
    try {
      Duration settle = output.createsExclusively() ? Duration.ZERO : timing.settle;
      if (!output.create(file, Json.write(me))) {
        removeStale(output, file, me, timing);
        settle = timing.settle;
        if (!output.create(file, Json.write(me))) {
          throw held(output, holder(output, file), Optional.empty());
        }
      }
      pause(settle);
      Optional<LockHolder> holder = holder(output, file);
      if (!isMine(holder, me)) {
        throw held(output, holder, Optional.empty());
      }
      return new OutputLock(output, file, me, timing);
    } catch (Throwable t) {
      me.letGo();
      throw t;
    }
  }

  /**
   * Whether a process that lives holds a lock.
   *
   * @param file relative to the output
   */
  public static boolean isHeld(OutputFolder output, String file, Timing timing) {
    Optional<LockHolder> holder = holder(output, file);
    return !holder.map(LockHolder::isDead).orElse(false)
        && silence(output, file, holder, LockHolder.ofThisProcess())
            .filter(silence -> silence.compareTo(timing.timeout) < 0)
            .isPresent();
  }

  private static void removeStale(OutputFolder output, String file, LockHolder me, Timing timing) {
    Optional<LockHolder> holder = holder(output, file);
    if (!holder.map(LockHolder::isDead).orElse(false)) {
      Optional<Duration> silence = silence(output, file, holder, me);
      if (silence.isPresent() && silence.get().compareTo(timing.timeout) < 0) {
        throw held(output, holder, Optional.of(timing.timeout.minus(silence.get())));
      }
    }
    LOG.warn(
        "Taking over {} of {}, which has ended or has given no sign of life for {} s",
        output.path(file),
        holder.map(LockHolder::toString).orElse("an unknown process"),
        timing.timeout.toSeconds());
    if (holder(output, file).equals(holder)) {
      output.delete(file);
      holder.ifPresent(h -> output.delete(heartbeat(file, h)));
    }
  }

  /** How long the holder has given no sign of life; empty if there is no lock any more. */
  private static Optional<Duration> silence(
      OutputFolder output, String file, Optional<LockHolder> holder, LockHolder me) {
    output.write(heartbeat(file, me), "");
    Optional<Long> now = output.modified(heartbeat(file, me));
    output.delete(heartbeat(file, me));
    return Stream.concat(
            output.modified(file).stream(),
            holder.stream().flatMap(h -> output.modified(heartbeat(file, h)).stream()))
        .max(Long::compare)
        .map(last -> Duration.ofMillis(Math.max(0, now.orElse(last) - last)));
  }

  private static Optional<LockHolder> holder(OutputFolder output, String file) {
    for (int attempt = 0; ; attempt++) {
      Optional<String> text = output.read(file);
      Optional<LockHolder> holder = text.flatMap(LockHolder::parse);
      if (text.isEmpty() || holder.isPresent() || attempt == 2) {
        return holder;
      }
      pause(Duration.ofMillis(20)); // its holder may be writing it
    }
  }

  private static boolean isMine(Optional<LockHolder> holder, LockHolder me) {
    return holder.map(LockHolder::token).filter(me.token()::equals).isPresent();
  }

  private static String heartbeat(String file, LockHolder holder) {
    return file + "-" + holder.token();
  }

  private static CytolakeException held(
      OutputFolder output, Optional<LockHolder> holder, Optional<Duration> lapses) {
    return new CytolakeException(
        Code.USAGE,
        "Another run is writing to "
            + output
            + ": "
            + holder.map(LockHolder::toString).orElse("a process that is just starting")
            + ".",
        "Wait until it has ended, or choose another --output."
            + lapses
                .map(
                    d ->
                        " If it has died, its lock "
                            + FILE
                            + " lapses "
                            + Math.max(1, d.toSeconds())
                            + " s from now unless it gives a sign of life.")
                .orElse(""));
  }

  /**
   * Makes sure that it still is this process's.
   *
   * @throws CytolakeException FAILED if another process has taken the lock over
   */
  public void requireHeld() {
    Optional<LockHolder> holder = holder(output, file);
    if (!isMine(holder, me)) {
      throw new CytolakeException(
          Code.FAILED,
          "The lock "
              + output.path(file)
              + " was taken over by "
              + holder.map(LockHolder::toString).orElse("somebody")
              + " while this process was thought dead.",
          "Run the same command again after that run: it makes whole what this one has begun.");
    }
  }

  private void beat() {
    try {
      output.write(heartbeat(file, me), Instant.now().toString());
    } catch (RuntimeException e) {
      LOG.warn("No heartbeat for {}: {}", output.path(file), e.getMessage());
    }
  }

  /** Gives the lock back, if it is still this one's. */
  @Override
  public void close() {
    heart.shutdownNow();
    try {
      if (!heart.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.warn("The last heartbeat for {} is still being written", output.path(file));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      output.delete(heartbeat(file, me));
      if (isMine(holder(output, file), me)) {
        output.delete(file);
      }
    } catch (RuntimeException e) {
      LOG.warn("The lock was not given back: {}", e.getMessage());
    } finally {
      me.letGo();
    }
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
