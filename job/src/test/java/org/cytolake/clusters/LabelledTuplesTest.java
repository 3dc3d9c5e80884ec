package org.cytolake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.Shipped;
import org.cytolake.points.WeightedPoints;
import org.cytolake.source.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels of tuples that were seen, that were not, and that were coarsened. */
final class LabelledTuplesTest {
  @TempDir Path folder;

  private static WeightedPoints points(double... values) {
    long[] ones = new long[values.length];
    java.util.Arrays.fill(ones, 1);
    return new WeightedPoints(new double[][] {values}, ones);
  }

  private static List<Map<String, Integer>> unknown(WeightedPoints tuples) {
    return new ArrayList<>(Collections.nCopies(tuples.size(), Map.of()));
  }

  private static StoredModel model(String method, double[][] centres, double within) {
    return new StoredModel(method, 2, null, centres, null, new double[] {2}, within);
  }

  @Test
  void seenAndUnseen() throws Exception {
    LabelledTuples tuples =
        Shipped.roundTrip(
            new LabelledTuples(
                points(10, 20, 30),
                List.of(
                    model("k_means", new double[][] {{5}, {13}}, 0),
                    model("dbscan", null, 2),
                    model("ward", null, Double.POSITIVE_INFINITY)),
                // a seen tuple keeps a label that a prediction would not give
                new int[][] {{2, 1, -1}, {1, 0, 2}, {1, 1, 2}},
                null));
    WeightedPoints some = points(10, 14, 15, 19, 24, 25, 30, 35);
    int[][] labels = tuples.new Labeller().of(some, unknown(some));
    assertThat(labels[0]).containsExactly(2, 1, 1, 2, 2, 2, 2, 2);
    // within 2 standard deviations, 4 units, of a tuple seen
    assertThat(labels[1]).containsExactly(1, 1, 0, 0, 0, 0, 2, 0);
    assertThat(labels[2]).containsExactly(1, 1, 1, 1, 1, 1, 2, 2);
    // a label that is known comes before what a model would say
    List<Map<String, Integer>> known = unknown(some);
    known.set(1, Map.of(new ModelName("k_means", 2).key(), 7));
    int[][] again = tuples.new Labeller().of(some, known);
    assertThat(again[0]).containsExactly(2, 7, 1, 2, 2, 2, 2, 2);
    assertThat(again[1]).isEqualTo(labels[1]);
  }

  @Test
  void coarsenedDataSetsLabelEveryTuple() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      List<Double> values = List.of(i % 29 * 1.7, i * 0.3);
      rows.add(RowFactory.create(values.toArray(), 1L + i % 3, i % 3L, i % 2L));
    }
    Dataset<Row> values =
        LocalSpark.session()
            .createDataFrame(
                rows,
                new StructType()
                    .add("values", new ArrayType(DataTypes.DoubleType, false))
                    .add("pixels", DataTypes.LongType)
                    .add("even_pixels", DataTypes.LongType)
                    .add("upper_even_pixels", DataTypes.LongType));
    DataSetTuples data = DataSetTuples.of(values, 2, folder.resolve("tuples").toString(), 60);
    assertThat(data.points().size()).isBetween(5, 60);
    assertThat(data.droppedBits()).isPositive();
    Map<List<Double>, Long> coarse = new HashMap<>();
    for (Row row : data.exact().collectAsList()) {
      coarse.merge(
          data.steps().of(List.of(row.getDouble(0), row.getDouble(1))), row.getLong(2), Long::sum);
    }
    Map<List<Double>, Long> fitted = new HashMap<>();
    int[][] labels = new int[1][data.points().size()];
    for (int i = 0; i < data.points().size(); i++) {
      fitted.put(
          List.of(data.points().value(0, i), data.points().value(1, i)), data.points().weight(i));
      labels[0][i] = i + 1;
    }
    assertThat(coarse).isEqualTo(fitted);
    assertThat(data.even().of(data.points()).weight())
        .isEqualTo(values.selectExpr("sum(even_pixels)").first().getLong(0));
    assertThat(data.even().upper(data.points()).weight())
        .isEqualTo(values.selectExpr("sum(upper_even_pixels)").first().getLong(0));
    LabelledTuples tuples =
        Shipped.roundTrip(
            new LabelledTuples(
                data.points(), List.of(model("ward", null, 0)), labels, data.steps()));
    WeightedPoints exact = DataSetTuples.points(data.exact().collectAsList(), 0, 2);
    int[] found = tuples.new Labeller().of(exact, unknown(exact))[0];
    for (int i = 0; i < found.length; i++) {
      List<Double> step = data.steps().of(List.of(exact.value(0, i), exact.value(1, i)));
      assertThat(data.points().value(0, found[i] - 1)).isEqualTo(step.get(0));
      assertThat(data.points().value(1, found[i] - 1)).isEqualTo(step.get(1));
    }
  }
}
