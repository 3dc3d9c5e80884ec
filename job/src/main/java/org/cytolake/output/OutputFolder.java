package org.cytolake.output;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.StorePath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output folder on its file system. Names are relative to it, with {@code /} between their
 * parts. What the file system throws comes out as {@link CytolakeException} FAILED that names the
 * path.
 */
public final class OutputFolder {
  /** Where runs write what is not committed yet. */
  public static final String STAGING = "_staging";

  /**
   * How the names of files begin that only show what can be done; a killed process may leave one.
   */
  public static final String PROBE = "_probe-";

  private static final Logger LOG = LoggerFactory.getLogger(OutputFolder.class);

  private static final String AGAIN =
      "Run the same command again; the tables are as they were before.";

  /**
   * File systems where a file appears when it is closed, whole or not at all, and a rename copies.
   */
  private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "s3n", "gs");

  private static final Pattern PATTERN = Pattern.compile("[*?\\[\\]{}\\\\]");

  private final FileSystem fs;
  private final Path root;
  private Boolean conditional; // whether the store honours conditional writes; null: not asked yet

  private OutputFolder(FileSystem fs, Path root) {
    this.fs = fs;
    this.root = root;
  }

  /**
   * The folder of a path; touches nothing.
   *
   * @throws CytolakeException USAGE if the path means no folder on a file system that is known
   */
  public static OutputFolder of(String path, Configuration configuration) {
    StorePath.requireNoSecret(path, "--output");
    if (PATTERN.matcher(path).find()) {
      throw new CytolakeException(
          Code.USAGE,
          "The output '"
              + path
              + "' has one of the characters * ? [ ] { } \\ in its name, which"
              + " Spark takes for a pattern.",
          "Choose another --output.");
    }
    String what = "The output '" + path + "' is no folder";
    try {
      Path given = new Path(path);
      FileSystem fs = StorePath.fileSystem(what, given, configuration);
      Path root = fs.makeQualified(given);
      return new OutputFolder(PlainFiles.plain(fs), root);
    } catch (IOException | IllegalArgumentException e) {
      throw StoreErrors.unusable(what, e);
    }
  }

  /**
   * Makes sure that files can be created and removed, by doing so with one of this name.
   *
   * @throws CytolakeException USAGE if not, FAILED if the disk is full
   */
  public void requireWritable(String probe) {
    String what = "The output " + root + " cannot be written";
    try {
      fs.mkdirs(root);
      if (!fs.getFileStatus(root).isDirectory()) {
        throw new IOException("it is a file");
      }
      writeText(path(probe), "", true);
      if (!fs.delete(path(probe), false)) {
        throw new IOException("a file cannot be deleted there");
      }
    } catch (IOException e) {
      throw StoreErrors.unusable(what, e);
    }
  }

  /** The whole path of what lies in it. */
  public Path path(String name) {
    return new Path(root, name);
  }

  @Override
  public String toString() {
    return root.toString();
  }

  /**
   * Whether of two processes that create one file at once only one succeeds: on the local disk, on
   * HDFS, and on an object store that was seen to refuse the second of two conditional writes.
   */
  public boolean createsExclusively() {
    return isLocal() || "hdfs".equals(fs.getUri().getScheme()) || writesConditionally();
  }

  /** Whether a file appears only when it is closed, so that writing it is atomic. */
  public boolean isObjectStore() {
    return OBJECT_STORES.contains(fs.getUri().getScheme());
  }

  /** Whether the store honours conditional writes. A server may not know them and take both. */
  public synchronized boolean writesConditionally() {
    if (conditional == null) {
      String probe = STAGING + "/" + PROBE + UUID.randomUUID();
      try {
        if (fs.hasPathCapability(root, Writing.CONDITIONAL)) {
          conditional = true; // so that create() asks for it
          conditional = create(probe, "") && !create(probe, "");
          fs.delete(path(probe), false);
        } else {
          conditional = false;
        }
      } catch (IOException | CytolakeException e) {
        // a store that refuses such writes: the lock then waits and looks again
        LOG.warn("{} refuses conditional writes: {}", root, StoreErrors.reason(e));
        conditional = false;
      }
    }
    return conditional;
  }

  private boolean isLocal() {
    return "file".equals(fs.getUri().getScheme());
  }

  /** Whether there is such a file or folder. */
  public boolean exists(String name) {
    try {
      return fs.exists(path(name));
    } catch (IOException e) {
      throw failed(name, "cannot be looked at", e);
    }
  }

  /** The file's length in bytes; empty if there is no such file. */
  public Optional<Long> length(String name) {
    return status(name).map(FileStatus::getLen);
  }

  /** When a file was last written, by the file system's clock, in ms; empty if there is none. */
  public Optional<Long> modified(String name) {
    return status(name).map(FileStatus::getModificationTime);
  }

  private Optional<FileStatus> status(String name) {
    try {
      return Optional.of(fs.getFileStatus(path(name)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(name, "cannot be looked at", e);
    }
  }

  /** The names in a folder, sorted; none if there is no such folder. */
  public List<String> list(String folder) {
    try {
      List<String> names = new ArrayList<>();
      for (FileStatus status : fs.listStatus(path(folder))) {
        names.add(status.getPath().getName());
      }
      names.sort(null);
      return names;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed(folder, "cannot be listed", e);
    }
  }

  /** The files in a folder and its folders, as names relative to it; none of what is a file. */
  public List<String> filesBelow(String folder) {
    List<String> names = new ArrayList<>();
    try {
      String prefix = fs.makeQualified(path(folder)) + "/";
      RemoteIterator<LocatedFileStatus> files = fs.listFiles(path(folder), true);
      while (files.hasNext()) {
        String name = files.next().getPath().toString();
        if (name.startsWith(prefix)) {
          names.add(name.substring(prefix.length()));
        }
      }
      return names;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed(folder, "cannot be listed", e);
    }
  }

  /** The Parquet files that a reader of the folder sees, as names relative to the output. */
  public List<String> parquetFiles(String folder) {
    return List.copyOf(parquetSizes(folder).keySet());
  }

  /** The same with the files' lengths in bytes, sorted by name. */
  public SortedMap<String, Long> parquetSizes(String folder) {
    SortedMap<String, Long> sizes = new TreeMap<>();
    try {
      for (FileStatus status : fs.listStatus(path(folder))) {
        String name = status.getPath().getName();
        if (name.endsWith(".parquet") && !name.startsWith("_") && !name.startsWith(".")) {
          sizes.put(folder + "/" + name, status.getLen());
        }
      }
      return sizes;
    } catch (FileNotFoundException e) {
      return sizes;
    } catch (IOException e) {
      throw failed(folder, "cannot be listed", e);
    }
  }

  /** Makes a folder and those above it. */
  public void createFolder(String name) {
    try {
      if (!fs.mkdirs(path(name))) {
        throw new IOException("the file system refused");
      }
    } catch (IOException e) {
      throw failed(name, "cannot be created", e);
    }
  }

  /** Deletes a file or a folder with all that is in it, if it exists. */
  public void delete(String name) {
    try {
      if (!fs.delete(path(name), true) && fs.exists(path(name))) {
        throw new IOException("the file system refused");
      }
    } catch (IOException e) {
      throw failed(name, "cannot be deleted", e);
    }
  }

  /** Renames a file to a name that is free. */
  public void rename(String from, String to) {
    try {
      if (!fs.rename(path(from), path(to))) {
        throw new IOException("the file system refused");
      }
    } catch (IOException e) {
      throw failed(from, "cannot be renamed to " + to, e);
    }
  }

  /** The text of a file; empty if there is no such file. */
  public Optional<String> read(String name) {
    try (var in = fs.open(path(name))) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(name, "cannot be read", e);
    }
  }

  /** Writes a file, replacing one of that name. */
  public void write(String name, String text) {
    try {
      writeText(path(name), text, true);
    } catch (IOException e) {
      throw failed(name, "cannot be written", e);
    }
  }

  /**
   * Writes a file only if there is none of that name.
   *
   * @return false if there is one
   */
  public boolean create(String name, String text) {
    Path path = path(name);
    try {
      if (isLocal()) {
        // Hadoop looks first and creates then, which two processes can do at once
        fs.mkdirs(path.getParent());
        try (OutputStream out =
            java.nio.file.Files.newOutputStream(
                java.nio.file.Path.of(path.toUri().getPath()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }
      } else if (isObjectStore() && writesConditionally()) {
        return Writing.conditionally(fs, path, text);
      } else {
        writeText(path, text, false);
      }
      return true;
    } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
      return false;
    } catch (NoSuchFileException e) {
      throw failed(name, "cannot be created", new IOException("its folder has gone", e));
    } catch (IOException e) {
      throw failed(name, "cannot be created", e);
    }
  }

  private void writeText(Path path, String text, boolean overwrite) throws IOException {
    Writing.fill(fs.create(path, overwrite), text);
  }

  /**
   * Makes a file appear whole, if there is none of that name.
   *
   * @param unfinished a name for the text until it is whole, where that takes a rename
   * @param last what is done right before it appears
   * @return false if there is one
   */
  public boolean publish(String name, String unfinished, String text, Runnable last) {
    if (!isObjectStore()) {
      write(unfinished, text);
      last.run();
      rename(unfinished, name);
      return true;
    }
    last.run();
    if (writesConditionally()) {
      return create(name, text);
    }
    write(name, text);
    return true;
  }

  /** Their whole paths. */
  public List<String> paths(List<String> names) {
    return Arrays.asList(names.stream().map(name -> path(name).toString()).toArray(String[]::new));
  }

  private CytolakeException failed(String name, String what, IOException e) {
    return StoreErrors.failed(path(name) + " " + what, AGAIN, e);
  }
}
