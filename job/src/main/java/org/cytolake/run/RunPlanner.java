package org.cytolake.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.MissingFiles;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.clusters.ClusterChecks;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.Exploration;
import org.cytolake.illumination.IlluminationGroups;
import org.cytolake.nuclei.NucleiNetwork;
import org.cytolake.plan.CatalogLayout;
import org.cytolake.plan.Fingerprint;
import org.cytolake.plan.PlannedRun;
import org.cytolake.plan.Scope;
import org.cytolake.plan.Worklist;
import org.cytolake.quality.FlagTable;
import org.cytolake.tables.Layout;

/** Finds out what a run has to do: the steps with which a run begins, or all of a dry run. */
final class RunPlanner {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final StageClock clock;
  private final Configuration hadoop;
  private final SourceOptions options;
  private final Optional<NucleiNetwork> network;
  private final Optional<NucleiNetwork> cellNetwork;
  private final IlluminationGroups illumination;
  private final Fingerprint fingerprint;
  private final Listing listing;
  private Optional<ImageCatalog> all = Optional.empty(); // once their headers are read

  /** Loads the network and lists the input. */
  RunPlanner(SparkSession spark, CytolakeConfig config, Scope scope, StageClock clock) {
    this(spark, config, scope, clock, Optional.empty());
  }

  /** The same with a listing that there is already. */
  RunPlanner(
      SparkSession spark,
      CytolakeConfig config,
      Scope scope,
      StageClock clock,
      Optional<Listing> listed) {
    this.spark = spark;
    this.config = config;
    this.clock = clock;
    this.hadoop = spark.sessionState().newHadoopConf();
    this.network =
        clock.supplied(
            "model", "loading the network", () -> NucleiNetwork.of(config.segmentation(), hadoop));
    this.cellNetwork =
        config.cells().model().isEmpty()
            ? Optional.empty()
            : clock.supplied(
                "model",
                "loading the network of the cells",
                () -> NucleiNetwork.ofCells(config.segmentation(), config.cells(), hadoop));
    this.options = AnalyzePipeline.sourceOptions(config.input());
    this.listing =
        listed.orElseGet(
            () -> clock.supplied("list", "listing the input", () -> Listing.of(options, hadoop)));
    this.illumination = IlluminationGroups.of(config, listing, hadoop);
    Map<String, String> networks = new HashMap<>();
    network.ifPresent(n -> networks.putAll(n.fingerprint()));
    cellNetwork.ifPresent(n -> networks.putAll(n.cellsFingerprint()));
    this.fingerprint = Fingerprint.of(config, networks, scope, illumination);
  }

  /** The layout of a first run's tables: what all images need. */
  Layout layoutOfAll() {
    all = Optional.of(headers(listing.images(), List.of()).requireChannels());
    return CatalogLayout.of(all.get());
  }

  private ImageCatalog headers(List<Listing.ListedImage> images, List<String> channels) {
    return all.filter(known -> images.size() == listing.images().size() && channels.isEmpty())
        .orElseGet(
            () ->
                clock.supplied(
                    "headers",
                    "reading headers",
                    () -> ImageCatalog.load(options, listing, images, channels, hadoop, spark)));
  }

  /** Those of the suspects whose id a series of an image to be processed has. */
  private List<Listing.ListedImage> twins(Worklist work, List<String> channels) {
    if (work.suspects().isEmpty()) {
      return List.of();
    }
    List<Listing.ListedImage> both = new ArrayList<>(work.todo());
    both.addAll(work.suspects());
    Set<String> failed = new HashSet<>();
    headers(both, channels).failures().forEach(f -> failed.add(f.image()));
    return work.suspects().stream().filter(image -> failed.contains(image.image())).toList();
  }

  /**
   * Plans.
   *
   * @param images the table of an output that has one
   * @param channels of the tables that are there, which images that stay have; empty where there
   *     are none
   * @param fitting the layout of the tables after a run over images of another
   * @throws org.cytolake.config.CytolakeException (USAGE) where the images do not fit the settings,
   *     or none fits the tables
   */
  PlannedRun plan(
      Optional<Dataset<Row>> images, List<String> channels, UnaryOperator<Layout> fitting) {
    Worklist work =
        Worklist.of(
            listing,
            images,
            fingerprint,
            config.run().force(),
            config.run().keepMissing(),
            new MissingFiles(options, listing, hadoop));
    List<String> known = work.unchanged() > 0 ? channels : List.of();
    work = work.with(twins(work, known));
    ImageCatalog catalog =
        work.todo().isEmpty()
            ? ImageCatalog.none(listing)
            : fitting(headers(work.todo(), known), work, channels, fitting)
                .requiring(config.exploration().regions());
    if (!catalog.fields().isEmpty()) {
      requireSettings(catalog);
    }
    return new PlannedRun(listing, work, catalog, illumination, fingerprint, network, cellNetwork);
  }

  /** The images in the columns of the tables; those of other channels fail, unless all are such. */
  private ImageCatalog fitting(
      ImageCatalog headers, Worklist work, List<String> channels, UnaryOperator<Layout> fitting) {
    if (headers.fields().isEmpty()) {
      return headers;
    }
    Layout layout = fitting.apply(CatalogLayout.of(headers));
    if (!layout.channelNames().equals(headers.channels())) {
      ImageCatalog others = headers(work.todo(), channels);
      if (!others.fields().isEmpty()) {
        return CatalogLayout.fit(
            others, fitting.apply(CatalogLayout.of(others)), config.output().path());
      }
    }
    return CatalogLayout.fit(headers, layout, config.output().path());
  }

  private void requireSettings(ImageCatalog catalog) {
    Layout layout = CatalogLayout.of(catalog);
    if (config.quality().enabled()) {
      new FlagTable(config.quality(), layout); // which refuses a plate that is none
    }
    if (network.isPresent()) {
      List<String> nuclei = network.get().channels(catalog.channels());
      if (config.cells().enabledFor(catalog.channels())) {
        config.cells().channelOf(catalog.channels(), nuclei);
      }
      if (catalog.fields().stream().anyMatch(network.get()::cuts)) {
        network.get().requireHalo();
      }
      requireLabelImages(catalog.channels());
    }
    if (config.clustering().enabled()) {
      Exploration resolved = config.exploration().resolved(layout.channelNames());
      ClusterChecks.require(config.clustering(), layout, resolved);
      ClusterChecks.requireModel(spark, config.clustering(), layout, resolved, catalog.fields());
    }
  }

  /** Where images share models, what is of pixels and objects comes later, from label images. */
  private void requireLabelImages(List<String> channels) {
    boolean shared = config.clustering().enabled() && !config.clustering().perImage();
    boolean cells = config.cells().enabledFor(channels);
    boolean pixels = config.output().pixels();
    if (!shared || !(pixels || config.countsShares(cells))) {
      return;
    }
    List<String> needed = CytolakeConfig.Output.ofObjects(cells);
    if (!config.output().labelImages().containsAll(needed)) {
      throw new CytolakeException(
          Code.USAGE,
          (pixels ? "output.pixels" : "clustering.shares")
              + " is true and images share models of clusters, but output.label-images is "
              + config.output().labelImages()
              + ".",
          "Let it have " + String.join(" and ", needed) + ", from which pixels get their objects.");
    }
  }
}
