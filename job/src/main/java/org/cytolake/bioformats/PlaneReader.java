package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import loci.formats.FormatException;
import loci.formats.FormatTools;
import loci.formats.IFormatReader;
import loci.formats.in.MetadataLevel;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.plain.RefusedException;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.field.SampleType;

/**
 * Decodes tiles of planes. Keeps the files of the image at hand open; not thread-safe: one for each
 * task, closed by whoever made it.
 */
public final class PlaneReader implements Closeable {
  private final Configuration hadoop;
  private final Map<String, BioFormats.Opened> open = new HashMap<>();
  private final Map<SampleType, Samples> projections = new HashMap<>();
  private final Map<String, ImageReadException> lost = new HashMap<>(); // by path
  private final ReadingThread thread;
  private byte[] bytes = {};
  private long planesRead;
  private long bytesRead;
  private long pixelsDecoded;

  /**
   * @param hadoop the configuration of the files' file systems, with the {@link ReadingTime}
   */
  public PlaneReader(Configuration hadoop) {
    this.hadoop = hadoop;
    this.thread = new ReadingThread(hadoop);
  }

  /** Samples of the given Spark type for {@link #read}. */
  public static Samples newSamples(org.apache.spark.sql.types.DataType type) {
    return new Samples(SampleType.ofSpark(type));
  }

  /**
   * Reads a rectangle of one channel's plane.
   *
   * @param z index of the z plane in the file (ignored for a maximum projection)
   * @param into receives width x height samples, row by row
   * @throws ImageReadException naming the file and what to do
   */
  public void read(
      Field field, int channel, int z, int t, int x, int y, int width, int height, Samples into)
      throws ImageReadException {
    Field.Channel source = field.channels().get(channel);
    String path = source.file().path();
    if (lost.containsKey(path)) {
      throw lost.get(path);
    }
    double times = ReadingTime.times((long) width * height * Math.max(1, source.maxOverZ()));
    try {
      thread.call(
          path,
          "pixels",
          times,
          () -> {
            readHere(field, source, z, t, x, y, width, height, into);
            return null;
          });
    } catch (ImageReadException e) {
      if (!thread.isHere()) {
        lost.put(path, e);
        open.clear(); // what was opened there cannot be reached
        bytes = new byte[0]; // may still be written to
        into.renew();
      }
      throw e;
    } catch (IOException | FormatException | RuntimeException thrown) {
      Optional<ImageReadException> unavailable = Unavailable.of(source.file(), "pixels", thrown);
      if (unavailable.isPresent()) {
        throw unavailable.get();
      }
      Exception e =
          !(thrown instanceof RefusedException) && RefusedException.isUnsupported(thrown)
              ? RefusedException.unsupported(thrown.getMessage())
              : thrown;
      boolean refused = e instanceof RefusedException;
      throw ImageReadException.of(
          source.file().path(),
          "pixels",
          refused ? ((RefusedException) e).code() : "UNREADABLE_PIXELS",
          "Cannot read the pixels of "
              + source.file().path()
              + " (series "
              + field.series()
              + ", channel "
              + source.index()
              + ", z "
              + z
              + ", t "
              + t
              + ", x "
              + x
              + ", y "
              + y
              + "): "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + ".",
          refused
              ? ((RefusedException) e).remedy()
              : "The file is damaged: copy it again, or keep it out of the input.",
          e);
    }
  }

  private void readHere(
      Field field,
      Field.Channel source,
      int z,
      int t,
      int x,
      int y,
      int width,
      int height,
      Samples into)
      throws IOException, FormatException {
    BioFormats.Opened opened = opened(field, source);
    requireShape(opened.reader(), field, source);
    if (source.maxOverZ() == 0) {
      readPlane(opened, source, z, t, x, y, width, height, into);
      return;
    }
    readPlane(opened, source, 0, t, x, y, width, height, into);
    Samples next = projections.computeIfAbsent(into.type(), Samples::new);
    for (int other = 1; other < source.maxOverZ(); other++) {
      readPlane(opened, source, other, t, x, y, width, height, next);
      into.max(next);
    }
  }

