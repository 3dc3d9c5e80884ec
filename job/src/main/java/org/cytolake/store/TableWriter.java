package org.cytolake.store;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.Together;
import org.cytolake.store.StagedRun.Going;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Schemas;
import org.cytolake.tables.Table;

/**
 * Writes the Parquet files of one run into its staging folder. Files are never changed: what a
 * table consists of is a list of files, and each operation gives a new list.
 *
 * <p>Rows are computed once, kept for so long as they are counted, and then written, ordered and
 * into as many files as their number asks for. So the files do not depend on how the rows were
 * divided. What present files hold is read from themselves, without a Spark job.
 */
final class TableWriter {
  /** So many pixel rows of an image stay together in the table of pixels. */
  private static final int BAND = 64;

  /** Where pieces go, in columns that no table has. */
  private static final StructType PLACES =
      new StructType()
          .add("image of file", "string")
          .add("band of file", "long")
          .add("number of file", "int");

  private final SparkSession spark;
  private final OutputFolder output;
  private final Layout layout;
  private final String staging;
  private final long rowsPerFile;
  private final FileContents contents;
  private final AtomicInteger operations = new AtomicInteger();

  /**
   * What no file splits: the rows of an image, or a band of its pixels.
   *
   * @param image null where the rows are of none
   * @param band 0 but for pixels
   */
  private record Piece(String image, long band) implements Comparable<Piece> {
    private static final Comparator<Piece> ORDER =
        Comparator.comparing(Piece::image, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingLong(Piece::band);

    static Column band(Table table) {
      return table == Table.PIXELS ? coalesce(floor(col("y").divide(BAND)), lit(0L)) : lit(0L);
    }

    @Override
    public int compareTo(Piece other) {
      return ORDER.compare(this, other);
    }
  }

  TableWriter(
      SparkSession caller,
      OutputFolder output,
      Layout layout,
      String staging,
      long rowsPerFile,
      FileContents contents) {
    this.spark = ownSession(caller);
    this.output = output;
    this.layout = layout;
    this.staging = staging;
    this.rowsPerFile = rowsPerFile;
    this.contents = contents;
  }

  /** Like the caller's, with settings of its own for what has no writer option. */
  private static SparkSession ownSession(SparkSession caller) {
    SparkSession own = caller.newSession();
    scala.collection.Iterator<scala.Tuple2<String, String>> settings =
        caller.conf().getAll().iterator();
    while (settings.hasNext()) {
      scala.Tuple2<String, String> setting = settings.next();
      // also those that Spark has not declared, as catalogues are described by
      if (setting._1().startsWith("spark.sql.") && !SQLConf.isStaticConfigKey(setting._1())) {
        own.conf().set(setting._1(), setting._2());
      }
    }
    own.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    own.conf().set("spark.sql.files.maxRecordsPerFile", 0L);
    own.conf().set(StagedCommitProtocol.SETTING, StagedCommitProtocol.class.getName());
    own.conf().set("spark.sql.caseSensitive", true);
    return own;
  }

  /**
   * The files that make up the table when these rows replace those of the images, and those without
   * an image.
   *
   * @param joined files that are written again in any case
   * @return none if there is no row
   */
  List<String> replace(
      Table table,
      List<String> current,
      Dataset<Row> rows,
      Set<String> images,
      Collection<String> joined) {
    Dataset<Row> arriving =
        withOwnTimes(table, conform(table, rows)).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<Piece, Long> counts = counts(table, arriving);
      requireOnly(table, counts, images);
      Going going = new Going(images, table.mayLackImage());
      List<String> affected = affected(current, going, joined);
      List<String> files = new ArrayList<>(current);
      files.removeAll(affected);
      Dataset<Row> merged = arriving;
      if (!affected.isEmpty()) {
        Dataset<Row> kept = kept(arriving.sparkSession(), table, affected, going);
        counts(table, kept).forEach((piece, count) -> counts.merge(piece, count, Long::sum));
        merged = arriving.union(kept);
      }
      files.addAll(write(table, merged, counts));
      return files;
    } finally {
      arriving.unpersist();
    }
  }

