package org.cytolake.label;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.bioformats.tiff.TiffLabelWriter;
import org.cytolake.bioformats.zarr.ZarrLabelWriter;
import org.cytolake.config.LabelFormat;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.PlainFiles;
import org.cytolake.stardist.Window;
import org.cytolake.store.ImageFiles;

/** The label images of one image, written plane by plane. */
public final class ImageLabels {
  private static final int MOST_SHORT = 65_535;

  /** Pixels of an object of the smallest kind: so many fill a plane of few objects. */
  private static final long LEAST_AREA = 100;

  private final Field field;
  private final String folder;
  private final LabelFormat format;
  private final Configuration hadoop;
  private final Map<ImageFiles, LabelWriter> writers = new EnumMap<>(ImageFiles.class);
  private final Map<ImageFiles, Integer> most = new EnumMap<>(ImageFiles.class); // label

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
   * Writes a plane. A file's labels have 16 bits, or 32 where its first plane needs them, or where
   * it has several planes that are large enough for so many objects.
   *
   * @param channels names of the file's channels, the same for all planes
   * @param labels of each channel
   * @param largest label that occurs
   * @throws ImageReadException where a later plane has more than 16 bits hold and the file has 16
   */
  public void write(
      ImageFiles kind, List<String> channels, int z, int t, List<Labels> labels, int largest)
      throws IOException, ImageReadException {
    LabelWriter writer = writers.get(kind);
    if (writer == null) {
      boolean deep = largest > MOST_SHORT || mayHaveMore();
      writer = writer(kind, channels, deep);
      writers.put(kind, writer);
      most.put(kind, deep ? Integer.MAX_VALUE : MOST_SHORT);
    }
    if (largest > most.get(kind)) {
      throw tooMany(z, t, largest);
    }
    for (int c = 0; c < channels.size(); c++) {
      for (Window window : LabelWriter.windows(field)) {
        writer.write(c, z, t, window, labels.get(c).of(window));
      }
    }
  }

  private boolean mayHaveMore() {
    long pixels = (long) field.sizeX() * field.sizeY();
    return field.sizeZ() * field.sizeT() > 1 && pixels > MOST_SHORT * LEAST_AREA;
  }

  private ImageReadException tooMany(int z, int t, int largest) {
    return new ImageReadException(
        new Failure(
            "",
            List.of(),
            field.files().isEmpty() ? "" : field.files().get(0).path(),
            "pixels",
            "TOO_MANY_OBJECTS",
            String.format(
                Locale.ROOT,
                "The plane z = %d, t = %d has %,d objects, of less than %d pixels each; with its"
                    + " first plane the label image got 16 bits, which hold %,d.",
                z,
                t,
                largest,
                LEAST_AREA,
                MOST_SHORT),
            "Check what was found there (segmentation.prob-threshold); or leave label images out"
                + " (output.label-images)."),
        null);
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
