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
import org.cytolake.bioformats.tiff.TiffLabelWriter;
import org.cytolake.bioformats.zarr.ZarrLabelWriter;
import org.cytolake.config.LabelFormat;
import org.cytolake.field.Field;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.PlainFiles;
import org.cytolake.stardist.Window;
import org.cytolake.store.ImageFiles;

/** The label images of one image, written plane by plane. */
public final class ImageLabels {
  private static final int MOST_SHORT = 65_535;

  private final Field field;
  private final String folder;
  private final LabelFormat format;
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
   * @param folder where the files go until the commit, one folder a kind
   * @param format as what they are written
   */
  public ImageLabels(Field field, String folder, LabelFormat format, Configuration hadoop) {
    this.field = field;
    this.folder = folder;
    this.format = format;
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
      writer = writer(kind, channels, largest > MOST_SHORT);
      writers.put(kind, writer);
    }
    for (int c = 0; c < channels.size(); c++) {
      for (Window window : LabelWriter.windows(field)) {
        writer.write(c, z, t, window, labels.get(c).of(window));
      }
    }
  }

  private LabelWriter writer(ImageFiles kind, List<String> channels, boolean deep)
      throws IOException {
    Path path = path(kind);
    FileSystem fs = PlainFiles.system(path, hadoop);
    return switch (format) {
      case OME_TIFF -> TiffLabelWriter.to(fs.create(path, true), field, channels, deep);
      case OME_ZARR -> ZarrLabelWriter.to(fs, path, committed(kind), field, channels, deep);
    };
  }

  private Path path(ImageFiles kind) {
    return new Path(new Path(folder), name(kind));
  }

  private Path committed(ImageFiles kind) {
    int staging = folder.indexOf("/" + OutputFolder.STAGING + "/");
    return staging < 0 ? path(kind) : new Path(folder.substring(0, staging) + "/" + name(kind));
  }

  private String name(ImageFiles kind) {
    return kind.name(field.image(), format);
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
      names.add(name(open.getKey()));
    }
    writers.clear();
    return names;
  }

  /** Removes what is not finished. */
  public void discard() throws IOException {
    for (Map.Entry<ImageFiles, LabelWriter> open : writers.entrySet()) {
      open.getValue().close();
      FileSystem fs = PlainFiles.system(path(open.getKey()), hadoop);
      fs.delete(path(open.getKey()), true);
    }
    writers.clear();
  }
}
