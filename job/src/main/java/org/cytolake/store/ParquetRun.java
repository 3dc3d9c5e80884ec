package org.cytolake.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
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

  private final SparkSession spark;
  private final OutputFolder output;
  private final Layout layout;
  private final OutputLock lock;
  private final String id;
  private final String folder;
  private final String began = Manifest.now();
  private final TableWriter writer;
  private final Map<Table, List<String>> before = new EnumMap<>(Table.class);
  private final Map<Table, List<String>> after =
      Collections.synchronizedMap(new EnumMap<>(Table.class));
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

  @Override
  public String id() {
    return id;
  }

  @Override
  public Layout layout(Layout found) {
    return layout;
  }

  @Override
  public String scratch() {
    return output.path(folder + "/scratch").toString();
  }

  @Override
  public synchronized void replace(
      Map<Table, Dataset<Row>> rows, Collection<String> images, Runnable staged) {
    requireOpen();
    Set<String> distinct = Set.copyOf(images);
    Together.each(
        List.of(List.copyOf(rows.keySet())),
        table -> {
          stage(table, () -> writer.replace(table, after.get(table), rows.get(table), distinct));
          staged.run();
        });
  }

  private void stage(Table table, Callable<List<String>> files) {
    after.put(table, TableWriter.staged(table, output, files));
  }

  @Override
  public synchronized void replaceFile(String name, String staged) {
    requireOpen();
    files.put(name, Journal.Step.ofFile(output, folder + "/scratch/", name, staged));
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
      steps.add(
          staged(
              "layout.json",
              LayoutFile.FILE,
              Json.write(LayoutFile.of(layout, LayoutFile.PARQUET, ""))));
    }
    for (Journal.Step file : files.values()) {
      steps.addAll(file.singly(output));
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
    Manifest manifest = Manifest.ofFiles(id, began, added, removed, facts);
    steps.add(staged("manifest.json", Manifest.name(id), Json.write(manifest)));
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
