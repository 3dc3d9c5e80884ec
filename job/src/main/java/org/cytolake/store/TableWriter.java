package org.cytolake.store;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeException;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Schemas;
import org.cytolake.tables.Table;

/**
 * Writes the Parquet files of one run into its staging folder. Files are never changed: what a
 * table consists of is a list of files, and each operation gives a new list.
 *
 * <p>Rows are computed twice: they are counted, and then written, ordered and into as many files as
 * their number asks for. So the files do not depend on how the rows were divided.
 */
final class TableWriter {
  /** With this many files below a quarter of the wanted size, they are written into one. */
  private static final int MANY_SMALL_FILES = 8;

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
  private final AtomicInteger operations = new AtomicInteger();

  /**
   * What a file holds.
   *
   * @param rows rows
   * @param hits rows of the images that are replaced
   * @param without rows without an image
   */
  private record Content(long rows, long hits, long without) {
    static final Content NONE = new Content(0, 0, 0);

    long kept() {
      return rows - hits - without;
    }
  }

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
      SparkSession caller, OutputFolder output, Layout layout, String staging, long rowsPerFile) {
    this.spark = ownSession(caller);
    this.output = output;
    this.layout = layout;
    this.staging = staging;
    this.rowsPerFile = rowsPerFile;
  }

  /** Like the caller's, with settings of its own for what has no writer option. */
  private static SparkSession ownSession(SparkSession caller) {
    SparkSession own = caller.newSession();
    scala.collection.Iterator<scala.Tuple2<String, String>> settings =
        caller.conf().getAll().iterator();
    while (settings.hasNext()) {
      scala.Tuple2<String, String> setting = settings.next();
      if (own.conf().isModifiable(setting._1())) {
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
   * What staging a table's rows gives.
   *
   * @throws IllegalArgumentException as staging does: the caller's mistake
   * @throws CytolakeException FAILED for anything else
   */
  static List<String> staged(Table table, OutputFolder output, Callable<List<String>> staging) {
    try {
      return staging.call();
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

  /** The files that make up the table when these rows replace those of the images. */
  List<String> replace(Table table, List<String> current, Dataset<Row> rows, Set<String> images) {
    Dataset<Row> arriving = withOwnTimes(table, conform(table, rows));
    Map<Piece, Long> counts = counts(table, arriving);
    requireOnly(table, counts, images);
    Dataset<Row> replaced =
        spark.createDataset(List.copyOf(images), Encoders.STRING()).toDF("replaced");
    Map<String, Content> contents = contents(table, current, replaced);
    List<String> affected = affected(table, current, contents);
    List<String> mixed = affected.stream().filter(f -> contents.get(f).kept() > 0).toList();
    List<String> files = new ArrayList<>(current);
    files.removeAll(affected);
    Dataset<Row> merged = arriving;
    if (!mixed.isEmpty()) {
      Dataset<Row> kept =
          read(arriving.sparkSession(), table, mixed)
              .filter(col("image").isNotNull())
              .join(broadcast(replaced), col("image").equalTo(col("replaced")), "left_anti");
      counts(table, kept).forEach((piece, count) -> counts.merge(piece, count, Long::sum));
      merged = arriving.union(kept);
    }
    if (!counts.isEmpty()) {
      files.addAll(write(table, merged, counts));
    }
    return files.isEmpty() ? empty(table) : files;
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
    return read(session, output, table.schema(layout), files);
  }

  static Dataset<Row> read(
      SparkSession session, OutputFolder output, StructType schema, List<String> files) {
    if (files.isEmpty()) {
      return session.createDataFrame(List.<Row>of(), schema);
    }
    return session
        .read()
        .schema(schema)
        .option("mergeSchema", "false")
        .parquet(output.paths(files).toArray(String[]::new));
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

  private Map<String, Content> contents(Table table, List<String> files, Dataset<Row> replaced) {
    if (files.isEmpty()) {
      return Map.of();
    }
    Map<String, Content> byName = new HashMap<>();
    read(spark, table, files)
        .select(col("image"), col("_metadata.file_name").as("file"))
        .join(broadcast(replaced), col("image").equalTo(col("replaced")), "left_outer")
        .groupBy("file")
        .agg(count(lit(1)), count(col("replaced")), count(col("image")))
        .collectAsList()
        .forEach(
            row -> {
              long rows = row.getLong(1);
              byName.put(
                  row.getString(0), new Content(rows, row.getLong(2), rows - row.getLong(3)));
            });
    return files.stream()
        .collect(Collectors.toMap(f -> f, f -> byName.getOrDefault(baseName(f), Content.NONE)));
  }

  private static String baseName(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** Those with rows that go, those without rows, and small ones if there are many. */
  private List<String> affected(Table table, List<String> current, Map<String, Content> contents) {
    TreeSet<String> affected = new TreeSet<>();
    List<String> small = new ArrayList<>();
    for (String file : current) {
      Content content = contents.get(file);
      if (content.rows == 0 || content.hits > 0 || (table.mayLackImage() && content.without > 0)) {
        affected.add(file);
      } else if (content.rows < rowsPerFile / 4) {
        small.add(file);
      }
    }
    if (small.size() >= MANY_SMALL_FILES) {
      affected.addAll(small);
    }
    return List.copyOf(affected);
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
