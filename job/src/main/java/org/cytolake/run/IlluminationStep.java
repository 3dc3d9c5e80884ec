package org.cytolake.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.Field;
import org.cytolake.illumination.FunctionTable;
import org.cytolake.illumination.IlluminationGroups;
import org.cytolake.illumination.SumImages;
import org.cytolake.illumination.WriteFunction;
import org.cytolake.plan.Batch;
import org.cytolake.plan.CatalogLayout;
import org.cytolake.plan.PlannedRun;
import org.cytolake.shading.IlluminationSums;
import org.cytolake.store.Run;
import org.cytolake.store.TableStore;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Illumination functions, made before anything else of all images of each group, in a pass over
 * their pixels: of groups that have other images than those of the tables' functions.
 */
final class IlluminationStep {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final StageClock clock;
  private final PlannedRun plan;
  private final IlluminationGroups groups;
  private final FunctionTable table;

  IlluminationStep(
      SparkSession spark,
      CytolakeConfig config,
      StageClock clock,
      PlannedRun plan,
      TableStore store) {
    this.spark = spark;
    this.config = config;
    this.clock = clock;
    this.plan = plan;
    this.groups = plan.illumination();
    List<Row> earlier =
        store
            .read(Table.ILLUMINATION_FUNCTIONS)
            .map(rows -> rows.where("path is not null").collectAsList())
            .orElse(List.of());
    this.table =
        new FunctionTable(config.illumination(), groups, earlier, config.run().keepMissing());
  }

  /** Makes the functions that are missing, and stages their files. */
  void make(Run run, Layout layout) {
    Set<List<String>> missing = table.missing();
    if (missing.isEmpty()) {
      if (table.isChanged()) {
        table.stageFiles(run, List.of());
      }
      return;
    }
    clock.run(
        "illumination",
        "adding images up",
        () -> table.stageFiles(run, made(run, layout, fields(missing, layout))));
  }

  /** Stages the rows, where there are others than before or somebody may have removed them. */
  void stageRows(Run run, Layout layout) {
    if (config.illumination().made() || table.isChanged()) {
      table.stageRows(run, layout);
    }
  }

  /** Whether functions were made, or went. */
  boolean isChanged() {
    return table.isChanged();
  }

  private List<WriteFunction.Made> made(Run run, Layout layout, List<Field> fields) {
    if (fields.isEmpty()) {
      return List.of();
    }
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    // a task for each core: every task has sums of its own, which are large
    int tasks = Math.max(1, Math.min(fields.size(), context.defaultParallelism()));
    return context
        .parallelize(fields, tasks)
        .mapPartitionsToPair(new SumImages(config.illumination(), groups, conf))
        .reduceByKey(IlluminationSums::plus)
        .map(new WriteFunction(config.illumination(), layout.channelNames(), run.scratch(), conf))
        .collect();
  }

  /** All images of the groups that can be read, those of a group together and of one size. */
  private List<Field> fields(Set<List<String>> missing, Layout layout) {
    List<Field> fields = new ArrayList<>(plan.catalog().fields());
    fields.removeIf(f -> !missing.contains(groups.values(f.groups())));
    Set<Listing.ListedImage> known = new HashSet<>(plan.work().todo());
    List<Listing.ListedImage> others =
        plan.listing().images().stream()
            .filter(i -> missing.contains(groups.values(i.groups())) && !known.contains(i))
            .toList();
    if (!others.isEmpty()) {
      Configuration hadoop = spark.sessionState().newHadoopConf();
      ImageCatalog catalog =
          ImageCatalog.load(
              AnalyzePipeline.sourceOptions(config.input()), plan.listing(), others, hadoop, spark);
      if (!catalog.fields().isEmpty()) {
        fields.addAll(CatalogLayout.fit(catalog, layout, config.output().path()).fields());
      }
    }
    return likeMost(fields);
  }

  private record Shape(List<String> group, int height, int width, List<String> pixelTypes) {}

  private Shape shape(Field field) {
    return new Shape(
        groups.values(field.groups()),
        field.sizeY(),
        field.sizeX(),
        field.channels().stream().map(Field.Channel::pixelType).toList());
  }

  /** Of each group those of the size and pixel types that most of its pixels have. */
  private List<Field> likeMost(List<Field> fields) {
    Map<Shape, Long> pixels = new HashMap<>();
    fields.forEach(f -> pixels.merge(shape(f), Batch.pixels(f), Long::sum));
    Map<List<String>, Shape> most = new HashMap<>();
    pixels.keySet().stream()
        .sorted(Comparator.<Shape>comparingLong(s -> -pixels.get(s)).thenComparing(Shape::toString))
        .forEach(s -> most.putIfAbsent(s.group(), s));
    List<Field> alike = new ArrayList<>(fields);
    alike.removeIf(
        f ->
            !most.get(groups.values(f.groups())).equals(shape(f))
                || f.planePixels() > IlluminationSums.MOST_PIXELS);
    alike.sort(
        Comparator.comparing((Field f) -> groups.values(f.groups()).toString())
            .thenComparing(Field::image));
    return alike;
  }
}
