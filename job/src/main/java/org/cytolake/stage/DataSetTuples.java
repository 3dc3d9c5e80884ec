package org.cytolake.stage;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.cluster.WeightedPoints;

/**
 * The values of the pixels of many images, added up.
 *
 * @param droppedBits low bits dropped, of 16 over each channel's range, to keep the tuples few
 */
record DataSetTuples(WeightedPoints points, int droppedBits) {
  /** More distinct tuples than these are coarsened: a fit takes a pass over them an iteration. */
  private static final int MAX_TUPLES = 200_000;

  private static final int LEVEL_BITS = 16;

  /**
   * Adds up.
   *
   * @param values rows of the table {@code cluster_values}
   * @param channels how many values a tuple has
   */
  static DataSetTuples of(Dataset<Row> values, int channels) {
    List<Column> columns = new ArrayList<>();
    List<Column> extremes = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      columns.add(col("values").getItem(c).as("v_" + c));
      extremes.add(min("v_" + c));
      extremes.add(max("v_" + c));
    }
    columns.add(col("pixels"));
    Dataset<Row> flat = values.select(columns.toArray(Column[]::new));
    Dataset<Row> exact = added(flat, channels).cache();
    try {
      Dataset<Row> tuples = exact;
      int bits = 0;
      if (exact.count() > MAX_TUPLES) {
        Row range =
            exact
                .agg(extremes.get(0), extremes.subList(1, extremes.size()).toArray(Column[]::new))
                .first();
        while (tuples.count() > MAX_TUPLES) {
          bits++;
          tuples = added(coarser(exact, range, channels, bits), channels);
        }
      }
      return new DataSetTuples(points(tuples, channels), bits);
    } finally {
      exact.unpersist();
    }
  }

  private static Dataset<Row> added(Dataset<Row> tuples, int channels) {
    Column[] by = new Column[channels];
    for (int c = 0; c < channels; c++) {
      by[c] = col("v_" + c);
    }
    return tuples.groupBy(by).agg(sum("pixels").as("pixels"));
  }

  private static Dataset<Row> coarser(Dataset<Row> tuples, Row range, int channels, int bits) {
    Dataset<Row> coarse = tuples;
    for (int c = 0; c < channels; c++) {
      double low = range.getDouble(2 * c);
      double step = (range.getDouble(2 * c + 1) - low) / Math.scalb(1.0, LEVEL_BITS - bits);
      if (step > 0) {
        // the middle of each step
        Column level = floor(col("v_" + c).minus(lit(low)).divide(lit(step)));
        coarse =
            coarse.withColumn("v_" + c, level.plus(lit(0.5)).multiply(lit(step)).plus(lit(low)));
      }
    }
    return coarse;
  }

  private static WeightedPoints points(Dataset<Row> tuples, int channels) {
    Column[] order = new Column[channels];
    for (int c = 0; c < channels; c++) {
      order[c] = col("v_" + c);
    }
    return points(tuples.orderBy(order).collectAsList(), 0, channels);
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
