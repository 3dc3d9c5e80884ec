package org.cytolake.illumination;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.field.Field;
import org.cytolake.output.PlainFiles;
import org.cytolake.shading.IlluminationSums;

/**
 * The sums of a task's share of the images, group by group, made while the images are in memory for
 * other reasons. They go into files: they are large, and the driver sees only names. Not
 * thread-safe.
 */
public final class ShareSums {
  private static final int BUFFER = 1 << 16;

  private final SumSettings settings;
  private final Map<List<String>, GroupSums> groups = new LinkedHashMap<>();
  private GroupSums current; // null where the image under way is not added up

  /**
   * A file of sums.
   *
   * @param path as Hadoop takes it
   */
  public record Written(FunctionKey key, String path) implements Serializable {}

  ShareSums(SumSettings settings) {
    this.settings = settings;
  }

  /** Begins an image. */
  public void begin(Field field) {
    List<String> group = settings.groups().values(field.groups());
    ImageShape shape = settings.shapes().get(group);
    current =
        ImageShape.of(field).equals(shape)
            ? groups.computeIfAbsent(group, g -> new GroupSums(shape, settings.options()))
            : null;
    if (current != null) {
      current.begin(field);
    }
  }

  /** Adds a plane of it. */
  public void add(PlanePixels pixels) throws ImageReadException {
    if (current != null) {
      current.add(pixels);
    }
  }

  /** Ends the image: it counts, if all of its planes were added. */
  public void end(boolean complete) {
    if (current != null) {
      current.end(complete);
      current = null;
    }
  }

  /**
   * Writes the sums.
   *
   * @param scratch the run's folder for intermediate data
   * @param share a number that no other share of the batch has
   */
  public List<Written> write(String scratch, int share, Configuration hadoop) throws IOException {
    List<Written> files = new ArrayList<>();
    for (Map.Entry<List<String>, GroupSums> group : groups.entrySet()) {
      List<String> types = settings.shapes().get(group.getKey()).pixelTypes();
      for (int c = 0; c < types.size(); c++) {
        IlluminationSums sums = group.getValue().sums().get(c);
        if (sums.planes() > 0) {
          Path path = new Path(scratch + "/sums", share + "-" + files.size());
          try (DataOutputStream out =
              new DataOutputStream(
                  new BufferedOutputStream(
                      PlainFiles.system(path, hadoop).create(path, true), BUFFER))) {
            sums.write(out);
          }
          files.add(new Written(new FunctionKey(group.getKey(), c, types.get(c)), path.toString()));
        }
      }
    }
    return files;
  }
}
