package org.cytolake.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.cytolake.run.Progress;

/**
 * Says how far the program was and how to go on where a signal ends it: Ctrl-C, or what {@code
 * kill}, a scheduler or the end of a session sends. The JVM's exit code is then 128 and the
 * signal's number.
 */
final class Interruption {
  private static final long SECONDS = 5; // that the command has to put away what it began

  private static final CountDownLatch ENDED = new CountDownLatch(1);
  private static volatile boolean underWay;
  private static volatile Supplier<String> words = () -> "";

  private Interruption() {}

  /** From now on a signal is answered with words. */
  static void expect(PrintStream err) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> answer(err), "interruption"));
  }

  private static void answer(PrintStream err) {
    if (ENDED.getCount() == 0 || !isSignalled()) { // the program ends by itself
      return;
    }
    underWay = true;
    try {
      // Spark stops meanwhile, which ends the command
      ENDED.await(SECONDS, TimeUnit.SECONDS);
      err.println(("cytolake: Stopped by a signal. " + words.get()).strip());
      err.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The JVM answers a signal on a thread of this name; Spark, too, may end it. */
  private static boolean isSignalled() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().matches("SIG[A-Z]+ handler"));
  }

  /** The command has ended: what comes now is the end of the program. */
  static void over() {
    ENDED.countDown();
  }

  /** Whether a signal ends the program: errors that come of that are not worth a word. */
  static boolean isUnderWay() {
    return underWay;
  }

  /** A run's progress, which from now on is what is said. */
  static Progress watched(Progress progress, String output) {
    Watched watched = new Watched(progress, output);
    words = watched::words;
    return watched;
  }

  private static final class Watched implements Progress {
    private final Progress shown;
    private final String output;
    private boolean committing;
    private long committed;
    private long of;

    Watched(Progress shown, String output) {
      this.shown = shown;
      this.output = output;
    }

    synchronized String words() {
      String batch =
          committing ? " A commit was under way: the next run finishes it, or takes it back." : "";
      return (committed == 0
              ? "Nothing was committed: " + output + " has what it had before."
              : committed + " of " + of + " images are committed to " + output + ".")
          + batch
          + " Run the same command again to go on with the rest.";
    }

    @Override
    public void begin(String what, long images, long bytes) {
      if (!underWay) {
        shown.begin(what, images, bytes);
      }
    }

    @Override
    public void done(double images) {
      if (!underWay) {
        shown.done(images);
      }
    }

    @Override
    public void end() {
      if (!underWay) {
        shown.end();
      }
    }

    @Override
    public synchronized void committing() {
      committing = true;
    }

    @Override
    public synchronized void committed(long images, long all) {
      committing = false;
      committed = images;
      of = all;
    }
  }
}
