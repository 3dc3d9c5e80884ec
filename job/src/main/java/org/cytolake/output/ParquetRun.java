package org.cytolake.output;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run of {@link ParquetTableStore}. */
final class ParquetRun implements Run {
  private static final Logger LOG = LoggerFactory.getLogger(ParquetRun.class);

  private enum State {
    OPEN,
    COMMITTED,
    CLOSED
  }

  /**
   * The manifest as JSON.
   *
   * @param run the run's id
   * @param began when
   * @param committed when
   * @param added files that the run added, by table
   * @param removed files that it removed, by table
   * @param facts what the caller wants kept
   */
  private record Manifest(
      String run,
      String began,
      String committed,
      Map<String, List<String>> added,
      Map<String, List<String>> removed,
      Map<String, String> facts) {}

  private final SparkSession spark;
  private final OutputFolder output;
  private final Layout layout;
  private final OutputLock lock;
  private final String id;
  private final String folder;
  private final String began = now();
  private final TableWriter writer;
  private final Map<Table, List<String>> before = new EnumMap<>(Table.class);
  private final Map<Table, List<String>> after = new EnumMap<>(Table.class);
  private final Map<String, Journal.Step> files = new TreeMap<>(); // by name
  private State state = State.OPEN;
  private boolean journalled; // or tried to be

