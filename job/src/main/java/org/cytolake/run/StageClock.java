package org.cytolake.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

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
          progress.begin(what, 0);
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

  /** A step that tells how many images are done. */
  void counted(String part, String what, long images, Consumer<DoubleConsumer> step) {
    timed(
        part,
        () -> {
          progress.begin(what, images);
          try {
            step.accept(progress::done);
            return null;
          } finally {
            progress.end();
          }
        });
  }

  /** A step whose Spark tasks tell the progress. */
  void watched(SparkSession spark, String part, String what, long images, Runnable step) {
    watched(spark, part, what, images, Optional.empty(), step);
  }

  /** A step with a counter of the share that is done, 0 to 1. */
  void watched(
      SparkSession spark,
      String part,
      String what,
      long images,
      Optional<DoubleSupplier> counter,
      Runnable step) {
    timed(
        part,
        () -> {
          StageProgress watch = StageProgress.watch(spark, progress, what, images, counter);
          try {
            step.run();
            return null;
          } finally {
            watch.close();
          }
        });
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
