package org.cytolake.statistics;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.CostesThresholds;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.Exploration;
import org.cytolake.field.ChannelFacts;
import org.cytolake.field.Columns;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.PlaneKey;
import org.cytolake.image.Region;
import org.cytolake.nuclei.Percentiles;
import org.cytolake.source.MicroscopyTable;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Everything that follows from the tuples of intensities of single fields of view. The tuples are
 * written to the run's scratch folder once; the tables are made from there.
 */
public final class Statistics {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final ImageCatalog catalog;
  private final SourceOptions options;
  private final KeyColumns keys;
  private final PixelTuples tuples;
  private final FieldExploration exploration;
  private final FieldRows rows;
  private final List<String> counted;
  private final boolean explores;
  private final String tuplesPath;
  private final String rangesPath;
  private final String exploredPath;
  private Dataset<Row> coarsened; // of what was explored

  /**
   * @param counted channels whose intensities are counted: all for {@link #explore}, or, where only
   *     their percentiles are wanted, those that are segmented
   * @param explores whether {@link #explore} follows
   */
  public Statistics(
      SparkSession spark,
      CytolakeConfig config,
      ImageCatalog catalog,
      Layout layout,
      SourceOptions options,
      String scratch,
      List<String> counted,
      boolean explores) {
    this.spark = spark;
    this.config = config;
    this.catalog = catalog;
    this.options = options;
    this.keys = new KeyColumns(catalog.groups());
    Exploration settings = config.exploration().resolved(catalog.channels());
    this.counted = List.copyOf(counted);
    this.explores = explores;
    this.tuples =
        new PixelTuples(
            keys,
            counted,
            counted.stream().map(c -> catalog.types().get(catalog.channels().indexOf(c))).toList(),
            explores ? settings.regions() : List.of());
    this.exploration = new FieldExploration(spark, keys, tuples, layout);
    this.rows =
        new FieldRows(
            settings,
            config.clustering(),
            config.histograms().bins(),
            catalog.channels(),
            catalog.types(),
            tuples.pairs());
    this.tuplesPath = scratch + "/tuples";
    this.rangesPath = scratch + "/ranges";
    this.exploredPath = scratch + "/explored";
  }

  private long planes() {
    return catalog.fields().stream().mapToLong(f -> (long) f.sizeZ() * f.sizeT()).sum();
  }

  /** Of what share of the planes {@link #explore} has computed the statistics, 0 to 1. */
  public double explored() {
    return (double) exploration.done() / planes();
  }

  /** The pass over the pixels. */
  public void readPixels() {
    Dataset<Row> pixels = new MicroscopyTable(spark, options, catalog.readable()).pixels();
    if (!tuples.allExact()) {
      tuples.ranges(pixels).write().mode("overwrite").parquet(rangesPath);
    }
    tuples.count(pixels, ranges()).write().mode("overwrite").parquet(tuplesPath);
  }

  private Dataset<Row> ranges() {
    return tuples.allExact() ? null : spark.read().parquet(rangesPath);
  }

  /** Images whose pixels could not be read. */
  public List<Failure> failures() {
    return failures(tuplesPath, Columns.CORRUPT);
  }

  /** Images whose statistics could not be computed. */
  public List<Failure> unexplored() {
    return failures(exploredPath, FieldExploration.FAILURE);
  }

  private List<Failure> failures(String path, String column) {
    return spark
        .read()
        .parquet(path)
        .where(col(column).isNotNull())
        .dropDuplicates(new String[] {Columns.IMAGE})
        .collectAsList()
        .stream()
        .map(row -> Failure.of(row, catalog.groups().size(), row.getAs(column)))
        .toList();
  }

  private Dataset<Row> good(Collection<String> failed) {
    return without(
        spark, spark.read().parquet(tuplesPath).where(col(Columns.CORRUPT).isNull()), failed);
  }

  /** The rows of images that have not failed. */
  public static Dataset<Row> without(
      SparkSession spark, Dataset<Row> rows, Collection<String> failed) {
    if (failed.isEmpty()) {
      return rows;
    }
    Dataset<Row> ids =
        spark.createDataset(List.copyOf(failed), Encoders.STRING()).toDF("failed_image");
    return rows.join(broadcast(ids), col(Columns.IMAGE).equalTo(col("failed_image")), "left_anti");
  }

