package org.cytolake.stage;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.label.LabelImages;
import org.cytolake.label.OutlineFiles;
import org.cytolake.output.ImageFiles;
import org.cytolake.output.Layout;
import org.cytolake.output.ParquetTableStore;
import org.cytolake.output.Run;
import org.cytolake.output.Table;
import org.cytolake.output.TableStore;
import org.cytolake.source.Failure;
import org.cytolake.source.Field;
import org.cytolake.source.ImageCatalog;
import org.cytolake.source.ImageFile;
import org.cytolake.source.Listing;
import org.cytolake.source.SourceOptions;

/**
 * The main job: images in, tables out. Lists the input, reads the headers of what is new or
 * changed, counts tuples of intensities in one pass over the pixels, derives statistics, segments
 * nuclei, clusters pixels, and replaces the rows of those images in one step.
 */
public final class AnalyzePipeline {
  private static final String CLUSTERING = "clustering";

  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Progress progress;
  private final Scope scope;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  public AnalyzePipeline(SparkSession spark, CytolakeConfig config, Progress progress) {
    this(spark, config, progress, Scope.ALL);
  }

  private AnalyzePipeline(
      SparkSession spark, CytolakeConfig config, Progress progress, Scope scope) {
    this.spark = spark;
    this.config = config;
    this.progress = progress;
    this.scope = scope;
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
    Listing listing = timed("list", () -> list(options, hadoop));
    String output = config.output().path();
    ParquetTableStore.requireWritable(spark, output);
    Processing processing = new Processing(options, hadoop, nuclei, listing);
    Optional<Layout> stored = ParquetTableStore.layout(spark, output);
    if (stored.isEmpty()) {
      // the first run: the headers say what columns the tables will have
      ImageCatalog catalog = processing.headers(listing.images());
      TableStore store = ParquetTableStore.open(spark, output, CatalogLayout.of(catalog));
      try (Run run = store.begin()) {
        return processing.run(store, run, CatalogLayout.of(catalog), catalog);
      }
    }
    TableStore store = ParquetTableStore.open(spark, output, stored.get());
    scope.requireFits(store.facts(), output);
    try (Run run = store.begin()) {
      return processing.run(store, run, stored.get(), null);
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

  private Listing list(SourceOptions options, Configuration hadoop) {
    progress.begin("listing the input", 0);
    try {
      return Listing.of(options, hadoop);
    } finally {
      progress.end();
    }
  }

  private <T> T timed(String part, java.util.function.Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      seconds.merge(part, (System.nanoTime() - start) / 1e9, Double::sum);
    }
  }

  /** One run, with everything it needs at hand. */
  private final class Processing {
    private final SourceOptions options;
    private final Configuration hadoop;
    private final NucleiStage nuclei;
    private final Listing listing;
    private final Fingerprint fingerprint;
    private final Map<String, Failure> failed = new LinkedHashMap<>();
    private Run run;
    private Layout layout;
    private Worklist work;

    Processing(SourceOptions options, Configuration hadoop, NucleiStage nuclei, Listing listing) {
      this.options = options;
      this.hadoop = hadoop;
      this.nuclei = nuclei;
      this.listing = listing;
      this.fingerprint = new Fingerprint(config, nuclei.fingerprint(), scope);
    }

    /**
     * @param stored layout of the tables
     * @param all catalogue of all images, or null: only those to be done are read
     */
    RunSummary run(TableStore store, Run newRun, Layout stored, ImageCatalog all) {
      run = newRun;
      layout = stored;
      work = Worklist.of(listing, store.read(Table.IMAGES), fingerprint, config.run().force());
      if (work.todo().isEmpty() && listing.failures().isEmpty()) {
        return summary(List.of(), OptionalLong.empty(), refit(store), Map.of());
      }
      ImageCatalog catalog =
          CatalogLayout.fit(
                  all == null ? headers(work.todo()) : all, layout, config.output().path())
              .requiring(config.exploration().regions());
      catalog.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
      List<String> segmentedChannels =
          nuclei.enabled() ? nuclei.channels(catalog.channels()) : List.of();
      if (config.clustering().enabled()) {
        org.cytolake.config.Exploration resolved =
            config.exploration().resolved(layout.channelNames());
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
      watched("pixels", "reading pixels", catalog.fields().size(), tables::readPixels);
      tables.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
      if (scope == Scope.NUCLEI) {
        return;
      }
      quietly("statistics", "computing statistics", () -> tables.explore(failed.keySet()));
      tables.unexplored().forEach(f -> failed.putIfAbsent(f.image(), f));
    }

    private void segment(ImageCatalog catalog, FieldTables tables) {
      List<Field> readable = good(catalog);
      watched(
          "nuclei",
          "finding nuclei",
          readable.size(),
          () -> nuclei.segment(readable, catalog, tables, layout, run.scratch()));
      nuclei.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
    }

    private List<Field> good(ImageCatalog catalog) {
      return catalog.fields().stream().filter(f -> !failed.containsKey(f.image())).toList();
    }

    private void quietly(String part, String what, Runnable step) {
      timed(
          part,
          () -> {
            progress.begin(what, 0);
            try {
              step.run();
              return null;
            } finally {
              progress.end();
            }
          });
    }

    private void write(FieldTables tables, List<Field> complete, Set<String> replaced) {
      Set<String> bad = failed.keySet();
      boolean none = complete.isEmpty();
      quietly(
          "write",
          "writing tables",
          () -> {
            replace(Table.NUCLEI, none ? null : nuclei.table(Table.NUCLEI, layout, bad), replaced);
            if (scope == Scope.NUCLEI) {
              return;
            }
            replace(
                Table.JOINT_HISTOGRAMS,
                none ? null : tables.table(Table.JOINT_HISTOGRAMS, bad),
                replaced);
            for (Table table : Exploration.TABLES) {
              Dataset<Row> rows = none ? null : tables.table(table, bad);
              boolean ofNuclei = !none && table == Table.COLOCALIZATION;
              replace(
                  table,
                  ofNuclei ? rows.unionByName(nuclei.table(table, layout, bad)) : rows,
                  replaced);
            }
          });
    }

    private void replace(Table table, Dataset<Row> rows, Set<String> replaced) {
      run.replace(
          table,
          rows == null ? spark.createDataFrame(List.of(), table.schema(layout)) : rows,
          replaced);
    }

    /** A step whose Spark tasks tell the progress. */
    private void watched(String part, String what, int images, Runnable step) {
      timed(
          part,
          () -> {
            StageProgress watch = StageProgress.watch(spark, progress, what, images);
            try {
              step.run();
              return null;
            } finally {
              watch.close();
            }
          });
    }

    ImageCatalog headers(List<Listing.ListedImage> images) {
      return timed(
          "headers",
          () -> {
            progress.begin("reading headers", 0);
            try {
              return ImageCatalog.load(options, listing.only(images), hadoop, spark);
            } finally {
              progress.end();
            }
          });
    }

    private void writeImages(
        List<Field> complete,
        Map<ImageRows.FieldKey, ImageRows.Segmented> segmented,
        Set<String> replaced) {
      ImageRows rows = new ImageRows(layout, run.id());
      double pixels =
          Math.max(
              1, complete.stream().mapToLong(f -> f.planePixels() * f.sizeZ() * f.sizeT()).sum());
      double secondsPerPixel = seconds.getOrDefault("pixels", 0.0) / pixels;
      Map<String, List<ImageFile>> filesOf = new HashMap<>();
      listing.images().forEach(i -> filesOf.put(i.image(), i.files()));
      List<Row> images = new ArrayList<>();
      for (Field field : complete) {
        String mark = fingerprint.of(filesOf.getOrDefault(baseId(field), field.files()));
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
          Table.IMAGES, spark.createDataFrame(images, Table.IMAGES.schema(layout)), replaced);
      run.replace(
          Table.ERRORS, spark.createDataFrame(errors, Table.ERRORS.schema(layout)), replaced);
    }

    /** The id under which the files were listed: a series beyond the first has its number added. */
    private String baseId(Field field) {
      String suffix = "_" + field.series();
      return field.series() == 0
          ? field.image()
          : field.image().substring(0, field.image().length() - suffix.length());
    }

    /** Models of several images, those of this run included; of single images there are already. */
    private List<String> cluster() {
      if (!config.clustering().enabled()) {
        return List.of();
      }
      List<String> lines = new ArrayList<>();
      quietly(
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
     * @param refitted whether there are other models than before: where several images share one,
     *     the others' pixels belong to other clusters now
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
      List<String> channels =
          config.clustering().enabled()
              ? ClusterChecks.channels(config.clustering(), layout.channelNames())
              : List.of();
      LabelImages painter = new LabelImages(spark, config, layout, channels);
      quietly(
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
        quietly(
            "report",
            "writing the report",
            () -> report.stageOrWarn(run, shared ? null : changed, listing, complete));
      }
    }

    private void commit() {
      timed(
          "commit",
          () -> {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("images", Integer.toString(work.todo().size()));
            facts.put("failed", Integer.toString(failed.size()));
            facts.put(CLUSTERING, clusteringFact());
            scope.addTo(facts);
            facts.put(ReportPipeline.CONFIGURATION, config.text());
            run.commit(facts);
            return null;
          });
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
          ReportPipeline.page(config, hadoop),
          seconds);
    }
  }
}
