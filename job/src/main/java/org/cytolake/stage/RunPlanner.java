package org.cytolake.stage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.Exploration;
import org.cytolake.output.Layout;
import org.cytolake.output.Table;
import org.cytolake.output.TableStore;
import org.cytolake.output.TableStores;
import org.cytolake.source.Field;
import org.cytolake.source.ImageCatalog;
import org.cytolake.source.Listing;
import org.cytolake.source.MicroscopyTable;
import org.cytolake.source.SourceOptions;

/** Finds out what a run would do, by the steps with which a run begins. */
final class RunPlanner {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Progress progress;
  private final Scope scope;

  RunPlanner(SparkSession spark, CytolakeConfig config, Progress progress, Scope scope) {
    this.scope = scope;
    this.spark = spark;
    this.config = config;
    this.progress = progress;
  }

  RunPlan plan() {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    NucleiStage nuclei = NucleiStage.of(spark, config.segmentation(), hadoop);
    SourceOptions options = AnalyzePipeline.sourceOptions(config.input());
    progress.begin("listing the input", 0);
    Listing listing = Listing.of(options, hadoop);
    progress.end();
    String output = config.output().path();
    Optional<TableStore> store = TableStores.reader(spark, output);
    Optional<Dataset<Row>> images = store.flatMap(tables -> tables.read(Table.IMAGES));
    store.ifPresent(tables -> scope.requireFits(tables.facts(), output));
    Worklist work =
        Worklist.of(
            listing,
            images,
            new Fingerprint(config, nuclei.fingerprint(), scope),
            config.run().force());
    OptionalInt known =
        images
            .map(rows -> OptionalInt.of((int) rows.select("image").distinct().count()))
            .orElse(OptionalInt.empty());
    if (work.todo().isEmpty() && listing.failures().isEmpty()) {
      return new RunPlan(
          output,
          known,
          listing.files(),
          listing.ignored(),
          List.of(),
          work.unchanged(),
          List.of(),
          store.map(tables -> tables.layout().channelNames()).orElse(List.of()),
          0);
    }
    ImageCatalog catalog = catalog(options, listing, work.todo(), hadoop, store);
    if (nuclei.enabled()) {
      nuclei.channels(catalog.channels());
    }
    if (config.clustering().enabled()) {
      Layout layout = CatalogLayout.of(catalog);
      Exploration exploration = config.exploration().resolved(catalog.channels());
      ClusterChecks.require(config.clustering(), layout, exploration);
      ClusterChecks.requireModel(spark, config.clustering(), layout, exploration, catalog.fields());
    }
    return new RunPlan(
        output,
        known,
        listing.files(),
        listing.ignored(),
        planned(catalog, work),
        work.unchanged(),
        catalog.failures(),
        catalog.channels(),
        partitions(catalog, options));
  }

  private ImageCatalog catalog(
      SourceOptions options,
      Listing listing,
      List<Listing.ListedImage> todo,
      Configuration hadoop,
      Optional<TableStore> store) {
    progress.begin("reading headers", 0);
    ImageCatalog catalog = ImageCatalog.load(options, listing, todo, hadoop, spark);
    progress.end();
    return store
        .map(tables -> tables.fitting(CatalogLayout.of(catalog)))
        .map(layout -> CatalogLayout.fit(catalog, layout, config.output().path()))
        .orElse(catalog)
        .requiring(config.exploration().regions());
  }

  private static List<RunPlan.Planned> planned(ImageCatalog catalog, Worklist work) {
    Map<String, RunPlan.Reason> byFile = new HashMap<>();
    work.todo()
        .forEach(
            image ->
                image
                    .files()
                    .forEach(f -> byFile.put(f.path(), work.reasons().get(image.image()))));
    List<RunPlan.Planned> planned = new ArrayList<>();
    for (Field field : catalog.fields()) {
      planned.add(new RunPlan.Planned(field, byFile.get(field.files().get(0).path())));
    }
    return planned;
  }

  private int partitions(ImageCatalog catalog, SourceOptions options) {
    return catalog.fields().isEmpty()
        ? 0
        : new MicroscopyTable(spark, options, catalog.readable())
            .pixels()
            .toJavaRDD()
            .getNumPartitions();
  }
}
