package org.cytolake.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.points.WeightedPoints;
import org.cytolake.run.RunSummary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New images labelled with the models of an earlier run. */
@TakesMinutes
final class StoredModelsTest {
  private static final String[] FIT = {
    "clustering.scope=dataset",
    "clustering.methods=[gaussian_mixture,k_means,bisecting_k_means,dbscan,mean_shift,ward]",
    "clustering.k=[2,3]",
    "clustering.values=raw",
    "clustering.dataset-starts=1",
    "clustering.starts=2",
    "clustering.max-iterations=15",
    "clustering.dbscan.min-pixels=30"
  };

  private static final String LABELS = "array_sort(map_entries(labels))"; // maps have no order

  @TempDir Path folder;
  private ClusterRuns runs;

  @BeforeEach
  void images() throws IOException {
    Files.createDirectory(folder.resolve("images"));
    runs = new ClusterRuns(folder);
    runs.image("P1_A01", "uint8", ClusterRuns.populations(9));
    runs.image("P1_A02", "uint8", ClusterRuns.populations(40));
  }

  private RunSummary analyze(String output, String[] settings, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    all.addAll(List.of(more));
    return runs.analyze(output, all.toArray(String[]::new));
  }

  private String model(String output) {
    return "clustering.model=\"" + folder.resolve(output) + "\"";
  }