  /**
   * The files that make up the table when rows go; starts no Spark job where none has to be written
   * again.
   *
   * @param joined files that are written again in any case
   * @return none if no row stays
   */
  List<String> without(Table table, List<String> current, Going going, Collection<String> joined) {
    List<String> affected = affected(current, going, joined);
    if (affected.isEmpty()) {
      return current;
    }
    List<String> files = new ArrayList<>(current);
    files.removeAll(affected);
    Dataset<Row> kept = kept(spark, table, affected, going);
    files.addAll(write(table, kept, counts(table, kept)));
    return files;
  }

  /** The files of rows that are a whole table; none if there is no row. */
  List<String> files(Table table, Dataset<Row> rows) {
    return write(table, rows, counts(table, rows));
  }

  /** The files with rows that go, those without rows, and those that are to be joined. */
  private List<String> affected(List<String> current, Going going, Collection<String> joined) {
    Set<String> affected = new ConcurrentSkipListSet<>(joined);
    if (going.isNothing()) {
      return List.copyOf(affected);
    }
    Together.each(
        List.of(current),
        file -> {
          if (contents.holdsAny(file, going)) {
            affected.add(file);
          }
        });
    return List.copyOf(affected);
  }

  /** The rows of the files that stay. */
  private Dataset<Row> kept(SparkSession session, Table table, List<String> files, Going going) {
    Dataset<Row> rows = read(session, table, files);
    Dataset<Row> named = going.withoutImage() ? rows.filter(col("image").isNotNull()) : rows;
    Dataset<Row> replaced =
        session.createDataset(List.copyOf(going.images()), Encoders.STRING()).toDF("replaced");
    return named.join(broadcast(replaced), col("image").equalTo(col("replaced")), "left_anti");
  }