  /** Computes what follows from the tuples of the images that have not failed. */
  public void explore(Collection<String> failed) {
    Map<String, FieldRows.Facts> facts = new HashMap<>();
    for (Field field : catalog.fields()) {
      Double x = field.pixelSizeXUm();
      Double y = field.pixelSizeYUm();
      facts.put(
          field.image(),
          new FieldRows.Facts(
              x == null || y == null ? null : x * y,
              field.channels().stream().map(c -> saturation(c.pixelType())).toList(),
              field.channels().stream().map(c -> c.pixelType().equals("uint8")).toList()));
    }
    coarsened = tuples.coarsen(good(failed), config.histograms().maxTuples());
    exploration
        .explore(good(failed), coarsened, ranges(), rows, facts, planes())
        .write()
        .mode("overwrite")
        .parquet(exploredPath);
  }

  private static double saturation(String pixelType) {
    return switch (pixelType) {
      case "uint8" -> 255;
      case "int8" -> 127;
      case "uint16" -> 65_535;
      case "int16" -> 32_767;
      case "uint32" -> 4_294_967_295.0;
      case "int32" -> 2_147_483_647.0;
      default -> Double.NaN;
    };
  }

  /**
   * By field: percentiles of channels, for segmentation. A field without a finite pixel in one of
   * them has none.
   *
   * @param together whether the channels share them
   */
  public Map<PlaneKey, List<Percentiles>> percentiles(List<String> channels, boolean together) {
    return explores && !together
        ? PlanePercentiles.ofStatistics(explored(Table.CHANNEL_STATS), channels)
        : new PlanePercentiles(keys, tuples, counted)
            .ofTuples(good(List.of()), ranges(), channels, together);
  }

  /** By field: intensities of one channel. */
  public Map<PlaneKey, ChannelFacts> facts(String channel) {
    if (!explores) {
      return new PlanePercentiles(keys, tuples, counted).facts(good(List.of()), ranges(), channel);
    }
    Map<PlaneKey, ChannelFacts> facts = new HashMap<>();
    Iterator<Row> found =
        explored(Table.CHANNEL_STATS)
            .where(col("channel").equalTo(channel))
            .where(col(KeyColumns.REGION).equalTo(Region.WHOLE))
            .select(
                Columns.IMAGE,
                Columns.SERIES,
                Columns.Z,
                Columns.T,
                "p1",
                "p50",
                "p99_8",
                "mean",
                "saturated_fraction")
            .toLocalIterator();
    while (found.hasNext()) {
      Row row = found.next();
      facts.put(
          PlaneKey.of(row),
          new ChannelFacts(
              row.getDouble(4),
              row.getDouble(5),
              row.getDouble(6),
              row.getDouble(7),
              row.isNullAt(8) ? 0 : row.getDouble(8)));
    }
    return facts;
  }

  /**
   * By field: the thresholds of every pair of channels, for co-localisation in objects; none where
   * nothing was explored.
   */
  public Map<PlaneKey, List<Colocalization.Thresholds>> thresholds() {
    Map<PlaneKey, List<Colocalization.Thresholds>> thresholds = new HashMap<>();
    if (!explores) {
      return thresholds;
    }
    List<String> names = catalog.channels();
    Iterator<Row> found =
        explored(Table.COLOCALIZATION)
            .where(col(KeyColumns.REGION).equalTo(Region.WHOLE))
            .selectExpr(
                Columns.IMAGE,
                Columns.SERIES,
                Columns.Z,
                Columns.T,
                "double(otsu_x)",
                "double(otsu_y)",
                "double(costes_x)",
                "double(costes_y)",
                "x_channel",
                "y_channel")
            .toLocalIterator();
    while (found.hasNext()) {
      Row row = found.next();
      List<Colocalization.Thresholds> ofField =
          thresholds.computeIfAbsent(
              PlaneKey.of(row),
              k -> new ArrayList<>(Collections.nCopies(tuples.pairs().size(), null)));
      int x = names.indexOf(row.getString(8));
      int y = names.indexOf(row.getString(9));
      for (int p = 0; p < ofField.size(); p++) {
        if (tuples.pairs().get(p)[0] == x && tuples.pairs().get(p)[1] == y) {
          ofField.set(
              p,
              new Colocalization.Thresholds(
                  number(row, 4),
                  number(row, 5),
                  new CostesThresholds(number(row, 6), number(row, 7))));
        }
      }
    }
    return thresholds;
  }

  private static double number(Row row, int i) {
    return row.isNullAt(i) ? Double.NaN : row.getDouble(i);
  }

  private Dataset<Row> explored(Table table) {
    return FieldExploration.table(spark.read().parquet(exploredPath), table, keys);
  }

  /** Rows of one of {@link FieldExploration#TABLES}, or of {@code joint_histograms}. */
  public Dataset<Row> table(Table table, Collection<String> failed) {
    return table == Table.JOINT_HISTOGRAMS
        ? tuples.table(without(spark, coarsened, failed), ranges())
        : without(spark, explored(table), failed);
  }
}
