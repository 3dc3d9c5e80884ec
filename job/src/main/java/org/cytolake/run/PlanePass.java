package org.cytolake.run;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.ImageFile;
import org.cytolake.illumination.SumSettings;
import org.cytolake.network.ModelFile;
import org.cytolake.network.TaskThreads;
import org.cytolake.nuclei.NucleiNetwork;
import org.cytolake.plan.Batch;
import org.cytolake.plan.PlannedRun;
import org.cytolake.planes.AnalyseImages;
import org.cytolake.planes.AnalysisSettings;
import org.cytolake.planes.CountedPlanes;
import org.cytolake.planes.Networks;
import org.cytolake.planes.PlaneInput;
import org.cytolake.planes.ShareResult;
import org.cytolake.store.Run;

/** The passes over the images of a run, one batch at a time. */
final class PlanePass {
  private final SparkSession spark;
  private final StageClock clock;
  private final PlannedRun plan;
  private final CytolakeConfig.Input input;
  private final Optional<SumSettings> sums;
  private final Configuration hadoop;
  private final LongAccumulator pixelsDone;
  private final long pixels;
  private final int images;
  private final long bytes;

  /**
   * @param batches of the whole run
   * @param sums what is added up for illumination functions
   */
  PlanePass(
      SparkSession spark,
      StageClock clock,
      PlannedRun plan,
      CytolakeConfig.Input input,
      List<Batch> batches,
      Optional<SumSettings> sums) {
    this.sums = sums;
    this.spark = spark;
    this.clock = clock;
    this.plan = plan;
    this.input = input;
    this.hadoop = spark.sessionState().newHadoopConf();
    this.pixelsDone = spark.sparkContext().longAccumulator();
    this.images = batches.stream().mapToInt(Batch::images).sum();
    this.bytes =
        batches.stream()
            .flatMap(b -> b.fields().stream())
            .flatMap(f -> f.files().stream())
            .distinct() // several series of one file
            .mapToLong(ImageFile::length)
            .sum();
    this.pixels = batches.stream().flatMap(b -> b.fields().stream()).mapToLong(Batch::pixels).sum();
  }

  /** Analyses the images of a batch and writes what there is of them below the run's folder. */
  ShareResult over(Batch batch, AnalysisSettings settings, Run run) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Networks networks =
        new Networks(
            model(context, plan.network()),
            model(context, plan.cellNetwork()),
            TaskThreads.of(context.sc(), batch.shares().size()));
    AnalyseImages pass2 =
        new AnalyseImages(
            settings,
            networks,
            sums,
            context.broadcast(new SerializableConfiguration(hadoop)),
            run.files(),
            pixelsDone);
    ShareResult all = new ShareResult();
    clock.passes(
        spark,
        images,
        bytes,
        () -> (double) pixelsDone.value() / pixels,
        () -> {
          planes(batch, settings).mapPartitions(pass2).collect().forEach(all::add);
          return all.times;
        });
    return all;
  }

  private static Broadcast<ModelFile> model(
      JavaSparkContext context, Optional<NucleiNetwork> network) {
    return network.map(n -> context.broadcast(n.file())).orElse(null);
  }

  /**
   * Where single channels and nothing else are counted, pass 2 does it, from one decoding; and
   * where other intensities are counted than those in the files.
   */
  private JavaRDD<PlaneInput> planes(Batch batch, AnalysisSettings settings) {
    if ((!settings.tables() && settings.nuclei().isEmpty())
        || settings.illumination().isPresent()) {
      return CountedPlanes.uncounted(spark, batch);
    }
    return CountedPlanes.of(
        spark, AnalyzePipeline.sourceOptions(input), plan.catalog(), settings.statistics(), batch);
  }
}
