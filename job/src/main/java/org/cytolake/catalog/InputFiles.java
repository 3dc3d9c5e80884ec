package org.cytolake.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.StorePath;
import org.cytolake.field.ImageFile;

/**
 * The files under an input, hidden ones left out. Several folders are listed at once, since on what
 * is mounted, and in a store, most of the time is waiting.
 *
 * @param files the files, sorted by path
 * @param denied folders below the input that may not be read, sorted by path
 * @param unnamed paths whose names cannot be read in this locale, sorted
 */
record InputFiles(List<FoundFile> files, List<InputFolder> denied, List<String> unnamed) {
  private static final int FOLDERS_AT_ONCE = 16;

  /** A folder with what lies in it; empty where it may not be read. */
  private record Listed(InputFolder folder, Optional<InputFolder.Content> content) {}

  /**
   * Lists files, folders and globs.
   *
   * @throws CytolakeException where one does not exist or cannot be listed
   */
  static InputFiles of(SourceOptions options, Configuration hadoop) {
    List<FoundFile> files = new ArrayList<>();
    List<InputFolder> denied = new ArrayList<>();
    List<String> unnamed = new ArrayList<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            FOLDERS_AT_ONCE,
            task -> {
              Thread thread = new Thread(task, "cytolake-listing");
              thread.setDaemon(true);
              return thread;
            });
    try {
      for (String path : options.paths()) {
        StorePath.requireNoSecret(path, "--input");
        try {
          walk(
              roots(new Path(path), options.recursive(), hadoop, files),
              pool,
              files,
              denied,
              unnamed);
        } catch (FileNotFoundException | NoSuchFileException e) {
          throw missing(path, e);
        } catch (IOException | IllegalArgumentException e) {
          String what = "Cannot list the input '" + path + "'";
          throw StorePath.explain(what, e).orElseGet(() -> failed(what, e));
        }
      }
    } finally {
      pool.shutdownNow();
    }
    denied.sort(Comparator.comparing(InputFolder::path));
    unnamed.sort(Comparator.naturalOrder());
    return new InputFiles(once(files), denied, unnamed);
  }

  /** Sorted; what several paths of the input reach is there once, below the outermost of them. */
  private static List<FoundFile> once(List<FoundFile> files) {
    files.sort(
        Comparator.comparing((FoundFile f) -> f.file().path()).thenComparing(FoundFile::start));
    List<FoundFile> distinct = new ArrayList<>(files.size());
    for (FoundFile file : files) {
      FoundFile before = distinct.isEmpty() ? null : distinct.get(distinct.size() - 1);
      if (before == null || !before.file().path().equals(file.file().path())) {
        distinct.add(file);
      } else if (file.named() && !before.named()) {
        distinct.set(distinct.size() - 1, new FoundFile(before.file(), before.start(), true));
      }
    }
    return distinct;
  }

  /** The folders that a path names; files that it names are found already. */
  private static List<InputFolder> roots(
      Path path, boolean recursive, Configuration hadoop, List<FoundFile> files)
      throws IOException {
    FileSystem fs = StorePath.fileSystem("Cannot list the input '" + path + "'", path, hadoop);
    FileStatus[] named =
        fs.exists(path) ? new FileStatus[] {fs.getFileStatus(path)} : fs.globStatus(path);
    if (named == null || named.length == 0) {
      throw new FileNotFoundException(path.toString());
    }
    boolean local = "file".equals(fs.getUri().getScheme());
    List<InputFolder> folders = new ArrayList<>();
    for (FileStatus status : named) {
      if (status.isFile()) {
        ImageFile file = StoreFolder.file(status);
        files.add(new FoundFile(file, file.path().length() - file.name().length(), true));
      } else {
        folders.add(
            local
                ? LocalFolder.of(status.getPath(), recursive)
                : StoreFolder.of(fs, status.getPath(), recursive));
      }
    }
    return folders;
  }

  private static void walk(
      List<InputFolder> roots,
      ExecutorService pool,
      List<FoundFile> files,
      List<InputFolder> denied,
      List<String> unnamed)
      throws IOException {
    boolean below = false;
    List<InputFolder> level = roots;
    while (!level.isEmpty()) {
      List<InputFolder> next = new ArrayList<>();
      for (Listed listed : list(level, below, pool)) {
        listed
            .content()
            .ifPresentOrElse(
                content -> {
                  files.addAll(content.files());
                  next.addAll(content.folders());
                  unnamed.addAll(content.unnamed());
                },
                () -> denied.add(listed.folder()));
      }
      level = next;
      below = true;
    }
  }

  private static List<Listed> list(List<InputFolder> folders, boolean below, ExecutorService pool)
      throws IOException {
    List<Callable<Listed>> tasks = new ArrayList<>(folders.size());
    folders.forEach(folder -> tasks.add(() -> below ? listBelow(folder) : list(folder)));
    List<Listed> all = new ArrayList<>(folders.size());
    try {
      for (Future<Listed> listed : pool.invokeAll(tasks)) {
        all.add(listed.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IOException(e.getCause());
    }
    return all;
  }

  private static Listed list(InputFolder folder) throws IOException {
    return new Listed(folder, Optional.of(folder.list()));
  }

  /** As {@link #list}; a folder below the input may be gone since, or closed to this user. */
  private static Listed listBelow(InputFolder folder) throws IOException {
    try {
      return list(folder);
    } catch (FileNotFoundException | NoSuchFileException | NotDirectoryException e) {
      return new Listed(
          folder, Optional.of(new InputFolder.Content(List.of(), List.of(), List.of())));
    } catch (AccessDeniedException | AccessControlException e) {
      return new Listed(folder, Optional.empty());
    } catch (IOException e) {
      throw new IOException("the folder " + folder.path() + ": " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof AccessDeniedException
        ? "permission denied: " + e.getMessage()
        : e.getMessage();
  }

  private static CytolakeException failed(String what, Exception e) {
    return new CytolakeException(
        Code.FAILED,
        what + ": " + reason(e),
        "Check the path, the permissions and, for a remote store, its configuration.",
        e);
  }

  private static CytolakeException missing(String path, Exception e) {
    return new CytolakeException(
        Code.USAGE, "The input '" + path + "' does not exist.", "Check the path of the input.", e);
  }
}
