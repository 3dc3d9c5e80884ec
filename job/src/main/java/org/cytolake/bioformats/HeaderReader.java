package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.IFormatReader;
import loci.formats.UnknownFormatException;
import loci.formats.in.MetadataLevel;
import loci.formats.in.OMETiffReader;
import loci.formats.in.TiffReader;
import loci.formats.meta.IMetadata;
import loci.formats.tiff.IFD;
import loci.formats.tiff.TiffParser;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.plain.PlainFormats;
import org.cytolake.bioformats.plain.RefusedException;
import org.cytolake.bioformats.tiff.DeclaredPlanes;
import org.cytolake.bioformats.tiff.OmeFiles;
import org.cytolake.bioformats.tiff.OmeTiffSet;
import org.cytolake.bioformats.tiff.TiffKind;
import org.cytolake.bioformats.tiff.TiffPixelSize;
import org.cytolake.bioformats.tiff.TiffPlanes;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.bioformats.zarr.ZarrImage;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;

/**
 * Reads headers on one thread. The format is detected once per kind of file: by the suffix and the
 * first bytes, and for TIFF, which a dozen readers share, by the tags of its first directory. What
 * a file is depends on no file looked at before.
 */
public final class HeaderReader implements Closeable {
  private final Configuration hadoop;
  private final boolean sets;
  private final Map<String, String> readerByKind = new HashMap<>();
  private final ReadingThread thread;
  private Detector detector;

  /**
   * @param hadoop the configuration of the files' file systems, with the {@link ReadingTime}
   * @param sets whether an image may lie in several files, as OME-TIFF may; else each file is read
   *     by itself
   */
  public HeaderReader(Configuration hadoop, boolean sets) {
    this.hadoop = hadoop;
    this.sets = sets;
    this.thread = new ReadingThread(hadoop);
  }

