package org.cytolake.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.StorePath;
import org.cytolake.field.Failure;
import org.cytolake.field.ImageFile;

/**
 * What lies under the input: files grouped into images by their names. No file is opened.
 *
 * @param groups names of the pattern's groups apart from {@code channel}
 * @param channelKeys the channels that every image must have, in column order; empty without a
 *     pattern
 * @param images the images, sorted by id
 * @param failures images whose files do not make one
 * @param files number of files seen
 * @param ignored number of files that belong to no image
 */
public record Listing(
    List<String> groups,
    List<String> channelKeys,
    List<ListedImage> images,
    List<Failure> failures,
    int files,
    int ignored)
    implements Serializable {

  // Bio-Formats' text reader claims these, and folders of images are full of them
  private static final Set<String> NOT_IMAGES =
      Set.of(
          "txt", "csv", "tsv", "xml", "json", "md", "html", "htm", "log", "ini", "yaml", "yml",
          "pdf", "zip", "gz", "tar", "py", "parquet", "crc", "db", "mdb");

  public Listing {
    groups = List.copyOf(groups);
    channelKeys = List.copyOf(channelKeys);
    images = List.copyOf(images);
    failures = List.copyOf(failures);
  }

  /**
   * An image by its files.
   *
   * @param image id; a series beyond the first will add its number
   * @param groups values of the groups
   * @param files one file a channel in column order; without a pattern the one file
   */
  public record ListedImage(String image, List<String> groups, List<ImageFile> files)
      implements Serializable {
    public ListedImage {
      groups = List.copyOf(groups);
      files = List.copyOf(files);
    }
  }

  private record Found(ImageFile file, String relative) {}

  /** The same listing with only some of its images. */
  public Listing only(List<ListedImage> some) {
    return new Listing(groups, channelKeys, some, failures, files, ignored);
  }

  /**
   * Lists the input.
   *
   * @throws CytolakeException where a path does not exist or no file is an image
   */
  public static Listing of(SourceOptions options, Configuration hadoop) {
    List<Found> found = new ArrayList<>();
    for (String path : options.paths()) {
      StorePath.requireNoSecret(path, "--input");
      try {
        find(new Path(path), options.recursive(), hadoop, found);
      } catch (FileNotFoundException e) {
        throw missing(path, e);
      } catch (IOException | IllegalArgumentException e) {
        String what = "Cannot list the input '" + path + "'";
        throw StorePath.explain(what, e)
            .orElseGet(
                () ->
                    new CytolakeException(
                        Code.FAILED,
                        what + ": " + e.getMessage(),
                        "Check the path, the permissions and, for a remote store, its"
                            + " configuration.",
                        e));
      }
    }
    found.sort(Comparator.comparing(f -> f.file().path()));
    return options.pattern() == null ? byFile(options, found) : byPattern(options, found);
  }

  private static void find(Path path, boolean recursive, Configuration hadoop, List<Found> found)
      throws IOException {
    FileSystem fs = StorePath.fileSystem("Cannot list the input '" + path + "'", path, hadoop);
    FileStatus[] roots =
        fs.exists(path) ? new FileStatus[] {fs.getFileStatus(path)} : fs.globStatus(path);
    if (roots == null || roots.length == 0) {
      throw new FileNotFoundException(path.toString());
    }
    for (FileStatus root : roots) {
      if (root.isFile()) {
        found.add(new Found(file(root), root.getPath().getName()));
        continue;
      }
      String prefix = root.getPath().toString();
      RemoteIterator<LocatedFileStatus> files = fs.listFiles(root.getPath(), recursive);
      while (files.hasNext()) {
        LocatedFileStatus status = files.next();
        String relative =
            status.getPath().toString().substring(prefix.length()).replaceAll("^/+", "");
        if (!isHidden(relative)) {
          found.add(new Found(file(status), relative));
        }
      }
    }
  }

  private static boolean isHidden(String relative) {
    for (String part : relative.split("/", -1)) {
      if (part.startsWith(".") || part.startsWith("_")) {
        return true;
      }
    }
    return false;
  }

  private static ImageFile file(FileStatus status) {
    return new ImageFile(
        status.getPath().toString(), status.getLen(), status.getModificationTime());
  }

  private static Listing byPattern(SourceOptions options, List<Found> found) {
    FilePattern pattern = FilePattern.of(options.pattern());
    Map<List<String>, Map<String, List<ImageFile>>> byGroups = new LinkedHashMap<>();
    Map<String, Integer> keys = new TreeMap<>();
    int ignored = 0;
    int matched = 0;
    for (Found f : found) {
      Optional<Map<String, String>> match = pattern.match(f.file().name(), f.relative());
      if (match.isEmpty()) {
        ignored++;
        continue;
      }
      matched++;
      Map<String, String> values = match.get();
      String key = values.remove(FilePattern.CHANNEL);
      keys.merge(key, 1, Integer::sum);
      Map<String, List<ImageFile>> channels =
          byGroups.computeIfAbsent(List.copyOf(values.values()), g -> new HashMap<>());
      if (!options.channels().isEmpty() && !options.channels().containsKey(key)) {
        ignored++;
        continue;
      }
      channels.computeIfAbsent(key, k -> new ArrayList<>()).add(f.file());
    }
    if (matched == 0) {
      throw noneMatch(options, found);
    }
    List<String> channelKeys =
        List.copyOf(options.channels().isEmpty() ? keys.keySet() : options.channels().keySet());
    for (String key : channelKeys) {
      if (!keys.containsKey(key)) {
        throw new CytolakeException(
            Code.USAGE,
            "No file has channel '" + key + "'.",
            "The channels found are " + String.join(", ", keys.keySet()) + ": correct --channels.");
      }
    }
    List<ListedImage> images = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    byGroups.forEach(
        (groups, channels) -> {
          String image = groups.isEmpty() ? "image" : String.join("_", groups);
          Optional<Failure> failure = check(image, groups, channels, channelKeys);
          if (failure.isPresent()) {
            failures.add(failure.get());
          } else {
            images.add(
                new ListedImage(
                    image, groups, channelKeys.stream().map(k -> channels.get(k).get(0)).toList()));
          }
        });
    images.sort(Comparator.comparing(ListedImage::image));
    return new Listing(pattern.groups(), channelKeys, images, failures, found.size(), ignored);
  }

  private static Optional<Failure> check(
      String image,
      List<String> groups,
      Map<String, List<ImageFile>> channels,
      List<String> channelKeys) {
    String anyFile =
        channels.values().stream()
            .flatMap(List::stream)
            .map(ImageFile::path)
            .min(String::compareTo)
            .orElse("");
    for (String key : channelKeys) {
      List<ImageFile> files = channels.getOrDefault(key, List.of());
      if (files.isEmpty()) {
        return Optional.of(
            new Failure(
                image,
                groups,
                anyFile,
                "list",
                "CHANNEL_MISSING",
                "Image " + image + " has no file for channel '" + key + "'.",
                "Add the file, or leave the channel out of --channels."));
      }
      if (files.size() > 1) {
        return Optional.of(
            new Failure(
                image,
                groups,
                files.get(1).path(),
                "list",
                "DUPLICATE_FILE",
                "Image "
                    + image
                    + " has "
                    + files.size()
                    + " files for channel '"
                    + key
                    + "': "
                    + files.get(0).path()
                    + " and "
                    + files.get(1).path()
                    + ".",
                "Remove one, or put what tells them apart into a named group of --pattern."));
      }
    }
    return Optional.empty();
  }

  private static Listing byFile(SourceOptions options, List<Found> found) {
    Set<String> suffixes = BioFormats.suffixes();
    suffixes.removeAll(NOT_IMAGES);
    suffixes.remove("");
    List<Found> images = found.stream().filter(f -> hasSuffix(f.file().name(), suffixes)).toList();
    if (images.isEmpty()) {
      throw noneMatch(options, found);
    }
    Map<String, Integer> uses = new HashMap<>();
    images.forEach(f -> uses.merge(withoutSuffix(f.relative()), 1, Integer::sum));
    Map<String, ListedImage> byId = new TreeMap<>();
    Map<String, Failure> failures = new TreeMap<>();
    for (Found f : images) {
      String shortId = withoutSuffix(f.relative());
      String id = uses.get(shortId) == 1 ? shortId : f.relative();
      ListedImage other = byId.putIfAbsent(id, new ListedImage(id, List.of(), List.of(f.file())));
      if (other != null) {
        failures.put(
            id,
            new Failure(
                id,
                List.of(),
                f.file().path(),
                "list",
                "DUPLICATE_IMAGE",
                "Two files would be image "
                    + id
                    + ": "
                    + other.files().get(0).path()
                    + " and "
                    + f.file().path()
                    + ".",
                "Rename one, or give their common parent folder as the input."));
      }
    }
    byId.keySet().removeAll(failures.keySet());
    return new Listing(
        List.of(),
        List.of(),
        List.copyOf(byId.values()),
        List.copyOf(failures.values()),
        found.size(),
        found.size() - images.size());
  }

  private static boolean hasSuffix(String name, Set<String> suffixes) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (int dot = lower.indexOf('.'); dot >= 0; dot = lower.indexOf('.', dot + 1)) {
      if (suffixes.contains(lower.substring(dot + 1))) {
        return true;
      }
    }
    return false;
  }

  private static String withoutSuffix(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".ome.tif") || lower.endsWith(".ome.tiff")) {
      return path.substring(0, lower.lastIndexOf(".ome."));
    }
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
  }

  private static CytolakeException missing(String path, FileNotFoundException e) {
    return new CytolakeException(
        Code.USAGE,
        "The input '" + path + "' does not exist.",
        "Check the path given to --input.",
        e);
  }

  private static CytolakeException noneMatch(SourceOptions options, List<Found> found) {
    String where = String.join(", ", options.paths());
    if (found.isEmpty()) {
      return new CytolakeException(
          Code.USAGE, "No files lie under '" + where + "'.", "Check the path given to --input.");
    }
    String example = found.get(0).file().name();
    return options.pattern() == null
        ? new CytolakeException(
            Code.USAGE,
            "None of the "
                + found.size()
                + " files under '"
                + where
                + "' has the suffix of an image"
                + " format, for example '"
                + example
                + "'.",
            "Check the path given to --input, and that the readers of the format are there"
                + " (the vendors' formats need Bio-Formats' GPL readers).")
        : new CytolakeException(
            Code.USAGE,
            "None of the "
                + found.size()
                + " files under '"
                + where
                + "' matches the pattern '"
                + options.pattern()
                + "', for example '"
                + example
                + "'.",
            "The pattern must match a file's whole name or its whole path relative to the input.");
  }
}
