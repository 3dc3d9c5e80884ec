package org.cytolake.stage;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
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
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.histogram.Bins;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;

/** Statistics and bins of every channel of every field, from its exact histogram. */
final class ChannelStatistics {
  /** Columns of {@code channel_stats} behind {@code pixels}. */
  static final List<String> STATISTICS =
      List.of(
          "mean",
          "stddev",
          "min",
          "max",
          "p1",
          "p25",
          "p50",
          "p75",
          "p99",
          "p99_8",
          "otsu_threshold",
          "stained_fraction",
          "stained_area_um2",
          "stained_mean",
          "saturated_fraction");

  private static final String BINS = "bins";

  /**
   * What the header says of an image and the histogram does not.
   *
   * @param pixelAreaUm2 square micrometres of a pixel, or null where unknown
   * @param saturation the largest value that each channel's pixel type holds; NaN for floats
   */
  record Facts(Double pixelAreaUm2, List<Double> saturation) implements Serializable {
    Facts {
      saturation = List.copyOf(saturation);
    }
  }

  private final KeyColumns keys;
  private final PixelTuples tuples;
  private final List<String> channels;
  private final List<DataType> types;
  private final int bins;

  ChannelStatistics(
      KeyColumns keys, PixelTuples tuples, List<String> channels, List<DataType> types, int bins) {
    this.keys = keys;
    this.tuples = tuples;
    this.channels = List.copyOf(channels);
    this.types = List.copyOf(types);
    this.bins = bins;
  }

  /**
   * One row for each field and channel: keys, region, channel, pixels, the statistics, and the bins
   * as an array. {@link #statistics} and {@link #histograms} take it apart.
   *
   * @param counted of {@link PixelTuples#count}, without failed images
   * @param ranges as there, or null
   * @param facts by image
   */
  Dataset<Row> describe(
      SparkSession spark, Dataset<Row> counted, Dataset<Row> ranges, Map<String, Facts> facts) {
    Dataset<Row> perChannel = null;
    for (int c = 0; c < channels.size(); c++) {
      Column[] by = new Column[keys.size() + 2];
      System.arraycopy(keys.columns(), 0, by, 0, keys.size());
      by[keys.size()] = lit(c).as("c");
      by[keys.size() + 1] = col(PixelTuples.code(c)).as("code");
      Dataset<Row> one =
          counted
              .where(col(PixelTuples.PAIR).equalTo(tuples.pairOf(c)))
              .groupBy(by)
              .agg(sum(PixelTuples.COUNT).as("n"));
      one = withRange(one, ranges, c);
      perChannel = perChannel == null ? one : perChannel.unionByName(one);
    }
    Column[] order = new Column[keys.size() + 2];
    System.arraycopy(keys.columns(), 0, order, 0, keys.size());
    order[keys.size()] = col("c");
    order[keys.size() + 1] = col("code");
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<Map<String, Facts>> shared = context.broadcast(facts);
    return perChannel
        .repartition(keys.columns())
        .sortWithinPartitions(order)
        .mapPartitions(
            new Describe(keys.size(), channels, types, bins, shared), Encoders.row(schema()));
  }

  private Dataset<Row> withRange(Dataset<Row> counted, Dataset<Row> ranges, int c) {
    if (tuples.isExact(c)) {
      return counted
          .withColumn("low", lit(0.0))
          .withColumn("step", lit(1.0))
          .withColumn("exact_mean", lit(null).cast(DataTypes.DoubleType))
          .withColumn("exact_stddev", lit(null).cast(DataTypes.DoubleType));
    }
    Column[] columns = new Column[keys.size() + 4];
    System.arraycopy(keys.columns(), 0, columns, 0, keys.size());
    columns[keys.size()] = col("low_" + c).as("low");
    columns[keys.size() + 1] = col("step_" + c).as("step");
    columns[keys.size() + 2] = col("mean_" + c).as("exact_mean");
    columns[keys.size() + 3] = col("stddev_" + c).as("exact_stddev");
    return counted.join(
        broadcast(ranges.select(columns)),
        scala.jdk.javaapi.CollectionConverters.asScala(keys.names()).toSeq(),
        "left");
  }

  private StructType schema() {
    List<StructField> fields = new ArrayList<>(keys.fields());
    fields.add(DataTypes.createStructField("region", DataTypes.StringType, true));
    fields.add(DataTypes.createStructField("channel", DataTypes.StringType, true));
    fields.add(DataTypes.createStructField("pixels", DataTypes.LongType, true));
    for (String name : STATISTICS) {
      fields.add(DataTypes.createStructField(name, DataTypes.DoubleType, true));
    }
    StructType bin =
        new StructType()
            .add("bin", DataTypes.IntegerType)
            .add("lower", DataTypes.DoubleType)
            .add("upper", DataTypes.DoubleType)
            .add("count", DataTypes.LongType);
    fields.add(DataTypes.createStructField(BINS, new ArrayType(bin, false), true));
    return new StructType(fields.toArray(StructField[]::new));
  }

