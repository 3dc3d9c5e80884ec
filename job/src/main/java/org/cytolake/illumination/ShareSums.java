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
  private final String folder;
  private final String task;
  private final Configuration hadoop;
  private final Map<List<String>, GroupSums> groups = new LinkedHashMap<>();
  private final List<Written> files = new ArrayList<>();
  private long bytes; // of the groups' sums
  private GroupSums current; // null where the image under way is not added up

  /**
   * A file of sums.
   *
   * @param path as Hadoop takes it
   */
  public record Written(FunctionKey key, String path) implements Serializable {}

  ShareSums(SumSettings settings, String folder, String task, Configuration hadoop) {
    this.settings = settings;
    this.folder = folder;
    this.task = task;
    this.hadoop = hadoop;
  }

  /** Begins an image. */
  public void begin(Field field) throws IOException {
    List<String> group = settings.groups().values(field.groups());
    ImageShape shape = settings.shapes().get(group);
    current = null;
    if (!ImageShape.of(field).equals(shape)) {
      return;
    }
    current = groups.get(group);
    if (current == null) {
      long more = shape.bytes(settings.options());
      if (bytes + more > SumSettings.MOST_IN_TASK) {
        write();
      }
      bytes += more;
      current = new GroupSums(shape, settings.options());
      groups.put(group, current);
    }
    current.begin(field);
  }

  /** Adds a plane of it. */
  public void add(PlanePixels pixels) throws ImageReadException {
    if (current != null) {
      current.add(pixels);
    }
  }

  /** Ends the image: it counts, if all of its planes were added. */
  public void end() {
    if (current != null) {
      current.end();
      current = null;
    }
  }

  /** Writes what is left. */
  public List<Written> finish() throws IOException {
    write();
    return files;
  }

  private void write() throws IOException {
    for (Map.Entry<List<String>, GroupSums> group : groups.entrySet()) {
      List<String> types = settings.shapes().get(group.getKey()).pixelTypes();
      for (int c = 0; c < types.size(); c++) {
        IlluminationSums sums = group.getValue().sums().get(c);
        if (sums.planes() > 0) {
          Path path = new Path(folder, task + "-" + files.size());
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
    groups.clear();
    bytes = 0;
  }
}
