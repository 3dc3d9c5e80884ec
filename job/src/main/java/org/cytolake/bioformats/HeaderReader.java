package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.IFormatReader;
import loci.formats.ImageReader;
import loci.formats.in.MetadataLevel;
import loci.formats.meta.IMetadata;
import loci.formats.tiff.IFD;
import loci.formats.tiff.TiffParser;
import ome.units.UNITS;
import ome.units.quantity.Length;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.field.Columns;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;

/**
 * Reads headers on one thread. The format is detected once per kind of file: by the suffix, and for
 * TIFF, which a dozen readers share, by the tags of its first directory as well.
 */
public final class HeaderReader implements Closeable {
  /**
   * Above it, what a file states is a screen's or a printer's resolution and no microscope's: 72
   * dots an inch, which many programs write into every TIFF file, are 353 µm.
   */
  private static final double LARGEST_PIXEL_UM = 50;

  private final Configuration hadoop;
  private final Map<String, String> readerByKind = new HashMap<>();
  private final ReadingThread thread;
  private ImageReader detector;

  /**
   * @param hadoop the configuration of the files' file systems, with the {@link ReadingTime}
   */
  public HeaderReader(Configuration hadoop) {
    this.hadoop = hadoop;
    this.thread = new ReadingThread(hadoop);
  }

  /**
   * Reads a file's header; pixels that lie beyond the end of a TIFF file count as an error already
   * here.
   */
  public Header read(ImageFile file) throws ImageReadException {
    if (file.length() == 0) {
      throw ImageReadException.of(
          file.path(),
          "header",
          "EMPTY_FILE",
          "The file " + file.path() + " is empty.",
          "Copy it again from the microscope.",
          null);
    }
    try {
      return thread.call(file.path(), "header", 1, () -> readHere(file));
    } catch (ImageReadException e) {
      detector = thread.isHere() ? detector : null;
      throw e;
    } catch (LinkageError e) {
      throw ImageReadException.of(
          file.path(),
          "header",
          "READER_INCOMPLETE",
          "Cannot read "
              + file.path()
              + ": its reader needs a class that is not there, "
              + reason(e)
              + ".",
          "Run with Bio-Formats' GPL readers and what comes with them (see the README), or keep the"
              + " file out of the input.",
          e);
    } catch (IOException | FormatException | RuntimeException e) {
      throw ImageReadException.of(
          file.path(),
          "header",
          "UNREADABLE_HEADER",
          "Cannot read the header of " + file.path() + ": " + reason(e) + ".",
          "The file is damaged or of another format than its name says: open it with 'cytolake"
              + " inspect', replace it, or keep it out of the input.",
          e);
    }
  }

  private Header readHere(ImageFile file) throws IOException, FormatException {
    try (BioFormats.Source source = BioFormats.Source.of(file, hadoop)) {
      if (source.handle() == null) {
        try (FileHandle handle = FileHandle.ofLocal(java.nio.file.Path.of(source.id()))) {
          TiffChain.check(file.path(), handle);
        }
      } else {
        TiffChain.check(file.path(), source.handle());
      }
      String kind = kind(file, source);
      String known = readerByKind.get(kind);
      if (known != null) {
        try {
          return read(file, known);
        } catch (IOException | FormatException | RuntimeException e) {
          readerByKind.remove(kind); // that reader declines: detect afresh
        }
      }
      String detected = detect(file, source);
      Header header = read(file, detected);
      readerByKind.put(kind, detected);
      return header;
    }
  }

  private String detect(ImageFile file, BioFormats.Source source)
      throws IOException, FormatException {
    if (detector == null) {
      detector = BioFormats.newImageReader();
    }
    try {
      IFormatReader reader = detector.getReader(source.id());
      return reader.getClass().getName();
    } catch (loci.formats.UnknownFormatException e) {
      throw ImageReadException.of(
          file.path(),
          "header",
          "UNKNOWN_FORMAT",
          "The file " + file.path() + " is of no image format that the readers at hand know.",
          "It is damaged, is no image, or needs Bio-Formats' GPL readers, which may have been left"
              + " out.",
          e);
    }
  }

  private Header read(ImageFile file, String readerClass) throws IOException, FormatException {
    IMetadata metadata = new DeclaredSize.Metadata();
    try (BioFormats.Opened opened =
        BioFormats.open(file, readerClass, MetadataLevel.NO_OVERLAYS, metadata, hadoop)) {
      IFormatReader reader = opened.reader();
      DeclaredSize.require(reader, file.length());
      List<Header.Series> series = new ArrayList<>();
      for (int s = 0; s < reader.getSeriesCount(); s++) {
        reader.setSeries(s);
        series.add(series(reader, metadata, s));
      }
      return new Header(readerClass, reader.getFormat(), series);
    }
  }

