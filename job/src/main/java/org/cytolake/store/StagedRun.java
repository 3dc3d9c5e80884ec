package org.cytolake.store;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.StoreErrors;
import org.cytolake.output.Together;
import org.cytolake.tables.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs have in common: a staging folder, and in it files of the tables and beside them. */
abstract class StagedRun implements Run {
  private static final Logger LOG = LoggerFactory.getLogger(StagedRun.class);

  final SparkSession spark;
  final OutputFolder output;
  final BatchId batch;
  final String id;
  final String folder;
  final String began = Manifest.now();

  /** What is staged beside the tables, by name. */
  final Map<String, Journal.Step> beside = new TreeMap<>();

  /** Tables whose rows without an image are this command's: those of earlier ones go. */
  private final Set<Table> ownWithoutImage;

  /**
   * @param before the batch before this one; null if it is the first
   */
  StagedRun(SparkSession spark, OutputFolder output, BatchId batch, StagedRun before) {
    this.spark = spark;
    this.output = output;
    this.batch = batch;
    this.id = batch.toString();
    this.folder = Journal.folder(id);
    this.ownWithoutImage = before == null ? EnumSet.noneOf(Table.class) : before.ownWithoutImage;
    output.createFolder(folder + "/scratch");
  }

  /** Writes the rows. */
  abstract TableWriter writer();

  abstract void requireOpen();

  /** Stages rows of one table, on any thread. */
  abstract void stageRows(Table table, Dataset<Row> rows, Set<String> images);

  /**
   * Stages files of one table, on any thread.
   *
   * @param arriving may be empty
   * @param going what rows go
   */
  abstract void stageFiles(Table table, List<String> arriving, Going going);

  /** Those of the images that tables may have rows of. */
  abstract Set<String> present(Set<String> images);

  @Override
  public String id() {
    return id;
  }

  @Override
  public String scratch() {
    return output.path(folder + "/scratch").toString();
  }

  @Override
  public synchronized void replace(Map<Table, Dataset<Row>> rows, Collection<String> images) {
    requireOpen();
    Set<String> distinct = Set.copyOf(images);
    Together.each(
        List.of(List.copyOf(rows.keySet())), table -> stageRows(table, rows.get(table), distinct));
    ownWithoutImage.addAll(rows.keySet());
  }

  @Override
  public synchronized TableFiles files() {
    requireOpen();
    return writer().files(folder + "/files");
  }

  @Override
  public synchronized void stage(Collection<StagedFile> files, Set<String> images) {
    requireOpen();
    Map<Table, List<String>> arriving = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      arriving.put(
          table,
          files.stream()
              .filter(file -> file.table() == table)
              .map(StagedFile::name)
              .sorted() // by share
              .toList());
    }
    files.forEach(file -> requireOnly(file, images));
    Set<String> present = present(images);
    Together.each(
        List.of(List.of(Table.values())),
        table -> {
          boolean first = table.mayLackImage() && !ownWithoutImage.contains(table);
          stageFiles(table, arriving.get(table), new Going(present, first));
        });
    ownWithoutImage.addAll(List.of(Table.values()));
  }

  @Override
  public synchronized void stage(Table table, Collection<StagedFile> files, Set<String> images) {
    requireOpen();
    files.forEach(file -> requireOnly(file, images));
    stageFiles(
        table,
        files.stream().map(StagedFile::name).sorted().toList(), // by share
        new Going(present(images), false));
  }

  private void requireOnly(StagedFile file, Set<String> images) {
    if (!file.name().startsWith(folder + "/")) {
      throw new IllegalArgumentException(file.name() + " is of another run than " + id);
    }
    if (file.first() == null) {
      return;
    }
    for (String image : List.of(file.first(), file.last())) {
      if (!images.contains(image)) {
        throw new IllegalArgumentException(
            "rows for table "
                + file.table().folder()
                + " are of images that are not to be replaced, such as "
                + image);
      }
    }
  }

  @Override
  public synchronized void replaceFile(String name, String staged) {
    requireOpen();
    beside.put(name, Journal.Step.ofFile(output, folder + "/scratch/", name, staged));
  }

  /**
   * Does the staging of a table.
   *
   * @throws IllegalArgumentException as staging does: the caller's mistake
   * @throws org.cytolake.config.CytolakeException FAILED for anything else
   */
  final <T> T staging(Table table, Callable<T> deed) {
    try {
      return deed.call();
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      if (e.getClass() == IllegalArgumentException.class) {
        throw (IllegalArgumentException) e;
      }
      throw StoreErrors.failed(
          "Table " + table.folder() + " could not be written to " + output,
          "The tables are as they were before; run the same command again.",
          e);
    }
  }

  /** Removes the staging folder, or leaves it to a later run. */
  final void tidy(Runnable removal) {
    try {
      removal.run();
    } catch (org.cytolake.config.CytolakeException e) {
      LOG.warn("Left for the next run to remove: {}", e.getMessage());
    }
  }

  /**
   * Rows that go from a table.
   *
   * @param images those of these images
   * @param withoutImage and those without an image
   */
  record Going(Set<String> images, boolean withoutImage) {
    Going {
      images = Set.copyOf(images);
    }

    Going and(Going other) {
      Set<String> all = new HashSet<>(images);
      all.addAll(other.images);
      return new Going(all, withoutImage || other.withoutImage);
    }

    boolean isNothing() {
      return images.isEmpty() && !withoutImage;
    }
  }
}