  private void readPlane(
      BioFormats.Opened opened,
      Field.Channel source,
      int z,
      int t,
      int x,
      int y,
      int width,
      int height,
      Samples into)
      throws IOException, FormatException {
    IFormatReader reader = opened.reader();
    int rgb = reader.getRGBChannelCount();
    int pixelType = reader.getPixelType();
    int count = Math.multiplyExact(width, height);
    int size =
        Math.multiplyExact(Math.multiplyExact(count, rgb), FormatTools.getBytesPerPixel(pixelType));
    int plane = reader.getIndex(z, source.index() / rgb, t);
    if (rgb == 1 && pixelType == FormatTools.UINT8 && into.type() == SampleType.INT) {
      opened.read(plane, into.pack(count), x, y, width, height);
    } else {
      if (bytes.length != size) {
        bytes = new byte[size];
      }
      opened.read(plane, bytes, x, y, width, height);
      thread.requireCurrent();
      int sample = source.index() % rgb;
      boolean interleaved = reader.isInterleaved();
      into.decode(
          bytes,
          count,
          pixelType,
          reader.isLittleEndian(),
          interleaved ? sample : sample * count,
          interleaved ? rgb : 1);
    }
    planesRead++;
    bytesRead += size;
    pixelsDecoded += count;
  }

  private BioFormats.Opened opened(Field field, Field.Channel source)
      throws IOException, FormatException {
    BioFormats.Opened opened = open.get(source.file().path());
    if (opened == null) {
      closeAllBut(field);
      requireUnchanged(source.file());
      opened =
          BioFormats.open(source.file(), source.readerClass(), MetadataLevel.MINIMUM, null, hadoop);
      if (BioFormats.isRaw(source.readerClass())) {
        opened.source().requireComplete();
      }
      open.put(source.file().path(), opened);
    }
    return opened;
  }

  /** Checks that a file has the size and time with which it was listed. */
  private void requireUnchanged(ImageFile file) throws IOException {
    Path path = new Path(file.path());
    String scheme = path.toUri().getScheme();
    long length;
    long modified;
    boolean isSame;
    if (scheme == null || scheme.equals("file")) {
      BasicFileAttributes now =
          Files.readAttributes(
              java.nio.file.Path.of(path.toUri().getPath()), BasicFileAttributes.class);
      length = now.size();
      modified = now.lastModifiedTime().toMillis();
      isSame = modified == file.modified();
    } else {
      FileStatus now = path.getFileSystem(hadoop).getFileStatus(path);
      length = now.getLen();
      modified = now.getModificationTime();
      // stores list times to the millisecond, but tell them of one object to the second
      isSame = modified / 1000 == file.modified() / 1000;
    }
    if (length != file.length() || !isSame) {
      throw changed(
          file,
          String.format(
              Locale.ROOT,
              "it had %d bytes of %s and has %d of %s",
              file.length(),
              Instant.ofEpochMilli(file.modified()),
              length,
              Instant.ofEpochMilli(modified)));
    }
  }

  /** Checks that a file holds what its header said. */
  private static void requireShape(IFormatReader reader, Field field, Field.Channel source)
      throws ImageReadException {
    if (field.series() < reader.getSeriesCount()) {
      reader.setSeries(field.series());
      if (reader.getSizeX() == field.sizeX()
          && reader.getSizeY() == field.sizeY()
          && BioFormats.pixelTypeName(reader.getPixelType()).equals(source.pixelType())) {
        return;
      }
    }
    throw changed(
        source.file(),
        "its header told of "
            + field.sizeX()
            + " x "
            + field.sizeY()
            + " pixels of type "
            + source.pixelType()
            + " in series "
            + field.series());
  }

  private static ImageReadException changed(ImageFile file, String what) {
    return ImageReadException.of(
        file.path(),
        "pixels",
        "FILE_CHANGED",
        "The file " + file.path() + " has changed since it was listed: " + what + ".",
        "Load or run again, when nothing writes the file any more.",
        null);
  }

  private void closeAllBut(Field field) throws IOException {
    Iterator<Map.Entry<String, BioFormats.Opened>> files = open.entrySet().iterator();
    while (files.hasNext()) {
      Map.Entry<String, BioFormats.Opened> file = files.next();
      if (field.channels().stream().noneMatch(c -> c.file().path().equals(file.getKey()))) {
        files.remove();
        file.getValue().close();
      }
    }
  }

  public long planesRead() {
    return planesRead;
  }

  public long bytesRead() {
    return bytesRead;
  }

  public long pixelsDecoded() {
    return pixelsDecoded;
  }

  @Override
  public void close() throws IOException {
    thread.close(
        () -> {
          closeHere();
          return null;
        });
  }

  private void closeHere() throws IOException {
    IOException failure = null;
    for (BioFormats.Opened opened : open.values()) {
      try {
        opened.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