  /** Rows of {@code channel_stats}. */
  static Dataset<Row> statistics(Dataset<Row> described) {
    return described.drop(BINS);
  }

  /** Rows of {@code histograms}. */
  Dataset<Row> histograms(Dataset<Row> described) {
    List<Column> columns = new ArrayList<>(List.of(keys.columns()));
    columns.add(col("region"));
    columns.add(lit("raw").as("transform"));
    columns.add(col("channel"));
    columns.add(explode(col(BINS)).as("b"));
    List<Column> flat = new ArrayList<>(List.of(keys.columns()));
    for (String name : List.of("region", "transform", "channel", "b.bin", "b.lower", "b.upper")) {
      flat.add(col(name));
    }
    flat.add(col("b.count").as("count"));
    return described.select(columns.toArray(Column[]::new)).select(flat.toArray(Column[]::new));
  }

  /** Turns sorted rows of (keys, c, code, n, low, step, ...) into one row a field and channel. */
  private record Describe(
      int keys,
      List<String> channels,
      List<DataType> types,
      int bins,
      Broadcast<Map<String, Facts>> facts)
      implements MapPartitionsFunction<Row, Row> {

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      return new Iterator<>() {
        private Row pending = rows.hasNext() ? rows.next() : null;

        @Override
        public boolean hasNext() {
          return pending != null;
        }

        @Override
        public Row next() {
          if (pending == null) {
            throw new NoSuchElementException();
          }
          Row first = pending;
          double low = first.getAs("low");
          double step = first.getAs("step");
          int code = first.fieldIndex("code");
          int n = first.fieldIndex("n");
          double[] values = new double[256];
          long[] counts = new long[256];
          int size = 0;
          while (pending != null && sameGroup(first, pending)) {
            if (size == values.length) {
              values = Arrays.copyOf(values, 2 * size);
              counts = Arrays.copyOf(counts, 2 * size);
            }
            values[size] = low + pending.getInt(code) * step;
            counts[size++] = pending.getLong(n);
            pending = rows.hasNext() ? rows.next() : null;
          }
          return describe(
              first, Histogram.of(Arrays.copyOf(values, size), Arrays.copyOf(counts, size)));
        }
      };
    }

    private boolean sameGroup(Row a, Row b) {
      for (int k = 0; k < keys; k++) {
        if (!a.get(k).equals(b.get(k))) {
          return false;
        }
      }
      return a.getInt(a.fieldIndex("c")) == b.getInt(b.fieldIndex("c"));
    }

    private Row describe(Row first, Histogram histogram) {
      int c = first.getInt(first.fieldIndex("c"));
      SampleKind kind = kind(types.get(c));
      Facts image = facts.value().get(first.getString(0));
      Object[] row = new Object[keys + 3 + STATISTICS.size() + 1];
      for (int k = 0; k < keys; k++) {
        row[k] = first.get(k);
      }
      row[keys] = "image";
      row[keys + 1] = channels.get(c);
      row[keys + 2] = histogram.count();
      Double[] statistics = statistics(first, histogram, kind, image, c);
      System.arraycopy(statistics, 0, row, keys + 3, statistics.length);
      Bins binned = Bins.of(histogram, bins, kind);
      List<Row> list = new ArrayList<>(binned.size());
      for (int b = 0; b < binned.size(); b++) {
        list.add(RowFactory.create(b, binned.lower(b), binned.upper(b), binned.count(b)));
      }
      row[row.length - 1] = scala.jdk.javaapi.CollectionConverters.asScala(list).toSeq();
      return RowFactory.create(row);
    }

    private static Double[] statistics(
        Row first, Histogram h, SampleKind kind, Facts image, int c) {
      double otsu = Otsu.threshold(h, kind);
      double saturation = image.saturation().get(c);
      Double mean = first.getAs("exact_mean");
      Double stddev = first.getAs("exact_stddev");
      Double area = image.pixelAreaUm2();
      return new Double[] {
        mean == null ? h.mean() : mean,
        stddev == null ? h.stddev() : stddev,
        h.min(),
        h.max(),
        h.percentile(1),
        h.percentile(25),
        h.percentile(50),
        h.percentile(75),
        h.percentile(99),
        h.percentile(99.8),
        otsu,
        h.fractionAbove(otsu),
        area == null ? null : h.countAbove(otsu) * area,
        h.meanAbove(otsu).isPresent() ? h.meanAbove(otsu).getAsDouble() : null,
        Double.isNaN(saturation) ? null : h.fractionAbove(saturation - 0.5)
      };
    }

    private static SampleKind kind(DataType type) {
      if (type.equals(DataTypes.FloatType)) {
        return SampleKind.FLOAT;
      }
      return type.equals(DataTypes.DoubleType) ? SampleKind.DOUBLE : SampleKind.INTEGER;
    }
  }
}
