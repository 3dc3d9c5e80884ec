package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import loci.formats.ClassList;
import loci.formats.FormatException;
import loci.formats.FormatTools;
import loci.formats.IFormatReader;
import loci.formats.ImageReader;
import loci.formats.in.DynamicMetadataOptions;
import loci.formats.in.MetadataLevel;
import loci.formats.meta.MetadataStore;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.cytolake.bioformats.tiff.DecodedElsewhere;
import org.cytolake.bioformats.tiff.TiffPlanes;
import org.cytolake.field.ImageFile;
import org.cytolake.field.SampleType;

/** Opens files with Bio-Formats, wherever they lie. */
public final class BioFormats {
  private static final AtomicLong NEXT = new AtomicLong();
  private static final Set<String> RAW =
      Set.of(
          "ARFReader",
          "DeltavisionReader",
          "FujiReader",
          "GatanDM2Reader",
          "GatanReader",
          "HISReader",
          "INRReader",
          "IPLabReader",
          "IvisionReader",
          "MRCReader",
          "NRRDReader",
          "NiftiReader",
          "PDSReader",
          "SBIGReader",
          "SEQReader",
          "SPEReader",
          "SpiderReader",
          "VarianFDFReader");
  private static final Set<String> OFF =
      Set.of(
          "FakeReader",
          "PCXReader", // leaves out the last row and column
          "FilePatternReader",
          "URLReader",
          "ScreenReader",
          "ZipReader",
          "AFIReader",
          "NDPISReader",
          "XLEFReader");

  static {
    // one error line for each of the 100 readers that a user has left out; and chatter of readers
    // that only probe
    Configurator.setLevel("loci.formats.ClassList", Level.OFF);
    Configurator.setLevel("loci", Level.ERROR);
    // says that files behind a handle are empty; empty files are looked for before
    Configurator.setLevel("loci.formats.ImageReader", Level.OFF);
    Configurator.setLevel("ome", Level.ERROR);
  }

  private BioFormats() {}

  /**
   * Finds the reader of a file. Left out are those that make up images (fake) and those whose files
   * only name others: what they name is read where it is listed.
   */
  static ImageReader newImageReader() {
    ClassList<IFormatReader> readers = new ClassList<>(IFormatReader.class);
    for (Class<? extends IFormatReader> reader :
        ImageReader.getDefaultReaderClasses().getClasses()) {
      if (!OFF.contains(reader.getSimpleName())) {
        readers.addClass(reader);
      }
    }
    return new ImageReader(readers);
  }

