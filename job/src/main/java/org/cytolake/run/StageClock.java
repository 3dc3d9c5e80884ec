package org.cytolake.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.cytolake.planes.StepTimes;
import org.cytolake.store.CommitSteps;

/** Tells the progress of the parts of a run and keeps how long each took. */
final class StageClock {
  private final Progress progress;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  StageClock(Progress progress) {
    this.progress = progress;
  }

  /** Seconds of each part so far, in order. */
  Map<String, Double> seconds() {
    return seconds;
  }

  /**
   * Runs a step.
   *
   * @param part to which the time is added
   * @param what is told meanwhile
   */
  <T> T supplied(String part, String what, Supplier<T> step) {
    return timed(
        part,
        () -> {
          progress.begin(what, 0, 0);
          try {
            return step.get();
          } finally {
            progress.end();
          }
        });
  }

  /** The same for a step without a result. */
  void run(String part, String what, Runnable step) {
    supplied(
        part,
        what,
        () -> {
          step.run();
          return null;
        });
  }

  /** Commits a batch; tells how far it is, and what is committed then. */
  void commit(long images, long of, Consumer<CommitSteps> commit) {
    progress.committing();
    run("commit", "moving files into place", () -> commit.accept(commitSteps()));
    progress.committed(images, of);
  }

  /** Tells how far a commit is. */
  private CommitSteps commitSteps() {
    return (done, of) -> progress.done((double) done / Math.max(1, of));
  }

  /**
   * The passes over the planes: the time is divided among the steps as the tasks' time was.
   *
   * @param images of the whole run
   * @param bytes of their files
   * @param share of the whole run that is done, 0 to 1
   * @param passes gives the tasks' times
   */
  void passes(
      SparkSession spark,
      long images,
      long bytes,
      DoubleSupplier share,
      Supplier<StepTimes> passes) {
    long start = System.nanoTime();
    StageProgress watch =
        StageProgress.watch(spark, progress, "analysing images", images, bytes, share);
    StepTimes times;
    try {
      times = passes.get();
    } finally {
      watch.close();
    }
    double wall = (System.nanoTime() - start) / 1e9;
    for (StepTimes.Step step : StepTimes.Step.values()) {
      double part = times.total() == 0 ? 0 : wall * times.of(step) / times.total();
      seconds.merge(step.name().toLowerCase(Locale.ROOT), part, Double::sum);
    }
  }

  private <T> T timed(String part, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      seconds.merge(part, (System.nanoTime() - start) / 1e9, Double::sum);
    }
  }
}
