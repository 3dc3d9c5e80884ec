package org.cytolake.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.cytolake.cluster.AdjustedRandIndex;
import org.cytolake.cluster.Agglomeration;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.cluster.Bandwidth;
import org.cytolake.cluster.BisectingKMeans;
import org.cytolake.cluster.Clusters;
import org.cytolake.cluster.Dbscan;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.MeanShift;
import org.cytolake.cluster.MergeTree;
import org.cytolake.cluster.Modes;
import org.cytolake.cluster.NodeClusters;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.Partition;
import org.cytolake.cluster.online.Birch;
import org.cytolake.cluster.online.MiniBatchKMeans;
import org.cytolake.cluster.similarity.AffinityPropagation;
import org.cytolake.cluster.similarity.PowerIteration;
import org.cytolake.cluster.similarity.SpectralClustering;
import org.cytolake.points.WeightedPoints;
import org.cytolake.run.RunSummary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the tables have of every method against the method itself, which udfs' tests compare with
 * scikit-learn.
 */
final class ClusterMethodsTest {
  private static final String ALL =
      "clustering.methods=[gaussian_mixture,k_means,bisecting_k_means,power_iteration,dbscan,"
          + "mean_shift,ward,average_linkage,complete_linkage,single_linkage,mini_batch_k_means,birch,"
          + "spectral,affinity_propagation]";

  /** Models of k = 2 and 3, and of methods that find it. */
  private static final int MODELS = 11 * 2 + 3;

  private static final KMeans.Options K_MEANS = new KMeans.Options(4, 1000, 1e-6, 12_345);

  @TempDir Path folder;
  private ClusterRuns runs;

  @BeforeEach
  void images() throws IOException {
    Files.createDirectory(folder.resolve("images"));
    runs = new ClusterRuns(folder);
  }

  private RunSummary analyze(String output, String... more) {
    List<String> settings = new ArrayList<>(Arrays.asList(more));
    settings.addAll(List.of(ALL, "clustering.k=[2,3]", "clustering.dbscan.min-pixels=30"));
    settings.addAll(List.of("clustering.starts=4", "clustering.values=raw"));
    settings.add("clustering.dataset-starts=1");
    return runs.analyze(output, settings.toArray(String[]::new));
  }

