package org.cytolake.bioformats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import loci.common.IRandomAccess;
import loci.common.Location;

/**
 * What Bio-Formats may open on a thread: the files at hand, and what lies beside or below them, as
 * a format's companions do. A file that names another elsewhere, or an address, is not followed.
 * Bio-Formats asks this map, one a thread, before it opens a file by itself.
 */
final class ReadableFiles extends HashMap<String, Object> {
  private final List<Path> folders = new ArrayList<>(); // of the files at hand; one each
  private String refused; // what was asked for last and not given; null: nothing

  /** The thread's; made where there is none. */
  static ReadableFiles ofThread() {
    if (Location.getIdMap() instanceof ReadableFiles files) {
      return files;
    }
    ReadableFiles files = new ReadableFiles();
    files.putAll(Location.getIdMap());
    Location.setIdMap(files);
    return files;
  }

  /**
   * A file is at hand.
   *
   * @param handle null: Bio-Formats opens it by itself
   */
  void add(String id, IRandomAccess handle) {
    folders.add(folder(id));
    if (handle != null) {
      put(id, handle);
    }
  }

  /** A file is at hand no longer. */
  void drop(String id) {
    folders.remove(folder(id));
    remove(id);
  }

  private static Path folder(String id) {
    return Path.of(id).toAbsolutePath().normalize().getParent();
  }

  @Override
  public Object get(Object key) {
    Object handle = super.get(key);
    if (handle != null || !(key instanceof String id)) {
      return handle;
    }
    if (id.contains("://")) {
      refused = id;
      throw new IllegalArgumentException("it names the address " + id);
    }
    return isReadable(id) ? null : refusing(id);
  }

  /** Whether a file lies beside or below one of those at hand. */
  boolean isReadable(String id) {
    try {
      Path path = Path.of(id).toAbsolutePath().normalize();
      return folders.stream().anyMatch(path::startsWith);
    } catch (InvalidPathException e) {
      return true; // there can be no such file
    }
  }

  /**
   * A handle that gives nothing; null where there is no such file, as Bio-Formats looks for many.
   */
  private IRandomAccess refusing(String id) {
    Path path = Path.of(id);
    if (!Files.isRegularFile(path)) {
      return null;
    }
    return new FileHandle(
        new FileBytes() {
          @Override
          public void readFully(long at, byte[] target, int offset, int count) throws IOException {
            refused = id;
            throw new IOException("it names the file " + id + ", which lies elsewhere");
          }

          @Override
          public void close() {}
        },
        1L << 30, // long enough for every look at it to come here
        1);
  }

  /** Forgets what was refused. */
  void forgetRefused() {
    refused = null;
  }

  /** What was asked for and not given since {@link #forgetRefused()}. */
  Optional<String> refused() {
    return Optional.ofNullable(refused);
  }
}
