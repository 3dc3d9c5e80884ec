package org.cytolake.bioformats;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;

/** A reader that lives as long as a task. */
public final class TaskReader {
  private TaskReader() {}

  /** Opens; the end of the task closes. */
  public static PlaneReader open(Configuration hadoop) {
    PlaneReader reader = new PlaneReader(hadoop);
    TaskContext.get()
        .addTaskCompletionListener(
            context -> {
              try {
                reader.close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return reader;
  }
}
