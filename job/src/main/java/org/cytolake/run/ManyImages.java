package org.cytolake.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.clusters.ClusterStage;
import org.cytolake.clusters.GroupLabels;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.Columns;
import org.cytolake.field.Field;
import org.cytolake.plan.CatalogLayout;
import org.cytolake.plan.PlannedRun;
import org.cytolake.planes.AnalysisSettings;
import org.cytolake.planes.PaintByGroup;
import org.cytolake.planes.ShareResult;
import org.cytolake.store.ImageFiles;
import org.cytolake.store.Run;
import org.cytolake.tables.Table;
import scala.Tuple2;

/** Models of the pixels of several images, and what is painted by them, in all images. */
final class ManyImages {
  /** Most images of a task that paints, whose tuples wait there for their turn. */
  private static final int MOST_OF_TASK = 64;

  private final SparkSession spark;
  private final CytolakeConfig config;
  private final StageClock clock;
  private final PlannedRun plan;
  private final AnalysisSettings settings;
  private final Configuration hadoop;

  /**
   * @param settings of the run, with what is painted here
   */
  ManyImages(
      SparkSession spark,
      CytolakeConfig config,
      StageClock clock,
      PlannedRun plan,
      AnalysisSettings settings) {
    this.spark = spark;
    this.config = config;
    this.clock = clock;
    this.plan = plan;
    this.settings = settings;
    this.hadoop = spark.sessionState().newHadoopConf();
  }

  /** Fits models, or takes those of an earlier run, and labels the tuples of all images. */
  Map<org.cytolake.clusters.ModelName, Integer> cluster(Run run) {
    return clock.supplied(
        "clusters",
        "clustering pixels",
        () -> {
          new ClusterStage(
                  spark,
                  config.clustering(),
                  settings.clusteredBy().orElseThrow(),
                  settings.layout())
              .run(run);
          return GroupLabels.selected(run, config.clustering());
        });
  }

  /**
   * Paints all images by the models.
   *
   * @param failed ids of images that could not be analysed
   */
  void paint(Run run, Set<String> failed) {
    boolean images = settings.labelImages().contains(ImageFiles.CLUSTER_IMAGES);
    if (images || settings.pixels() || settings.shares()) {
      clock.run("labels", "painting label images", () -> paintAll(run, failed));
    }
    if (!settings.shares()) {
      removeShares(run);
    }
  }

  private void paintAll(Run run, Set<String> failed) {
    List<Field> fields = new ArrayList<>(plan.catalog().fields());
    fields.addAll(others());
    fields.removeIf(f -> failed.contains(f.image()));
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    PaintByGroup paint =
        new PaintByGroup(
            settings,
            context.broadcast(GroupLabels.models(run, config.clustering())),
            config.output().path(),
            context.broadcast(new SerializableConfiguration(hadoop)),
            run.files());
    ShareResult painted = new ShareResult();
    int tasks = 4 * context.defaultParallelism();
    tasks = Math.max(tasks, fields.size() / MOST_OF_TASK);
    tasks = Math.max(1, Math.min(fields.size(), tasks));
    List<Tuple2<String, Field>> byId = new ArrayList<>();
    fields.forEach(f -> byId.add(new Tuple2<>(f.image(), f)));
    context
        .parallelizePairs(byId, tasks)
        .leftOuterJoin(GroupLabels.ofImages(run, config.clustering()), tasks)
        .values()
        .mapPartitions(paint)
        .collect()
        .forEach(painted::add);
    Set<String> all = new LinkedHashSet<>();
    fields.forEach(f -> all.add(f.image()));
    for (String image : all) {
      String name = ImageFiles.CLUSTER_IMAGES.name(image, settings.labelFormat());
      if (painted.images.contains(name)) {
        run.replaceFile(name, settings.files() + "/" + name);
      }
    }
    if (settings.pixels()) {
      stage(run, Table.PIXELS, painted, all);
    }
    if (settings.shares()) {
      stage(run, Table.CLUSTER_SHARES, painted, all);
    }
  }

  private static void stage(Run run, Table table, ShareResult painted, Set<String> images) {
    run.stage(table, painted.files.stream().filter(f -> f.table() == table).toList(), images);
  }

  /** Those of models that were others, while shares were wanted. */
  private void removeShares(Run run) {
    Dataset<Row> rows = run.read(Table.CLUSTER_SHARES);
    List<String> images =
        rows.select(Columns.IMAGE).distinct().as(Encoders.STRING()).collectAsList();
    if (!images.isEmpty()) {
      run.replace(Table.CLUSTER_SHARES, rows.limit(0), images);
    }
  }

  /** Images that this run leaves as they are, but for models that they share with others. */
  private List<Field> others() {
    List<Listing.ListedImage> others = new ArrayList<>(plan.listing().images());
    others.removeAll(plan.work().todo());
    if (others.isEmpty()) {
      return List.of();
    }
    ImageCatalog catalog =
        ImageCatalog.load(
            AnalyzePipeline.sourceOptions(config.input()), plan.listing(), others, hadoop, spark);
    if (catalog.fields().isEmpty()) {
      return List.of();
    }
    return CatalogLayout.fit(catalog, settings.layout(), config.output().path()).fields();
  }
}
