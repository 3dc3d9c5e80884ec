package org.cytolake.store;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.Json;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.OutputLock;
import org.cytolake.output.StoreErrors;
import org.cytolake.output.Together;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of {@link IcebergTableStore}. Rows are staged as Parquet files in the output folder; the
 * commit appends them to the tables or, where rows go, merges them, one snapshot a table, which
 * names the run.
 */
final class IcebergRun extends StagedRun {
  private static final Logger LOG = LoggerFactory.getLogger(IcebergRun.class);
  private static final String PROPERTY = "spark.sql.iceberg.snapshot-property.cytolake.";

  /** Facts that every snapshot names; the run's manifest has all. */
  private static final List<String> NAMED = List.of("version", "configuration");

  /** Column of the staged rows: whether one only marks an image whose rows go. */
  private static final String GOES = "_goes";

  /** And what is joined with the image of the table's rows. */
  private static final String KEY = "_key";

  private static final int KEYS = 1024;

  /** With more images than that, files are chosen by the first and the last of them. */
  static final int LISTED = 200;

  private static final int ATTEMPTS = 30;
  static final long LONGEST_PAUSE_MILLIS = 3000;

  private final OutputLock alive;
  private final String setting;
  private final IcebergTables tables;
  private final IcebergTableStore store;
  private final Map<Table, List<String>> staged =
      Collections.synchronizedMap(new EnumMap<>(Table.class));
  private final Map<Table, Going> going = Collections.synchronizedMap(new EnumMap<>(Table.class));
  private Layout layout;
  private TableWriter writer;
  private State state = State.OPEN;

  private enum State {
    OPEN,
    COMMITTED,
    CLOSED
  }

  IcebergRun(
      SparkSession spark,
      OutputFolder output,
      String setting,
      IcebergTables tables,
      IcebergTableStore store,
      BatchId batch,
      OutputLock alive) {
    super(spark, output, batch, null);
    this.alive = alive;
    this.setting = setting;
    this.tables = tables;
    this.store = store;
    use(store.layout());
  }

  private IcebergRun(IcebergRun last) {
    super(last.spark, last.output, last.batch.next(), last);
    this.alive = last.alive;
    this.setting = last.setting;
    this.tables = last.tables;
    this.store = last.store;
    use(last.layout);
  }

  private void use(Layout wanted) {
    layout = wanted;
    FileContents contents = new FileContents(output, spark.sessionState().newHadoopConf());
    writer =
        new TableWriter(spark, output, wanted, folder, ParquetTableStore.ROWS_PER_FILE, contents);
    tables.register(writer.session());
  }

  @Override
  public synchronized Layout layout(Layout found) {
    requireOpen();
    if (!staged.isEmpty()) {
      throw new IllegalStateException("rows of another layout are staged already");
    }
    use(store.fitting(found));
    return layout;
  }

  @Override
  TableWriter writer() {
    return writer;
  }

  @Override
  void stageRows(Table table, Dataset<Row> rows, Set<String> images) {
    List<String> before = staged.getOrDefault(table, List.of());
    staged.put(table, staging(table, () -> writer.replace(table, before, rows, images, Set.of())));
    goes(table, new Going(images, table.mayLackImage()));
  }

  @Override
  void stageFiles(Table table, List<String> arriving, Going going) {
    List<String> before = staged.getOrDefault(table, List.of());
    List<String> files = new ArrayList<>(arriving);
    files.addAll(0, staging(table, () -> writer.without(table, before, going, Set.of())));
    staged.put(table, files);
    goes(table, going);
  }

  private void goes(Table table, Going more) {
    going.merge(table, more, Going::and);
  }

  /** Any of them: a run that was killed between two tables may have left rows in one. */
  @Override
  Set<String> present(Set<String> images) {
    return images;
  }

  @Override
  public synchronized Dataset<Row> read(Table table) {
    requireOpen();
    StructType schema = table.schema(layout);
    Dataset<Row> mine = writer.read(spark, table, staged.getOrDefault(table, List.of()));
    if (!tables.exists(spark, table)) {
      return mine;
    }
    Dataset<Row> before = tables.rows(spark, table, schema);
    if (!staged.containsKey(table)) {
      return before;
    }
    Dataset<Row> kept =
        before.join(
            marks(spark, table).withColumnRenamed("image", "replaced"),
            col("image").eqNullSafe(col("replaced")),
            "left_anti");
    return kept.union(mine);
  }

  /** The images whose rows go, NULL among them where a run replaces rows without an image. */
  private Dataset<Row> marks(SparkSession session, Table table) {
    List<String> images = new ArrayList<>(going.get(table).images());
    if (going.get(table).withoutImage()) {
      images.add(null);
    }
    return session.createDataset(images, Encoders.STRING()).toDF("image");
  }

