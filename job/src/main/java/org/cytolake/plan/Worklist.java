package org.cytolake.plan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.MissingFiles;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.ImageFile;

/**
 * Which images of the input must be processed: new ones, changed ones and those that failed before;
 * and which images of the tables are not in the input any more. Tables after any sequence of runs
 * are those of one run over the input as it is, so an image is processed again, too, where another
 * one that came or went gives it another id.
 *
 * @param todo to be processed
 * @param suspects listed images that need not be, unless a series of one of {@link #todo} turns out
 *     to have their id
 * @param reasons why, by image
 * @param unchanged number of those that need not
 * @param outdated ids of the images in the tables that those to be processed replace, by the id
 *     under which these were listed
 * @param known ids of all images in the tables
 * @param withoutFiles those of them that failed before a file was found: this run's failures take
 *     their place
 * @param missing those of them whose files the input has no longer
 */
public record Worklist(
    List<Listing.ListedImage> todo,
    List<Listing.ListedImage> suspects,
    Map<String, RunPlan.Reason> reasons,
    int unchanged,
    Map<String, Set<String>> outdated,
    Set<String> known,
    Set<String> withoutFiles,
    Set<String> missing) {
  private static final Pattern NUMBERED = Pattern.compile("(.+)_[1-9][0-9]*", Pattern.DOTALL);

  /** So many files of other inputs are looked for, which is a request each in a store. */
  private static final int LOOKED_FOR = 1000;

  public Worklist {
    todo = List.copyOf(todo);
    suspects = List.copyOf(suspects);
    reasons = Map.copyOf(reasons);
    outdated = Map.copyOf(outdated);
  }

  /** Ids of the images in the tables that a listed image replaces. */
  public Set<String> outdated(String listed) {
    return outdated.getOrDefault(listed, Set.of());
  }

  /** Whether the tables have an image of that id. */
  public boolean isKnown(String image) {
    return known.contains(image);
  }

  /** What goes from the tables without anything in its place. */
  public Set<String> going() {
    Set<String> going = new HashSet<>(withoutFiles);
    going.addAll(missing);
    return going;
  }

  /** The same with those of the suspects to be processed too, whose id another image has. */
  public Worklist with(List<Listing.ListedImage> twins) {
    List<Listing.ListedImage> all = new ArrayList<>(todo);
    all.addAll(twins);
    Map<String, RunPlan.Reason> why = new HashMap<>(reasons);
    twins.forEach(image -> why.put(image.image(), RunPlan.Reason.NAME_CHANGED));
    return new Worklist(
        all, List.of(), why, unchanged - twins.size(), outdated, known, withoutFiles, missing);
  }

  /** What the tables say of the image that a file belongs to. */
  private static final class Known {
    final Map<String, Integer> series = new HashMap<>(); // by id
    final Set<String> fingerprints = new HashSet<>();
    boolean complete = true;
    boolean excluded;
    Set<ImageFile> files = Set.of();

    /** Whether its ids are those that it would have now, and no other image has one of them. */
    boolean isNamed(Listing.ListedImage image, Set<String> ids) {
      return series.entrySet().stream()
          .allMatch(
              of ->
                  of.getKey().equals(image.id(of.getValue()))
                      && (of.getValue() == 0 || !ids.contains(of.getKey())));
    }
  }

  /**
   * Compares the input with the table {@code images}.
   *
   * @param force whether everything is processed again
   * @param keepMissing whether complete images stay in the tables when their files have gone
   * @throws CytolakeException (USAGE) where the tables hold an image of an id that is one of the
   *     input's, of a file under another input
   */
  public static Worklist of(
      Listing listing,
      Optional<Dataset<Row>> images,
      Fingerprint fingerprint,
      boolean force,
      boolean keepMissing,
      MissingFiles files) {
    Map<String, Known> byFile = images.map(Worklist::known).orElse(Map.of());
    List<Listing.ListedImage> todo = new ArrayList<>();
    List<Listing.ListedImage> unchanged = new ArrayList<>();
    Map<String, RunPlan.Reason> reasons = new HashMap<>();
    Map<String, Set<String>> outdated = new HashMap<>();
    Set<String> known = new HashSet<>();
    byFile.values().forEach(k -> known.addAll(k.series.keySet()));
    Set<String> withoutFiles = images.map(Worklist::withoutFiles).orElse(Set.of());
    known.addAll(withoutFiles);
    Set<String> ids = listing.ids();
    for (Listing.ListedImage image : listing.images()) {
      Known of = byFile.get(image.files().get(0).path());
      boolean same =
          of != null
              && of.fingerprints.equals(Set.of(fingerprint.of(image.files(), image.groups())));
      boolean named = of != null && of.isNamed(image, ids);
      if (!force && same && named && of.complete) {
        unchanged.add(image);
        continue;
      }
      todo.add(image);
      reasons.put(image.image(), reason(of, same, named, image.files()));
      for (ImageFile file : image.files()) {
        Known before = byFile.get(file.path());
        if (before != null) {
          outdated
              .computeIfAbsent(image.image(), i -> new HashSet<>())
              .addAll(before.series.keySet());
        }
      }
    }
    requireOneInput(listing, todo, byFile, files);
    return new Worklist(
        todo,
        suspects(todo, unchanged),
        reasons,
        unchanged.size(),
        outdated,
        known,
        withoutFiles,
        missing(listing, byFile, keepMissing, files));
  }

  private static RunPlan.Reason reason(
      Known known, boolean same, boolean named, List<ImageFile> files) {
    if (known == null) {
      return RunPlan.Reason.NEW;
    }
    if (!known.files.equals(Set.copyOf(files))) {
      return RunPlan.Reason.FILES_CHANGED;
    }
    if (!same) {
      return RunPlan.Reason.SETTINGS_CHANGED;
    }
    if (!known.complete) {
      return known.excluded ? RunPlan.Reason.EXCLUDED_BEFORE : RunPlan.Reason.FAILED_BEFORE;
    }
    return named ? RunPlan.Reason.FORCED : RunPlan.Reason.NAME_CHANGED;
  }

  private static List<Listing.ListedImage> suspects(
      List<Listing.ListedImage> todo, List<Listing.ListedImage> unchanged) {
    Set<String> ids = new HashSet<>(2 * todo.size());
    todo.forEach(image -> ids.add(image.image()));
    return unchanged.stream()
        .filter(
            image -> {
              Matcher numbered = NUMBERED.matcher(image.image());
              return numbered.matches() && ids.contains(numbered.group(1));
            })
        .toList();
  }

  private static Set<String> missing(
      Listing listing, Map<String, Known> byFile, boolean keepComplete, MissingFiles files) {
    Set<String> listed = new HashSet<>();
    listing.images().forEach(image -> image.files().forEach(file -> listed.add(file.path())));
    Set<String> missing = new HashSet<>();
    for (Map.Entry<String, Known> entry : byFile.entrySet()) {
      Known known = entry.getValue();
      if (!listed.contains(entry.getKey())
          && !(keepComplete && known.complete)
          && known.files.stream()
              .allMatch(file -> !listed.contains(file.path()) && files.isMissing(file.path()))) {
        missing.addAll(known.series.keySet());
      }
    }
    return missing;
  }

  /** Two inputs may have files of one name below them; their images would have one id. */
  private static void requireOneInput(
      Listing listing,
      List<Listing.ListedImage> todo,
      Map<String, Known> byFile,
      MissingFiles files) {
    Map<String, String> owners = new HashMap<>(); // of ids in the tables, a file of each
    byFile.forEach((file, known) -> known.series.keySet().forEach(id -> owners.put(id, file)));
    Set<String> listed = new HashSet<>();
    listing.images().forEach(image -> image.files().forEach(file -> listed.add(file.path())));
    int lookedFor = 0;
    for (Listing.ListedImage image : todo) {
      String owner = owners.get(image.image());
      if (owner == null || listed.contains(owner) || files.covers(owner)) {
        continue;
      }
      if (!files.isGone(owner)) {
        throw new CytolakeException(
            Code.USAGE,
            "The tables have an image "
                + image.image()
                + " already, of "
                + owner
                + ", which is no file of this input; "
                + image.files().get(0).path()
                + " would be the same image.",
            "Give their common parent folder as the input, or use another --output.");
      }
      if (++lookedFor == LOOKED_FOR) {
        return;
      }
    }
  }

  private static Set<String> withoutFiles(Dataset<Row> images) {
    Set<String> ids = new HashSet<>();
    images
        .where(size(col("files")).equalTo(0))
        .select("image")
        .collectAsList()
        .forEach(row -> ids.add(row.getString(0)));
    return ids;
  }

  private static Map<String, Known> known(Dataset<Row> images) {
    Map<String, Known> byFile = new HashMap<>();
    Iterator<Row> rows =
        images
            .select(col("image"), col("files"), col("fingerprint"), col("status"), col("series"))
            .toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      Set<ImageFile> files = files(row.getList(1));
      for (ImageFile file : files) {
        Known known = byFile.computeIfAbsent(file.path(), p -> new Known());
        known.files = files;
        known.series.put(row.getString(0), row.getInt(4));
        known.fingerprints.add(row.getString(2));
        known.complete &= "ok".equals(row.getString(3));
        known.excluded |= "excluded".equals(row.getString(3));
      }
    }
    return byFile;
  }

  private static Set<ImageFile> files(List<Row> rows) {
    Set<ImageFile> files = new HashSet<>();
    for (Row file : rows) {
      files.add(new ImageFile(file.getString(0), file.getLong(1), file.getTimestamp(2).getTime()));
    }
    return files;
  }
}
