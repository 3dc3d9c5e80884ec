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
import org.cytolake.bioformats.zarr.RowSink;
import org.cytolake.bioformats.zarr.ZarrImage;
import org.cytolake.bioformats.zarr.ZarrSeries;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.field.SampleType;

/**
 * Decodes tiles of planes. Keeps the files of the image at hand open; not thread-safe: one for each
 * task, closed by whoever made it.
 */
public final class PlaneReader implements Closeable {
  private final Configuration hadoop;
  private final Map<String, Closeable> open = new HashMap<>(); // by path
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
    PlaneOfZ planes =
        ZarrImage.is(source.file())
            ? (plane, samples) -> zarrPlane(field, source, plane, t, x, y, width, height, samples)
            : (plane, samples) -> readPlane(field, source, plane, t, x, y, width, height, samples);
    if (source.maxOverZ() == 0) {
      planes.read(z, into);
      return;
    }
    planes.read(0, into);
    Samples next = projections.computeIfAbsent(into.type(), Samples::new);
    for (int other = 1; other < source.maxOverZ(); other++) {
      planes.read(other, next);
      into.max(next);
    }
  }

  /** Reads the wanted rectangle of the planes in z. */
  @FunctionalInterface
  private interface PlaneOfZ {
    void read(int z, Samples into) throws IOException, FormatException;
  }

  private void readPlane(
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
      opened.read(plane, room(size), x, y, width, height);
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
    count(size, count);
  }

  private void zarrPlane(
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
    ZarrSeries series = zarr(field, source);
    int count = Math.multiplyExact(width, height);
    int size = Math.multiplyExact(count, series.bytes());
    RowSink sink;
    if (series.pixelType() == FormatTools.UINT8 && into.type() == SampleType.INT) {
      byte[] packed = into.pack(count);
      sink = (bytes, from, samples, to) -> System.arraycopy(bytes, from, packed, to, samples);
    } else {
      sink = into.sink(count, series.pixelType(), series.isLittleEndian());
    }
    series.read(source.index(), z, t, x, y, width, height, sink);
    thread.requireCurrent();
    count(size, count);
  }

  /** The buffer, of just that size. */
  private byte[] room(int size) {
    if (bytes.length != size) {
      bytes = new byte[size];
    }
    return bytes;
  }

  private void count(int size, int pixels) {
    planesRead++;
    bytesRead += size;
    pixelsDecoded += pixels;
  }

  private BioFormats.Opened opened(Field field, Field.Channel source)
      throws IOException, FormatException {
    if (open.get(source.file().path()) instanceof BioFormats.Opened before) {
      return before;
    }
    closeAllBut(field);
    requireUnchanged(source.file());
    BioFormats.Opened opened =
        BioFormats.open(source.file(), source.readerClass(), MetadataLevel.MINIMUM, null, hadoop);
    if (BioFormats.isRaw(source.readerClass())) {
      opened.source().requireComplete();
    }
    open.put(source.file().path(), opened);
    return opened;
  }

  private ZarrSeries zarr(Field field, Field.Channel source) throws IOException, FormatException {
    ZarrImage image;
    if (open.get(source.file().path()) instanceof ZarrImage before) {
      image = before;
    } else {
      closeAllBut(field);
      requireUnchanged(source.file());
      image = ZarrImage.open(source.file(), hadoop);
      open.put(source.file().path(), image);
    }
    if (field.series() < image.series().size()) {
      ZarrSeries series = image.series().get(field.series());
      if (series.size("x") == field.sizeX()
          && series.size("y") == field.sizeY()
          && BioFormats.pixelTypeName(series.pixelType()).equals(source.pixelType())) {
        return series;
      }
    }
    throw otherShape(field, source);
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
    throw otherShape(field, source);
  }

  private static ImageReadException otherShape(Field field, Field.Channel source) {
    return changed(
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
    Iterator<Map.Entry<String, Closeable>> files = open.entrySet().iterator();
    while (files.hasNext()) {
      Map.Entry<String, Closeable> file = files.next();
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
    for (Closeable opened : open.values()) {
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
