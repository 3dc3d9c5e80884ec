package org.cytolake.stage;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.output.ChannelColumn;
import org.cytolake.output.Layout;
import org.cytolake.output.ParquetTableStore;
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
 * nuclei, fits clusters to the whole data set, and replaces the rows of those images in one step.
 */
public final class AnalyzePipeline {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Progress progress;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  public AnalyzePipeline(SparkSession spark, CytolakeConfig config, Progress progress) {
    this.spark = spark;
    this.config = config;
    this.progress = progress;
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
    TableStore store = ParquetTableStore.open(spark, config.output().path());
    try (TableStore.Run run = store.begin()) {
      Fingerprint fingerprint = new Fingerprint(config, nuclei.fingerprint());
      Worklist work =
          Worklist.of(listing, store.read(Table.IMAGES), fingerprint, config.run().force());
      Processing processing =
          new Processing(options, hadoop, nuclei, listing, store, run, fingerprint, work);
      RunSummary summary = processing.run();
      return summary;
    }
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
    private final TableStore store;
    private final TableStore.Run run;
    private final Fingerprint fingerprint;
    private final Worklist work;
    private final Map<String, Failure> failed = new LinkedHashMap<>();

    Processing(
        SourceOptions options,
        Configuration hadoop,
        NucleiStage nuclei,
        Listing listing,
        TableStore store,
        TableStore.Run run,
        Fingerprint fingerprint,
        Worklist work) {
      this.options = options;
      this.hadoop = hadoop;
      this.nuclei = nuclei;
      this.listing = listing;
      this.store = store;
      this.run = run;
      this.fingerprint = fingerprint;
      this.work = work;
    }

    RunSummary run() {
      if (work.todo().isEmpty() && listing.failures().isEmpty()) {
        List<String> models = refitIfSettingsChanged();
        return summary(List.of(), 0, OptionalLong.empty(), List.of(), models);
      }
      ImageCatalog catalog = timed("headers", this::headers);
      catalog.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
      Layout layout = layout(catalog);
      run.require(layout);
      nuclei.requireChannel(catalog.channels());
      List<String> clusteringChannels = clusteringChannels(catalog.channels());
      Set<String> replaced = new LinkedHashSet<>(work.outdated());
      catalog.fields().forEach(f -> replaced.add(f.image()));
      replaced.addAll(failed.keySet());

      FieldTables tables = new FieldTables(spark, config, catalog, options, run.scratch());
      List<Field> complete = List.of();
      long nucleiFound = 0;
      if (!catalog.fields().isEmpty()) {
        timed(
            "pixels",
            () -> {
              try (StageProgress p = watch("reading pixels", catalog.fields().size())) {
                tables.readPixels();
              }
              return null;
            });
        tables.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
        timed(
            "statistics",
            () -> {
              progress.begin("computing statistics", 0);
              tables.describe(failed.keySet());
              progress.end();
              return null;
            });
        List<Field> readable =
            catalog.fields().stream().filter(f -> !failed.containsKey(f.image())).toList();
        Map<ImageRows.FieldKey, ImageRows.Segmented> segmented = new HashMap<>();
        if (nuclei.enabled()) {
          timed(
              "nuclei",
              () -> {
                try (StageProgress p = watch("finding nuclei", readable.size())) {
                  nuclei.segment(readable, catalog, tables, layout, run.scratch());
                }
                return null;
              });
          nuclei.failures().forEach(f -> failed.putIfAbsent(f.image(), f));
          segmented.putAll(nuclei.perField());
        }
        complete = readable.stream().filter(f -> !failed.containsKey(f.image())).toList();
        nucleiFound =
            segmented.entrySet().stream()
                .filter(e -> !failed.containsKey(e.getKey().image()))
                .mapToLong(e -> e.getValue().nuclei())
                .sum();
        timed(
            "write",
            () -> {
              progress.begin("writing tables", 0);
              run.replace(Table.CHANNEL_STATS, tables.channelStats(failed.keySet()), replaced);
              run.replace(Table.HISTOGRAMS, tables.histograms(failed.keySet()), replaced);
              run.replace(Table.JOINT_HISTOGRAMS, tables.joint(failed.keySet()), replaced);
              run.replace(Table.NUCLEI, nuclei.table(layout, failed.keySet()), replaced);
              progress.end();
              return null;
            });
        writeImages(layout, complete, segmented, replaced);
      } else {
        for (Table table :
            List.of(Table.CHANNEL_STATS, Table.HISTOGRAMS, Table.JOINT_HISTOGRAMS, Table.NUCLEI)) {
          run.replace(table, empty(table, layout), replaced);
        }
        writeImages(layout, List.of(), Map.of(), replaced);
      }
      List<String> models = List.of();
      if (!complete.isEmpty() || work.outdatedComplete()) {
        Dataset<Row> joint =
            complete.isEmpty()
                ? empty(Table.JOINT_HISTOGRAMS, layout)
                : tables.joint(failed.keySet());
        models = cluster(layout, joint, replaced, clusteringChannels);
      }
      commit();
      return summary(
          complete,
          complete.stream().mapToLong(f -> f.planePixels() * f.sizeZ() * f.sizeT()).sum(),
          nuclei.enabled() ? OptionalLong.of(nucleiFound) : OptionalLong.empty(),
          catalog.channels(),
          models);
    }

    private StageProgress watch(String what, int images) {
      return StageProgress.watch(spark, progress, what, images);
    }

    private ImageCatalog headers() {
      progress.begin("reading headers", 0);
      try {
        return ImageCatalog.load(options, listing.only(work.todo()), hadoop, spark);
      } finally {
        progress.end();
      }
    }

    private Layout layout(ImageCatalog catalog) {
      List<ChannelColumn> channels = new ArrayList<>();
      for (int c = 0; c < catalog.channels().size(); c++) {
        channels.add(new ChannelColumn(catalog.channels().get(c), catalog.types().get(c)));
      }
      return new Layout(catalog.groups(), channels);
    }

    private Dataset<Row> empty(Table table, Layout layout) {
      return spark.createDataFrame(List.of(), table.schema(layout));
    }

    private List<String> clusteringChannels(List<String> channels) {
      return config.clustering().enabled()
          ? ClusterStage.channels(config.clustering(), channels)
          : List.of();
    }

    private void writeImages(
        Layout layout,
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

    private List<String> cluster(
        Layout layout, Dataset<Row> joint, Set<String> replaced, List<String> channels) {
      if (!config.clustering().enabled()) {
        return List.of();
      }
      return timed(
          "clusters",
          () -> {
            progress.begin("clustering pixels", 0);
            try {
              return new ClusterStage(spark, config.clustering())
                  .run(store, run, layout, joint, replaced, channels);
            } finally {
              progress.end();
            }
          });
    }

    /** Nothing to read; but the tables may hold models of other settings. */
    private List<String> refitIfSettingsChanged() {
      return List.of();
    }

    private void commit() {
      timed(
          "commit",
          () -> {
            Map<String, String> manifest = new LinkedHashMap<>();
            manifest.put("images", Integer.toString(work.todo().size()));
            manifest.put("failed", Integer.toString(failed.size()));
            run.commit(manifest);
            return null;
          });
    }

    private RunSummary summary(
        List<Field> complete,
        long pixels,
        OptionalLong nucleiFound,
        List<String> channels,
        List<String> models) {
      return new RunSummary(
          config.output().path(),
          run.id(),
          listing.files(),
          listing.ignored(),
          complete.size(),
          work.unchanged(),
          List.copyOf(failed.values()),
          pixels,
          nucleiFound,
          channels,
          models,
          seconds);
    }
  }
}
