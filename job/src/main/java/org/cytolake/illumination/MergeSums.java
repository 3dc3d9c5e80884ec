package org.cytolake.illumination;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.cytolake.output.PlainFiles;
import org.cytolake.shading.IlluminationSums;
import scala.Tuple2;

/**
 * Adds the sums of many shares up, and makes the functions of groups of which all images are in
 * them: the function of a {@code map}.
 *
 * @param waiting sums of earlier batches
 */
public record MergeSums(
    WriteFunction functions, Broadcast<Map<FunctionKey, IlluminationSums>> waiting)
    implements Function<MergeSums.Shares, MergeSums.Merged> {
  private static final int BUFFER = 1 << 16;

  /**
   * The sums of one function.
   *
   * @param paths of the files that shares wrote
   * @param whole whether no others come
   */
  public record Shares(FunctionKey key, List<String> paths, boolean whole) implements Serializable {
    public Shares {
      paths = List.copyOf(paths);
    }
  }

  /**
   * What became of them.
   *
   * @param madeOrNull the function, where all images are in it
   * @param sumsOrNull the sums, where others come
   */
  public record Merged(FunctionKey key, WriteFunction.Made madeOrNull, IlluminationSums sumsOrNull)
      implements Serializable {}

  @Override
  public Merged call(Shares shares) throws IOException {
    IlluminationSums sums = null;
    for (String path : shares.paths()) {
      IlluminationSums read = read(new Path(path), functions.hadoop().value().value());
      sums = sums == null ? read : sums.plus(read);
    }
    IlluminationSums before = waiting.value().get(shares.key());
    if (before != null) { // shared with other tasks: nothing is added to it
      sums = (sums == null ? before.none() : sums).plus(before);
    }
    return shares.whole()
        ? new Merged(shares.key(), functions.call(new Tuple2<>(shares.key(), sums)), null)
        : new Merged(shares.key(), null, sums);
  }

  private static IlluminationSums read(Path path, Configuration hadoop) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(PlainFiles.system(path, hadoop).open(path), BUFFER))) {
      return IlluminationSums.read(in);
    }
  }
}