  private void tablesAre(String output, String where, WeightedPoints points) {
    assertThat(runs.table(output, "cluster_models").where(where).count()).isEqualTo(MODELS);
    for (int k = 2; k <= 3; k++) {
      String ofK = where + " and k = " + k + " and method = ";
      same(
          BisectingKMeans.fit(points, k, K_MEANS).result().orElseThrow(),
          runs.labels(output, ofK + "'bisecting_k_means'"));
      MiniBatchKMeans.Options batches =
          new MiniBatchKMeans.Options(4, 1000, 1024, 10, 0.01, 12_345);
      same(
          MiniBatchKMeans.fit(points, k, batches).result().orElseThrow(),
          runs.labels(output, ofK + "'mini_batch_k_means'"));
      Partition spectral =
          SpectralClustering.fit(points, List.of(k), 25, K_MEANS).get(0).result().orElseThrow();
      same(spectral, runs.labels(output, ofK + "'spectral'"));
      int of = k;
      NodeClusters birch =
          Birch.fit(points, new Birch.Options(6, 50))
              .then(b -> b.clusters(points, of))
              .result()
              .orElseThrow();
      same(birch, runs.labels(output, ofK + "'birch'"));
      Row stored = runs.table(output, "cluster_models").where(ofK + "'birch'").first();
      assertThat(stored.<Integer>getList(stored.fieldIndex("node_clusters")))
          .hasSize(birch.nodes().length)
          .doesNotContain(0);
      Partition power =
          PowerIteration.fit(points, List.of(k), 25, 20, K_MEANS).get(0).result().orElseThrow();
      same(power, runs.labels(output, ofK + "'power_iteration'"));
      for (Linkage linkage : Linkage.values()) {
        String name = linkage.name().toLowerCase(Locale.ROOT);
        String method = linkage == Linkage.WARD ? name : name + "_linkage";
        same(
            Agglomeration.fit(points, linkage).result().orElseThrow().cut(k).result().orElseThrow(),
            runs.labels(output, ofK + "'" + method + "'"));
      }
    }
    Partition dbscan = Dbscan.fit(points, 12, 30).result().orElseThrow();
    same(dbscan, runs.labels(output, where + " and method = 'dbscan'"));
    AffinityPropagation.Options affinity =
        new AffinityPropagation.Options(0.7, 0, 400, 15).of(points);
    Modes exemplars = AffinityPropagation.fit(points, affinity, 12_345).result().orElseThrow();
    same(exemplars, runs.labels(output, where + " and method = 'affinity_propagation'"));
    Row passed =
        runs.table(output, "cluster_models")
            .where(where + " and method = 'affinity_propagation'")
            .first();
    assertThat(passed.getJavaMap(passed.fieldIndex("parameters")))
        .isEqualTo(Map.of("damping", 0.7, "preference", affinity.preference()));
    assertThat(passed.<Integer>getAs("iterations")).isEqualTo(exemplars.iterations());
    assertThat(passed.<Boolean>getAs("converged")).isEqualTo(exemplars.converged());
    double bandwidth = Bandwidth.estimate(points, 0.3);
    Modes modes = MeanShift.fit(points, bandwidth).result().orElseThrow();
    same(modes, runs.labels(output, where + " and method = 'mean_shift'"));
    Row model =
        runs.table(output, "cluster_models").where(where + " and method = 'mean_shift'").first();
    assertThat(model.<Integer>getAs("k")).isEqualTo(modes.k());
    assertThat(model.getJavaMap(model.fieldIndex("parameters")))
        .isEqualTo(Map.of("bandwidth", bandwidth));
    assertThat(model.<Boolean>getAs("selected")).isTrue();
    assertThat(model.isNullAt(model.fieldIndex("iterations"))).isTrue();
    List<Row> clusters =
        runs.table(output, "clusters")
            .where(where + " and method = 'mean_shift'")
            .orderBy("cluster")
            .collectAsList();
    for (int c = 0; c < modes.k(); c++) {
      assertThat(clusters.get(c).<Double>getList(clusters.get(c).fieldIndex("centre")))
          .containsExactly(modes.centres()[c][0], modes.centres()[c][1]);
    }
    assertThat(
            runs.table(output, "cluster_models")
                .where(where + " and method = 'dbscan'")
                .first()
                .<Integer>getAs("k"))
        .isEqualTo(dbscan.k());
  }

  private static void same(Clusters expected, int[] labels) {
    assertThat(labels).isEqualTo(expected.labels());
  }

  @Test
  void everyMethodOfAnImageAndOfAPlate() {
    runs.image("P1_A01", "uint8", ClusterRuns.populations(9));
    runs.image("P1_A02", "uint8", ClusterRuns.populations(40));
    assertThat(analyze("images_out").failures()).isEmpty();
    tablesAre("images_out", "image = 'P1_A02'", runs.values("images_out", "image = 'P1_A02'"));
    assertThat(analyze("plates_out", "clustering.scope=plate").failures()).isEmpty();
    tablesAre("plates_out", "plate = 'P1'", runs.values("plates_out", "true"));
    adjustedRandIsThatWithTheMixture("plates_out");
  }

  private void adjustedRandIsThatWithTheMixture(String output) {
    WeightedPoints points = runs.values(output, "true");
    for (Row model : runs.table(output, "cluster_models").where("k = 3").collectAsList()) {
      String method = model.getAs("method");
      String other = method.equals("gaussian_mixture") ? "k_means" : "gaussian_mixture";
      double expected =
          AdjustedRandIndex.of(
              points,
              runs.labels(output, "k = 3 and method = '" + method + "'"),
              runs.labels(output, "k = 3 and method = '" + other + "'"));
      assertThat(model.<Double>getAs("adjusted_rand")).isEqualTo(expected);
    }
  }

