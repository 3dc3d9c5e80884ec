package org.cytolake.planes;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.field.Columns;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.histogram.PlaneHistograms;
import org.cytolake.plan.Batch;
import org.cytolake.source.MicroscopyTable;
import org.cytolake.statistics.Levels;
import org.cytolake.statistics.StatisticsSettings;
import org.cytolake.tables.KeyColumns;

/**
 * Pass 1: the pixels as a DataFrame, aggregated by plane inside the data source: one row a plane,
 * with the histograms of all channels and pairs from one decoding. Channels that are no integers to
 * 16 bits are counted in pass 2, in levels of a range that has to be known first.
 */
public final class CountedPlanes {
  private CountedPlanes() {}

  /**
   * The planes of a batch, a partition for each share, in listing order.
   *
   * @param catalog of the batch's images, and others
   */
  public static JavaRDD<PlaneInput> of(
      SparkSession spark,
      SourceOptions options,
      ImageCatalog catalog,
      StatisticsSettings settings,
      Batch batch) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    if (!settings.types().stream().allMatch(Levels::isExact)) {
      return uncounted(spark, batch);
    }
    JavaRDD<Row> counted = counted(spark, options, catalog, settings, batch).javaRDD();
    if (counted.getNumPartitions() != batch.shares().size()) {
      throw new IllegalStateException(
          "the data source did not count " + batch.shares().size() + " shares by themselves");
    }
    Map<String, Field> fields = new HashMap<>();
    batch.fields().forEach(f -> fields.put(f.image(), f));
    Broadcast<Map<String, Field>> shipped = context.broadcast(fields);
    return counted.map(row -> input(shipped.value().get(row.getString(0)), row));
  }

  /** The same where pass 2 counts: a plane is then decoded once. */
  public static JavaRDD<PlaneInput> uncounted(SparkSession spark, Batch batch) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return context
        .parallelize(batch.shares(), batch.shares().size())
        .flatMap(share -> share.stream().flatMap(f -> PlaneInput.planes(f).stream()).iterator());
  }

  /** Rows of (image, z, t, corrupt, histograms). */
  private static Dataset<Row> counted(
      SparkSession spark,
      SourceOptions options,
      ImageCatalog catalog,
      StatisticsSettings settings,
      Batch batch) {
    Dataset<Row> pixels =
        new MicroscopyTable(spark, options, catalog.with(batch.fields()))
            .inShares(
                batch.shares().stream()
                    .map(share -> share.stream().map(Field::image).toList())
                    .toList())
            .pixels();
    List<Column> plane = new ArrayList<>();
    for (String key : List.of(Columns.IMAGE, Columns.Z, Columns.T, Columns.CORRUPT)) {
      plane.add(col(key));
    }
    return pixels.groupBy(plane.toArray(Column[]::new)).agg(expr(histograms(settings)));
  }

  private static String histograms(StatisticsSettings settings) {
    String pairs =
        settings.pairs().stream()
            .map(pair -> "array(" + pair[0] + ", " + pair[1] + ")")
            .collect(Collectors.joining(", ", "array(", ")"));
    return settings.channels().stream()
        .map(KeyColumns::quoted)
        .collect(
            Collectors.joining(
                ", ",
                "plane_histograms("
                    + (settings.pairs().isEmpty() ? "cast(array() AS array<array<int>>)" : pairs)
                    + ", ",
                ")"));
  }

  private static PlaneInput input(Field field, Row row) {
    Optional<Failure> failure =
        Optional.ofNullable(row.getString(3))
            .map(json -> Failure.of(field.image(), field.groups(), json));
    byte[] histograms = row.getAs(4);
    return new PlaneInput(
        field,
        row.getInt(1),
        row.getInt(2),
        Optional.ofNullable(histograms).map(PlaneHistograms::of),
        failure);
  }
}
