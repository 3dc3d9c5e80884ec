package org.cytolake.clusters;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.points.WeightedPoints;

/**
 * The values of the pixels of many images, added up.
 *
 * @param exact all tuples: a column {@code v_c} a channel, and {@link #COUNTS}
 * @param points those that models are fitted to
 * @param even of their pixels, those at even places
 * @param droppedBits low bits dropped of those, of 16 over each channel's range, to keep them few
 * @param steps from exact tuples to those, or null where they are the same
 */
record DataSetTuples(
    Dataset<Row> exact, WeightedPoints points, EvenTuples even, int droppedBits, Steps steps) {
  /** Pixels of a tuple, those at even places, and of these those in the upper halves. */
  static final List<String> COUNTS = List.of("pixels", "even_pixels", "upper_even_pixels");

  /** More distinct tuples than these are coarsened: a fit takes a pass over them an iteration. */
  private static final int MAX_TUPLES = 200_000;

  private static final int LEVEL_BITS = 16;

  /**
   * The range of each channel in equal steps, of which each value becomes the middle.
   *
   * @param low of the channels
   * @param width of a step; 0: values stay
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Steps(double[] low, double[] width) implements Serializable {
    List<Double> of(List<Double> tuple) {
      List<Double> middle = new ArrayList<>(tuple.size());
      for (int c = 0; c < low.length; c++) {
        double v = tuple.get(c);
        middle.add(
            width[c] > 0 ? (Math.floor((v - low[c]) / width[c]) + 0.5) * width[c] + low[c] : v);
      }
      return middle;
    }

    Dataset<Row> of(Dataset<Row> tuples) {
      Dataset<Row> coarse = tuples;
      for (int c = 0; c < low.length; c++) {
        if (width[c] > 0) {
          Column level = floor(col("v_" + c).minus(lit(low[c])).divide(lit(width[c])));
          coarse =
              coarse.withColumn(
                  "v_" + c, level.plus(lit(0.5)).multiply(lit(width[c])).plus(lit(low[c])));
        }
      }
      return coarse;
    }
  }

  /**
   * Adds up.
   *
   * @param values rows of the table {@code cluster_values}
   * @param channels how many values a tuple has
   * @param scratch folder for the tuples
   */
  static DataSetTuples of(Dataset<Row> values, int channels, String scratch) {
    return of(values, channels, scratch, MAX_TUPLES);
  }

  static DataSetTuples of(Dataset<Row> values, int channels, String scratch, int maxTuples) {
    List<Column> columns = new ArrayList<>();
    List<Column> extremes = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      columns.add(col("values").getItem(c).as("v_" + c));
      extremes.add(min("v_" + c));
      extremes.add(max("v_" + c));
    }
    columns.addAll(counts());
    Dataset<Row> flat = values.select(columns.toArray(Column[]::new));
    added(flat, channels).write().mode("overwrite").parquet(scratch);
    Dataset<Row> exact = values.sparkSession().read().parquet(scratch);
    Dataset<Row> tuples = exact;
    Steps steps = null;
    int bits = 0;
    if (exact.count() > maxTuples) {
      Row range =
          exact
              .agg(extremes.get(0), extremes.subList(1, extremes.size()).toArray(Column[]::new))
              .first();
      while (tuples.count() > maxTuples) {
        bits++;
        steps = steps(range, channels, bits);
        tuples = added(steps.of(exact), channels);
      }
    }
    List<Row> rows = ascending(tuples, channels);
    return new DataSetTuples(
        exact, points(rows, 0, channels), EvenTuples.of(rows, channels + 1), bits, steps);
  }

  /** The columns of {@code cluster_values}; images of earlier versions have no even places. */
  static List<Column> counts() {
    return COUNTS.stream().map(c -> coalesce(col(c), lit(0L)).as(c)).toList();
  }

  static Column[] sums() {
    return COUNTS.stream().map(c -> sum(c).as(c)).toArray(Column[]::new);
  }

  private static Steps steps(Row range, int channels, int bits) {
    double[] low = new double[channels];
    double[] width = new double[channels];
    for (int c = 0; c < channels; c++) {
      low[c] = range.getDouble(2 * c);
      width[c] = (range.getDouble(2 * c + 1) - low[c]) / Math.scalb(1.0, LEVEL_BITS - bits);
    }
    return new Steps(low, width);
  }

  private static Dataset<Row> added(Dataset<Row> tuples, int channels) {
    Column[] by = new Column[channels];
    for (int c = 0; c < channels; c++) {
      by[c] = col("v_" + c);
    }
    Column[] sums = sums();
    return tuples.groupBy(by).agg(sums[0], Arrays.copyOfRange(sums, 1, sums.length));
  }

  private static List<Row> ascending(Dataset<Row> tuples, int channels) {
    Column[] order = new Column[channels];
    for (int c = 0; c < channels; c++) {
      order[c] = col("v_" + c);
    }
    return tuples.orderBy(order).collectAsList();
  }

  /**
   * Of rows.
   *
   * @param from index of the first value's column; the pixels follow the values
   */
  static WeightedPoints points(List<Row> rows, int from, int channels) {
    double[][] values = new double[channels][rows.size()];
    long[] pixels = new long[rows.size()];
    for (int i = 0; i < pixels.length; i++) {
      for (int c = 0; c < channels; c++) {
        values[c][i] = rows.get(i).getDouble(from + c);
      }
      pixels[i] = rows.get(i).getLong(from + channels);
    }
    return new WeightedPoints(values, pixels);
  }
}
