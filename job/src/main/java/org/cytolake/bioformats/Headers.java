package org.cytolake.bioformats;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final int FILES_HERE = 64;

  // a task finds out anew which reader takes which kind of file
  private static final int FEWEST_A_TASK = 8;
  private static final int MOST_A_TASK = 512;
  private static final int TASKS_A_CORE = 4;

  /** A header, or why there is none. Files with equal headers share one. */
  public record Result(Header header, Failure failure) implements Serializable {}

  private Headers() {}

  /**
   * The header of each file, in order.
   *
   * @param sets whether an image may lie in several files
   */
  public static List<Result> read(
      List<ImageFile> files, boolean sets, Configuration hadoop, SparkSession spark) {
    if (files.size() <= FILES_HERE) {
      return readHere(files, sets, hadoop);
    }
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    int tasks =
        Math.max(
            Math.min(TASKS_A_CORE * context.defaultParallelism(), files.size() / FEWEST_A_TASK + 1),
            files.size() / MOST_A_TASK);
    context.setLocalProperty(
        "spark.job.description", "microscopy: reading " + files.size() + " headers");
    try {
      List<Result> results =
          context
              .parallelize(files, tasks)
              .mapPartitions(
                  part -> {
                    List<ImageFile> mine = new ArrayList<>();
                    part.forEachRemaining(mine::add);
                    return readHere(mine, sets, conf.value().value()).iterator();
                  })
              .collect();
      return shared(results);
    } finally {
      context.setLocalProperty("spark.job.description", null);
      conf.destroy();
    }
  }

  private static List<Result> readHere(List<ImageFile> files, boolean sets, Configuration hadoop) {
    List<Result> results = new ArrayList<>(files.size());
    try (HeaderReader reader = new HeaderReader(hadoop, sets)) {
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
    return shared(results);
  }

  /** Keeps one of equal results: a million files of one microscope have a handful of headers. */
  private static List<Result> shared(List<Result> results) {
    Map<Result, Result> known = new HashMap<>();
    List<Result> shared = new ArrayList<>(results.size());
    for (Result result : results) {
      Result before = result.header() == null ? null : known.putIfAbsent(result, result);
      shared.add(before == null ? result : before);
    }
    return shared;
  }
}
