package org.cytolake.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.OutputLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What commands that write Iceberg's tables at the same time know of each other: each holds a lock
 * of its own that says that it lives, so that the next one can remove what a killed one left; and
 * one at a time has the right to commit.
 */
final class IcebergLocks {
  private static final Logger LOG = LoggerFactory.getLogger(IcebergLocks.class);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private static final OutputLock.Timing LIFE =
      new OutputLock.Timing(Duration.ofSeconds(30), Duration.ofMinutes(30), Duration.ZERO);

  private IcebergLocks() {}

  /** The lock of a command that begins. */
  static OutputLock alive(OutputFolder output, BatchId first) {
    return OutputLock.acquire(output, life(first.command()), LIFE);
  }

  private static String life(String command) {
    return OutputFolder.STAGING + "/_alive-" + command;
  }

  /** Removes what commands left that have ended without doing so. */
  static void removeKilled(OutputFolder output) {
    List<String> staged = output.list(OutputFolder.STAGING);
    for (String run : staged) {
      if (run.startsWith("_") || Manifest.began(run).isEmpty()) {
        continue;
      }
      String life = life(BatchId.command(run));
      if (!OutputLock.isHeld(output, life, LIFE)) {
        LOG.warn("Run {} of {} was stopped before its end: removing it", run, output);
        output.delete(Journal.folder(run));
        staged.stream()
            .map(name -> OutputFolder.STAGING + "/" + name)
            .filter(name -> name.startsWith(life))
            .forEach(output::delete);
      }
    }
  }

  /** The right to commit, which one run has at a time: waits for it. */
  static OutputLock toCommit(OutputFolder output) {
    Instant until = Instant.now().plus(LONGEST_WAIT);
    for (boolean told = false; ; told = true) {
      try {
        return OutputLock.acquire(output, OutputLock.Timing.DEFAULT);
      } catch (CytolakeException e) {
        if (e.code() != CytolakeException.Code.USAGE || Instant.now().isAfter(until)) {
          throw e;
        }
        if (!told) {
          LOG.warn("Waiting until it has committed. {}", e.getMessage());
        }
        IcebergRun.pause(IcebergRun.LONGEST_PAUSE_MILLIS / 3);
      }
    }
  }
}
