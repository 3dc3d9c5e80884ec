package org.cytolake.store;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.Json;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.OutputLock;
import org.cytolake.output.Together;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/** A run of {@link ParquetTableStore}. */
final class ParquetRun extends StagedRun {
  /** A file of more bytes is not looked at as one of few rows. */
  private static final long SMALL_BYTES = 8L << 20;

  private enum State {
    OPEN,
    COMMITTED, // though perhaps not carried out
    CARRIED_OUT,
    CLOSED
  }

  private Layout layout;
  private final OutputLock lock;
  private final long rowsPerFile;
  private final FileContents contents;
  private TableWriter writer;
  private final Map<Table, Map<String, Long>> before = new EnumMap<>(Table.class); // bytes by name
  private final Map<Table, List<String>> after =
      Collections.synchronizedMap(new EnumMap<>(Table.class));
  private final Map<Table, Small> small = Collections.synchronizedMap(new EnumMap<>(Table.class));
  private State state = State.OPEN;
  private boolean journalled; // or tried to be

  /**
   * Some of the table's files.
   *
   * @param joined those that are written into one
   * @param empty those without rows, which are there so that the table has columns
   */
  private record Small(List<String> joined, List<String> empty) {}

  ParquetRun(
      SparkSession spark,
      OutputFolder output,
      Layout layout,
      OutputLock lock,
      BatchId batch,
      long rowsPerFile) {
    this(
        spark,
        output,
        layout,
        lock,
        batch,
        rowsPerFile,
        null,
        new FileContents(output, spark.sessionState().newHadoopConf()));
  }

  private ParquetRun(ParquetRun last) {
    this(
        last.spark,
        last.output,
        last.layout,
        last.lock,
        last.batch.next(),
        last.rowsPerFile,
        last,
        last.contents);
  }

  private ParquetRun(
      SparkSession spark,
      OutputFolder output,
      Layout layout,
      OutputLock lock,
      BatchId batch,
      long rowsPerFile,
      ParquetRun last,
      FileContents contents) {
    super(spark, output, batch, last);
    this.layout = layout;
    this.lock = lock;
    this.rowsPerFile = rowsPerFile;
    this.contents = contents;
    for (Table table : Table.values()) {
      before.put(table, output.parquetSizes(table.folder()));
      after.put(table, List.copyOf(before.get(table).keySet()));
    }
    this.writer = new TableWriter(spark, output, layout, folder, rowsPerFile, contents);
  }

  /** Tables whose channels get wider types are written again, so that all files have one type. */
  @Override
  public synchronized Layout layout(Layout found) {
    requireOpen();
    Layout before = layout;
    layout = before.widened(found);
    if (layout.equals(before)) {
      return layout;
    }
    writer = new TableWriter(spark, output, layout, folder, rowsPerFile, contents);
    List<Table> wider =
        Arrays.stream(Table.values())
            .filter(table -> !table.schema(layout).equals(table.schema(before)))
            .toList();
    Together.each(List.of(wider), table -> widen(table, table.schema(before)));
    return layout;
  }

  private void widen(Table table, StructType narrow) {
    List<String> files = after.get(table);
    if (files.isEmpty()) {
      return;
    }
    Column[] columns =
        Arrays.stream(table.schema(layout).fields())
            .map(f -> col("`" + f.name() + "`").cast(f.dataType()).as(f.name(), f.metadata()))
            .toArray(Column[]::new);
    Dataset<Row> rows = FileContents.read(writer.session(), output, narrow, files).select(columns);
    List<String> wide = staging(table, () -> writer.files(table, rows));
    after.put(table, wide.isEmpty() ? staging(table, () -> writer.empty(table)) : wide);
  }

  @Override
  TableWriter writer() {
    return writer;
  }

  @Override
  void stageRows(Table table, Dataset<Row> rows, Set<String> images) {
    List<String> current = after.get(table);
    Set<String> joined = joined(table, current);
    after(table, staging(table, () -> writer.replace(table, current, rows, images, joined)));
  }

  @Override
  void stageFiles(Table table, List<String> arriving, Going going) {
    List<String> current = after.get(table);
    Set<String> joined = joined(table, current);
    List<String> files = new ArrayList<>(arriving);
    files.addAll(0, staging(table, () -> writer.without(table, current, going, joined)));
    after(table, files);
  }

  private void after(Table table, List<String> files) {
    List<String> empty = small.get(table).empty;
    List<String> full = files.stream().filter(file -> !empty.contains(file)).toList();
    after.put(table, full.isEmpty() ? files : full);
  }

