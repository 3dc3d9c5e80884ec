package org.cytolake.stage;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.Exploration;
import org.cytolake.label.LabelImages;
import org.cytolake.label.OutlineFiles;
import org.cytolake.output.ImageFiles;
import org.cytolake.output.Layout;
import org.cytolake.output.Run;
import org.cytolake.output.Table;
import org.cytolake.output.TableStore;
import org.cytolake.source.Failure;
import org.cytolake.source.Field;
import org.cytolake.source.ImageCatalog;
import org.cytolake.source.ImageFile;
import org.cytolake.source.Listing;
import org.cytolake.source.SourceOptions;

/** One run, with everything it needs at hand. */
final class Processing {
  private static final String CLUSTERING = "clustering";

  /** Tables of the pixels' statistics. */
  private static final List<Table> EXPLORED =
      Stream.concat(Stream.of(Table.JOINT_HISTOGRAMS), FieldExploration.TABLES.stream()).toList();

  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Scope scope;
  private final StageClock clock;
  private final SourceOptions options;
  private final Configuration hadoop;
  private final NucleiStage nuclei;
  private final Listing listing;
  private final Fingerprint fingerprint;
  private final Map<String, Failure> failed = new LinkedHashMap<>();
  private Run run;
  private Layout layout;
  private Worklist work;
  private Optional<String> reportProblem = Optional.empty();

  Processing(
      SparkSession spark,
      CytolakeConfig config,
      Scope scope,
      StageClock clock,
      SourceOptions options,
      Configuration hadoop,
      NucleiStage nuclei,
      Listing listing) {
    this.spark = spark;
    this.config = config;
    this.scope = scope;
    this.clock = clock;
    this.options = options;
    this.hadoop = hadoop;
    this.nuclei = nuclei;
    this.listing = listing;
    this.fingerprint = new Fingerprint(config, nuclei.fingerprint(), scope);
  }

  /**
   * @param all catalogue of all images, or null: only those to be done are read
   */
  RunSummary run(TableStore store, Run newRun, ImageCatalog all) {
    run = newRun;
    layout = store.layout();
    work = Worklist.of(listing, store.read(Table.IMAGES), fingerprint, config.run().force());
    if (work.todo().isEmpty() && listing.failures().isEmpty()) {
      return summary(List.of(), OptionalLong.empty(), refit(store), Map.of());
    }
    ImageCatalog headers = all == null ? headers(work.todo()) : all;
    layout = run.layout(CatalogLayout.of(headers));
    ImageCatalog catalog =
        CatalogLayout.fit(headers, layout, config.output().path())
            .requiring(config.exploration().regions());
    catalog.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
    List<String> segmentedChannels =
        nuclei.enabled() ? nuclei.channels(catalog.channels()) : List.of();
    if (config.clustering().enabled()) {
      Exploration resolved = config.exploration().resolved(layout.channelNames());
      ClusterChecks.require(config.clustering(), layout, resolved);
      ClusterChecks.requireModel(spark, config.clustering(), layout, resolved, catalog.fields());
    }
    Set<String> replaced = new LinkedHashSet<>(work.outdated());
    catalog.fields().forEach(f -> replaced.add(f.image()));
    replaced.addAll(failed.keySet());

    FieldTables tables =
        new FieldTables(
            spark,
            config,
            catalog,
            layout,
            options,
            run.scratch(),
            scope == Scope.NUCLEI ? segmentedChannels : catalog.channels(),
            scope == Scope.ALL);
    List<Field> complete = List.of();
    Map<ImageRows.FieldKey, ImageRows.Segmented> segmented = new HashMap<>();
    if (!catalog.fields().isEmpty()) {
      readPixels(catalog, tables);
      if (nuclei.enabled()) {
        segment(catalog, tables);
        segmented.putAll(nuclei.perField());
      }
      complete = good(catalog);
    }
    write(tables, complete, replaced);
    writeImages(complete, segmented, replaced);
    boolean unchanged = complete.isEmpty() && !work.outdatedComplete();
    List<String> models = unchanged ? List.of() : cluster();
    paint(complete, replaced, !unchanged);
    report(complete, replaced);
    commit();
    long found =
        segmented.entrySet().stream()
            .filter(e -> !failed.containsKey(e.getKey().image()))
            .mapToLong(e -> e.getValue().figures().count())
            .sum();
    return summary(
        complete,
        nuclei.enabled() ? OptionalLong.of(found) : OptionalLong.empty(),
        models,
        warnings(segmented));
  }

