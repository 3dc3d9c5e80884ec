package org.cytolake.statistics;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.cytolake.clusters.ClusterRows;
import org.cytolake.field.Failure;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Everything that follows from the tuples of a field and its regions, field by field inside tasks:
 * one row a field, with an array for each table, which {@link #table} takes apart, or with why it
 * failed.
 */
public final class FieldExploration {
  /** The tables that are made here. */
  public static final List<Table> TABLES =
      List.of(
          Table.CHANNEL_STATS,
          Table.HISTOGRAMS,
          Table.LOOKUP_TABLES,
          Table.NORMALIZED_JOINT_HISTOGRAMS,
          Table.HISTOGRAMS_2D,
          Table.DENSITY,
          Table.DENSITY_LEVELS,
          Table.COLOCALIZATION,
          Table.CLUSTER_VALUES,
          Table.CLUSTER_MODELS,
          Table.CLUSTERS,
          Table.CLUSTER_LABELS);

  static final String PART = "part";
  static final String A = "a";
  static final String B = "b";
  static final String EXACT_MEAN = "exact_mean";
  static final String EXACT_STDDEV = "exact_stddev";
  static final String FAILURE = "failure";

  private static final int PLANES_PER_TASK = 4;

  /** Tasks a core, enough to tell the progress and that a slow one holds up little. */
  private static final int MOST_PER_CORE = 16;

  private final SparkSession spark;
  private final KeyColumns keys;
  private final PixelTuples tuples;
  private final Layout layout;
  private final LongAccumulator done;

  FieldExploration(SparkSession spark, KeyColumns keys, PixelTuples tuples, Layout layout) {
    this.spark = spark;
    this.keys = keys;
    this.tuples = tuples;
    this.layout = layout;
    this.done = spark.sparkContext().longAccumulator();
  }

  /** How many planes the tasks that have ended explored. */
  long done() {
    return done.value();
  }

  /**
   * Explores.
   *
   * @param counted of {@link PixelTuples#count}, without failed images: for the channels
   * @param coarsened the same of {@link PixelTuples#coarsen}: for the pairs
   * @param ranges as for {@link PixelTuples#count}
   * @param facts by image
   * @param planes of all images
   */
  Dataset<Row> explore(
      Dataset<Row> counted,
      Dataset<Row> coarsened,
      Dataset<Row> ranges,
      FieldRows rows,
      Map<String, FieldRows.Facts> facts,
      long planes) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<Map<String, FieldRows.Facts>> shared = context.broadcast(facts);
    List<Column> order = new ArrayList<>(List.of(keys.withRegion().columns()));
    order.add(col(PART));
    return rows(counted, coarsened, ranges)
        .repartition(tasks(planes), keys.columns())
        .sortWithinPartitions(order.toArray(Column[]::new))
        .mapPartitions(
            new Explore(
                keys.size(), layout.channels().size(), tuples.pairs().size(), rows, shared, done),
            Encoders.row(schema()));
  }

  /** A few planes a task, but as many tasks as there are cores. */
  private int tasks(long planes) {
    int cores = Math.max(1, spark.sparkContext().defaultParallelism());
    int most = Math.max(spark.sessionState().conf().numShufflePartitions(), MOST_PER_CORE * cores);
    return (int)
        Math.max(1, Math.min(most, Math.max(Math.min(planes, cores), planes / PLANES_PER_TASK)));
  }

  /** Keys, region, part (-1 - channel, or a pair's number), a, b, count, and what is exact. */
  private Dataset<Row> rows(Dataset<Row> counted, Dataset<Row> coarsened, Dataset<Row> ranges) {
    Dataset<Row> all = null;
    KeyColumns byRegion = keys.withRegion();
    for (int c = 0; c < layout.channels().size(); c++) {
      List<Column> by = new ArrayList<>(List.of(byRegion.columns()));
      by.add(col(PixelTuples.code(c)));
      Dataset<Row> one =
          joined(
              counted
                  .where(col(PixelTuples.PAIR).equalTo(tuples.pairOf(c)))
                  .groupBy(by.toArray(Column[]::new))
                  .agg(sum(PixelTuples.COUNT).as(PixelTuples.COUNT)),
              ranges,
              !tuples.isExact(c));
      List<Column> columns = new ArrayList<>(List.of(byRegion.columns()));
      columns.add(lit(-1 - c).as(PART));
      columns.add(tuples.value(c).as(A));
      columns.add(lit(0.0).as(B));
      columns.add(col(PixelTuples.COUNT));
      columns.add(exact("mean_", c).as(EXACT_MEAN));
      columns.add(exact("stddev_", c).as(EXACT_STDDEV));
      columns.add(lit(0).as(PixelTuples.DROPPED_BITS));
      one = one.select(columns.toArray(Column[]::new));
      all = all == null ? one : all.unionByName(one);
    }
    if (layout.channels().size() == 1) {
      return all;
    }
    for (int p = 0; p < tuples.pairs().size(); p++) {
      int[] pair = tuples.pairs().get(p);
      List<Column> columns = new ArrayList<>(List.of(byRegion.columns()));
      columns.add(lit(p).as(PART));
      columns.add(tuples.value(pair[0]).as(A));
      columns.add(tuples.value(pair[1]).as(B));
      columns.add(col(PixelTuples.COUNT));
      columns.add(lit(null).cast(DataTypes.DoubleType).as(EXACT_MEAN));
      columns.add(lit(null).cast(DataTypes.DoubleType).as(EXACT_STDDEV));
      columns.add(col(PixelTuples.DROPPED_BITS));
      all =
          all.unionByName(
              joined(
                      coarsened.where(col(PixelTuples.PAIR).equalTo(p)),
                      ranges,
                      !tuples.isExact(pair[0]) || !tuples.isExact(pair[1]))
                  .select(columns.toArray(Column[]::new)));
    }
    return all;
  }

  private Column exact(String prefix, int c) {
    return tuples.isExact(c) ? lit(null).cast(DataTypes.DoubleType) : col(prefix + c);
  }

  private Dataset<Row> joined(Dataset<Row> rows, Dataset<Row> ranges, boolean needed) {
    return needed
        ? rows.join(
            broadcast(ranges),
            scala.jdk.javaapi.CollectionConverters.asScala(keys.withRegion().names()).toSeq(),
            "left")
        : rows;
  }

  private StructType schema() {
    List<StructField> fields = new ArrayList<>(keys.fields());
    fields.add(DataTypes.createStructField(FAILURE, DataTypes.StringType, true));
    for (Table table : TABLES) {
      fields.add(
          DataTypes.createStructField(
              table.folder(), new ArrayType(behindKeys(table, layout), false), true));
    }
    return new StructType(fields.toArray(StructField[]::new));
  }

  /** A table's columns without the keys. */
  public static StructType behindKeys(Table table, Layout layout) {
    StructField[] fields = table.schema(layout).fields();
    int keys = new KeyColumns(layout.groups()).size();
    return new StructType(Arrays.copyOfRange(fields, keys, fields.length));
  }

  /** Rows of a table. */
  public static Dataset<Row> table(Dataset<Row> explored, Table table, KeyColumns keys) {
    List<Column> exploded = new ArrayList<>(List.of(keys.columns()));
    exploded.add(explode(col(table.folder())).as("e"));
    List<Column> flat = new ArrayList<>(List.of(keys.columns()));
    flat.add(col("e.*"));
    return explored.select(exploded.toArray(Column[]::new)).select(flat.toArray(Column[]::new));
  }

  private record Explore(
      int keys,
      int channels,
      int pairs,
      FieldRows rows,
      Broadcast<Map<String, FieldRows.Facts>> facts,
      LongAccumulator done)
      implements MapPartitionsFunction<Row, Row> {

    @Override
    public Iterator<Row> call(Iterator<Row> sorted) {
      FieldTuplesIterator fields = new FieldTuplesIterator(sorted, keys, channels, pairs);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return fields.hasNext();
        }

        @Override
        public Row next() {
          FieldTuples field = fields.next();
          Object[] row = new Object[keys + 1 + TABLES.size()];
          EnumMap<Table, List<Row>> made = new EnumMap<>(Table.class);
          try {
            made = rows.of(field, facts.value().get(field.keys().getString(0)));
          } catch (RuntimeException e) { // costs this image only; the table errors says why
            row[keys] = failure(field.keys().getString(0), e);
          }
          for (int k = 0; k < keys; k++) {
            row[k] = field.keys().get(k);
          }
          for (int t = 0; t < TABLES.size(); t++) {
            row[keys + 1 + t] = ClusterRows.seq(made.getOrDefault(TABLES.get(t), List.of()));
          }
          done.add(1);
          return RowFactory.create(row);
        }
      };
    }

    private static String failure(String image, RuntimeException e) {
      return new Failure(
              image,
              List.of(),
              "",
              "statistics",
              "STATISTICS_FAILED",
              "The statistics of the image " + image + " cannot be computed: " + e + ".",
              "Keep the image out of the input, and report this with the image.")
          .toJson();
    }
  }
}