  @Override
  public synchronized void commit(Map<String, String> facts, CommitSteps told) {
    requireOpen();
    AtomicInteger done = new AtomicInteger();
    int all = Table.values().length;
    SparkSession session = writer.session();
    session.conf().set(PROPERTY + "run", id);
    for (String fact : NAMED) {
      if (facts.containsKey(fact)) {
        session.conf().set(PROPERTY + fact, facts.get(fact));
      }
    }
    try (OutputLock lock = IcebergLocks.toCommit(output)) {
      told.done(0, all);
      // what lies beside the tables before the row that says it is complete
      beside.values().stream()
          .flatMap(step -> step.singly(output).stream())
          .forEach(step -> Journal.carryOut(output, step));
      List<Table> others = new ArrayList<>(List.of(Table.values()));
      others.remove(Table.IMAGES);
      Map<String, Long> snapshots = new ConcurrentSkipListMap<>();
      Together.each(
          List.of(others, List.of(Table.IMAGES)),
          table -> {
            SparkSession.setActiveSession(session);
            lock.requireHeld();
            again(table, () -> commit(session, table));
            tables.snapshot(session, table).ifPresent(s -> snapshots.put(table.folder(), s));
            told.done(done.incrementAndGet(), all);
          });
      LayoutFile kept = LayoutFile.of(layout, CytolakeConfig.Output.ICEBERG, setting);
      if (!LayoutFile.read(output).equals(Optional.of(kept))) {
        output.write(LayoutFile.FILE, Json.write(kept));
      }
      output.write(
          Manifest.name(id), Json.write(Manifest.ofSnapshots(id, began, snapshots, facts)));
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      throw StoreErrors.failed(
          "Run " + id + " could not be committed to " + output,
          "Each table is as it was or as it is to be; run the same command again.",
          e);
    }
    state = State.COMMITTED;
    tidy(() -> output.delete(folder));
  }

  @Override
  public synchronized Run next() {
    if (state != State.COMMITTED) {
      throw new IllegalStateException("run " + id + " is not committed");
    }
    IcebergRun next = new IcebergRun(this);
    state = State.CLOSED; // the next one says that the command lives
    return next;
  }

  private void commit(SparkSession session, Table table) {
    tables.provide(session, table, table.schema(layout));
    if (!staged.containsKey(table) || tables.isCommitted(session, table, id)) {
      return;
    }
    Dataset<Row> rows = writer.read(session, table, staged.get(table));
    if (replacesRows(session, table)) {
      merge(session, table, rows);
    } else if (!staged.get(table).isEmpty()) {
      append(table, rows);
    }
  }

  /** Whether there are rows that go; by what Iceberg knows of its files, if that is enough. */
  private boolean replacesRows(SparkSession session, Table table) {
    if (!tables.mayHold(session, table, going.get(table))) {
      return false;
    }
    Dataset<Row> before = tables.rows(session, table, table.schema(layout));
    Dataset<Row> marks = marks(session, table).toDF("replaced");
    return !before
        .filter(goes(table, col("image")))
        .join(broadcast(marks), col("image").eqNullSafe(col("replaced")), "left_semi")
        .isEmpty();
  }

  /** Writes rows as they lie in the staged files, which have the table's order. */
  private void append(Table table, Dataset<Row> rows) {
    try {
      rows.writeTo(tables.name(table))
          .option("use-table-distribution-and-ordering", "false")
          .append();
    } catch (NoSuchTableException e) {
      throw new IllegalStateException(e); // it was provided just now
    }
  }

  private void merge(SparkSession session, Table table, Dataset<Row> rows) {
    // the keys of rows that come match no image, and are many, so that tasks share them
    Column[] place = table.order().stream().map(c -> col(c)).toArray(Column[]::new);
    Column apart = concat(lit("\u0000"), pmod(hash(place), lit(KEYS)).cast("string"));
    Dataset<Row> source =
        rows.withColumn(GOES, lit(false))
            .withColumn(KEY, apart)
            .unionByName(
                marks(session, table).withColumn(GOES, lit(true)).withColumn(KEY, col("image")),
                true)
            .as("staged");
    Column image = col(table.folder() + ".image");
    Map<String, Column> values = new TreeMap<>();
    for (String column : rows.columns()) {
      values.put("`" + column + "`", col("staged.`" + column + "`"));
    }
    source
        .mergeInto(
            tables.name(table),
            image
                .eqNullSafe(col("staged." + KEY))
                .and(col("staged." + GOES))
                .and(goes(table, image)))
        .whenMatched()
        .delete()
        .whenNotMatched(col("staged." + GOES).equalTo(false))
        .insert(
            scala.collection.immutable.Map.from(
                scala.jdk.javaapi.CollectionConverters.asScala(values)))
        .merge();
  }

  /** A condition on the image by which Iceberg leaves out files; true for all whose rows go. */
  private Column goes(Table table, Column image) {
    Set<String> images = going.get(table).images();
    Column goes;
    if (images.size() <= LISTED) {
      goes = image.isin(images.toArray());
    } else {
      UTF8String[] sorted =
          images.stream().map(UTF8String::fromString).sorted().toArray(UTF8String[]::new);
      goes = image.geq(sorted[0].toString()).and(image.leq(sorted[sorted.length - 1].toString()));
    }
    return going.get(table).withoutImage() ? goes.or(image.isNull()) : goes;
  }

  /** Does what may meet a commit by somebody else, until it does not. */
  static void again(Table table, Runnable step) {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS || !isConflict(e)) {
          throw e;
        }
        LOG.info("Somebody has changed table {} meanwhile: again", table.folder(), e);
        pause(Math.min(LONGEST_PAUSE_MILLIS, 100L << Math.min(attempt, 8)));
      }
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CytolakeException(
          CytolakeException.Code.FAILED, "The run was interrupted.", "Run the same command again.");
    }
  }

  /** A step may be repeated even where nobody knows whether it was done: it gives the same rows. */
  private static boolean isConflict(Throwable e) {
    return StoreErrors.find(e, ValidationException.class) != null
        || StoreErrors.find(e, CommitFailedException.class) != null
        || StoreErrors.find(e, CommitStateUnknownException.class) != null;
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
      if (state == State.OPEN) {
        tidy(() -> output.delete(folder));
      }
    } finally {
      state = State.CLOSED;
      alive.close();
    }
  }
}
