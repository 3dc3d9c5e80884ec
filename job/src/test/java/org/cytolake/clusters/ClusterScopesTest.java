package org.cytolake.clusters;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.KMeans;
import org.cytolake.config.CytolakeException;
import org.cytolake.points.WeightedPoints;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models per image, group and data set against fits to the same values outside of Spark. */
final class ClusterScopesTest {
  @TempDir Path folder;

  @BeforeEach
  void twoPlatesOfTwoWells() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    for (String name : List.of("P1_A01", "P1_A02", "P2_A01", "P2_A02")) {
      int shift = name.hashCode() % 17 + 17;
      for (int c = 0; c < 2; c++) {
        int channel = c;
        TestImages.write(
            images.resolve(name + "_c" + c + ".tif"),
            TestImages.Spec.of(
                60, 40, "uint8", (s, k, z, t, y, x) -> sample(channel, shift, y, x)));
      }
    }
  }

  /** Three populations, some of them black. */
  private static double sample(int channel, int shift, int y, int x) {
    int noise = (x * x * 7 + y * 13 + x * y * 3 + shift) % 19;
    int population = (x / 20 + channel * (y / 20)) % 3;
    return population == 0 && noise < 3 ? 0 : 10 + 70 * population + noise + shift / 4;
  }

  private RunSummary analyze(String... settings) {
    List<String> all =
        new ArrayList<>(List.of("clustering.k=[2,3]", "clustering.regularization=1e-6"));
    all.addAll(Arrays.asList(settings));
    return new ClusterRuns(folder).analyze("tables", all.toArray(String[]::new));
  }

  private Dataset<Row> table(String name) {
    return new ClusterRuns(folder).table("tables", name);
  }

  private WeightedPoints values(String where) {
    List<Row> rows =
        table("cluster_values")
            .where(where)
            .selectExpr("values[0] as a", "values[1] as b", "pixels")
            .groupBy("a", "b")
            .sum("pixels")
            .orderBy("a", "b")
            .collectAsList();
    return DataSetTuples.points(rows, 0, 2);
  }

  private void fitsAreAsGoodAsOurs(String where, WeightedPoints points, int starts, double slack) {
    KMeans.Options kMeans = new KMeans.Options(starts, 1000, 1e-6, 12_345);
    GaussianMixture.Options mixtures =
        new GaussianMixture.Options(starts, 1000, 1e-6, 1e-6, 12_345);
    for (Row model : table("cluster_models").where(where).collectAsList()) {
      int k = model.getAs("k");
      assertThat(model.<Long>getAs("pixels")).isEqualTo(points.weight());
      if (model.getAs("method").equals("k_means")) {
        double cost = KMeans.fit(points, k, kMeans).result().get().cost();
        assertThat(model.<Double>getAs("cost")).isLessThanOrEqualTo(cost * (1 + slack));
      } else {
        double likelihood = GaussianMixture.fit(points, k, mixtures).result().get().logLikelihood();
        assertThat(model.<Double>getAs("log_likelihood"))
            .isGreaterThanOrEqualTo(likelihood - slack);
      }
      assertThat(model.<Double>getAs("adjusted_rand")).isBetween(-1.0, 1.0);
    }
  }

  @Test
  void eachImage() {
    assertThat(analyze().failures()).isEmpty();
    assertThat(table("cluster_models").count()).isEqualTo(4 * 2 * 2);
    assertThat(table("cluster_models").where("selected").count()).isEqualTo(4 * 2);
    fitsAreAsGoodAsOurs("image = 'P1_A02'", values("image = 'P1_A02'"), 32, 1e-12);
    // the pixels of a model's labels and clusters are those it was fitted to; none is black
    assertThat(
            table("cluster_labels")
                .selectExpr("image", "explode(labels) as (model, cluster)", "pixels")
                .groupBy("image", "model")
                .sum("pixels")
                .except(
                    table("cluster_models")
                        .selectExpr("image", "concat(method, '_', k)", "pixels as n"))
                .count())
        .isZero();
    long positive = 0;
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 60; x++) {
        int shift = "P1_A02".hashCode() % 17 + 17;
        positive += sample(0, shift, y, x) > 0 && sample(1, shift, y, x) > 0 ? 1 : 0;
      }
    }
    assertThat(values("image = 'P1_A02'").weight()).isEqualTo(positive).isLessThan(2400);
  }

  /** Half of the even pixels is fitted to each half; methods without halves go by silhouette. */
  @Test
  void whatIsRecommended() {
    analyze("clustering.k=[2,3,4,5]", "clustering.recommend=stability");
    assertThat(table("cluster_models").where("stability is null").count()).isZero();
    assertThat(table("cluster_models").where("selected").count()).isEqualTo(4 * 2);
    assertThat(
            table("cluster_models")
                .where("selected and not array_contains(picked_by, 'stability')")
                .count())
        .isZero();
    assertThat(table("cluster_models").where("stability > 1").count()).isZero();
    analyze("clustering.k=[2,3,4,5]");
    assertThat(
            table("cluster_models")
                .where("selected and abs(k - modes) > least(abs(2 - modes), abs(5 - modes))")
                .count())
        .isZero();
    assertThat(
            table("cluster_models")
                .where("selected and not array_contains(picked_by, 'modes')")
                .count())
        .isZero();
    assertThat(table("cluster_models").where("stability is not null").count()).isZero();
    assertThat(table("cluster_models").where("(icl is null) = (method = 'k_means')").count())
        .isEqualTo(4 * 2 * 4);
    assertThat(table("cluster_models").where("icl < effective_bic").count()).isZero();
    evenPixelsAddUp("image");
    assertThat(
            table("cluster_values")
                .where("even_pixels > pixels or upper_even_pixels > even_pixels")
                .count())
        .isZero();
    analyze("clustering.k=[2,3,4,5]", "clustering.recommend=bic");
    assertThat(
            table("cluster_models")
                .where(
                    "selected and not array_contains(picked_by, if(bic is null, 'silhouette',"
                        + " 'bic'))")
                .count())
        .isZero();
  }

  private void evenPixelsAddUp(String by) {
    assertThat(
            table("cluster_models")
                .selectExpr(by, "effective_pixels")
                .distinct()
                .except(
                    table("cluster_values").groupBy(expr(by)).agg(expr("sum(even_pixels) / 4.0D")))
                .count())
        .isZero();
    assertThat(table("cluster_models").where("effective_pixels > 1 and modes > 0").count())
        .isEqualTo(table("cluster_models").count());
  }

  @Test
  void eachPlate() {
    assertThat(analyze("clustering.scope=plate").failures()).isEmpty();
    assertThat(table("cluster_models").where("image is null and plate = 'P2'").count())
        .isEqualTo(4);
    assertThat(table("cluster_models").where("image is not null or well is not null").count())
        .isZero();
    fitsAreAsGoodAsOurs("plate = 'P1'", values("plate = 'P1'"), 32, 1e-12);
    fitsAreAsGoodAsOurs("plate = 'P2'", values("plate = 'P2'"), 32, 1e-12);
    evenPixelsAddUp("plate");
  }

  @Test
  void theWholeDataSetAndAnotherNumberWithoutReadingImages() {
    assertThat(analyze("clustering.scope=dataset").failures()).isEmpty();
    assertThat(table("cluster_models").count()).isEqualTo(4);
    fitsAreAsGoodAsOurs("scope = 'dataset'", values("true"), 3, 1e-12);
    evenPixelsAddUp("1");
    RunSummary again = analyze("clustering.scope=dataset", "clustering.methods=k_means");
    assertThat(again.analyzed()).isZero();
    assertThat(again.unchanged()).isEqualTo(4);
    assertThat(table("cluster_models").count()).isEqualTo(2);
  }

  @Test
  void standardisedRawAndStainedPixels() {
    assertThat(
            analyze(
                    "clustering.values=raw",
                    "clustering.standardize=true",
                    "clustering.pixels=stained")
                .failures())
        .isEmpty();
    // means are in the units of the values
    assertThat(
            table("clusters")
                .where("method = 'k_means'")
                .selectExpr("max(mean[0])", "min(mean[0])")
                .first()
                .getDouble(0))
        .isBetween(100.0, 255.0);
    fitsHaveAllPixels();
    // costs are those of standardised values
    for (Row model :
        table("cluster_models").where("image = 'P1_A02' and method = 'k_means'").collectAsList()) {
      WeightedPoints values = values("image = 'P1_A02'");
      double cost =
          KMeans.fit(
                  values.standardized().points(),
                  model.getAs("k"),
                  new KMeans.Options(32, 1000, 1e-6, 12_345))
              .result()
              .get()
              .cost();
      assertThat(model.<Double>getAs("cost")).isEqualTo(cost);
    }
  }

  private void fitsHaveAllPixels() {
    assertThat(
            table("clusters")
                .groupBy("image", "method", "k")
                .sum("pixels")
                .except(table("cluster_models").selectExpr("image", "method", "k", "pixels as n"))
                .count())
        .isZero();
  }

  @Test
  void tooFewTuplesGiveAReason() {
    assertThat(
            analyze(
                    "statistics.regions=[{name=dot,x=0,y=0,width=1,height=1}]",
                    "clustering.pixels=dot")
                .failures())
        .isEmpty();
    assertThat(table("cluster_models").where("reason is null").count()).isZero();
    assertThat(table("cluster_models").count()).isEqualTo(16);
  }

  @Test
  void settingsThatNameWhatIsNotThere() {
    assertThatThrownBy(() -> analyze("clustering.scope=colour"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("clustering.scope is [colour]")
        .hasMessageContaining("plate, well");
    assertThatThrownBy(() -> analyze("clustering.pixels=nowhere"))
        .hasMessageContaining("clustering.pixels is 'nowhere'");
  }

  /** What tasks hand to the driver grows with models, not with tuples. */
  @Test
  void labelsMeetTheirPixelsInTasks() throws Exception {
    for (String name : List.of("P1_A01", "P1_A02", "P2_A01", "P2_A02")) {
      int shift = name.hashCode() % 97;
      for (int c = 0; c < 2; c++) {
        int channel = c;
        TestImages.write(
            folder.resolve("images").resolve(name + "_c" + c + ".tif"),
            TestImages.Spec.of(
                160,
                120,
                "uint16",
                (s, k, z, t, y, x) -> 300 + shift + (channel == 0 ? x + 3 * y : 7 * y + x * x)));
      }
    }
    AtomicLong most = new AtomicLong();
    SparkListener results =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd task) {
            if (task.taskMetrics() != null) {
              most.accumulateAndGet(task.taskMetrics().resultSize(), Math::max);
            }
          }
        };
    SparkContext context = LocalSpark.session().sparkContext();
    context.addSparkListener(results);
    try {
      String[] settings = {
        "clustering.k=[2,3]",
        "clustering.scope=plate",
        "clustering.methods=[k_means]",
        "clustering.starts=1",
        "clustering.values=raw",
        "output.label-images=[clusters]",
        "output.pixels=true",
        "clustering.model="
      };
      ClusterRuns runs = new ClusterRuns(folder);
      runs.analyze("tables", settings);
      // and with the models of an earlier run
      settings[7] += folder.resolve("tables");
      runs.analyze("later", settings);
      context.listenerBus().waitUntilEmpty();
    } finally {
      context.removeSparkListener(results);
    }
    assertThat(table("cluster_labels").count()).isGreaterThan(30_000);
    assertThat(table("pixels").where("clusters['k_means'] = 0").count()).isZero();
    for (String of : List.of("cluster_labels", "pixels")) {
      String[] columns =
          Arrays.stream(table(of).columns())
              .filter(c -> !List.of("run", "responsibilities", "dropped_bits").contains(c))
              .map(
                  c ->
                      List.of("labels", "clusters").contains(c)
                          ? "array_sort(map_entries(" + c + "))"
                          : c)
              .toArray(String[]::new);
      Dataset<Row> later = new ClusterRuns(folder).table("later", of).selectExpr(columns);
      assertThat(later.exceptAll(table(of).selectExpr(columns)).count()).isZero();
      assertThat(later.count()).isEqualTo(table(of).count());
    }
    assertThat(most.get()).isLessThan(100_000);
  }
}
