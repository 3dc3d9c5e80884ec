package org.cytolake.run;

import java.util.Optional;
import java.util.Properties;
import java.util.function.DoubleSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * Tells the progress of a Spark job whenever a task ends: as a counter says, or else the share of
 * the tasks of its first stage, the one that reads images, times the images.
 */
final class StageProgress extends SparkListener implements AutoCloseable {
  private static final String PROPERTY = "cytolake.progress";

  private final SparkContext context;
  private final Progress progress;
  private final String what;
  private final long images;
  private final Optional<DoubleSupplier> counter;
  private int stage = -1;
  private int tasks;
  private int ended;

  private StageProgress(
      SparkContext context,
      Progress progress,
      String what,
      long images,
      Optional<DoubleSupplier> counter) {
    this.context = context;
    this.progress = progress;
    this.what = what;
    this.images = images;
    this.counter = counter;
  }

  /**
   * Watches the jobs that this thread starts until it is closed.
   *
   * @param counter what share of the work is done, as a Spark accumulator counts it
   */
  static StageProgress watch(
      SparkSession spark,
      Progress progress,
      String what,
      long images,
      Optional<DoubleSupplier> counter) {
    SparkContext context = spark.sparkContext();
    StageProgress listener = new StageProgress(context, progress, what, images, counter);
    context.setLocalProperty(PROPERTY, what);
    context.setLocalProperty("spark.job.description", "cytolake: " + what);
    context.addSparkListener(listener);
    progress.begin(what, images);
    return listener;
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    Properties properties = submitted.properties();
    if (stage < 0 && properties != null && what.equals(properties.getProperty(PROPERTY))) {
      stage = submitted.stageInfo().stageId();
      tasks = submitted.stageInfo().numTasks();
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    if (counter.isPresent()) {
      // a task that is done again counts again
      progress.done(images * Math.min(1, counter.get().getAsDouble()));
    } else if (task.stageId() == stage && task.taskInfo().successful() && ended < tasks) {
      ended++;
      progress.done((double) images * ended / tasks);
    }
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
    context.setLocalProperty(PROPERTY, null);
    context.setLocalProperty("spark.job.description", null);
    progress.end();
  }
}
