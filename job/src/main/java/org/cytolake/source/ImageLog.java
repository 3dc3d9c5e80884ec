package org.cytolake.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.streaming.checkpointing.CheckpointFileManager;
import org.cytolake.catalog.Listing.ListedImage;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.Json;

/**
 * Which images a stream has given out, batch by batch: files in a folder of its checkpoint, each
 * written at once or not at all. A batch is the file of its number; now and then one file, {@code
 * N.compact}, takes the place of all that were before it. The first line says what a file of images
 * is, every other one is an image as JSON.
 */
final class ImageLog {
  private static final String VERSION = "cytolake images 1: a file is ";
  private static final String COMPACT = ".compact";
  private static final int COMPACT_EVERY = 50;

  private final Path folder;
  private final CheckpointFileManager files;
  private final List<List<ListedImage>> batches = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> paths = new HashSet<>(); // of the images' first files
  private Optional<FileIs> fileIs = Optional.empty(); // until there is a batch

  /** What a file of an image is. */
  enum FileIs {
    /** A channel, as its name tells. */
    CHANNEL,
    /** The image, with its channels inside. */
    IMAGE
  }

  private record Line(int batch, ListedImage image) {}

  /**
   * Opens a log, or begins one.
   *
   * @throws CytolakeException (FAILED) where it cannot be read
   */
  ImageLog(String checkpoint, Configuration hadoop) {
    this.folder = new Path(checkpoint);
    this.files = CheckpointFileManager.create(folder, hadoop);
    try {
      if (!files.exists(folder)) {
        files.mkdirs(folder);
      }
      read();
    } catch (IOException e) {
      throw new CytolakeException(
          Code.FAILED,
          "Cannot read the stream's log of images in " + folder + ": " + e.getMessage(),
          "Restore the checkpoint, or begin with a new one, which gives all images out again.",
          e);
    }
  }

  private void read() throws IOException {
    int compact = -1;
    Map<Integer, Path> single = new HashMap<>();
    for (FileStatus file : files.list(folder)) {
      String name = file.getPath().getName();
      if (name.matches("\\d+" + COMPACT)) {
        compact = Math.max(compact, Integer.parseInt(name.substring(0, name.indexOf('.'))));
      } else if (name.matches("\\d+")) {
        single.put(Integer.valueOf(name), file.getPath());
      }
    }
    if (compact >= 0) {
      List<List<ListedImage>> all = new ArrayList<>();
      for (int b = 0; b <= compact; b++) {
        all.add(new ArrayList<>());
      }
      lines(new Path(folder, compact + COMPACT)).forEach(l -> all.get(l.batch()).add(l.image()));
      all.forEach(this::keep);
    }
    while (single.containsKey(size())) {
      keep(lines(single.get(size())).stream().map(Line::image).toList());
    }
    int last = single.keySet().stream().mapToInt(b -> b).max().orElse(-1);
    if (last >= size()) {
      throw new IOException("the file " + size() + " is missing, but there is one " + last);
    }
  }

  private List<Line> lines(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
      String version = reader.readLine();
      fileIs =
          Arrays.stream(FileIs.values()).filter(is -> (VERSION + is).equals(version)).findFirst();
      if (fileIs.isEmpty()) {
        throw new IOException("the file " + file + " begins with '" + version + "'");
      }
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(Json.read(line, Line.class));
      }
    } catch (JsonProcessingException e) {
      throw new IOException("the file " + file + " is damaged: " + e.getOriginalMessage(), e);
    }
    return lines;
  }

  private void keep(List<ListedImage> batch) {
    batches.add(List.copyOf(batch));
    for (ListedImage image : batch) {
      ids.add(image.image());
      paths.add(image.files().get(0).path());
    }
  }

  /** What a file of the images is; empty where none was given out. */
  Optional<FileIs> fileIs() {
    return fileIs;
  }

  /** How many batches there are. */
  int size() {
    return batches.size();
  }

  /** How many images there are. */
  int images() {
    return ids.size();
  }

  /** Whether an image, by its first file, was given out. */
  boolean has(ListedImage image) {
    return paths.contains(image.files().get(0).path());
  }

  /** Whether an image of that id was given out. */
  boolean hasId(String image) {
    return ids.contains(image);
  }

  /**
   * The images of some batches, in order.
   *
   * @param from the first of them
   * @param to behind the last
   */
  List<ListedImage> between(int from, int to) {
    return batches.subList(from, to).stream().flatMap(List::stream).toList();
  }

  /**
   * Writes another batch; when this returns it will be there after whatever happens.
   *
   * @param is what a file of its images is, the same as of all before
   * @throws CytolakeException (FAILED) where that is not possible, or another stream has written it
   */
  void add(List<ListedImage> batch, FileIs is) {
    int number = size();
    boolean compact = (number + 1) % COMPACT_EVERY == 0;
    Path file = new Path(folder, number + (compact ? COMPACT : ""));
    StringBuilder text = new StringBuilder(VERSION).append(is).append('\n');
    for (int b = compact ? 0 : number; b <= number; b++) {
      for (ListedImage image : b == number ? batch : batches.get(b)) {
        text.append(Json.line(new Line(b, image))).append('\n');
      }
    }
    try {
      write(file, text.toString().getBytes(StandardCharsets.UTF_8));
      keep(batch);
      fileIs = Optional.of(is);
      if (compact) {
        Arrays.stream(files.list(folder))
            .map(FileStatus::getPath)
            .filter(old -> !old.equals(file) && !old.getName().equals(file.getName()))
            .forEach(files::delete);
      }
    } catch (FileAlreadyExistsException e) {
      throw new CytolakeException(
          Code.FAILED,
          "Another stream writes to the checkpoint " + folder + ".",
          "Stop one of the two, or give each a checkpointLocation of its own.",
          e);
    } catch (IOException e) {
      throw new CytolakeException(
          Code.FAILED,
          "Cannot write the stream's log of images in " + folder + ": " + e.getMessage(),
          "Make room, or allow this account to write there, and start the stream again.",
          e);
    }
  }

  private void write(Path file, byte[] bytes) throws IOException {
    CheckpointFileManager.CancellableFSDataOutputStream out = files.createAtomic(file, false);
    try {
      out.write(bytes);
      out.close();
    } catch (IOException e) {
      out.cancel();
      throw e;
    }
  }
}
