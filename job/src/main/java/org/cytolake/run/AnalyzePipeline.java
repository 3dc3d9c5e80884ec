package org.cytolake.run;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.nuclei.NucleiStage;
import org.cytolake.store.Run;
import org.cytolake.store.TableStore;
import org.cytolake.store.TableStores;
import org.cytolake.tables.Layout;

/**
 * The main job: images in, tables out. Lists the input, reads the headers of what is new or
 * changed, counts tuples of intensities in one pass over the pixels, derives statistics, segments
 * nuclei, clusters pixels, and replaces the rows of those images in one step.
 */
public final class AnalyzePipeline {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Progress progress;
  private final Scope scope;
  private final StageClock clock;

  public AnalyzePipeline(SparkSession spark, CytolakeConfig config, Progress progress) {
    this(spark, config, progress, Scope.ALL);
  }

  private AnalyzePipeline(
      SparkSession spark, CytolakeConfig config, Progress progress, Scope scope) {
    this.spark = spark;
    this.config = config;
    this.progress = progress;
    this.scope = scope;
    this.clock = new StageClock(progress);
  }

  /** The job for nuclei alone: statistics, co-localisation and clusters are left out. */
  public static AnalyzePipeline onlyNuclei(
      SparkSession spark, CytolakeConfig config, Progress progress) {
    return new AnalyzePipeline(spark, config.onlyNuclei(), progress, Scope.NUCLEI);
  }

  /**
   * Runs the job.
   *
   * @throws org.cytolake.config.CytolakeException where nothing can be done at all; an image that
   *     fails is told in the summary
   */
  public RunSummary run() {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    NucleiStage nuclei = NucleiStage.of(spark, config.segmentation(), hadoop);
    SourceOptions options = sourceOptions(config.input());
    Listing listing =
        clock.supplied("list", "listing the input", () -> Listing.of(options, hadoop));
    TableStores.requireWritable(spark, config.output());
    Analysis processing =
        new Analysis(spark, config, scope, clock, options, hadoop, nuclei, listing);
    Optional<Layout> stored =
        TableStores.reader(spark, config.output().path()).map(TableStore::layout);
    if (stored.isEmpty()) {
      // the first run: the headers say what columns the tables will have
      ImageCatalog catalog = processing.headers(listing.images());
      TableStore store = TableStores.open(spark, config.output(), CatalogLayout.of(catalog));
      try (Run run = store.begin()) {
        return processing.run(store, run, catalog);
      }
    }
    TableStore store = TableStores.open(spark, config.output(), stored.get());
    scope.requireFits(store.facts(), config.output().path());
    try (Run run = store.begin()) {
      return processing.run(store, run, null);
    }
  }

  /**
   * What {@link #run} would do. Lists the input and reads the headers of new and changed images;
   * writes nothing.
   *
   * @throws org.cytolake.config.CytolakeException where a run could do nothing at all
   */
  public RunPlan plan() {
    return new RunPlanner(spark, config, progress, scope).plan();
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
        input.tilePixels(),
        input.partitionPixels(),
        true);
  }
}