  /** For tasks that write rows into a folder, relative to the output, as Spark would. */
  TableFiles files(String folder) {
    try {
      Job job = Job.getInstance(spark.sessionState().newHadoopConf());
      var unused =
          new ParquetFileFormat()
              .prepareWrite(
                  spark,
                  job,
                  scala.collection.immutable.Map$.MODULE$.empty(),
                  Table.IMAGES.schema(layout));
      return new TableFiles(job.getConfiguration(), output.path(folder), folder, layout);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The session that rows are written in. */
  SparkSession session() {
    return spark;
  }

  /** A file without rows, so that the table has columns. */
  List<String> empty(Table table) {
    return write(table, spark.createDataFrame(List.<Row>of(), table.schema(layout)).coalesce(1));
  }

  /** The rows of some of the table's files. */
  Dataset<Row> read(SparkSession session, Table table, List<String> files) {
    return FileContents.read(session, output, table.schema(layout), files);
  }

  private Dataset<Row> conform(Table table, Dataset<Row> rows) {
    StructType schema = table.schema(layout);
    Map<String, String> wanted = types(schema);
    Map<String, String> given = types(rows.schema());
    List<String> wrong = new ArrayList<>();
    wanted.forEach(
        (name, type) -> {
          if (!given.containsKey(name)) {
            wrong.add("column " + name + " is missing");
          } else if (!given.get(name).equals(type)) {
            wrong.add("column " + name + " is " + given.get(name) + ", not " + type);
          }
        });
    for (StructField field : rows.schema().fields()) {
      if (!wanted.containsKey(field.name())) {
        wrong.add("there is no column " + field.name());
      }
    }
    if (rows.schema().length() > given.size()) {
      wrong.add("two columns have one name");
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "rows for table " + table.folder() + ": " + String.join("; ", wrong));
    }
    return rows.to(schema);
  }

  private static Map<String, String> types(StructType schema) {
    Map<String, String> types = new LinkedHashMap<>();
    for (StructField field : schema.fields()) {
      types.put(field.name(), Schemas.text(field.dataType()));
    }
    return types;
  }

  /** Times are written as the session of the rows says: those of few rows are taken into ours. */
  private Dataset<Row> withOwnTimes(Table table, Dataset<Row> rows) {
    boolean hasTimes = table == Table.IMAGES || table == Table.ERRORS;
    return hasTimes ? spark.createDataFrame(rows.collectAsList(), table.schema(layout)) : rows;
  }

  private static Map<Piece, Long> counts(Table table, Dataset<Row> rows) {
    Map<Piece, Long> counts = new HashMap<>();
    rows.groupBy(col("image"), Piece.band(table).as("band"))
        .count()
        .collectAsList()
        .forEach(row -> counts.put(new Piece(row.getString(0), row.getLong(1)), row.getLong(2)));
    return counts;
  }

  private static void requireOnly(Table table, Map<Piece, Long> counts, Set<String> images) {
    Map<String, Long> foreign = new TreeMap<>();
    boolean withoutImage = false;
    for (Map.Entry<Piece, Long> piece : counts.entrySet()) {
      String image = piece.getKey().image();
      withoutImage |= image == null;
      if (image != null && !images.contains(image)) {
        foreign.merge(image, piece.getValue(), Long::sum);
      }
    }
    if (!foreign.isEmpty()) {
      throw new IllegalArgumentException(
          "rows for table "
              + table.folder()
              + ": "
              + foreign.values().stream().mapToLong(n -> n).sum()
              + " are of images that are not to be replaced, such as "
              + foreign.keySet().stream().limit(3).collect(Collectors.joining(", ")));
    }
    if (withoutImage && !table.mayLackImage()) {
      throw new IllegalArgumentException(
          "rows for table " + table.folder() + ": some have no image");
    }
  }

  /** Writes rows into as many files as their number asks for, none of which splits a piece. */
  private List<String> write(Table table, Dataset<Row> rows, Map<Piece, Long> counts) {
    if (counts.isEmpty()) {
      return List.of();
    }
    long total = counts.values().stream().mapToLong(n -> n).sum();
    int files = Math.toIntExact((total + rowsPerFile - 1) / rowsPerFile);
    if (files == 1) {
      return write(table, rows.coalesce(1));
    }
    List<Row> places = new ArrayList<>();
    long before = 0;
    for (Map.Entry<Piece, Long> piece : new TreeMap<>(counts).entrySet()) {
      int file = Math.toIntExact(before * files / total);
      places.add(RowFactory.create(piece.getKey().image(), piece.getKey().band(), file));
      before += piece.getValue();
    }
    Dataset<Row> placed = rows.sparkSession().createDataFrame(places, PLACES);
    Column samePiece =
        col("image")
            .eqNullSafe(col("`image of file`"))
            .and(Piece.band(table).equalTo(col("`band of file`")));
    return write(
        table,
        rows.join(broadcast(placed), samePiece, "left_outer")
            .repartitionById(files, coalesce(col("`number of file`"), lit(0)))
            .drop(PLACES.fieldNames()));
  }

  private List<String> write(Table table, Dataset<Row> rows) {
    String folder = staging + "/" + table.folder() + "/" + operations.getAndIncrement();
    rows.sortWithinPartitions(order(table))
        .write()
        .option("compression", "zstd")
        .parquet(output.path(folder).toString());
    return StagedCommitProtocol.files(output, folder);
  }

  /** The table's order, then groups and channels, so that no two rows are equal in it. */
  private Column[] order(Table table) {
    List<String> there = List.of(table.schema(layout).fieldNames());
    return Stream.of(table.order(), layout.groups(), layout.channelNames())
        .flatMap(List::stream)
        .filter(there::contains)
        .distinct()
        .map(name -> col("`" + name + "`"))
        .toArray(Column[]::new);
  }
}
