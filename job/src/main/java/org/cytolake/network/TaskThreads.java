package org.cytolake.network;

import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;

/**
 * How many threads a network may use in a task: cores divided by the tasks that run at once, so
 * that all cores work and none has two threads.
 */
public final class TaskThreads {
  private TaskThreads() {}

  /**
   * For a stage.
   *
   * @param tasks of the stage
   */
  public static int of(SparkContext context, int tasks) {
    return of(
        Math.max(1, context.defaultParallelism()),
        context.getConf().getInt("spark.executor.cores", Integer.MAX_VALUE),
        context.getConf().getInt("spark.task.cpus", 1),
        tasks);
  }

  /** Cores of the executor that runs the calling task. */
  public static int ofExecutor() {
    return Math.max(
        1,
        SparkEnv.get()
            .conf()
            .getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors()));
  }

  /**
   * @param cores of all executors
   * @param executorCores of one
   * @param taskCpus cores that Spark reserves for a task
   * @param tasks that are to be run
   */
  static int of(int cores, int executorCores, int taskCpus, int tasks) {
    int atOnce = Math.max(1, Math.min(tasks, cores / taskCpus));
    return Math.max(1, Math.min(executorCores, Math.max(taskCpus, cores / atOnce)));
  }
}