  private List<String> rows(String output, String table, String... columns) {
    return runs.table(output, table).selectExpr(columns).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  @Test
  void theSameImagesGetTheSameTables() {
    analyze("old", FIT, "clustering.standardize=true");
    analyze("new", FIT, "clustering.standardize=true", model("old"));
    for (String table : List.of("cluster_labels", "clusters")) {
      String[] all =
          Arrays.stream(runs.table("old", table).columns())
              .map(column -> column.equals("labels") ? LABELS : column)
              .toArray(String[]::new);
      assertThat(rows("new", table, all)).isNotEmpty().isEqualTo(rows("old", table, all));
    }
    String[] ofModel = {"method", "k", "bic", "cost", "pixels", "selected", "scale", "parameters"};
    assertThat(rows("new", "cluster_models", ofModel))
        .isEqualTo(rows("old", "cluster_models", ofModel));
    assertThat(rows("new", "cluster_models", "labelled_by"))
        .containsOnly("[" + folder.resolve("old") + "]");
    // what was labelled labels on
    analyze("newer", FIT, "clustering.standardize=true", model("new"));
    assertThat(rows("newer", "cluster_labels", "values", LABELS))
        .isEqualTo(rows("old", "cluster_labels", "values", LABELS));
  }

  /** Every tuple by the formulas written out. */
  @Test
  void tuplesThatTheModelsHaveNotSeen() throws IOException {
    analyze("old", FIT);
    for (String name : List.of("P1_A01", "P1_A02")) {
      for (int c = 0; c < 2; c++) {
        Files.delete(folder.resolve("images").resolve(name + "_c" + c + ".tif"));
      }
    }
    runs.image("P2_A01", "uint8", (c, y, x) -> 1 + (x * 5 + c * y * 6 + y) % 255);
    analyze("new", FIT, model("old"));
    WeightedPoints seen = runs.values("old", "true");
    WeightedPoints tuples = runs.values("new", "true");
    List<Row> models = runs.table("new", "cluster_models").collectAsList();
    assertThat(models).hasSize(4 * 2 + 2);
    int unseen = 0;
    for (Row model : models) {
      String method = model.getAs("method");
      String own = "method = '" + method + "' and k = " + model.getAs("k");
      int[] labels = runs.labels("new", own);
      int[] old = runs.labels("old", own);
      assertThat(labels).hasSize(tuples.size());
      List<Row> clusters =
          runs.table("old", "clusters").where(own).orderBy("cluster").collectAsList();
      long[] pixels = new long[clusters.size() + 1];
      for (int i = 0; i < labels.length; i++) {
        pixels[labels[i]] += tuples.weight(i);
        int nearest = nearest(seen, tuples.value(0, i), tuples.value(1, i));
        double distance = distance(seen, nearest, tuples.value(0, i), tuples.value(1, i));
        if (distance == 0) {
          assertThat(labels[i]).isEqualTo(old[nearest]);
          continue;
        }
        unseen++;
        int expected =
            switch (method) {
              case "gaussian_mixture" -> likeliest(clusters, tuples, i);
              case "k_means", "bisecting_k_means", "mean_shift" ->
                  nearestCentre(clusters, tuples, i);
              case "dbscan" -> distance <= 12 ? old[nearest] : 0;
              default -> old[nearest];
            };
        assertThat(labels[i]).as("%s of tuple %d", own, i).isEqualTo(expected);
      }
      for (Row cluster : runs.table("new", "clusters").where(own).collectAsList()) {
        assertThat(cluster.<Long>getAs("pixels"))
            .isEqualTo(pixels[cluster.<Integer>getAs("cluster")]);
      }
    }
    assertThat(unseen).isGreaterThan(1_000);
  }

  /** The first in ascending order of those at the least distance. */
  private static int nearest(WeightedPoints seen, double x, double y) {
    int best = 0;
    for (int j = 1; j < seen.size(); j++) {
      if (distance(seen, j, x, y) < distance(seen, best, x, y)) {
        best = j;
      }
    }
    return best;
  }

  private static double distance(WeightedPoints seen, int j, double x, double y) {
    double dx = seen.value(0, j) - x;
    double dy = seen.value(1, j) - y;
    return Math.sqrt(dx * dx + dy * dy);
  }

  private static int nearestCentre(List<Row> clusters, WeightedPoints tuples, int i) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < clusters.size(); c++) {
      List<Double> centre = clusters.get(c).getList(clusters.get(c).fieldIndex("centre"));
      double distance =
          Math.hypot(tuples.value(0, i) - centre.get(0), tuples.value(1, i) - centre.get(1));
      if (distance < least) {
        least = distance;
        best = c + 1;
      }
    }
    return best;
  }

  private static int likeliest(List<Row> clusters, WeightedPoints tuples, int i) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < clusters.size(); c++) {
      double density =
          ClusterMethodsTest.logDensity(
              clusters.get(c), List.of(tuples.value(0, i), tuples.value(1, i)));
      if (density > most) {
        most = density;
        best = c + 1;
      }
    }
    return best;
  }

  @Test
  void eachGroupItsOwn() {
    runs.image("P2_A01", "uint8", ClusterRuns.populations(3));
    String[] plates = FIT.clone();
    plates[0] = "clustering.scope=plate";
    analyze("old", plates);
    analyze("new", plates, model("old"));
    String[] columns = {"plate", "values", LABELS, "pixels"};
    assertThat(rows("new", "cluster_labels", columns))
        .isEqualTo(rows("old", "cluster_labels", columns));
    assertThat(runs.table("new", "cluster_models").where("image is not null").count()).isZero();
    runs.image("P3_A01", "uint8", ClusterRuns.populations(3));
    refused(
        () -> analyze("newer", plates, model("old")),
        "which holds no model of P3 for the image P3_A01");
  }

  /** Images that come later are labelled with the models that are there. */
  @Test
  void theOutputsOwnModels() {
    analyze("out", FIT);
    List<String> before = rows("out", "cluster_models", "method", "k", "pixels", "bic", "cost");
    runs.image("P2_A01", "uint8", ClusterRuns.populations(77));
    assertThat(analyze("out", FIT, model("out")).failures()).isEmpty();
    assertThat(rows("out", "cluster_models", "method", "k", "pixels", "bic", "cost"))
        .isEqualTo(before);
    assertThat(runs.labels("out", "method = 'ward' and k = 3"))
        .hasSize(runs.values("out", "true").size());
  }

  @Test
  void modelsThatWereFittedAnewLabelAnew() {
    String[] few = {FIT[0], FIT[3], FIT[4], FIT[5], FIT[6], "clustering.methods=k_means"};
    analyze("old", few, "clustering.k=2");
    analyze("new", few, model("old"));
    assertThat(runs.table("new", "cluster_models").count()).isOne();
    analyze("old", few, "clustering.k=[2,4]");
    assertThat(analyze("new", few, model("old")).analyzed()).isZero();
    assertThat(runs.table("new", "cluster_models").count()).isEqualTo(2);
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable run, String why) {
    assertThatThrownBy(run)
        .isInstanceOfSatisfying(
            CytolakeException.class, e -> assertThat(e.code()).isEqualTo(Code.USAGE))
        .hasMessageContaining(why);
  }

  @Test
  void modelsThatCannotLabelTheImages() {
    analyze("old", FIT);
    refused(() -> analyze("x1", FIT, model("nowhere")), "which has no table cluster_models");
    refused(
        () -> analyze("x2", FIT, model("old"), "clustering.channels=[actin,dna]"),
        "which holds models of the channels [dna, actin], not of [actin, dna]");
    refused(
        () -> analyze("x3", FIT, model("old"), "clustering.values=normalized"),
        "which holds models of the values raw, not of normalized to dna");
    refused(
        () -> analyze("x4", FIT, model("old"), "clustering.scope=plate"),
        "which holds models of scope dataset, not of plate");
    refused(
        () -> analyze("x5", FIT, model("old"), "clustering.scope=image"),
        "clustering.scope is image: each image has models of its own");
    runs.image("P2_A01", "uint16", ClusterRuns.populations(3));
    refused(
        () -> analyze("x6", FIT, model("old")),
        "which holds models of raw values of pixel type uint8, not of uint16, uint8");
    for (String output : List.of("x1", "x2", "x3", "x4", "x5", "x6")) {
      assertThat(folder.resolve(output).resolve("images")).doesNotExist();
    }
  }
}
