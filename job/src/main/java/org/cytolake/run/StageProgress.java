package org.cytolake.run;

import java.util.function.DoubleSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** Tells the progress of Spark jobs whenever a task ends, as a counter says. */
final class StageProgress extends SparkListener implements AutoCloseable {
  private final SparkContext context;
  private final Progress progress;
  private final long images;
  private final DoubleSupplier share;

  private StageProgress(
      SparkContext context, Progress progress, long images, DoubleSupplier share) {
    this.context = context;
    this.progress = progress;
    this.images = images;
    this.share = share;
  }

  /**
   * Watches until it is closed.
   *
   * @param what is told
   * @param images that there are
   * @param bytes of their files
   * @param share of the work that is done, as a Spark accumulator counts it, 0 to 1
   */
  static StageProgress watch(
      SparkSession spark,
      Progress progress,
      String what,
      long images,
      long bytes,
      DoubleSupplier share) {
    SparkContext context = spark.sparkContext();
    StageProgress listener = new StageProgress(context, progress, images, share);
    context.setLocalProperty("spark.job.description", "cytolake: " + what);
    context.addSparkListener(listener);
    progress.begin(what, images, bytes);
    listener.tell();
    return listener;
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    tell();
  }

  /** A task that is done again counts again. */
  private void tell() {
    progress.done(images * Math.min(1, share.getAsDouble()));
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
    context.setLocalProperty("spark.job.description", null);
    progress.end();
  }
}
