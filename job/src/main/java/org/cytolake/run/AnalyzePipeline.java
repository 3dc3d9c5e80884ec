package org.cytolake.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.bioformats.ReadingTime;
import org.cytolake.catalog.ArrivalOptions;
import org.cytolake.catalog.Arrivals;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.plan.PlannedRun;
import org.cytolake.plan.RunPlan;
import org.cytolake.plan.Scope;
import org.cytolake.quality.ExcludedImages;
import org.cytolake.store.Run;
import org.cytolake.store.TableStore;
import org.cytolake.store.TableStores;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * The main job: images in, tables out. Lists the input, reads the headers of what is new or
 * changed, counts tuples of intensities in one pass over the pixels, derives statistics, segments
 * nuclei, clusters pixels, and replaces the rows of those images in one step.
 */
public final class AnalyzePipeline {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Scope scope;
  private final Progress progress;

  public AnalyzePipeline(SparkSession spark, CytolakeConfig config, Progress progress) {
    this(spark, config, progress, Scope.ALL);
  }

  private AnalyzePipeline(
      SparkSession spark, CytolakeConfig config, Progress progress, Scope scope) {
    this.spark = spark;
    this.config = config;
    this.scope = scope;
    this.progress = progress;
    readAs(config.input(), spark);
  }

  /** How images are read, in all that the session reads from now on. */
  static void readAs(CytolakeConfig.Input input, SparkSession spark) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    ReadingTime.set(hadoop, input.fileSeconds());
    SourceOptions.parseLevel(input.level()).in(hadoop);
  }

  /** The job for nuclei alone: statistics, co-localisation and clusters are left out. */
  public static AnalyzePipeline onlyNuclei(
      SparkSession spark, CytolakeConfig config, Progress progress) {
    return new AnalyzePipeline(spark, config.onlyNuclei(), progress, Scope.NUCLEI);
  }

  /** The job for the quality of images alone. */
  public static AnalyzePipeline onlyQuality(
      SparkSession spark, CytolakeConfig config, Progress progress) {
    return new AnalyzePipeline(spark, config.onlyQuality(), progress, Scope.QUALITY);
  }

  /**
   * Runs the job.
   *
   * @throws org.cytolake.config.CytolakeException where nothing can be done at all; an image that
   *     fails is told in the summary
   */
  public RunSummary run() {
    return run(Optional.empty());
  }

  /**
   * Runs the job whenever images have arrived, until nothing more does: as settings say.
   *
   * @param each is told of each run but the last
   * @return the last, over all that is there
   */
  public RunSummary follow(Consumer<RunSummary> each) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Following following =
        new Following(
            new Arrivals(sourceOptions(config.input()), hadoop),
            config.input().restSeconds(),
            config.run().followIdleSeconds(),
            progress,
            spark.sparkContext()::isStopped);
    return following.run(listing -> run(Optional.of(listing)), each, this::run);
  }

  private RunSummary run(Optional<Listing> listing) {
    StageClock clock = new StageClock(progress);
    RunPlanner planner = new RunPlanner(spark, config, scope, clock, listing);
    TableStores.requireWritable(spark, config.output());
    Optional<Layout> stored =
        TableStores.reader(spark, config.output().path()).map(TableStore::layout);
    // of a first run the headers say what columns the tables will have
    TableStore store =
        TableStores.open(spark, config.output(), stored.orElseGet(planner::layoutOfAll));
    scope.requireFits(store.facts(), config.output().path());
    try (Run run = store.begin()) {
      PlannedRun plan = planner.plan(images(store), store.layout().channelNames(), store::fitting);
      return new Analysis(spark, config, scope, clock, plan, store).run(run);
    }
  }

  /**
   * What {@link #run} would do. Lists the input and reads the headers of new and changed images;
   * writes nothing.
   *
   * @throws org.cytolake.config.CytolakeException where a run could do nothing at all
   */
  public RunPlan plan() {
    RunPlanner planner = new RunPlanner(spark, config, scope, new StageClock(progress));
    String output = config.output().path();
    Optional<TableStore> store = TableStores.reader(spark, output);
    store.ifPresent(tables -> scope.requireFits(tables.facts(), output));
    PlannedRun plan =
        planner.plan(
            store.flatMap(this::images),
            store.map(tables -> tables.layout().channelNames()).orElse(List.of()),
            layout -> store.map(tables -> tables.fitting(layout)).orElse(layout));
    return RunPlan.of(
        plan, config, store.map(tables -> tables.layout().channelNames()).orElse(List.of()));
  }

  private Optional<Dataset<Row>> images(TableStore store) {
    List<String> exclude = config.quality().exclude();
    return ExcludedImages.planned(
        store.read(Table.IMAGES),
        exclude.isEmpty() ? Optional.empty() : store.read(Table.FLAGS),
        exclude);
  }

  /** What the data source is asked for. */
  public static SourceOptions sourceOptions(CytolakeConfig.Input input) {
    return new SourceOptions(
        input.paths(),
        input.pattern().isEmpty() ? null : input.pattern(),
        SourceOptions.parseChannels(input.channels()),
        SourceOptions.parseZ(input.z()),
        true,
        input.recursive(),
        RowSize.PIXELS,
        input.tilePixels(),
        input.partitionPixels(),
        true,
        input.fileSeconds(),
        SourceOptions.parseLevel(input.level()),
        new ArrivalOptions(input.restSeconds(), 0));
  }
}