  @Test
  @TakesMinutes
  void everyMethodOfTheDataSet() {
    runs.image("P1_A01", "uint8", ClusterRuns.populations(9));
    runs.image("P2_A01", "uint8", ClusterRuns.populations(40));
    String[] more = {"clustering.scope=dataset", "clustering.max-iterations=20"};
    assertThat(analyze("out", more).failures()).isEmpty();
    WeightedPoints points = runs.values("out", "true");
    // MLlib's halvings may beat ours: no costlier, and otherwise the same tables
    for (int k = 2; k <= 3; k++) {
      double cost =
          runs.table("out", "cluster_models")
              .where("method = 'bisecting_k_means' and k = " + k)
              .first()
              .getAs("cost");
      assertThat(cost)
          .isLessThanOrEqualTo(
              BisectingKMeans.fit(points, k, new KMeans.Options(1, 20, 1e-6, 12_345))
                  .result()
                  .orElseThrow()
                  .cost());
    }
    Partition dbscan = Dbscan.fit(points, 12, 30).result().orElseThrow();
    same(dbscan, runs.labels("out", "method = 'dbscan'"));
    same(
        Agglomeration.fit(points, Linkage.WARD)
            .result()
            .orElseThrow()
            .cut(3)
            .result()
            .orElseThrow(),
        runs.labels("out", "method = 'ward' and k = 3"));
    assertThat(runs.table("out", "cluster_models").count()).isEqualTo(MODELS);
  }

  @Test
  void mergedBelowADistance() {
    runs.image("P1_A01", "uint8", ClusterRuns.populations(9));
    assertThat(
            analyze("out", "clustering.ward.distance=400", "clustering.average-linkage.distance=30")
                .failures())
        .isEmpty();
    WeightedPoints points = runs.values("out", "true");
    cutIs(Agglomeration.fit(points, Linkage.WARD), 400, "ward");
    cutIs(Agglomeration.fit(points, Linkage.AVERAGE), 30, "average_linkage");
    assertThat(runs.table("out", "cluster_models").where("method = 'single_linkage'").count())
        .isEqualTo(2);
  }

  private void cutIs(Outcome<MergeTree> tree, double distance, String method) {
    Partition cut = tree.then(t -> t.cutBelow(distance)).result().orElseThrow();
    assertThat(cut.k()).isGreaterThan(2);
    same(cut, runs.labels("out", "method = '" + method + "'"));
    assertThat(runs.table("out", "cluster_models").where("method = '" + method + "'").count())
        .isOne();
  }

  @Test
  void coarsenedWhereAMethodTakesFewerTuples() {
    runs.image("P1_A01", "uint8", ClusterRuns.populations(9));
    assertThat(analyze("out", "clustering.max-tuples=100").failures()).isEmpty();
    WeightedPoints points = runs.values("out", "true");
    assertThat(points.size()).isGreaterThan(200);
    for (Row model : runs.table("out", "cluster_models").collectAsList()) {
      boolean bounded =
          !List.of(
                  "gaussian_mixture", "k_means", "bisecting_k_means", "mini_batch_k_means", "birch")
              .contains(model.<String>getAs("method"));
      assertThat(model.<Integer>getAs("coarsened_bits") > 0).isEqualTo(bounded);
      assertThat(model.<Long>getAs("tuples")).isEqualTo(points.size());
      String own = "method = '" + model.getAs("method") + "' and k = " + model.getAs("k");
      assertThat(runs.labels("out", own)).hasSize(points.size());
    }
  }

