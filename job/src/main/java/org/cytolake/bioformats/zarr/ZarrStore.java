package org.cytolake.bioformats.zarr;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.FileBytes;
import org.cytolake.bioformats.plain.RefusedException;
import org.cytolake.field.ImageFile;

/**
 * The files of a Zarr hierarchy by their keys, which are paths below its folder: on the local disk,
 * or on any file system of Hadoop's. Thread-safe.
 */
public final class ZarrStore {
  private final String folder; // with its scheme
  private final FileSystem fs; // null: the local disk
  private final java.nio.file.Path local; // null: not on it

  private ZarrStore(String folder, FileSystem fs, java.nio.file.Path local) {
    this.folder = folder;
    this.fs = fs;
    this.local = local;
  }

  /**
   * A hierarchy.
   *
   * @param folder its path with the scheme, as Hadoop writes it
   */
  public static ZarrStore of(String folder, Configuration hadoop) throws IOException {
    Path path = new Path(folder);
    String scheme = path.toUri().getScheme();
    return scheme == null || scheme.equals("file")
        ? new ZarrStore(folder, null, java.nio.file.Path.of(path.toUri().getPath()))
        : new ZarrStore(folder, path.getFileSystem(hadoop), null);
  }

  /** Path of the folder with its scheme. */
  public String folder() {
    return folder;
  }

  /** The last part of the path. */
  public String name() {
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  /** Whether a request takes its time. */
  boolean isRemote() {
    return fs != null;
  }

  /**
   * What lies in a folder below.
   *
   * @param path names separated by {@code /}, as metadata has them
   * @throws RefusedException where it leads elsewhere
   */
  public ZarrStore below(String path) throws RefusedException {
    for (String name : path.split("/", -1)) {
      boolean isName =
          !name.isEmpty()
              && !name.equals(".")
              && !name.equals("..")
              && name.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ':');
      if (!isName) {
        throw ZarrRefusals.metadata(
            "its metadata names '" + path + "', which is no path below its folder");
      }
    }
    return new ZarrStore(folder + "/" + path, fs, local == null ? null : local.resolve(path));
  }

  /**
   * The file of a key with its size and time; empty where there is none.
   *
   * @throws IOException where it cannot be told
   */
  public Optional<ImageFile> find(String key) throws IOException {
    String path = folder + "/" + key;
    try {
      if (local != null) {
        return regular(local.resolve(key))
            .map(a -> new ImageFile(path, a.size(), a.lastModifiedTime().toMillis()));
      }
      FileStatus status = fs.getFileStatus(new Path(path));
      return status.isFile()
          ? Optional.of(new ImageFile(path, status.getLen(), status.getModificationTime()))
          : Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * All of a file; empty where there is none.
   *
   * @param most bytes that it may have
   * @throws RefusedException where it has more
   */
  Optional<byte[]> read(String key, long most) throws IOException, RefusedException {
    if (local != null) {
      return read(key, most, new byte[0]).map(ChunkBytes::array);
    }
    try (InputStream in = fs.open(new Path(folder + "/" + key))) {
      byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, most + 1));
      requireAtMost(key, bytes.length, most);
      return Optional.of(bytes);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * As {@link #read(String, long)}, of the local disk.
   *
   * @param room for it; where it is too small, there is a new array of just its size
   */
  Optional<ChunkBytes> read(String key, long most, byte[] room)
      throws IOException, RefusedException {
    Optional<PartsOfFile> found = open(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (PartsOfFile file = found.get()) {
      requireAtMost(key, file.length(), most);
      int length = (int) file.length();
      byte[] into = room.length < length ? new byte[length] : room;
      file.bytes().readFully(0, into, 0, length);
      return Optional.of(new ChunkBytes(into, 0, length));
    }
  }

  private static void requireAtMost(String key, long bytes, long most) throws RefusedException {
    if (bytes > most) {
      throw RefusedException.damaged(
          "its file " + key + " has more than the " + most + " bytes that it may have");
    }
  }

  /** A file of which parts are wanted; empty where there is none. Whoever asks closes. */
  Optional<PartsOfFile> open(String key) throws IOException {
    if (local != null) {
      java.nio.file.Path path = local.resolve(key);
      Optional<BasicFileAttributes> found = regular(path);
      return found.isPresent()
          ? Optional.of(new PartsOfFile(FileBytes.ofLocal(path), found.get().size()))
          : Optional.empty();
    }
    Optional<ImageFile> file = find(key);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    long length = file.get().length();
    return Optional.of(
        new PartsOfFile(FileBytes.of(fs, new Path(file.get().path()), length), length));
  }

  /** What is known of a regular file; empty where there is none. */
  private static Optional<BasicFileAttributes> regular(java.nio.file.Path file) throws IOException {
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class))
          .filter(BasicFileAttributes::isRegularFile); // a pipe would never end
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      if (Files.isRegularFile(file.getParent())) { // no folder
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * An open file.
   *
   * @param length bytes
   */
  record PartsOfFile(FileBytes bytes, long length) implements java.io.Closeable {
    @Override
    public void close() throws IOException {
      bytes.close();
    }
  }
}
