package org.cytolake.stage;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * The tuples of a whole data set: the joint histograms of all its fields added up, over the pixels
 * where every clustering channel is above 0.
 *
 * @param channels that the tuples are made of
 * @param tuples with their pixels, ordered by value
 * @param droppedBits low bits dropped to stay within the limit
 */
record DataSetTuples(List<String> channels, WeightedTuples tuples, int droppedBits) {
  /** Most distinct tuples that are fitted. */
  static final long MAX_TUPLES = 1_000_000;

  DataSetTuples {
    channels = List.copyOf(channels);
  }

  /**
   * Adds up.
   *
   * @param joint rows of the table {@code joint_histograms}
   * @param channels one or two of its channels
   */
  static DataSetTuples of(Dataset<Row> joint, List<String> channels) {
    Dataset<Row> positive = joint.where("region = 'image'");
    for (String channel : channels) {
      positive = positive.where(col(KeyColumns.quoted(channel)).gt(0));
    }
    if (channels.size() == 1) {
      positive = onePair(positive, channels.get(0));
    }
    double[] low = new double[channels.size()];
    double[] step = new double[channels.size()];
    List<Column> codes = new ArrayList<>();
    for (int c = 0; c < low.length; c++) {
      Column value = col(KeyColumns.quoted(channels.get(c))).cast(DataTypes.DoubleType);
      step[c] = 1;
      if (!isSmallInteger(positive, channels.get(c))) {
        Row range = positive.agg(min(value), max(value)).first();
        low[c] = range.isNullAt(0) ? 0 : range.getDouble(0);
        double width =
            range.isNullAt(0) ? 0 : (range.getDouble(1) - low[c]) / (PixelTuples.LEVELS - 1);
        step[c] = width > 0 ? width : 1;
      }
      codes.add(
          round(value.minus(lit(low[c])).divide(lit(step[c])))
              .cast(DataTypes.IntegerType)
              .as(PixelTuples.code(c)));
    }
    Dataset<Row> exact =
        positive
            .groupBy(codes.toArray(Column[]::new))
            .agg(sum(PixelTuples.COUNT).as(PixelTuples.COUNT))
            .cache();
    try {
      return coarsened(exact, channels, low, step);
    } finally {
      exact.unpersist();
    }
  }

  /** With more than two channels a channel is part of several pairs: keep one. */
  private static Dataset<Row> onePair(Dataset<Row> joint, String channel) {
    List<String> others = new ArrayList<>();
    for (String column : joint.columns()) {
      if (isChannel(joint, column) && !column.equals(channel)) {
        others.add(column);
      }
    }
    return others.size() < 2
        ? joint
        : joint.where(col(KeyColumns.quoted(others.get(0))).isNotNull());
  }

  private static boolean isChannel(Dataset<Row> joint, String column) {
    List<String> names = List.of(joint.columns());
    int at = names.indexOf(column);
    return at > names.indexOf("region") && at < names.indexOf(PixelTuples.COUNT);
  }

  private static boolean isSmallInteger(Dataset<Row> joint, String channel) {
    return joint.schema().apply(channel).dataType().equals(DataTypes.IntegerType);
  }

  private static DataSetTuples coarsened(
      Dataset<Row> exact, List<String> channels, double[] low, double[] step) {
    int bits = 0;
    Dataset<Row> tuples = exact;
    while (tuples.count() > MAX_TUPLES) {
      bits++;
      List<Column> by = new ArrayList<>();
      for (int c = 0; c < low.length; c++) {
        String code = PixelTuples.code(c);
        by.add(expr("shiftleft(shiftright(" + code + ", " + bits + "), " + bits + ")").as(code));
      }
      tuples =
          exact
              .groupBy(by.toArray(Column[]::new))
              .agg(sum(PixelTuples.COUNT).as(PixelTuples.COUNT));
    }
    List<Column> order = new ArrayList<>();
    for (int c = 0; c < low.length; c++) {
      order.add(col(PixelTuples.code(c)));
    }
    List<Row> rows = tuples.orderBy(order.toArray(Column[]::new)).collectAsList();
    double[][] values = new double[rows.size()][low.length];
    long[] counts = new long[rows.size()];
    for (int i = 0; i < values.length; i++) {
      for (int c = 0; c < low.length; c++) {
        values[i][c] = low[c] + rows.get(i).getInt(c) * step[c];
      }
      counts[i] = rows.get(i).getLong(low.length);
    }
    return new DataSetTuples(channels, new WeightedTuples(values, counts), bits);
  }
}