  /** The posterior of two Gaussian densities, written out. */
  @Test
  void responsibilitiesOfMixtures() {
    runs.image("P1_A01", "uint8", ClusterRuns.populations(9));
    assertThat(
            analyze("out", "clustering.responsibilities=true", "clustering.standardize=true")
                .failures())
        .isEmpty();
    List<Row> clusters =
        runs.table("out", "clusters")
            .where("method = 'gaussian_mixture' and k = 3")
            .orderBy("cluster")
            .collectAsList();
    List<Row> labels =
        runs.table("out", "cluster_labels")
            .selectExpr("values", "responsibilities['gaussian_mixture_3'] as responsibilities")
            .collectAsList();
    assertThat(labels).isNotEmpty();
    for (Row label : labels) {
      List<Double> values = label.getList(label.fieldIndex("values"));
      double[] density = clusters.stream().mapToDouble(c -> logDensity(c, values)).toArray();
      double most = Arrays.stream(density).max().orElseThrow();
      double sum = Arrays.stream(density).map(d -> Math.exp(d - most)).sum();
      List<Double> found = label.getList(label.fieldIndex("responsibilities"));
      assertThat(found).hasSize(3);
      for (int c = 0; c < 3; c++) {
        assertThat(found.get(c)).isCloseTo(Math.exp(density[c] - most) / sum, within(1e-9));
      }
    }
    assertThat(
            runs.table("out", "cluster_labels")
                .selectExpr("explode(map_keys(responsibilities)) as model")
                .distinct()
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("gaussian_mixture_2", "gaussian_mixture_3");
  }

  static double logDensity(Row cluster, List<Double> values) {
    List<Double> mean = cluster.getList(cluster.fieldIndex("mean"));
    List<scala.collection.Seq<Double>> s = cluster.getList(cluster.fieldIndex("covariance"));
    double a = s.get(0).apply(0);
    double b = s.get(0).apply(1);
    double d = s.get(1).apply(1);
    double x = values.get(0) - mean.get(0);
    double y = values.get(1) - mean.get(1);
    double determinant = a * d - b * b;
    double square = (d * x * x - 2 * b * x * y + a * y * y) / determinant;
    return Math.log(cluster.<Double>getAs("weight"))
        - 0.5 * (square + Math.log(determinant))
        - Math.log(2 * Math.PI);
  }

  /** Black, one grey level, a constant channel, two tuples, and one pixel that differs. */
  @Test
  @TakesMinutes
  void imagesThatNoMethodCanDoMuchWith() {
    runs.image("P1_A01", "uint8", (c, y, x) -> 0);
    runs.image("P1_A02", "uint8", (c, y, x) -> 77);
    runs.image("P1_A03", "uint8", (c, y, x) -> c == 0 ? 9 : 20 + x % 9 + 90 * (y % 2));
    runs.image("P1_A04", "uint8", (c, y, x) -> x % 2 == 0 ? 3 : 250);
    runs.image("P1_A05", "uint8", (c, y, x) -> x + y == 0 ? 255 : 1);
    degenerate("image", "positive", false);
    degenerate("image", "none", true);
    degenerate("well", "none", false);
    degenerate("dataset", "none", true);
    degenerate("dataset", "black", false);
    String black = "imagepositivefalse";
    assertThat(
            runs.table(black, "cluster_models")
                .where("image = 'P1_A01' and reason = 'there are no pixels to cluster'")
                .count())
        .isEqualTo(MODELS);
    assertThat(
            runs.table(black, "cluster_models")
                .where("image = 'P1_A04' and k = 2 and reason is null")
                .count())
        .isGreaterThanOrEqualTo(5);
  }

  private void degenerate(String scope, String pixels, boolean standardize) {
    String output = scope + pixels + standardize;
    RunSummary summary =
        analyze(
            output,
            "clustering.scope=" + scope,
            "clustering.pixels=" + pixels,
            "statistics.regions=[{name=black,x=0,y=0,width=1,height=1}]",
            "clustering.standardize=" + standardize,
            "clustering.responsibilities=true",
            "clustering.exact-silhouette=true",
            "clustering.max-iterations=20");
    assertThat(summary.failures()).as(output).isEmpty();
    rowsAreClear(output);
  }

  private void rowsAreClear(String output) {
    for (Row model : runs.table(output, "cluster_models").collectAsList()) {
      finite(model);
      boolean fitted = model.isNullAt(model.fieldIndex("reason"));
      String own =
          "map_contains_key(labels, '"
              + model.getAs("method")
              + "_"
              + model.getAs("k")
              + "') and image <=> "
              + text(model.getAs("image"))
              + " and well <=> "
              + text(model.getAs("well"));
      long pixels =
          runs.table(output, "cluster_labels").where(own).collectAsList().stream()
              .mapToLong(r -> r.getAs("pixels"))
              .sum();
      assertThat(pixels).isEqualTo(fitted ? model.getLong(model.fieldIndex("pixels")) : 0L);
    }
    runs.table(output, "clusters").collectAsList().forEach(ClusterMethodsTest::finite);
    runs.table(output, "cluster_labels").collectAsList().forEach(ClusterMethodsTest::finite);
  }

  private static String text(String value) {
    return value == null ? "null" : "'" + value + "'";
  }

  private static void finite(Row row) {
    for (int i = 0; i < row.size(); i++) {
      assertThat(String.valueOf(row.get(i)))
          .as(row.toString())
          .doesNotContain("NaN")
          .doesNotContain("Infinity");
    }
  }
}
