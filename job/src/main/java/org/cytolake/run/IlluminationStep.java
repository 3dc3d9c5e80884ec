package org.cytolake.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.cytolake.illumination.FunctionKey;
import org.cytolake.illumination.FunctionTable;
import org.cytolake.illumination.IlluminationGroups;
import org.cytolake.illumination.MergeSums;
import org.cytolake.illumination.ShareSums;
import org.cytolake.illumination.SumImages;
import org.cytolake.illumination.SumSettings;
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
 * Illumination functions of groups that have other images than those of the tables' functions:
 * their images are added up in the pass that analyses them; or before it, in a pass of its own,
 * where the functions correct them or not all of them are analysed.
 */
final class IlluminationStep {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final StageClock clock;
  private final PlannedRun plan;
  private final IlluminationGroups groups;
  private final FunctionTable table;
  private final Map<FunctionKey, IlluminationSums> waiting = new HashMap<>(); // for later batches
  private Optional<SumSettings> inPass = Optional.empty();

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
        new FunctionTable(
            config.illumination(),
            groups,
            config.output().labelFormat(),
            earlier,
            config.run().keepMissing());
  }

  /**
   * What the pass over the batches adds up while it has the images: of groups of which all images
   * are in them, where nothing is corrected before.
   */
  Optional<SumSettings> inPass(List<Batch> batches) {
    Set<List<String>> whole = table.missing();
    if (config.illumination().applied() || whole.isEmpty()) {
      return Optional.empty();
    }
    Set<Listing.ListedImage> todo = new HashSet<>(plan.work().todo());
    for (Listing.ListedImage image : plan.listing().images()) {
      if (!todo.contains(image)) {
        whole.remove(groups.values(image.groups()));
      }
    }
    SumSettings settings =
        SumSettings.of(
            config.illumination(), groups, whole, batches.stream().map(Batch::fields).toList());
    inPass = settings.shapes().isEmpty() ? Optional.empty() : Optional.of(settings);
    return inPass;
  }

  /** Takes the sums of a batch's shares; makes the functions of groups that are whole with them. */
  void add(Run run, Layout layout, int batch, List<ShareSums.Written> written) {
    if (inPass.isPresent() && !(written.isEmpty() && waiting.isEmpty())) {
      clock.run(
          "illumination",
          "making illumination functions",
          () -> table.stageFiles(run, merged(run, layout, batch, written)));
    }
  }

  private List<WriteFunction.Made> merged(
      Run run, Layout layout, int batch, List<ShareSums.Written> written) {
    Map<FunctionKey, List<String>> paths = new LinkedHashMap<>();
    waiting.keySet().forEach(key -> paths.put(key, new ArrayList<>()));
    written.forEach(w -> paths.computeIfAbsent(w.key(), k -> new ArrayList<>()).add(w.path()));
    Set<List<String>> unfinished = inPass.orElseThrow().waiting(batch);
    List<MergeSums.Shares> shares = new ArrayList<>();
    paths.forEach(
        (key, files) -> {
          boolean whole = !unfinished.contains(key.group());
          if (whole || !files.isEmpty()) {
            shares.add(new MergeSums.Shares(key, files, whole));
          }
        });
    List<WriteFunction.Made> made = new ArrayList<>();
    if (shares.isEmpty()) {
      return made;
    }
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = 4 * context.defaultParallelism();
    Broadcast<Map<FunctionKey, IlluminationSums>> before = context.broadcast(Map.copyOf(waiting));
    MergeSums merge = new MergeSums(function(context, run, layout), before);
    for (MergeSums.Merged merged :
        context.parallelize(shares, Math.min(shares.size(), tasks)).map(merge).collect()) {
      if (merged.madeOrNull() != null) {
        made.add(merged.madeOrNull());
        waiting.remove(merged.key());
      } else {
        waiting.put(merged.key(), merged.sumsOrNull());
      }
    }
    before.destroy();
    return made;
  }

  private WriteFunction function(JavaSparkContext context, Run run, Layout layout) {
    return new WriteFunction(
        config.illumination(),
        config.output().labelFormat(),
        layout.channelNames(),
        run.scratch(),
        context.broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf())));
  }

  /** Makes the functions that are missing and not made in a pass, and stages their files. */
  void make(Run run, Layout layout) {
    Set<List<String>> missing = table.missing();
    inPass.ifPresent(settings -> missing.removeAll(settings.shapes().keySet()));
    if (missing.isEmpty()) {
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
    WriteFunction function = function(context, run, layout);
    // a task for each core: every task has sums of its own, which are large
    int tasks = Math.max(1, Math.min(fields.size(), context.defaultParallelism()));
    return context
        .parallelize(fields, tasks)
        .mapPartitionsToPair(new SumImages(config.illumination(), groups, function.hadoop()))
        .reduceByKey(IlluminationSums::plus)
        .map(function)
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

  /** Of each group those of the size and pixel types that most of its pixels have. */
  private List<Field> likeMost(List<Field> fields) {
    List<Field> alike = new ArrayList<>(groups.alike(fields));
    alike.sort(
        Comparator.comparing((Field f) -> groups.values(f.groups()).toString())
            .thenComparing(Field::image));
    return alike;
  }
}
