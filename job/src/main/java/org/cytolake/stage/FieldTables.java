package org.cytolake.stage;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.source.Columns;
import org.cytolake.source.Failure;
import org.cytolake.source.Field;
import org.cytolake.source.ImageCatalog;
import org.cytolake.source.MicroscopyTable;
import org.cytolake.source.SourceOptions;

/**
 * Everything that follows from the tuples of intensities of single fields of view. The tuples are
 * written to the run's scratch folder once; the tables are made from there.
 */
final class FieldTables {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final ImageCatalog catalog;
  private final SourceOptions options;
  private final KeyColumns keys;
  private final PixelTuples tuples;
  private final ChannelStatistics statistics;
  private final String tuplesPath;
  private final String rangesPath;
  private final String describedPath;

  /** Percentiles 1 and 99.8 of a channel of a field. */
  record Percentiles(double low, double high) {}

  FieldTables(
      SparkSession spark,
      CytolakeConfig config,
      ImageCatalog catalog,
      SourceOptions options,
      String scratch) {
    this.spark = spark;
    this.config = config;
    this.catalog = catalog;
    this.options = options;
    this.keys = new KeyColumns(catalog.groups());
    this.tuples = new PixelTuples(keys, catalog.channels(), catalog.types());
    this.statistics =
        new ChannelStatistics(
            keys, tuples, catalog.channels(), catalog.types(), config.histograms().bins());
    this.tuplesPath = scratch + "/tuples";
    this.rangesPath = scratch + "/ranges";
    this.describedPath = scratch + "/statistics";
  }

  /** The pass over the pixels. */
  void readPixels() {
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
  List<Failure> failures() {
    return spark
        .read()
        .parquet(tuplesPath)
        .where(col(Columns.CORRUPT).isNotNull())
        .dropDuplicates(new String[] {Columns.IMAGE})
        .collectAsList()
        .stream()
        .map(row -> Failures.of(row, catalog.groups().size(), row.getAs(Columns.CORRUPT)))
        .toList();
  }

  private Dataset<Row> good(Collection<String> failed) {
    return without(
        spark, spark.read().parquet(tuplesPath).where(col(Columns.CORRUPT).isNull()), failed);
  }

  /** The rows of images that have not failed. */
  static Dataset<Row> without(SparkSession spark, Dataset<Row> rows, Collection<String> failed) {
    if (failed.isEmpty()) {
      return rows;
    }
    Dataset<Row> ids =
        spark.createDataset(List.copyOf(failed), Encoders.STRING()).toDF("failed_image");
    return rows.join(broadcast(ids), col(Columns.IMAGE).equalTo(col("failed_image")), "left_anti");
  }

  /** Computes statistics and bins of the images that have not failed. */
  void describe(Collection<String> failed) {
    Map<String, ChannelStatistics.Facts> facts = new HashMap<>();
    for (Field field : catalog.fields()) {
      Double x = field.pixelSizeXUm();
      Double y = field.pixelSizeYUm();
      facts.put(
          field.image(),
          new ChannelStatistics.Facts(
              x == null || y == null ? null : x * y,
              field.channels().stream().map(c -> saturation(c.pixelType())).toList()));
    }
    statistics
        .describe(spark, good(failed), ranges(), facts)
        .write()
        .mode("overwrite")
        .parquet(describedPath);
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

  /** By field: percentiles of one channel. */
  Map<ImageRows.FieldKey, Percentiles> percentiles(String channel) {
    Map<ImageRows.FieldKey, Percentiles> percentiles = new HashMap<>();
    Iterator<Row> rows =
        spark
            .read()
            .parquet(describedPath)
            .where(col("channel").equalTo(channel))
            .select(Columns.IMAGE, Columns.SERIES, Columns.Z, Columns.T, "p1", "p99_8")
            .toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      percentiles.put(
          new ImageRows.FieldKey(row.getString(0), row.getInt(1), row.getInt(2), row.getInt(3)),
          new Percentiles(row.getDouble(4), row.getDouble(5)));
    }
    return percentiles;
  }

  Dataset<Row> channelStats(Collection<String> failed) {
    return without(
        spark, ChannelStatistics.statistics(spark.read().parquet(describedPath)), failed);
  }

  Dataset<Row> histograms(Collection<String> failed) {
    return without(spark, statistics.histograms(spark.read().parquet(describedPath)), failed);
  }

  Dataset<Row> joint(Collection<String> failed) {
    return tuples.table(tuples.coarsen(good(failed), config.histograms().maxTuples()), ranges());
  }
}
