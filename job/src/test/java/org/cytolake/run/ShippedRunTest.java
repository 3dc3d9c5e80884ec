package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.Shipped;
import org.cytolake.clusters.GroupLabels;
import org.cytolake.clusters.ModelName;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.Field;
import org.cytolake.plan.PlannedRun;
import org.cytolake.plan.Scope;
import org.cytolake.planes.AnalyseImages;
import org.cytolake.planes.AnalysisSettings;
import org.cytolake.planes.Networks;
import org.cytolake.planes.PaintByGroup;
import org.cytolake.planes.PlaneInput;
import org.cytolake.planes.ShareResult;
import org.cytolake.points.WeightedPoints;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.store.Run;
import org.cytolake.store.StagedFile;
import org.cytolake.store.TableStores;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** What a run ships to executors does there what it would do here. */
final class ShippedRunTest {
  private static final int SIDE = 40;

  @TempDir Path folder;

  private final SparkSession spark = LocalSpark.session();
  private final JavaSparkContext context =
      JavaSparkContext.fromSparkContext(spark.sparkContext()); // of the session

  private CytolakeConfig config(String... settings) throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    TestImages.write(
        images.resolve("a.ome.tif"),
        TestImages.Spec.of(
                SIDE, SIDE, "uint8", (s, c, z, t, y, x) -> 1 + x % 7 * 20 + y % 9 + 30 * c)
            .channels(2));
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of("segmentation.enabled=false", "clustering.k=[2,3]", "output.pixels=true"));
    return ConfigLoader.load(
        Optional.empty(),
        Map.of(
            "input.paths", List.of(images.toString()),
            "output.path", folder.resolve("out").toString()),
        all);
  }

  private static Map<Table, Long> rows(ShareResult result) {
    Map<Table, Long> rows = new TreeMap<>();
    for (StagedFile file : result.files) {
      rows.merge(file.table(), file.rows(), Long::sum);
    }
    return rows;
  }

  private interface Step {
    void run(PlannedRun plan, Run run, Broadcast<SerializableConfiguration> hadoop)
        throws Exception;
  }

  private void inRun(CytolakeConfig config, Step step) throws Exception {
    PlannedRun plan =
        new RunPlanner(spark, config, Scope.ALL, new StageClock(Progress.NONE))
            .plan(Optional.empty(), List.of(), layout -> layout);
    try (Run run = TableStores.open(spark, config.output(), plan.layout().orElseThrow()).begin()) {
      step.run(
          plan,
          run,
          context.broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf())));
    }
  }

  private static <T> ShareResult done(
      JavaRDD<T> input, FlatMapFunction<Iterator<T>, ShareResult> task) {
    ShareResult all = new ShareResult();
    input.mapPartitions(task).collect().forEach(all::add);
    return all;
  }

  private static void same(ShareResult expected, ShareResult found) {
    assertThat(rows(expected)).isNotEmpty().isEqualTo(rows(found));
    assertThat(found.complete).isEqualTo(expected.complete);
    assertThat(found.images).isEqualTo(expected.images);
    assertThat(found.pixels).isEqualTo(expected.pixels);
    assertThat(found.failures).isEmpty();
  }

  @Test
  void imagesAreAnalysed() throws Exception {
    CytolakeConfig config = config();
    inRun(
        config,
        (plan, run, hadoop) -> {
          AnalysisSettings settings =
              AnalysisSettings.of(config, Scope.ALL, plan, plan.layout().orElseThrow(), run, true)
                  .drawing(
                      new ReportPipeline(
                              spark,
                              config,
                              plan.layout().orElseThrow(),
                              hadoop.value().value(),
                              Optional.empty())
                          .planes(run, 1));
          AnalyseImages pass =
              new AnalyseImages(
                  settings,
                  Networks.NONE,
                  Optional.empty(),
                  hadoop,
                  run.files(),
                  spark.sparkContext().longAccumulator());
          JavaRDD<PlaneInput> planes =
              context
                  .parallelize(plan.catalog().fields(), 1)
                  .flatMap(field -> PlaneInput.planes(field).iterator());
          ShareResult expected = done(planes, pass);
          assertThat(expected.complete).containsExactly("a");
          assertThat(rows(expected)).containsKeys(Table.CHANNEL_STATS, Table.CLUSTER_LABELS);
          same(expected, done(planes, Shipped.roundTrip(pass)));
          same(expected, Shipped.roundTrip(expected));
        });
  }

  @Test
  void modelsOfTheDataSetArePainted() throws Exception {
    CytolakeConfig config = config("clustering.scope=dataset");
    inRun(
        config,
        (plan, run, hadoop) -> {
          ModelName kMeans = new ModelName("k_means", 2);
          PaintByGroup paint =
              new PaintByGroup(
                  AnalysisSettings.of(
                      config, Scope.ALL, plan, plan.layout().orElseThrow(), run, false),
                  context.broadcast(
                      Map.of(List.of(), new GroupLabels.Models(List.of(kMeans), List.of(kMeans)))),
                  config.output().path(),
                  hadoop,
                  run.files());
          GroupLabels labels =
              new GroupLabels(
                  new WeightedPoints(new double[][] {{1}, {1}}, new long[] {1}),
                  new TreeMap<>(Map.of(kMeans, new int[] {1})));
          JavaRDD<Tuple2<Field, org.apache.spark.api.java.Optional<GroupLabels>>> images =
              context
                  .parallelize(plan.catalog().fields(), 1)
                  .map(field -> new Tuple2<>(field, org.apache.spark.api.java.Optional.of(labels)));
          ShareResult expected = done(images, paint);
          assertThat(rows(expected)).isEqualTo(Map.of(Table.PIXELS, (long) SIDE * SIDE));
          assertThat(expected.images).hasSize(1);
          same(expected, done(images, Shipped.roundTrip(paint)));
        });
  }
}