  /** Number of warnings by code. */
  private Map<String, Integer> warnings(Map<ImageRows.FieldKey, ImageRows.Segmented> segmented) {
    Map<String, Integer> warnings = new TreeMap<>();
    segmented.forEach(
        (key, found) -> {
          if (!failed.containsKey(key.image())) {
            found.warnings().forEach(w -> warnings.merge(w.code(), 1, Integer::sum));
          }
        });
    return warnings;
  }

  private void readPixels(ImageCatalog catalog, FieldTables tables) {
    clock.watched(spark, "pixels", "reading pixels", catalog.fields().size(), tables::readPixels);
    tables.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
    if (scope == Scope.NUCLEI) {
      return;
    }
    clock.watched(
        spark,
        "statistics",
        "computing statistics",
        catalog.fields().size(),
        Optional.of(tables::explored),
        () -> tables.explore(failed.keySet()));
    tables.unexplored().forEach(f -> failed.putIfAbsent(f.image(), f));
  }

  private void segment(ImageCatalog catalog, FieldTables tables) {
    List<Field> readable = good(catalog);
    clock.watched(
        spark,
        "nuclei",
        "finding nuclei",
        readable.size(),
        Optional.of(nuclei::done),
        () -> nuclei.segment(readable, catalog, tables, layout, run.scratch()));
    nuclei.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
  }

  private List<Field> good(ImageCatalog catalog) {
    return catalog.fields().stream().filter(f -> !failed.containsKey(f.image())).toList();
  }

  private void write(FieldTables tables, List<Field> complete, Set<String> replaced) {
    Set<String> bad = failed.keySet();
    boolean none = complete.isEmpty();
    clock.counted(
        "write",
        "writing tables",
        complete.size(),
        done -> {
          Map<Table, Dataset<Row>> rows = new EnumMap<>(Table.class);
          rows.put(Table.NUCLEI, none ? null : nuclei.table(Table.NUCLEI, layout, bad));
          if (scope == Scope.ALL) {
            for (Table table : EXPLORED) {
              rows.put(table, none ? null : tables.table(table, bad));
            }
            rows.computeIfPresent(
                Table.COLOCALIZATION,
                (table, own) -> own.unionByName(nuclei.table(table, layout, bad)));
          }
          rows.replaceAll(
              (table, own) ->
                  own == null ? spark.createDataFrame(List.of(), table.schema(layout)) : own);
          AtomicInteger staged = new AtomicInteger();
          run.replace(
              rows,
              replaced,
              () -> done.accept((double) complete.size() * staged.incrementAndGet() / rows.size()));
        });
  }

  ImageCatalog headers(List<Listing.ListedImage> images) {
    return clock.supplied(
        "headers",
        "reading headers",
        () -> ImageCatalog.load(options, listing, images, hadoop, spark));
  }

  private void writeImages(
      List<Field> complete,
      Map<ImageRows.FieldKey, ImageRows.Segmented> segmented,
      Set<String> replaced) {
    ImageRows rows = new ImageRows(layout, run.id());
    double pixels =
        Math.max(
            1, complete.stream().mapToLong(f -> f.planePixels() * f.sizeZ() * f.sizeT()).sum());
    double secondsPerPixel = clock.seconds().getOrDefault("pixels", 0.0) / pixels;
    Map<String, List<ImageFile>> filesOf = new HashMap<>();
    listing.images().forEach(i -> filesOf.put(i.image(), i.files()));
    List<Row> images = new ArrayList<>();
    for (Field field : complete) {
      String mark = fingerprint.of(filesOf.getOrDefault(field.listed(), field.files()));
      images.addAll(rows.complete(field, mark, secondsPerPixel, segmented));
    }
    List<Row> errors = new ArrayList<>();
    Timestamp now = Timestamp.from(Instant.now());
    for (Failure failure : failed.values()) {
      List<ImageFile> files = filesOf.getOrDefault(failure.image(), List.of());
      images.add(rows.failed(failure, files, fingerprint.of(files)));
      errors.add(rows.error(failure, now));
    }
    run.replace(
        Map.of(
            Table.IMAGES, spark.createDataFrame(images, Table.IMAGES.schema(layout)),
            Table.ERRORS, spark.createDataFrame(errors, Table.ERRORS.schema(layout))),
        replaced);
  }

