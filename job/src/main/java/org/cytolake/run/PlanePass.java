package org.cytolake.run;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.clusters.ClusteredBy;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.Exploration;
import org.cytolake.label.LabelKinds;
import org.cytolake.network.ModelFile;
import org.cytolake.network.TaskThreads;
import org.cytolake.nuclei.NucleiSettings;
import org.cytolake.report.ReportSettings;
import org.cytolake.statistics.StatisticsSettings;
import org.cytolake.store.Run;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.ChannelPairs;
import org.cytolake.tables.Layout;

/** The passes over the images of a run, one batch at a time. */
final class PlanePass {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Scope scope;
  private final StageClock clock;
  private final PlannedRun plan;
  private final Layout layout;
  private final Configuration hadoop;
  private final LongAccumulator pixelsDone;
  private final long pixels;
  private final int images;

  /**
   * @param batches of the whole run
   */
  PlanePass(
      SparkSession spark,
      CytolakeConfig config,
      Scope scope,
      StageClock clock,
      PlannedRun plan,
      Layout layout,
      List<Batch> batches) {
    this.spark = spark;
    this.config = config;
    this.scope = scope;
    this.clock = clock;
    this.plan = plan;
    this.layout = layout;
    this.hadoop = spark.sessionState().newHadoopConf();
    this.pixelsDone = spark.sparkContext().longAccumulator();
    this.images = batches.stream().mapToInt(Batch::images).sum();
    this.pixels =
        batches.stream()
            .flatMap(b -> b.fields().stream())
            .mapToLong(Batch::pixels)
            .sum();
  }

  /** Analyses the images of a batch and writes what there is of them below the run's folder. */
  ShareResult over(Batch batch, Run run) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    AnalysisSettings settings = settings(run);
    Broadcast<ModelFile> model =
        plan.network().map(n -> context.broadcast(n.file())).orElse(null);
    AnalyseImages pass2 =
        new AnalyseImages(
            settings,
            model,
            TaskThreads.of(context.sc(), batch.shares().size()),
            context.broadcast(new SerializableConfiguration(hadoop)),
            run.files(),
            pixelsDone);
    ShareResult all = new ShareResult();
    clock.passes(
        spark,
        images,
        () -> (double) pixelsDone.value() / pixels,
        () -> {
          CountedPlanes.of(spark, config, plan.catalog(), settings, batch)
              .mapPartitions(pass2)
              .collect()
              .forEach(all::add);
          return all.times;
        });
    return all;
  }

  private AnalysisSettings settings(Run run) {
    Exploration exploration = config.exploration().resolved(layout.channelNames());
    boolean tables = scope == Scope.ALL;
    Optional<ClusteredBy> by =
        config.clustering().enabled()
            ? Optional.of(
                ClusteredBy.of(config.clustering(), exploration, layout.channelNames()))
            : Optional.empty();
    Optional<NucleiSettings> nuclei =
        plan.network().map(n -> n.settings(layout.channelNames()));
    // models of several images come later, and with them what shows them
    boolean own = by.isEmpty() || config.clustering().perImage();
    return new AnalysisSettings(
        layout,
        run.id(),
        run.scratch(),
        new StatisticsSettings(
            exploration,
            config.histograms().bins(),
            config.histograms().maxTuples(),
            layout.channelNames(),
            layout.channels().stream().map(ChannelColumn::type).toList(),
            tables
                ? ChannelPairs.of(
                    config.exploration().pairs(),
                    layout.channelNames(),
                    by.map(ClusteredBy::channels).orElse(List.of()))
                : List.of()),
        tables,
        config.clustering(),
        by,
        nuclei,
        LabelKinds.of(config, own),
        nuclei.isPresent() && config.segmentation().geojson(),
        config.output().pixels() && own,
        config.report().enabled() && own
            ? Optional.of(
                ReportSettings.of(config, exploration, layout.channelNames()))
            : Optional.empty(),
        plan.fingerprint());
  }
}
