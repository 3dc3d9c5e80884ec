package org.cytolake.label;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.field.Field;
import org.cytolake.output.PlainFiles;
import org.cytolake.stardist.Window;
import org.cytolake.store.ImageFiles;

/** The label images of one image, written plane by plane. */
public final class ImageLabels {
  private static final int MOST_SHORT = 65_535;

  private final Field field;
  private final String folder;
  private final Configuration hadoop;
  private final Map<ImageFiles, LabelWriter> writers = new EnumMap<>(ImageFiles.class);

  /** Labels of the pixels in a window. */
  @FunctionalInterface
  public interface Labels {
    /**
     * Gives them.
     *
     * @return row by row; valid until the next call
     */
    int[] of(Window window) throws IOException, ImageReadException;
  }

  /**
   * @param folder where the files go, one folder a kind
   */
  public ImageLabels(Field field, String folder, Configuration hadoop) {
    this.field = field;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /**
   * Writes a plane.
   *
   * @param channels names of the file's channels, the same for all planes
   * @param labels of each channel
   * @param largest label that occurs
   * @throws IllegalArgumentException where it is larger than those of the image's first plane allow
   */
  public void write(
      ImageFiles kind, List<String> channels, int z, int t, List<Labels> labels, int largest)
      throws IOException, ImageReadException {
    LabelWriter writer = writers.get(kind);
    if (writer == null) {
      writer = LabelWriter.to(create(kind), field, channels, largest > MOST_SHORT);
      writers.put(kind, writer);
    }
    for (int c = 0; c < channels.size(); c++) {
      for (Window window : LabelWriter.windows(field)) {
        writer.write(c, z, t, window, labels.get(c).of(window));
      }
    }
  }

  private java.io.OutputStream create(ImageFiles kind) throws IOException {
    Path file = path(kind);
    return PlainFiles.system(file, hadoop).create(file, true);
  }

  private Path path(ImageFiles kind) {
    return new Path(new Path(folder), kind.name(field.image()));
  }

  /**
   * Completes the files.
   *
   * @return their names relative to the folder
   */
  public List<String> finish() throws IOException {
    List<String> names = new ArrayList<>();
    for (Map.Entry<ImageFiles, LabelWriter> open : writers.entrySet()) {
      open.getValue().finish();
      open.getValue().close();
      names.add(open.getKey().name(field.image()));
    }
    writers.clear();
    return names;
  }

  /** Removes what is not finished. */
  public void discard() throws IOException {
    for (Map.Entry<ImageFiles, LabelWriter> open : writers.entrySet()) {
      open.getValue().close();
      FileSystem fs = PlainFiles.system(path(open.getKey()), hadoop);
      fs.delete(path(open.getKey()), false);
    }
    writers.clear();
  }
}
