package org.cytolake.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.clusters.ClusterChecks;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.Exploration;
import org.cytolake.nuclei.NucleiNetwork;
import org.cytolake.plan.CatalogLayout;
import org.cytolake.plan.Fingerprint;
import org.cytolake.plan.PlannedRun;
import org.cytolake.plan.Scope;
import org.cytolake.plan.Worklist;
import org.cytolake.tables.Layout;

/** Finds out what a run has to do: the steps with which a run begins, or all of a dry run. */
final class RunPlanner {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final StageClock clock;
  private final Configuration hadoop;
  private final SourceOptions options;
  private final Optional<NucleiNetwork> network;
  private final Fingerprint fingerprint;
  private final Listing listing;
  private Optional<ImageCatalog> all = Optional.empty(); // once their headers are read

  /** Loads the network and lists the input. */
  RunPlanner(SparkSession spark, CytolakeConfig config, Scope scope, StageClock clock) {
    this.spark = spark;
    this.config = config;
    this.clock = clock;
    this.hadoop = spark.sessionState().newHadoopConf();
    this.network =
        clock.supplied(
            "model", "loading the network", () -> NucleiNetwork.of(config.segmentation(), hadoop));
    this.options = AnalyzePipeline.sourceOptions(config.input());
    this.fingerprint =
        Fingerprint.of(config, network.map(NucleiNetwork::fingerprint).orElse(Map.of()), scope);
    this.listing = clock.supplied("list", "listing the input", () -> Listing.of(options, hadoop));
  }

  /** The layout of a first run's tables: what all images need. */
  Layout layoutOfAll() {
    all = Optional.of(headers(listing.images()).requireChannels());
    return CatalogLayout.of(all.get());
  }

  private ImageCatalog headers(List<Listing.ListedImage> images) {
    return all.filter(known -> images.size() == listing.images().size())
        .orElseGet(
            () ->
                clock.supplied(
                    "headers",
                    "reading headers",
                    () -> ImageCatalog.load(options, listing, images, hadoop, spark)));
  }

  /**
   * Plans.
   *
   * @param images the table of an output that has one
   * @param fitting the layout of the tables after a run over images of another
   * @throws org.cytolake.config.CytolakeException (USAGE) where the images do not fit the settings
   */
  PlannedRun plan(Optional<Dataset<Row>> images, UnaryOperator<Layout> fitting) {
    Worklist work = Worklist.of(listing, images, fingerprint, config.run().force());
    ImageCatalog headers =
        work.todo().isEmpty() ? ImageCatalog.none(listing) : headers(work.todo());
    if (headers.fields().isEmpty()) {
      return new PlannedRun(listing, work, headers, fingerprint, network);
    }
    Layout layout = fitting.apply(CatalogLayout.of(headers));
    ImageCatalog catalog =
        CatalogLayout.fit(headers, layout, config.output().path())
            .requiring(config.exploration().regions());
    if (network.isPresent()) {
      network.get().channels(catalog.channels());
      if (catalog.fields().stream().anyMatch(network.get()::cuts)) {
        network.get().requireHalo();
      }
    }
    if (config.clustering().enabled()) {
      Exploration resolved = config.exploration().resolved(layout.channelNames());
      ClusterChecks.require(config.clustering(), layout, resolved);
      ClusterChecks.requireModel(spark, config.clustering(), layout, resolved, catalog.fields());
    }
    return new PlannedRun(listing, work, catalog, fingerprint, network);
  }
}