  /** Of these files those that are written into one: some of those from before the run. */
  private Set<String> joined(Table table, List<String> current) {
    List<String> joined = small.computeIfAbsent(table, t -> small(before.get(t))).joined;
    return joined.stream().filter(current::contains).collect(Collectors.toSet());
  }

  private Small small(Map<String, Long> files) {
    Map<String, Long> rows = new ConcurrentHashMap<>();
    List<String> few = files.keySet().stream().filter(f -> files.get(f) < SMALL_BYTES).toList();
    Together.each(List.of(few), file -> rows.put(file, contents.rows(file)));
    return new Small(
        SmallFiles.joined(rows, rowsPerFile), few.stream().filter(f -> rows.get(f) == 0).toList());
  }

  @Override
  Set<String> present(Set<String> images) {
    Set<String> present = ConcurrentHashMap.newKeySet();
    Together.each(
        List.of(after.get(Table.IMAGES)), file -> present.addAll(contents.present(file, images)));
    return present;
  }

  @Override
  public synchronized Dataset<Row> read(Table table) {
    requireOpen();
    return writer.read(spark, table, after.get(table));
  }

  @Override
  public synchronized void commit(Map<String, String> manifest, CommitSteps told) {
    requireOpen();
    for (Table table : Table.values()) {
      if (after.get(table).isEmpty()) {
        after.put(table, staging(table, () -> writer.empty(table)));
      }
    }
    Journal journal = new Journal(id, steps(manifest));
    lock.requireHeld();
    try {
      journalled = true;
      journal.write(
          output,
          () -> {
            lock.requireHeld();
            told.done(0, journal.steps().size());
          });
      state = State.COMMITTED;
      journal.carryOut(output, told);
      state = State.CARRIED_OUT;
    } catch (CytolakeException e) {
      throw isJournalled() ? halfWay(e) : e;
    }
    journal.steps().stream()
        .filter(step -> step.to() != null)
        .forEach(step -> contents.renamed(step.from(), step.to()));
    tidy();
  }

  @Override
  public synchronized Run next() {
    if (state != State.CARRIED_OUT) {
      throw new IllegalStateException("run " + id + " is not committed");
    }
    ParquetRun next = new ParquetRun(this);
    state = State.CLOSED; // the lock is the next one's
    return next;
  }

  /**
   * In the order that a plain reader notices least: of each table the new files arrive before the
   * old ones go, so that rows may be seen twice but never be missing, and the table of images,
   * which says what is complete, comes last.
   */
  private List<Journal.Step> steps(Map<String, String> facts) {
    List<Journal.Step> steps = new ArrayList<>();
    if (!LayoutFile.read(output).map(LayoutFile::layout).equals(Optional.of(layout))) {
      steps.add(
          staged(
              "layout.json",
              LayoutFile.FILE,
              Json.write(LayoutFile.of(layout, LayoutFile.PARQUET, ""))));
    }
    List<Journal.Step> goingBeside = new ArrayList<>();
    for (Journal.Step file : beside.values()) {
      for (Journal.Step step : file.singly(output)) {
        (step.to() == null ? goingBeside : steps).add(step);
      }
    }
    steps.addAll(goingBeside);
    Map<String, List<String>> added = new TreeMap<>();
    Map<String, List<String>> removed = new TreeMap<>();
    List<Table> tables = new ArrayList<>(List.of(Table.values()));
    tables.remove(Table.IMAGES);
    tables.add(Table.IMAGES);
    for (Table table : tables) {
      List<String> names = new ArrayList<>();
      for (String file : after.get(table)) {
        if (!before.get(table).containsKey(file)) {
          String name = "%s/part-%s-%05d.zstd.parquet".formatted(table.folder(), id, names.size());
          steps.add(new Journal.Step(file, name));
          names.add(name);
        }
      }
      List<String> gone =
          before.get(table).keySet().stream().filter(f -> !after.get(table).contains(f)).toList();
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
    if (state != State.OPEN) {
      return true;
    }
    try {
      return Journal.exists(output, id);
    } catch (CytolakeException e) {
      return true;
    }
  }

  private void tidy() {
    tidy(
        () -> {
          if (journalled && state == State.OPEN) {
            Journal.giveUp(output, id);
          } else {
            output.delete(folder);
          }
        });
  }

  @Override
  void requireOpen() {
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
