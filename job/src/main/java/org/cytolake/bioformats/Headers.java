package org.cytolake.bioformats;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.field.Failure;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;

/**
 * Reads the headers of many files in parallel: in a Spark job where there are many, else on the
 * spot.
 */
public final class Headers {
  private static final int FILES_A_TASK = 64;

  /** A header, or why there is none. */
  public record Result(Header header, Failure failure) implements Serializable {}

  private Headers() {}

  public static List<Result> read(List<ImageFile> files, Configuration hadoop, SparkSession spark) {
    if (files.size() <= FILES_A_TASK) {
      return readHere(files, hadoop);
    }
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    int tasks =
        Math.max(
            Math.min(context.defaultParallelism(), files.size() / 8 + 1),
            files.size() / FILES_A_TASK);
    context.setLocalProperty(
        "spark.job.description", "microscopy: reading " + files.size() + " headers");
    try {
      return context
          .parallelize(files, tasks)
          .mapPartitions(
              part -> {
                List<ImageFile> mine = new ArrayList<>();
                part.forEachRemaining(mine::add);
                return readHere(mine, conf.value().value()).iterator();
              })
          .collect();
    } finally {
      context.setLocalProperty("spark.job.description", null);
      conf.destroy();
    }
  }

  private static List<Result> readHere(List<ImageFile> files, Configuration hadoop) {
    List<Result> results = new ArrayList<>(files.size());
    try (HeaderReader reader = new HeaderReader(hadoop)) {
      for (ImageFile file : files) {
        try {
          results.add(new Result(reader.read(file), null));
        } catch (ImageReadException e) {
          results.add(new Result(null, e.failure()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return results;
  }
}