  private static Header.Series series(IFormatReader reader, IMetadata metadata, int s) {
    List<String> channels = new ArrayList<>();
    int rgb = reader.getRGBChannelCount();
    for (int c = 0; c < reader.getEffectiveSizeC() * rgb; c++) {
      String name =
          rgb > 1 || c >= metadata.getChannelCount(s) ? null : metadata.getChannelName(s, c);
      channels.add(Columns.channelName(name, c));
    }
    if (channels.stream().map(n -> n.toLowerCase(Locale.ROOT)).distinct().count()
        < channels.size()) {
      channels.replaceAll(n -> "");
      for (int c = 0; c < channels.size(); c++) {
        channels.set(c, Columns.channelName(null, c));
      }
    }
    BioFormats.sampleType(reader.getPixelType()); // throws where it is not supported
    return new Header.Series(
        reader.getSizeX(),
        reader.getSizeY(),
        reader.getSizeZ(),
        reader.getSizeT(),
        reader.getPixelType(),
        channels,
        rgb,
        micrometres(metadata.getPixelsPhysicalSizeX(s)),
        micrometres(metadata.getPixelsPhysicalSizeY(s)),
        reader.getOptimalTileWidth(),
        reader.getOptimalTileHeight());
  }

  private static Double micrometres(Length length) {
    Number value = length == null ? null : length.value(UNITS.MICROMETER);
    boolean plausible =
        value != null && value.doubleValue() > 0 && value.doubleValue() <= LARGEST_PIXEL_UM;
    return plausible ? (Double) value.doubleValue() : null;
  }

  private String kind(ImageFile file, BioFormats.Source source)
      throws IOException, FormatException {
    String name = file.name().toLowerCase(Locale.ROOT);
    String suffix = name.substring(name.indexOf('.') + 1);
    return BioFormats.isTiff(name) ? suffix + " " + tiffKind(file, source) : suffix;
  }

  /**
   * The first directory's tags and the start of its texts; on the way, checks that the strips lie
   * in the file.
   */
  private static String tiffKind(ImageFile file, BioFormats.Source source)
      throws IOException, FormatException {
    try (RandomAccessInputStream in = new RandomAccessInputStream(source.id())) {
      TiffParser parser = new TiffParser(in);
      if (!parser.isValidHeader()) {
        return "not TIFF";
      }
      IFD first = null;
      for (IFD ifd : parser.getMainIFDs()) {
        first = first == null ? ifd : first;
        requireStrips(file, ifd);
      }
      if (first == null) {
        return "no directory";
      }
      return new TreeSet<>(first.keySet())
          + " "
          + start(first, IFD.SOFTWARE)
          + " "
          + start(first, IFD.IMAGE_DESCRIPTION);
    }
  }

  private static void requireStrips(ImageFile file, IFD ifd) throws FormatException, IOException {
    boolean tiled = ifd.isTiled() && ifd.containsKey(IFD.TILE_BYTE_COUNTS);
    long[] offsets = ifd.getStripOffsets();
    // the tag itself: getStripByteCounts doubles the counts of LZW as room for its buffer
    long[] counts = ifd.getIFDLongArray(tiled ? IFD.TILE_BYTE_COUNTS : IFD.STRIP_BYTE_COUNTS);
    if (offsets == null || counts == null) {
      return;
    }
    for (int i = 0; i < Math.min(offsets.length, counts.length); i++) {
      if (offsets[i] + counts[i] > file.length()) {
        throw ImageReadException.of(
            file.path(),
            "header",
            "TRUNCATED_FILE",
            "The file "
                + file.path()
                + " is truncated: its pixels end at byte "
                + (offsets[i] + counts[i])
                + ", the file at byte "
                + file.length()
                + ".",
            "Copy it again from the microscope.",
            null);
      }
    }
  }

  private static String start(IFD ifd, int tag) {
    Object value = ifd.get(tag);
    String text = value instanceof String[] lines ? String.join(" ", lines) : String.valueOf(value);
    return text.contains("<OME") ? "OME" : text.substring(0, Math.min(12, text.length()));
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.strip().replaceAll("\\.$", "");
  }

  @Override
  public void close() throws IOException {
    thread.close(
        () -> {
          if (detector != null) {
            detector.close();
          }
          return null;
        });
  }
}