  /** Reads a file's header, and checks that its pixels can be there. */
  public Header read(ImageFile file) throws ImageReadException {
    if (file.length() == 0 && !ZarrImage.is(file)) {
      Optional<ImageReadException> unavailable = Unavailable.ofEmpty(file);
      throw unavailable.isPresent()
          ? unavailable.get()
          : ImageReadException.of(
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
    } catch (RefusedException e) {
      throw refused(file, e);
    } catch (UnknownFormatException e) {
      throw ImageReadException.of(
          file.path(),
          "header",
          "UNKNOWN_FORMAT",
          "The file " + file.path() + " is of no image format that the readers at hand know.",
          "It is damaged, is no image, or needs Bio-Formats' GPL readers, which may have been left"
              + " out.",
          e);
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
          "Run with Bio-Formats' GPL readers and what comes with them (deploy/docs/licences.md), or"
              + " keep the file out of the input.",
          e);
    } catch (IOException | FormatException | RuntimeException e) {
      Optional<ImageReadException> unavailable = Unavailable.of(file, "header", e);
      if (unavailable.isPresent()) {
        throw unavailable.get();
      }
      if (RefusedException.isUnsupported(e)) {
        throw refused(file, RefusedException.unsupported(reason(e)));
      }
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

  private static ImageReadException refused(ImageFile file, RefusedException e) {
    return ImageReadException.of(
        file.path(),
        "header",
        e.code(),
        "Cannot read " + file.path() + ": " + reason(e) + ".",
        e.remedy(),
        e);
  }

  private Header readHere(ImageFile file) throws IOException, FormatException {
    if (ZarrImage.is(file)) {
      return SeriesHeader.ofZarr(file, hadoop);
    }
    PyramidLevel.requireFull(hadoop);
    try (BioFormats.Source source = BioFormats.Source.of(file, false, hadoop)) {
      TiffChain.check(file.path(), source.handle());
      byte[] head = source.head(PlainFormats.HEAD);
      if (!PlainFormats.isTiff(head)) {
        return other(file, source, head);
      }
      if (!source.isLocal()) {
        return tiff(file, source); // has our handle already
      }
    }
    try (BioFormats.Source source = BioFormats.Source.of(file, true, hadoop)) {
      return tiff(file, source);
    }
  }

  private Detector detector() {
    if (detector == null) {
      detector = new Detector();
    }
    return detector;
  }

  private static boolean usesOthers(IFormatReader reader, ImageFile file) {
    for (String used : reader.getUsedFiles()) {
      if (!used.substring(used.replace('\\', '/').lastIndexOf('/') + 1).equals(file.name())) {
        return true;
      }
    }
    return false;
  }

  private Header other(ImageFile file, BioFormats.Source source, byte[] head)
      throws IOException, FormatException {
    Optional<String> plain = PlainFormats.reader(head);
    if (plain.isPresent()) {
      return read(file, plain.get(), Optional.empty(), "");
    }
    if (file.name().endsWith(OmeFiles.COMPANION)) {
      if (!source.isLocal()) {
        throw RefusedException.unsupported(
            "images that lie in several OME-TIFF files are read from local disks only");
      }
      return set(file);
    }
    if (isTiff(file.name())) {
      throw new FormatException("Invalid TIFF file");
    }
    try (RandomAccessInputStream in = new RandomAccessInputStream(source.id())) {
      PlainFormats.requireWhole(
          head, in, Optional.of(source.id()).filter(i -> source.isLocal()).map(Path::of));
    }
    String kind = suffix(file) + HexFormat.of().formatHex(head, 0, Math.min(8, head.length));
    String known = readerByKind.get(kind);
    if (known != null) {
      try {
        return read(file, known, Optional.empty(), "");
      } catch (RefusedException e) {
        throw e;
      } catch (IOException | FormatException | RuntimeException e) {
        readerByKind.remove(kind); // that reader declines: detect afresh
      }
    }
    String detected = PlainFormats.requireOther(detector().of(source.id()));
    Header header = read(file, detected, Optional.empty(), "");
    readerByKind.put(kind, detected);
    return header;
  }

  private Header tiff(ImageFile file, BioFormats.Source source)
      throws IOException, FormatException {
    try (RandomAccessInputStream in = new RandomAccessInputStream(source.id(), 16)) {
      TiffParser parser = new TiffParser(in);
      IFD first = parser.getFirstIFD();
      if (first == null) {
        throw new FormatException("it has no directory");
      }
      try {
        return tiff(file, source, first, TiffPlanes.isSafe(first, in));
      } catch (RefusedException e) {
        throw e;
      } catch (IOException | FormatException | RuntimeException e) {
        TiffPlanes.requireKnown(parser.getMainIFDs(), in); // why, where that is the reason
        throw e;
      }
    }
  }

  private Header tiff(ImageFile file, BioFormats.Source source, IFD first, boolean safe)
      throws IOException, FormatException {
    Optional<OmeFiles> ome = OmeFiles.of(DeclaredPlanes.description(first), file.name());
    if (ome.isPresent()) {
      return omeTiff(file, source, first, ome.get());
    }
    String kind = TiffKind.of(suffix(file), first);
    String known = readerByKind.get(kind);
    if (known != null) {
      Optional<Header> header = alone(file, known, first, safe);
      if (header.isPresent()) {
        return header.get();
      }
    }
    List<String> candidates = detector().ofTiff(source.id()); // any TIFF is the last
    for (String candidate : candidates) {
      Optional<Header> header = alone(file, candidate, first, safe);
      if (header.isPresent()) {
        if (candidate.equals(candidates.get(0))) {
          readerByKind.put(kind, candidate);
        }
        return header.get();
      }
    }
    throw new UnknownFormatException("Unknown file format: " + file.path());
  }

  /**
   * The header, where the reader reads nothing but the file, and its planes as they are.
   *
   * @param safe whether Bio-Formats' decoder has such planes right
   */
  private Optional<Header> alone(ImageFile file, String readerClass, IFD first, boolean safe)
      throws IOException, FormatException {
    if (readerClass.equals(TiffReader.class.getName())) {
      return Optional.of(read(file, readerClass, Optional.of(first), ""));
    }
    try {
      return read(file, readerClass, Optional.empty(), "", true, safe);
    } catch (ImageReadException | RefusedException e) {
      throw e;
    } catch (IOException | FormatException | RuntimeException e) {
      return Optional.empty(); // what only looks like a vendor's
    }
  }

  private Header set(ImageFile file) throws IOException, FormatException {
    try {
      return read(file, OmeTiffSet.class.getName(), Optional.empty(), "");
    } catch (FormatException e) {
      throw String.valueOf(e.getMessage()).startsWith("Missing file")
          ? RefusedException.incomplete(e.getMessage())
          : e;
    }
  }

  private Header omeTiff(ImageFile file, BioFormats.Source source, IFD first, OmeFiles files)
      throws IOException, FormatException {
    if (files.companion().isPresent()) {
      String whole = sets && source.has(files.companion().get()) ? files.companion().get() : "";
      return read(file, TiffReader.class.getName(), Optional.of(first), whole);
    }
    String ome = OMETiffReader.class.getName();
    boolean renamed = files.isUnsure() && !source.has(files.others().first());
    if (!sets || files.others().isEmpty() || renamed) {
      Header header = read(file, ome, Optional.empty(), "");
      if (files.others().isEmpty()) {
        DeclaredPlanes.requirePlaced(first, header.series());
      }
      return header;
    }
    for (String other : files.others()) {
      if (!source.has(other)) {
        throw RefusedException.incomplete(
            "its image lies in "
                + (files.others().size() + 1)
                + " files, and "
                + other
                + " is not beside it");
      }
    }
    boolean firstOfSet = file.name().compareTo(files.others().first()) < 0;
    return firstOfSet ? set(file) : read(file, ome, Optional.empty(), files.others().first());
  }

  private Header read(ImageFile file, String readerClass, Optional<IFD> plain, String partOf)
      throws IOException, FormatException {
    return read(file, readerClass, plain, partOf, false, true).orElseThrow();
  }

  /**
   * Opens a file and says what is in it.
   *
   * @param plain the first directory, whose resolution is the pixels' size
   * @param partOf name of the file beside this one that stands for the image
   * @param alone whether it has to be the only file that the reader wants
   * @param safe whether Bio-Formats may decode the planes
   * @return empty where it is not
   */
  private Optional<Header> read(
      ImageFile file,
      String readerClass,
      Optional<IFD> plain,
      String partOf,
      boolean alone,
      boolean safe)
      throws IOException, FormatException {
    IMetadata metadata = new DeclaredSize.Metadata();
    try (BioFormats.Opened opened =
        BioFormats.open(file, readerClass, MetadataLevel.NO_OVERLAYS, metadata, hadoop)) {
      IFormatReader reader = opened.reader();
      if ((alone && usesOthers(reader, file)) || (!safe && opened.tiff().isEmpty())) {
        return Optional.empty();
      }
      DeclaredSize.require(reader, file.length());
      PlainFormats.requirePixels(reader, file.length());
      if (reader.getSeriesCount() == 0) {
        throw RefusedException.incomplete("its metadata places none of its planes in a file");
      }
      List<Header.Series> series = new ArrayList<>();
      for (int s = 0; s < reader.getSeriesCount(); s++) {
        reader.setSeries(s);
        for (int p = 0; opened.tiff().isPresent() && p < reader.getImageCount(); p++) {
          opened.tiff().get().check(p);
        }
        Header.Series one = SeriesHeader.of(reader, metadata, s);
        series.add(
            plain.isPresent() ? SeriesHeader.sized(one, TiffPixelSize.of(plain.get())) : one);
      }
      if (plain.isPresent()) {
        DeclaredPlanes.require(plain.get(), series);
      }
      List<String> notes = opened.tiff().isPresent() ? opened.tiff().get().notes() : List.of();
      return Optional.of(new Header(readerClass, reader.getFormat(), series, partOf, notes));
    }
  }

  private static String suffix(ImageFile file) {
    String name = file.name().toLowerCase(Locale.ROOT);
    return name.substring(name.indexOf('.') + 1);
  }

  private static boolean isTiff(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".tif") || lower.endsWith(".tiff") || lower.endsWith(".btf");
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