  ParquetRun(
      SparkSession spark,
      OutputFolder output,
      Layout layout,
      OutputLock lock,
      String id,
      long rowsPerFile) {
    this.spark = spark;
    this.output = output;
    this.layout = layout;
    this.lock = lock;
    this.id = id;
    this.folder = Journal.folder(id);
    output.createFolder(folder + "/scratch");
    for (Table table : Table.values()) {
      before.put(table, output.parquetFiles(table.folder()));
    }
    after.putAll(before);
    this.writer = new TableWriter(spark, output, layout, folder, rowsPerFile);
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String scratch() {
    return output.path(folder + "/scratch").toString();
  }

  @Override
  public synchronized void replace(Table table, Dataset<Row> rows, Collection<String> images) {
    requireOpen();
    Set<String> distinct = Set.copyOf(images);
    stage(table, () -> writer.replace(table, after.get(table), rows, distinct));
  }

  private void stage(Table table, Callable<List<String>> files) {
    try {
      after.put(table, files.call());
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      if (e.getClass() == IllegalArgumentException.class) {
        throw (IllegalArgumentException) e; // the caller's mistake
      }
      throw Failures.failed(
          "Table " + table.folder() + " could not be written to " + output,
          "The tables are as they were before; run the same command again.",
          e);
    }
  }

  @Override
  public synchronized void replaceFile(String name, String staged) {
    requireOpen();
    String top = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
    boolean reserved =
        top.startsWith("_")
            || top.equals(LayoutFile.FILE)
            || Arrays.stream(Table.values()).anyMatch(table -> table.folder().equals(top));
    if (reserved) {
      throw new IllegalArgumentException("no file of its own can be " + name);
    }
    String from = folder + "/scratch/";
    if (staged != null) {
      String root = output.path(from).toUri().getPath() + "/";
      String path = new Path(staged).toUri().getPath();
      if (!path.startsWith(root)) {
        throw new IllegalArgumentException(staged + " is not in the scratch folder " + scratch());
      }
      from += path.substring(root.length());
    }
    Journal.Step step =
        staged == null ? new Journal.Step(name, null) : new Journal.Step(from, name);
    files.put(name, step);
  }

  @Override
  public synchronized Dataset<Row> read(Table table) {
    requireOpen();
    return writer.read(spark, table, after.get(table));
  }

  @Override
  public synchronized void commit(Map<String, String> manifest) {
    requireOpen();
    for (Table table : Table.values()) {
      if (after.get(table).isEmpty()) {
        stage(table, () -> writer.empty(table));
      }
    }
    Journal journal = new Journal(id, steps(manifest));
    lock.requireHeld();
    try {
      journalled = true;
      journal.write(output);
      state = State.COMMITTED;
      journal.carryOut(output);
    } catch (CytolakeException e) {
      throw isJournalled() ? halfWay(e) : e;
    }
    tidy();
  }

  /**
   * In the order that a plain reader notices least: of each table the new files arrive before the
   * old ones go, so that rows may be seen twice but never be missing, and the table of images,
   * which says what is complete, comes last.
   */
  private List<Journal.Step> steps(Map<String, String> facts) {
    List<Journal.Step> steps = new ArrayList<>();
    if (!output.exists(LayoutFile.FILE)) {
      steps.add(staged("layout.json", LayoutFile.FILE, Json.write(LayoutFile.of(layout))));
    }
    for (Journal.Step file : files.values()) {
      steps.addAll(output.isObjectStore() && file.to() != null ? singly(file) : List.of(file));
    }
    Map<String, List<String>> added = new TreeMap<>();
    Map<String, List<String>> removed = new TreeMap<>();
    List<Table> tables = new ArrayList<>(List.of(Table.values()));
    tables.remove(Table.IMAGES);
    tables.add(Table.IMAGES);
    for (Table table : tables) {
      List<String> names = new ArrayList<>();
      for (String file : after.get(table)) {
        if (!before.get(table).contains(file)) {
          String name = "%s/part-%s-%05d.zstd.parquet".formatted(table.folder(), id, names.size());
          steps.add(new Journal.Step(file, name));
          names.add(name);
        }
      }
      List<String> gone =
          before.get(table).stream().filter(f -> !after.get(table).contains(f)).toList();
      gone.forEach(file -> steps.add(new Journal.Step(file, null)));
      added.put(table.folder(), names);
      removed.put(table.folder(), gone);
    }
    Manifest manifest = new Manifest(id, began, now(), added, removed, new TreeMap<>(facts));
    steps.add(staged("manifest.json", Journal.manifest(id), Json.write(manifest)));
    return steps;
  }

  /**
   * Where moving a folder is no single step: those of its files. What is in the place already and
   * does not come again goes.
   */
  private List<Journal.Step> singly(Journal.Step move) {
    List<String> inside = output.filesBelow(move.from());
    if (inside.isEmpty()) {
      return List.of(move); // a file
    }
    List<Journal.Step> steps = new ArrayList<>();
    inside.forEach(
        name -> steps.add(new Journal.Step(move.from() + "/" + name, move.to() + "/" + name)));
    List<String> old = new ArrayList<>(output.filesBelow(move.to()));
    old.removeAll(inside);
    old.forEach(name -> steps.add(new Journal.Step(move.to() + "/" + name, null)));
    return steps;
  }

  private Journal.Step staged(String name, String to, String text) {
    output.write(folder + "/" + name, text);
    return new Journal.Step(folder + "/" + name, to);
  }

  private CytolakeException halfWay(CytolakeException e) {
    return new CytolakeException(
        Code.FAILED,
        "Run " + id + " is committed, but its files are not all in place: " + e.getMessage(),
        "The next run on " + output + " finishes that first; until then rows may appear twice.",
        e);
  }

  /** Where it cannot be told, the journal counts as written: the next run looks again. */
  private boolean isJournalled() {
    if (state == State.COMMITTED) {
      return true;
    }
    try {
      return Journal.exists(output, id);
    } catch (CytolakeException e) {
      return true;
    }
  }

  private void tidy() {
    try {
      if (journalled && state != State.COMMITTED) {
        Journal.giveUp(output, id);
      } else {
        output.delete(folder);
      }
    } catch (CytolakeException e) {
      LOG.warn("Left for the next run to remove: {}", e.getMessage());
    }
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException("run " + id + " has ended");
    }
  }

  @Override
  public synchronized void close() {
    if (state == State.CLOSED) {
      return;
    }
    try {
      if (!isJournalled()) {
        tidy();
      }
    } finally {
      state = State.CLOSED;
      lock.close();
    }
  }
}
