package org.cytolake.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.config.StorePath;
import org.cytolake.field.Failure;

/**
 * Which files of an earlier run are missing from the input now: those that it would show were they
 * there, and that are not there. A file below a folder that may not be read, or under another
 * input, is not known to be missing.
 */
public final class MissingFiles {
  /** Where the input lies: a folder or file by its whole path, or a pattern of such. */
  private record Root(String path, PathMatcher pattern) {
    boolean is(String other) {
      return path.equals(other)
          || (pattern != null && pattern.matches(java.nio.file.Path.of(other)));
    }
  }

  private final Configuration hadoop;
  private final boolean recursive;
  private final List<Root> roots = new ArrayList<>();
  private final List<String> closed = new ArrayList<>(); // folders that may not be read

  /**
   * Of an input that was listed.
   *
   * @param listing of it
   */
  public MissingFiles(SourceOptions options, Listing listing, Configuration hadoop) {
    this.hadoop = hadoop;
    this.recursive = options.recursive();
    for (String given : options.paths()) {
      Path path = new Path(given);
      try {
        FileSystem fs = StorePath.fileSystem("Cannot list the input '" + given + "'", path, hadoop);
        String whole = fs.makeQualified(path).toString();
        roots.add(new Root(whole, fs.exists(path) ? null : matcher(whole)));
      } catch (IOException e) {
        // a root that cannot be looked at shows nothing to be missing
      }
    }
    listing.failures().stream()
        .filter(f -> f.code().equals(Listing.FOLDER_DENIED))
        .map(Failure::file)
        .forEach(closed::add);
  }

  private static PathMatcher matcher(String pattern) {
    return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
  }

  /** Whether a file is missing, by its path as listings give it. */
  public boolean isMissing(String file) {
    return covers(file)
        && closed.stream().noneMatch(folder -> file.startsWith(folder + "/"))
        && isGone(file);
  }

  /** Whether a file, by its path as listings give it, lies where the input is looked for. */
  public boolean covers(String file) {
    String folder = file;
    for (int depth = 0; depth < (recursive ? Integer.MAX_VALUE : 2); depth++) {
      for (Root root : roots) {
        if (root.is(folder)) {
          return true;
        }
      }
      int slash = folder.lastIndexOf('/');
      if (slash <= 0) {
        return false;
      }
      folder = folder.substring(0, slash);
    }
    return false;
  }

  /** Whether it is sure that there is no such file, wherever it lies. */
  public boolean isGone(String file) {
    Path path = new Path(file);
    try {
      FileSystem fs = path.getFileSystem(hadoop);
      if ("file".equals(fs.getUri().getScheme())) {
        return Files.notExists(java.nio.file.Path.of(path.toUri().getPath()));
      }
      fs.getFileStatus(path);
      return false;
    } catch (FileNotFoundException e) {
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