  /** Models of several images, those of this run included; of single images there are already. */
  private List<String> cluster() {
    if (!config.clustering().enabled()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    clock.run(
        "clusters",
        "clustering pixels",
        () -> {
          if (!config.clustering().perImage()) {
            new ClusterStage(
                    spark,
                    config.clustering(),
                    config.exploration().resolved(layout.channelNames()),
                    layout)
                .run(run);
          }
          lines.addAll(ClusterLines.of(run));
        });
    return lines;
  }

  /** No image is to be read; but the tables may hold models of other settings. */
  private List<String> refit(TableStore store) {
    if (clusteringFact().equals(store.facts().get(CLUSTERING))) {
      if (config.report().enabled() && !ReportPipeline.exists(config.output().path(), hadoop)) {
        report(List.of(), null);
        commit();
      }
      return List.of();
    }
    List<String> models = cluster();
    paint(List.of(), Set.of(), true);
    report(List.of(), Set.of());
    commit();
    return models;
  }

  /**
   * Writes label images.
   *
   * @param replaced ids of all images whose files are replaced
   * @param refitted whether there are other models than before: where several images share one, the
   *     others' pixels belong to other clusters now
   */
  private void paint(List<Field> complete, Set<String> replaced, boolean refitted) {
    List<Field> fields = new ArrayList<>(complete);
    boolean clusters =
        config.output().pixels() || LabelImages.kinds(config).contains(ImageFiles.CLUSTER_IMAGES);
    boolean shared = config.clustering().enabled() && !config.clustering().perImage();
    if (refitted && clusters && shared) {
      List<Listing.ListedImage> others = new ArrayList<>(listing.images());
      others.removeAll(work.todo());
      fields.addAll(CatalogLayout.fit(headers(others), layout, config.output().path()).fields());
    }
    Set<String> images = new LinkedHashSet<>(replaced);
    fields.forEach(f -> images.add(f.image()));
    LabelImages painter = new LabelImages(spark, config, layout);
    clock.run(
        "labels",
        "painting label images",
        () -> {
          painter.stage(run, fields, images, hadoop);
          painter.replacePixels(run, fields, images, hadoop);
          new OutlineFiles(spark, layout).stage(run, outlined(complete), replaced, hadoop);
        });
  }

  /** What the models of several images depend on beside the images. */
  private String clusteringFact() {
    return config.clustering()
        + StoredModels.state(spark, config.clustering(), config.output().path());
  }

  /** Images whose nuclei's outlines are written. */
  private List<Field> outlined(List<Field> complete) {
    return nuclei.enabled() && config.segmentation().geojson() ? complete : List.of();
  }

  /**
   * @param changed images whose rows are other than before
   */
  private void report(List<Field> complete, Set<String> changed) {
    if (config.report().enabled()) {
      ReportPipeline report = new ReportPipeline(spark, config, layout, hadoop);
      boolean shared = config.clustering().enabled() && !config.clustering().perImage();
      reportProblem =
          clock.supplied(
              "report",
              "writing the report",
              () -> report.tryToStage(run, shared ? null : changed, listing, complete));
    }
  }

  private void commit() {
    Map<String, String> facts = new LinkedHashMap<>();
    String version = getClass().getPackage().getImplementationVersion();
    if (version != null) { // packaged
      facts.put("version", version);
    }
    facts.put("images", Integer.toString(work.todo().size()));
    facts.put("failed", Integer.toString(failed.size()));
    facts.put("failures", FailureJson.toJson(failed.values()));
    facts.put(CLUSTERING, clusteringFact());
    scope.addTo(facts);
    facts.put(ReportPipeline.CONFIGURATION, config.text());
    clock.run("commit", "moving files into place", () -> run.commit(facts));
  }

  private RunSummary summary(
      List<Field> complete,
      OptionalLong nucleiFound,
      List<String> models,
      Map<String, Integer> warnings) {
    return new RunSummary(
        config.output().path(),
        run.id(),
        listing.files(),
        listing.ignored(),
        complete.size(),
        work.unchanged(),
        List.copyOf(failed.values()),
        complete.stream().mapToLong(f -> f.planePixels() * f.sizeZ() * f.sizeT()).sum(),
        nucleiFound,
        layout.channelNames(),
        models,
        warnings,
        reportProblem.isPresent() ? Optional.empty() : ReportPipeline.page(config, hadoop),
        reportProblem,
        clock.seconds());
  }
}
