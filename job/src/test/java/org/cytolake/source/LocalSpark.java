package org.cytolake.source;

import java.util.Arrays;
import org.apache.spark.sql.SparkSession;

/** One Spark session for the tests of this JVM. */
public final class LocalSpark {
  private static final SparkSession SESSION =
      SparkSession.builder()
          .master("local[2]")
          .appName("tests")
          .config("spark.ui.enabled", "false")
          .config("spark.sql.shuffle.partitions", "2")
          .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.driver.host", "127.0.0.1")
          .getOrCreate();

  private LocalSpark() {}

  /** The session; never stopped by a test. */
  public static SparkSession session() {
    return SESSION;
  }

  /** Waits until no task runs: those beside one that failed go on writing after their job. */
  public static void awaitIdle() throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      if (Arrays.stream(SESSION.sparkContext().statusTracker().getExecutorInfos())
          .allMatch(executor -> executor.numRunningTasks() == 0)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("tasks run on");
  }
}
