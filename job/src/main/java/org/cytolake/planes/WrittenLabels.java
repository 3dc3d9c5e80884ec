package org.cytolake.planes;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.bioformats.HeaderReader;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.bioformats.zarr.ZarrNode;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.LabelFormat;
import org.cytolake.field.Field;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;
import org.cytolake.image.Plane;
import org.cytolake.label.ImageLabels;
import org.cytolake.output.PlainFiles;
import org.cytolake.stardist.Window;
import org.cytolake.store.ImageFiles;

/**
 * Nuclei and cells of one image as its label images have them, which this run has made or an
 * earlier one. Not thread-safe.
 */
final class WrittenLabels {
  private final Field labels; // one channel a kind, nuclei first
  private final int firstZ;
  private final PlaneSource source;
  private PlanePixels plane;

  private WrittenLabels(Field labels, int firstZ, PlaneSource source) {
    this.labels = labels;
    this.firstZ = firstZ;
    this.source = source;
  }

  /** Opens the label images of one image after the other. */
  static final class Reader implements Closeable {
    private final String staged;
    private final String output;
    private final LabelFormat format;
    private final Configuration hadoop;
    private final HeaderReader headers;
    private final PlaneReader planes;

    /**
     * @param staged folder where this run's label images wait for their commit
     * @param output that of the tables, with those of earlier runs
     * @param format as which both were written
     */
    Reader(String staged, String output, LabelFormat format, Configuration hadoop) {
      this.staged = staged;
      this.output = output;
      this.format = format;
      this.hadoop = PyramidLevel.FULL.in(new Configuration(hadoop)); // the images' is not theirs
      this.headers = new HeaderReader(this.hadoop, false);
      this.planes = new PlaneReader(this.hadoop);
    }

    /**
     * Opens those of an image.
     *
     * @param cells whether it has some of cells
     * @throws ImageReadException where one cannot be read
     * @throws CytolakeException (FAILED) where one is not there, or is not this image's
     */
    WrittenLabels of(Field image, boolean cells) throws IOException, ImageReadException {
      List<ImageFiles> kinds =
          cells ? List.of(ImageFiles.LABELS, ImageFiles.CELL_LABELS) : List.of(ImageFiles.LABELS);
      List<Field.Channel> channels = new ArrayList<>();
      for (ImageFiles kind : kinds) {
        ImageFile file = file(kind.name(image.image(), format));
        Header header = headers.read(file);
        Header.Series series = header.series().get(0);
        if (series.sizeZ() != image.sizeZ() || series.sizeT() != image.sizeT()) {
          throw wrong(file.path(), "has not the planes of image " + image.image(), null);
        }
        channels.add(
            new Field.Channel(
                file,
                header.readerClass(),
                0,
                BioFormats.pixelTypeName(series.pixelType()),
                0,
                series.tileWidth(),
                series.tileHeight()));
      }
      Field labels =
          new Field(
              image.image(),
              image.listed(),
              List.of(),
              0,
              image.sizeX(),
              image.sizeY(),
              image.sizeZ(),
              0,
              image.sizeT(),
              channels.get(0).pixelType(),
              null,
              null,
              channels);
      return new WrittenLabels(
          labels,
          image.firstZ(),
          new PlaneSource(
              planes,
              channels.stream().map(c -> BioFormats.sampleType(c.pixelType()).sparkType()).toList(),
              Optional.empty()));
    }

    private ImageFile file(String name) throws IOException {
      Path path = new Path(new Path(staged), name);
      FileSystem system = PlainFiles.system(path, hadoop);
      if (!system.exists(path)) {
        path = new Path(new Path(output), name);
        system = PlainFiles.system(path, hadoop);
      }
      try {
        FileStatus status =
            system.getFileStatus(
                format == LabelFormat.OME_ZARR ? new Path(path, ZarrNode.ZARR_3) : path);
        return new ImageFile(
            status.getPath().toString(), status.getLen(), status.getModificationTime());
      } catch (FileNotFoundException e) {
        throw wrong(path.toString(), "is not there", e);
      }
    }

    private static CytolakeException wrong(String path, String what, Exception cause) {
      return new CytolakeException(
          Code.FAILED,
          "Nuclei and cells of pixels are taken from label images, and " + path + " " + what + ".",
          "Run again with --force, which makes it again; or set clustering.shares = false, unless"
              + " output.pixels is true.",
          cause);
    }

    @Override
    public void close() throws IOException {
      try (headers) {
        planes.close();
      }
    }
  }

  /**
   * Turns to a plane.
   *
   * @param z index of the z plane in the file that the image came from
   */
  void open(int z, int t) throws ImageReadException {
    plane = source.open(labels, z - firstZ, t);
  }

  /** Nuclei of the plane that is open. */
  ImageLabels.Labels nuclei() {
    return window -> read(0, window);
  }

  /** Its cells, where there is a label image of such. */
  Optional<ImageLabels.Labels> cells() {
    return labels.channels().size() == 1 ? Optional.empty() : Optional.of(w -> read(1, w));
  }

  private int[] read(int channel, Window window) throws ImageReadException {
    Plane pixels = plane.read(channel, window);
    int[] found = new int[(int) window.pixels()];
    for (int i = 0; i < found.length; i++) {
      found[i] = (int) pixels.at(i);
    }
    return found;
  }
}
