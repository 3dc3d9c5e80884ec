package org.cytolake.planes;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.cytolake.clusters.ModelName;
import org.cytolake.field.Failure;
import org.cytolake.illumination.ShareSums;
import org.cytolake.store.StagedFile;

/** What a task tells the driver of its share of the images. Not thread-safe. */
public final class ShareResult implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Files of the tables' rows. */
  public final List<StagedFile> files = new ArrayList<>();

  /** Ids of the images that are complete. */
  public final List<String> complete = new ArrayList<>();

  /** Why the others failed. */
  public final List<Failure> failures = new ArrayList<>();

  /** Of those, images that have rows in the files, which must go. */
  public final Set<String> begun = new TreeSet<>();

  /** Files beside the tables, by their names relative to the output. */
  public final Set<String> images = new TreeSet<>();

  /** Planes of the complete images with a warning, by its code. */
  public final Map<String, Integer> warnings = new TreeMap<>();

  /** Complete images by the model that was selected: method and k. */
  public final Map<ModelName, Integer> selected = new TreeMap<>();

  /** What was drawn of planes, rows of the report. */
  public final List<Row> rendered = new ArrayList<>();

  /** Files of sums for illumination functions. */
  public final List<ShareSums.Written> sums = new ArrayList<>();

  public final StepTimes times = new StepTimes();
  public long pixels;
  public long nuclei;
  public long cells;

  /** Adds another's. */
  public void add(ShareResult other) {
    files.addAll(other.files);
    complete.addAll(other.complete);
    failures.addAll(other.failures);
    begun.addAll(other.begun);
    images.addAll(other.images);
    rendered.addAll(other.rendered);
    sums.addAll(other.sums);
    other.warnings.forEach((code, n) -> warnings.merge(code, n, Integer::sum));
    other.selected.forEach((model, n) -> selected.merge(model, n, Integer::sum));
    times.add(other.times);
    pixels += other.pixels;
    nuclei += other.nuclei;
    cells += other.cells;
  }
}
