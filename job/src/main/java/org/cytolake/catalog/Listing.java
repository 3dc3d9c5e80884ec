package org.cytolake.catalog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Failure;
import org.cytolake.field.ImageFile;

/**
 * What lies under the input: files grouped into images by their names. No file is opened.
 *
 * @param groups names of the pattern's groups apart from {@code channel}
 * @param channelKeys the channels that every image must have, in column order; empty without a
 *     pattern
 * @param images the images, sorted by id, no two with the same
 * @param failures images whose files do not make one, and folders that may not be read
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
  private static final String UTF_8 =
      "Start Cytolake with the environment variable LC_ALL=C.UTF-8 (for executors"
          + " spark.executorEnv.LC_ALL), or rename the file.";

  /** Code of the failure that is an image without the file of a channel. */
  public static final String CHANNEL_MISSING = "CHANNEL_MISSING";

  /** Code of the failure that is a folder. */
  static final String FOLDER_DENIED = "FOLDER_DENIED";

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

    /**
     * The id of a series of it.
     *
     * @param series from 0
     */
    public String id(int series) {
      return series == 0 ? image : image + "_" + series;
    }

    /** The number of the series of it that has an id. */
    public int series(String id) {
      return id.startsWith(image + "_") ? Integer.parseInt(id.substring(image.length() + 1)) : 0;
    }

    /** What is said of an image whose id another has. */
    private Failure twin(String otherFile, boolean byFile) {
      return new Failure(
          image,
          groups,
          files.get(0).path(),
          "list",
          "DUPLICATE_IMAGE",
          "Two images would be called "
              + image
              + ": that of "
              + files.get(0).path()
              + " and that of "
              + (otherFile.isEmpty() ? "files that are not all there" : otherFile)
              + ".",
          byFile
              ? "Rename one, or give their common parent folder as the input."
              : "An image's id is its groups' values joined by _: rename one, or let the groups of"
                  + " --pattern match no _.");
    }
  }

  /** The ids of all images, those included that have failed here. */
  public Set<String> ids() {
    Set<String> ids = new HashSet<>(2 * images.size());
    images.forEach(i -> ids.add(i.image()));
    failures.forEach(f -> ids.add(f.image()));
    return ids;
  }

  /**
   * Lists the input. A folder below it that may not be read is a failure, as an image would be.
   *
   * @throws CytolakeException where a path does not exist or no file is an image
   */
  public static Listing of(SourceOptions options, Configuration hadoop) {
    requireNames(options);
    InputFiles input = InputFiles.of(options, hadoop);
    if (input.files().isEmpty()) {
      throw nothing(options, input);
    }
    return of(options, input, true).orElseThrow(() -> noneMatch(options, input.files()));
  }

  /**
   * What lies under an input that grows; empty where no file is an image yet. Images without all of
   * their channels are among the failures.
   *
   * @throws CytolakeException where a path does not exist, or where names tell channels apart and
   *     the options do not say which ones an image has
   */
  public static Optional<Listing> soFar(SourceOptions options, Configuration hadoop) {
    requireNames(options);
    InputFiles input = InputFiles.of(options, hadoop);
    Optional<Listing> listed =
        input.files().isEmpty() ? Optional.empty() : of(options, input, false);
    if (options.channels().isEmpty()
        && listed.filter(l -> !l.channelKeys().isEmpty()).isPresent()) {
      throw new CytolakeException(
          Code.USAGE,
          "Nothing says which channels an image has, so nobody knows when all of them are there.",
          "Name them with channels (--channels), such as "
              + listed.get().channelKeys().get(0)
              + "=first; the files there so far have "
              + String.join(", ", listed.get().channelKeys())
              + ".");
    }
    return listed;
  }

  /** What is wrong with a pattern or layout is said before anything is listed. */
  private static void requireNames(SourceOptions options) {
    options
        .layout()
        .ifPresentOrElse(
            FileLayout::named,
            () -> Optional.ofNullable(options.pattern()).ifPresent(FilePattern::of));
  }

  private static Optional<Listing> of(
      SourceOptions options, InputFiles input, boolean requireChannels) {
    Optional<String> layout = options.layout();
    Optional<FilePattern> pattern =
        layout.isEmpty()
            ? Optional.ofNullable(options.pattern()).map(FilePattern::of)
            : FileLayout.propose(layout.get(), input.files()).map(FileLayout.Proposal::pattern);
    boolean byMetadata =
        layout.filter(FileLayout.AUTO::equals).isPresent() && PlateNames.of(input.files()).any();
    if (layout.isPresent() && pattern.isEmpty() && !byMetadata) {
      return Optional.empty();
    }
    Optional<Listing> images =
        pattern.isEmpty()
            ? ListingByFile.of(input.files())
            : ListingByPattern.of(
                pattern.get(), options.channels(), requireChannels, input.files());
    return images.map(listed -> listed.withoutTwins(unseen(input, listed.groups())));
  }

  /** The same with these of its images alone, and no failures. */
  public Listing with(List<ListedImage> some) {
    return new Listing(groups, channelKeys, some, List.of(), files, ignored);
  }

  /** Images that have the same id become failures, as the folders given are. */
  private Listing withoutTwins(List<Failure> folders) {
    Map<String, String> failedFiles = new HashMap<>();
    failures.forEach(f -> failedFiles.put(f.image(), f.file()));
    List<ListedImage> sorted = new ArrayList<>(images);
    sorted.sort(Comparator.comparing(ListedImage::image));
    List<ListedImage> distinct = new ArrayList<>(sorted.size());
    List<Failure> failed = new ArrayList<>(folders);
    failed.addAll(failures);
    for (int i = 0; i < sorted.size(); i++) {
      ListedImage image = sorted.get(i);
      String twin = failedFiles.get(image.image());
      for (int other : new int[] {i - 1, i + 1}) {
        if (other >= 0
            && other < sorted.size()
            && sorted.get(other).image().equals(image.image())) {
          twin = sorted.get(other).files().get(0).path();
        }
      }
      if (twin == null) {
        distinct.add(image);
      } else {
        failed.add(image.twin(twin, groups.isEmpty()));
      }
    }
    return new Listing(groups, channelKeys, distinct, failed, files, ignored);
  }

  /** What lies there and is not seen. */
  private static List<Failure> unseen(InputFiles input, List<String> groups) {
    List<Failure> failures = new ArrayList<>();
    for (InputFolder folder : input.denied()) {
      failures.add(
          unseen(
              folder.path().substring(folder.start()) + "/",
              folder.path(),
              groups,
              FOLDER_DENIED,
              "The folder " + folder.path() + " may not be read: its images are not seen.",
              "Give the account that runs Cytolake the right to read and enter it, or begin its"
                  + " name with _ to leave it out."));
    }
    for (String path : input.unnamed()) {
      failures.add(
          unseen(
              path.substring(path.lastIndexOf('/') + 1),
              path,
              groups,
              "UNREADABLE_NAME",
              unnamed(path),
              UTF_8));
    }
    return failures;
  }

  private static Failure unseen(
      String image, String path, List<String> groups, String code, String message, String remedy) {
    return new Failure(
        image, Collections.nCopies(groups.size(), ""), path, "list", code, message, remedy);
  }

  private static String unnamed(String path) {
    return "The name of "
        + path
        + " has letters that cannot be read in this locale, where file names are "
        + System.getProperty("sun.jnu.encoding")
        + ": it is not seen.";
  }

  private static CytolakeException nothing(SourceOptions options, InputFiles input) {
    String where = String.join(", ", options.paths());
    List<InputFolder> denied = input.denied();
    if (!input.unnamed().isEmpty()) {
      return new CytolakeException(Code.USAGE, unnamed(input.unnamed().get(0)), UTF_8);
    }
    return denied.isEmpty()
        ? new CytolakeException(
            Code.USAGE, "No files lie under '" + where + "'.", "Check the path of the input.")
        : new CytolakeException(
            Code.USAGE,
            "No files can be seen under '"
                + where
                + "': the folder "
                + denied.get(0).path()
                + " may not be read.",
            "Give the account that runs Cytolake the right to read and enter it.");
  }

  private static CytolakeException noneMatch(SourceOptions options, List<FoundFile> found) {
    String where = String.join(", ", options.paths());
    String example = found.get(0).name();
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
            "Check the path of the input, and that the readers of the format are there"
                + " (the vendors' formats need Bio-Formats' GPL readers).")
        : new CytolakeException(
            Code.USAGE,
            "None of the "
                + found.size()
                + " files under '"
                + where
                + "' matches the "
                + options
                    .layout()
                    .map(layout -> "layout '" + layout)
                    .orElseGet(() -> "pattern '" + options.pattern())
                + "', for example '"
                + example
                + "'.",
            FileLayout.propose(FileLayout.AUTO, found)
                .map(FileLayout.Proposal::advice)
                .orElse(
                    "A pattern must match a file's whole name or its whole path relative to the"
                        + " input; no layout that Cytolake knows fits these names."));
  }
}