  /** Endings of files that some reader opens, in lower case and without the dot. */
  public static Set<String> suffixes() {
    Set<String> suffixes = new HashSet<>();
    try (ImageReader reader = newImageReader()) {
      for (String suffix : reader.getSuffixes()) {
        suffixes.add(suffix.toLowerCase(Locale.ROOT));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return suffixes;
  }

  /** The name of Bio-Formats' pixel type, such as {@code uint16}. */
  public static String pixelTypeName(int pixelType) {
    return FormatTools.getPixelTypeString(pixelType);
  }

  /** Bytes of one sample of Bio-Formats' pixel type. */
  public static int bytesPerSample(int pixelType) {
    return FormatTools.getBytesPerPixel(pixelType);
  }

  /** The same of a pixel type's name. */
  public static SampleType sampleType(String pixelTypeName) {
    return sampleType(FormatTools.pixelTypeFromString(pixelTypeName));
  }

  /**
   * The type that samples of Bio-Formats' pixel type have in a table.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static SampleType sampleType(int pixelType) {
    return switch (pixelType) {
      case FormatTools.BIT,
          FormatTools.INT8,
          FormatTools.UINT8,
          FormatTools.INT16,
          FormatTools.UINT16 ->
          SampleType.INT;
      case FormatTools.INT32, FormatTools.UINT32 -> SampleType.LONG;
      case FormatTools.FLOAT -> SampleType.FLOAT;
      case FormatTools.DOUBLE -> SampleType.DOUBLE;
      default ->
          throw new IllegalArgumentException(
              "pixel type " + FormatTools.getPixelTypeString(pixelType) + " is not supported");
    };
  }

  /**
   * A name under which Bio-Formats can open the file: its path where it is local, else one that
   * stands for a handle over Hadoop's random access. Some local files have a handle, too. It is
   * closed with this. Bio-Formats keeps handles by thread, so open, use and close on one thread.
   */
  static final class Source implements Closeable {
    private final String id;
    private final FileHandle handle;
    private final boolean local;

    private Source(String id, FileHandle handle, boolean local) {
      this.id = id;
      this.handle = handle;
      this.local = local;
    }

    /**
     * @param ours whether Bio-Formats reads a local file through our handle, too. One handle has
     *     one position: not for readers that open a file several times
     */
    static Source of(ImageFile file, boolean ours, Configuration hadoop) throws IOException {
      Path path = new Path(file.path());
      URI uri = path.toUri();
      if (uri.getScheme() == null || uri.getScheme().equals("file")) {
        String local = uri.getPath();
        FileHandle handle = FileHandle.ofLocal(java.nio.file.Path.of(local));
        ReadableFiles.ofThread().add(local, ours ? handle : null);
        return new Source(local, handle, true);
      }
      // with the file's own name, since OME-TIFF looks for the file that its XML names, and below
      // folders, since readers look there
      String id = "/cytolake-" + NEXT.incrementAndGet() + "/input/folder/" + path.getName();
      FileHandle handle = FileHandle.of(path.getFileSystem(hadoop), path, file.length());
      ReadableFiles.ofThread().add(id, handle);
      return new Source(id, handle, false);
    }

    boolean isLocal() {
      return local;
    }

    /** Whether a file of that name lies beside it where Bio-Formats sees it. */
    boolean has(String name) {
      return local
          && name.indexOf('/') < 0
          && name.indexOf('\\') < 0
          && java.nio.file.Files.isRegularFile(java.nio.file.Path.of(id).resolveSibling(name));
    }

    String id() {
      return id;
    }

    /** The file's bytes. */
    FileHandle handle() {
      return handle;
    }

    /** The first bytes, at most so many. */
    byte[] head(int most) throws IOException {
      byte[] head = new byte[(int) Math.min(most, handle.length())];
      handle.seek(0);
      handle.readFully(head);
      handle.seek(0);
      return head;
    }

    /** From now on a read beyond the file's end is an error. */
    void requireComplete() {
      handle.requireComplete();
    }

    @Override
    public void close() throws IOException {
      ReadableFiles.ofThread().drop(id);
      handle.close();
    }
  }

  /**
   * An open reader and the source below it.
   *
   * @param tiff what decodes the planes; empty where the reader does
   */
  record Opened(IFormatReader reader, Source source, Optional<TiffPlanes> tiff)
      implements Closeable {
    /** Reads a region of a plane of the current series, as the reader's {@code openBytes} would. */
    void read(int plane, byte[] into, int x, int y, int width, int height)
        throws FormatException, IOException {
      if (tiff.isPresent()) {
        tiff.get().read(plane, into, x, y, width, height);
      } else {
        DecodedElsewhere.read(reader, plane, into, x, y, width, height);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        if (tiff.isPresent()) {
          tiff.get().close();
        }
        reader.close();
      } finally {
        source.close();
      }
    }
  }

  /** Opens a file with a reader that is known to take it. */
  static Opened open(
      ImageFile file,
      String readerClass,
      MetadataLevel level,
      MetadataStore store,
      Configuration hadoop)
      throws IOException, FormatException {
    Source source = Source.of(file, isOurs(file.name(), readerClass), hadoop);
    IFormatReader reader = null;
    try {
      reader = newReader(readerClass);
      reader.setOriginalMetadataPopulated(false);
      reader.setMetadataFiltered(true);
      reader.setMetadataOptions(new DynamicMetadataOptions(level));
      reader.setGroupFiles(false);
      reader.setFlattenedResolutions(false);
      if (store != null) {
        reader.setMetadataStore(store);
      }
      ReadableFiles.ofThread().forgetRefused();
      reader.setId(source.id());
      requireOwnFiles(file, reader);
      Optional<TiffPlanes> tiff = TiffPlanes.of(reader);
      return new Opened(reader, source, tiff);
    } catch (IOException | FormatException | RuntimeException | Error e) {
      if (reader != null) {
        reader.close();
      }
      Optional<String> other = ReadableFiles.ofThread().refused();
      source.close();
      if (other.isPresent()) {
        throw outside(file, other.get());
      }
      throw e;
    }
  }

  /** That a reader needs no file from elsewhere. */
  private static void requireOwnFiles(ImageFile file, IFormatReader reader)
      throws ImageReadException {
    ReadableFiles readable = ReadableFiles.ofThread();
    Optional<String> other = readable.refused();
    String[] used = reader.getUsedFiles();
    if (other.isEmpty() && used != null) {
      other = Arrays.stream(used).filter(f -> !readable.isReadable(f)).findFirst();
    }
    if (other.isPresent()) {
      throw outside(file, other.get());
    }
  }

  private static ImageReadException outside(ImageFile file, String other) {
    return ImageReadException.of(
        file.path(),
        "header",
        "OUTSIDE_FILE",
        "The file "
            + file.path()
            + " names "
            + other
            + ", which does not lie beside or below it and is not read.",
        "Bring the files of the image together in one folder, or keep this one out of the input.",
        null);
  }

  private static boolean isOurs(String name, String readerClass) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".tif")
        || lower.endsWith(".tiff")
        || lower.endsWith(".btf")
        || readerClass.startsWith(BioFormats.class.getPackageName())
        || (isRaw(readerClass) && !lower.endsWith(".gz"));
  }

  /** Whether a reader reads samples as they lie in the file: what is missing would be zeros. */
  static boolean isRaw(String readerClass) {
    return RAW.contains(readerClass.substring(readerClass.lastIndexOf('.') + 1));
  }

  private static IFormatReader newReader(String readerClass) throws FormatException {
    try {
      return Class.forName(readerClass, true, BioFormats.class.getClassLoader())
          .asSubclass(IFormatReader.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new FormatException(
          "the reader "
              + readerClass
              + " is not there: give the executors the same jars as the"
              + " driver",
          e);
    }
  }
}
