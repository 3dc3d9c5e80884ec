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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.catalog.Listing;
import org.cytolake.field.ImageFile;

/**
 * Which images of the input must be processed: new ones, changed ones and those that failed before.
 *
 * @param todo to be processed
 * @param reasons why, by image
 * @param unchanged number of those that need not
 * @param outdated ids of the images in the tables that those to be processed replace, by the id
 *     under which these were listed
 * @param known ids of all images in the tables
 * @param withoutFiles those of them that failed before a file was found: this run's failures take
 *     their place
 * @param outdatedComplete whether one of those was complete, so that the data set changes
 */
public record Worklist(
    List<Listing.ListedImage> todo,
    Map<String, RunPlan.Reason> reasons,
    int unchanged,
    Map<String, Set<String>> outdated,
    Set<String> known,
    Set<String> withoutFiles,
    boolean outdatedComplete) {
  public Worklist {
    todo = List.copyOf(todo);
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

  private static final class Known {
    final Set<String> images = new HashSet<>();
    final Set<String> fingerprints = new HashSet<>();
    boolean complete = true;
    Set<ImageFile> files = Set.of();
  }

  /**
   * Compares the input with the table {@code images}.
   *
   * @param force whether everything is processed again
   */
  public static Worklist of(
      Listing listing, Optional<Dataset<Row>> images, Fingerprint fingerprint, boolean force) {
    Map<String, Known> byFile = images.map(Worklist::known).orElse(Map.of());
    List<Listing.ListedImage> todo = new ArrayList<>();
    Map<String, RunPlan.Reason> reasons = new HashMap<>();
    Map<String, Set<String>> outdated = new HashMap<>();
    Set<String> known = new HashSet<>();
    byFile.values().forEach(k -> known.addAll(k.images));
    Set<String> withoutFiles = images.map(Worklist::withoutFiles).orElse(Set.of());
    known.addAll(withoutFiles);
    boolean complete = false;
    int unchanged = 0;
    for (Listing.ListedImage image : listing.images()) {
      Known of = byFile.get(image.files().get(0).path());
      boolean same = of != null && of.fingerprints.equals(Set.of(fingerprint.of(image.files())));
      if (!force && same && of.complete) {
        unchanged++;
        continue;
      }
      todo.add(image);
      reasons.put(image.image(), reason(of, same, image.files()));
      for (ImageFile file : image.files()) {
        Known before = byFile.get(file.path());
        if (before != null) {
          outdated.computeIfAbsent(image.image(), i -> new HashSet<>()).addAll(before.images);
          complete |= before.complete;
        }
      }
    }
    return new Worklist(todo, reasons, unchanged, outdated, known, withoutFiles, complete);
  }

  private static RunPlan.Reason reason(Known known, boolean same, List<ImageFile> files) {
    if (known == null) {
      return RunPlan.Reason.NEW;
    }
    if (!known.files.equals(Set.copyOf(files))) {
      return RunPlan.Reason.FILES_CHANGED;
    }
    if (!same) {
      return RunPlan.Reason.SETTINGS_CHANGED;
    }
    return known.complete ? RunPlan.Reason.FORCED : RunPlan.Reason.FAILED_BEFORE;
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
            .select(col("image"), col("files"), col("fingerprint"), col("status"))
            .toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      Set<ImageFile> files = files(row.getList(1));
      for (ImageFile file : files) {
        Known known = byFile.computeIfAbsent(file.path(), p -> new Known());
        known.files = files;
        known.images.add(row.getString(0));
        known.fingerprints.add(row.getString(2));
        known.complete &= "ok".equals(row.getString(3));
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
