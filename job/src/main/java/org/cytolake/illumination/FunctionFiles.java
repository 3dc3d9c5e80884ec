package org.cytolake.illumination;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.bioformats.HeaderReader;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.bioformats.zarr.ZarrNode;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.LabelFormat;
import org.cytolake.config.StorePath;
import org.cytolake.field.Field;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;
import org.cytolake.store.ImageFiles;

/**
 * Where illumination functions lie.
 *
 * @param folders in which they are looked for, in this order
 * @param fileOrNull the one file, or folder of OME-Zarr, of all; then there are no folders
 * @param endings of their names
 */
public record FunctionFiles(List<String> folders, String fileOrNull, List<String> endings)
    implements Serializable {
  /** The folder under the output. */
  public static final String FOLDER = "illumination";

  private static final String ZARR = LabelFormat.OME_ZARR.suffix();
  private static final List<String> ENDINGS =
      List.of(LabelFormat.OME_TIFF.suffix(), ".tif", ".tiff", ZARR, ".npy", ".mat");

  public FunctionFiles {
    folders = List.copyOf(folders);
    endings = List.copyOf(endings);
  }

  /** Those that are made in a run: new ones before those of earlier runs. */
  public static FunctionFiles made(String scratch, String output, LabelFormat format) {
    return new FunctionFiles(
        List.of(scratch + "/" + FOLDER, output + "/" + FOLDER), null, List.of(format.suffix()));
  }

  /** At a place that was checked. */
  static FunctionFiles named(String from) {
    String name = from.toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith)
        ? new FunctionFiles(List.of(), from, ENDINGS)
        : new FunctionFiles(List.of(from + "/" + FOLDER, from), null, ENDINGS);
  }

  /**
   * At a place that a user names.
   *
   * @throws CytolakeException (USAGE) where nothing is there
   */
  public static FunctionFiles of(String from, Configuration hadoop) {
    StorePath.requireNoSecret(from, "illumination.from");
    String what = "The illumination functions at " + from + " cannot be read";
    try {
      Path path = new Path(from);
      FileSystem fs = StorePath.fileSystem(what, path, hadoop);
      FunctionFiles files = named(from);
      if (fs.getFileStatus(path).isDirectory() != (files.fileOrNull == null || isZarr(path))) {
        throw missing(from + " is no file of illumination functions, nor a folder of them.", null);
      }
      if (files.list(hadoop).isEmpty()) {
        throw missing("There are no illumination functions in " + from + ".", null);
      }
      return files;
    } catch (FileNotFoundException e) {
      throw missing("There is no " + from + ", which illumination.from names.", e);
    } catch (IOException e) {
      throw StorePath.explain(what, e)
          .orElseGet(
              () ->
                  new CytolakeException(
                      Code.USAGE, what + ": " + e.getMessage() + ".", "Check the path.", e));
    }
  }

  private static CytolakeException missing(String message, Exception cause) {
    return new CytolakeException(
        Code.USAGE,
        message,
        "Name an output that has functions, a folder of files "
            + String.join(", ", ENDINGS)
            + ", or one of them.",
        cause);
  }

  private List<FileStatus> list(Configuration hadoop) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (String folder : fileOrNull == null ? folders : List.of(fileOrNull)) {
      Path path = new Path(folder);
      FileSystem fs = path.getFileSystem(hadoop);
      if (isZarr(path)) {
        below(path, fs, found);
      } else if (fs.exists(path)) {
        for (FileStatus status : fs.listStatus(path)) {
          if (status.isDirectory() && isZarr(status.getPath())) {
            below(status.getPath(), fs, found);
          } else if (status.isFile()
              && ENDINGS.stream().anyMatch(lower(status.getPath())::endsWith)) {
            found.add(status);
          }
        }
      }
    }
    return found;
  }

  /** All files of a folder of OME-Zarr. */
  private static void below(Path folder, FileSystem fs, List<FileStatus> found) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> each = fs.listFiles(folder, true);
    while (each.hasNext()) {
      files.add(each.next());
    }
    files.sort(Comparator.comparing(FileStatus::getPath));
    found.addAll(files);
  }

  private static String lower(Path path) {
    return path.getName().toLowerCase(Locale.ROOT);
  }

  private static boolean isZarr(Path path) {
    return lower(path).endsWith(ZARR);
  }

  /** Text that is another when one of the files is. */
  String identity(Configuration hadoop) {
    StringBuilder text = new StringBuilder();
    try {
      for (FileStatus file : list(hadoop)) {
        text.append('\n').append(file.getPath()).append(' ').append(file.getLen());
        text.append(' ').append(file.getModificationTime());
      }
    } catch (IOException e) {
      throw missing("The illumination functions cannot be listed: " + e.getMessage() + ".", e);
    }
    return text.toString();
  }

  /** What a function's file is called before its ending, or its part for a group. */
  public static String name(List<String> parts) {
    return ImageFiles.safe(String.join("_", parts).replace('/', '_'));
  }

  /** The same with the ending of the files that are written. */
  public static String fileName(List<String> group, String channel, LabelFormat format) {
    return name(group, channel) + format.suffix();
  }

  /** What the file of a group's channel is called before its ending. */
  static String name(List<String> group, String channel) {
    List<String> parts = new ArrayList<>(group);
    parts.add(channel);
    return name(parts);
  }

  /** The file of a group's channel, or else that of the channel. */
  Optional<Path> find(List<String> group, String channel, Configuration hadoop) throws IOException {
    if (fileOrNull != null) {
      return Optional.of(new Path(fileOrNull));
    }
    LinkedHashSet<String> names = new LinkedHashSet<>();
    names.add(name(group, channel));
    names.add(name(List.of(channel)));
    for (String name : names) {
      for (String folder : folders) {
        for (String ending : endings) {
          Path path = new Path(folder, name + ending);
          if (path.getFileSystem(hadoop).exists(path)) {
            return Optional.of(path);
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a function.
   *
   * @throws IOException where the file holds none
   */
  public static LightImage read(Path path, Configuration hadoop) throws IOException {
    String name = lower(path);
    if (!name.endsWith(".npy") && !name.endsWith(".mat")) {
      return image(path, hadoop);
    }
    byte[] bytes;
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      bytes = in.readAllBytes();
    }
    return name.endsWith(".npy") ? NumpyFile.read(bytes) : MatlabFile.read(bytes);
  }

  private static LightImage image(Path path, Configuration hadoop) throws IOException {
    Path named = isZarr(path) ? new Path(path, ZarrNode.ZARR_3) : path;
    FileStatus status = path.getFileSystem(hadoop).getFileStatus(named);
    ImageFile file =
        new ImageFile(status.getPath().toString(), status.getLen(), status.getModificationTime());
    Configuration full =
        PyramidLevel.FULL.in(new Configuration(hadoop)); // the images' is not theirs
    try (HeaderReader headers = new HeaderReader(full, false);
        PlaneReader reader = new PlaneReader(full)) {
      Header header = headers.read(file);
      Header.Series s = header.series().get(0);
      if (s.channels().size() != 1 || s.sizeZ() != 1 || s.sizeT() != 1) {
        throw new IOException("it has more than one plane");
      }
      String type = BioFormats.pixelTypeName(s.pixelType());
      Field.Channel channel =
          new Field.Channel(file, header.readerClass(), 0, type, 0, s.tileWidth(), s.tileHeight());
      Field field =
          new Field(
              path.getName(),
              path.getName(),
              List.of(),
              0,
              s.sizeX(),
              s.sizeY(),
              1,
              0,
              1,
              type,
              null,
              null,
              List.of(channel));
      Samples samples = new Samples(BioFormats.sampleType(type));
      reader.read(field, 0, 0, 0, 0, 0, s.sizeX(), s.sizeY(), samples);
      float[] values = new float[Math.multiplyExact(s.sizeX(), s.sizeY())];
      samples.floats(0, values.length, values, 0);
      return new LightImage(s.sizeY(), s.sizeX(), values);
    }
  }
}
