package org.cytolake.output;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Deeds that are mostly waiting, for a remote store or for tasks, several at a time. */
public final class Together {
  private static final int THREADS = 8;

  private Together() {}

  /**
   * Does the deeds of each group at once, the groups one after the other. Where a deed fails the
   * group's others are still done, then the failure is thrown.
   */
  public static <T> void each(List<List<T>> groups, Consumer<T> deed) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (List<T> group : groups) {
        List<Future<?>> deeds = new ArrayList<>();
        group.forEach(item -> deeds.add(threads.submit(() -> deed.accept(item))));
        RuntimeException failure = null;
        for (Future<?> each : deeds) {
          try {
            each.get();
          } catch (ExecutionException e) {
            failure =
                e.getCause() instanceof RuntimeException r
                    ? r
                    : new IllegalStateException(e.getCause());
          }
        }
        if (failure != null) {
          throw failure;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      threads.shutdown();
    }
  }
}
