package org.cytolake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.clustering.PowerIterationClustering;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.cluster.AdjustedRandIndex;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Partition;
import org.cytolake.cluster.similarity.PowerIteration;
import org.cytolake.points.WeightedPoints;
import org.cytolake.source.LocalSpark;
import org.junit.jupiter.api.Test;

/** Power iteration against Spark's own. */
final class MllibPowerIterationTest {
  /** Where every tuple is one pixel, MLlib's power iteration has the same similarities. */
  @Test
  void powerIterationIsMllibsWherePixelsAreTuples() {
    double[][] values = new double[2][60];
    long[] ones = new long[60];
    Arrays.fill(ones, 1);
    for (int i = 0; i < 60; i++) {
      double radius = i < 20 ? 5 : 40;
      values[0][i] = 100 + radius * Math.cos(i * 0.7) + i % 3;
      values[1][i] = 100 + radius * Math.sin(i * 0.7);
    }
    WeightedPoints points = new WeightedPoints(values, ones);
    List<Row> edges = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < i; j++) {
        double square =
            Math.pow(values[0][i] - values[0][j], 2) + Math.pow(values[1][i] - values[1][j], 2);
        edges.add(RowFactory.create((long) i, (long) j, Math.exp(-square / (2 * 8 * 8))));
      }
    }
    StructType schema =
        new StructType()
            .add("src", DataTypes.LongType)
            .add("dst", DataTypes.LongType)
            .add("weight", DataTypes.DoubleType);
    List<Row> found =
        new PowerIterationClustering()
            .setK(2)
            .setMaxIter(20)
            .setInitMode("degree")
            .setWeightCol("weight")
            .assignClusters(LocalSpark.session().createDataFrame(edges, schema))
            .orderBy("id")
            .collectAsList();
    int[] labels = found.stream().mapToInt(r -> r.<Integer>getAs("cluster")).toArray();
    Partition own =
        PowerIteration.fit(points, List.of(2), 8, 20, new KMeans.Options(4, 1000, 1e-6, 12_345))
            .get(0)
            .result()
            .orElseThrow();
    assertThat(AdjustedRandIndex.of(points, own.labels(), labels)).isEqualTo(1);
    assertThat(Arrays.stream(own.labels()).filter(l -> l == own.labels()[0]).count()).isEqualTo(20);
  }
}
