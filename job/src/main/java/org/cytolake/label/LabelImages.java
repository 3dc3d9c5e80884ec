package org.cytolake.label;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.clusters.ClusterModel;
import org.cytolake.clusters.ClusterTable;
import org.cytolake.clusters.ImageModels;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.Exploration;
import org.cytolake.field.Field;
import org.cytolake.image.Region;
import org.cytolake.store.ImageFiles;
import org.cytolake.store.Run;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import scala.Tuple2;

/**
 * Writes label images and the table {@code pixels} from what a run's tables say: nuclei from their
 * outlines, clusters from the tuples' labels. The images are read once more for each of the two.
 */
public final class LabelImages {
  private static final int MOST_SHORT = 65_535;

  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Layout layout;
  private final SheetRows.How how;

  public LabelImages(SparkSession spark, CytolakeConfig config, Layout layout) {
    this.spark = spark;
    this.config = config;
    this.layout = layout;
    this.how = config.clustering().enabled() ? how() : withoutClusters();
  }

  /** The kinds of label images that the configuration asks for. */
  public static List<ImageFiles> kinds(CytolakeConfig config) {
    List<ImageFiles> kinds = new ArrayList<>();
    if (config.output().labelImages().contains("nuclei") && config.segmentation().enabled()) {
      kinds.add(ImageFiles.LABELS);
    }
    if (config.output().labelImages().contains("clusters") && config.clustering().enabled()) {
      kinds.add(ImageFiles.CLUSTER_IMAGES);
    }
    return kinds;
  }

  private SheetRows.How how() {
    Clustering clustering = config.clustering();
    Exploration exploration = config.exploration().resolved(layout.channelNames());
    String reference =
        switch (clustering.values()) {
          case "normalized" -> clustering.referenceOf(exploration);
          case "equalized" -> "composite";
          default -> null;
        };
    Region region =
        exploration.regions().stream()
            .filter(r -> r.name().equals(clustering.pixels()))
            .findFirst()
            .orElse(null);
    List<String> channels = clustering.channelsOf(layout.channelNames());
    return new SheetRows.How(
        channels,
        channels.stream().map(this::type).toList(),
        clustering.values(),
        reference,
        clustering.pixels(),
        region,
        clustering.perImage());
  }

  private DataType type(String channel) {
    return layout.channels().get(layout.channelNames().indexOf(channel)).type();
  }

  /**
   * Stages the files of these images; those of images without a new file go.
   *
   * @param fields images that are complete
   * @param replaced ids of all images whose files are replaced
   */
  public void stage(Run run, List<Field> fields, Set<String> replaced, Configuration hadoop) {
    List<ImageFiles> kinds = kinds(config);
    Set<Tuple2<ImageFiles, String>> written = new HashSet<>();
    String folder = run.scratch() + "/images";
    if (!kinds.isEmpty() && !fields.isEmpty()) {
      boolean clusters = kinds.contains(ImageFiles.CLUSTER_IMAGES);
      SheetRows.How wanted = clusters ? how : withoutClusters();
      LabelFiles files =
          new LabelFiles(
              shared(new SerializableConfiguration(hadoop)),
              shared(byImage(fields)),
              shared(models(run, fields, clusters)),
              wanted,
              places(wanted),
              wanted.types(),
              kinds,
              folder);
      boolean nuclei = kinds.contains(ImageFiles.LABELS);
      written.addAll(sheets(run, fields, wanted, nuclei).mapPartitions(files).collect());
    }
    for (ImageFiles kind : List.of(ImageFiles.LABELS, ImageFiles.CLUSTER_IMAGES)) {
      for (String image : replaced) {
        String name = kind.name(image);
        boolean isNew = written.contains(new Tuple2<>(kind, image));
        run.replaceFile(name, isNew ? folder + "/" + name : null);
      }
    }
  }

  /**
   * Replaces the rows of the table {@code pixels}, by none where the configuration does not ask for
   * them.
   *
   * @param fields images that are complete
   * @param replaced ids of all images whose rows are replaced
   */
  public void replacePixels(
      Run run, List<Field> fields, Set<String> replaced, Configuration hadoop) {
    if (!config.output().pixels() && run.read(Table.PIXELS).isEmpty()) {
      return;
    }
    Dataset<Row> rows = spark.createDataFrame(List.of(), Table.PIXELS.schema(layout));
    if (config.output().pixels() && !fields.isEmpty()) {
      PixelRows pixels =
          new PixelRows(
              shared(new SerializableConfiguration(hadoop)),
              shared(byImage(fields)),
              shared(models(run, fields, true)),
              how,
              places(how),
              layout.channels().stream().map(ChannelColumn::type).toList(),
              config.segmentation().enabled());
      rows =
          spark.createDataFrame(
              sheets(run, fields, how, config.segmentation().enabled()).mapPartitions(pixels),
              Table.PIXELS.schema(layout));
    }
    run.replace(Table.PIXELS, rows, replaced);
  }

  private static SheetRows.How withoutClusters() {
    return new SheetRows.How(List.of(), List.of(), "raw", null, "none", null, false);
  }

  private List<Integer> places(SheetRows.How wanted) {
    return wanted.channels().stream().map(layout.channelNames()::indexOf).toList();
  }

  private JavaRDD<Row> sheets(Run run, List<Field> fields, SheetRows.How wanted, boolean nuclei) {
    int cores = Math.max(1, spark.sparkContext().defaultParallelism());
    int partitions = Math.max(1, Math.min(fields.size(), 4 * cores));
    return SheetRows.of(spark, run, fields, wanted, nuclei, partitions).javaRDD();
  }

  private <T> Broadcast<T> shared(T value) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return context.broadcast(value);
  }

  private static Map<String, Field> byImage(List<Field> fields) {
    return new HashMap<>(fields.stream().collect(Collectors.toMap(Field::image, f -> f)));
  }

  private Map<String, ImageModels> models(Run run, List<Field> fields, boolean clusters) {
    Set<String> deep =
        config.segmentation().enabled()
            ? run
                .read(Table.NUCLEI)
                .groupBy("image")
                .agg(max("nucleus").as("most"))
                .where(col("most").gt(MOST_SHORT))
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .collect(Collectors.toSet())
            : Set.of();
    Map<List<String>, Fitted> fitted =
        clusters && config.clustering().enabled() ? fitted(run) : Map.of();
    Map<String, ImageModels> models = new HashMap<>();
    for (Field field : fields) {
      Fitted of = fitted.getOrDefault(scope(field), new Fitted(null));
      models.put(
          field.image(),
          new ImageModels(
              of.models.stream().distinct().sorted(ORDER).toList(),
              of.selected,
              of.table,
              deep.contains(field.image())));
    }
    return models;
  }

  private static final Comparator<ClusterModel> ORDER =
      Comparator.comparing(ClusterModel::method).thenComparing(ClusterModel::k);

  /** The models of an image, a group or the data set; the table is null for images. */
  private static final class Fitted {
    final List<ClusterModel> models = new ArrayList<>();
    final Map<String, Integer> selected = new HashMap<>();
    final ClusterTable table;

    Fitted(ClusterTable table) {
      this.table = table;
    }
  }

  private List<String> scope(Field field) {
    if (config.clustering().perImage()) {
      return List.of(field.image());
    }
    return scopeGroups().stream()
        .map(group -> field.groups().get(layout.groups().indexOf(group)))
        .toList();
  }

  private List<String> scopeGroups() {
    return config.clustering().ofDataset() ? List.of() : config.clustering().scope();
  }

  private Map<List<String>, Fitted> fitted(Run run) {
    boolean own = config.clustering().perImage();
    List<Column> columns = new ArrayList<>();
    (own ? List.of("image") : scopeGroups()).forEach(name -> columns.add(col("`" + name + "`")));
    int scope = columns.size();
    columns.addAll(List.of(col("method"), col("k")));
    Column wanted = own ? col("image").isNotNull() : col("image").isNull();
    Map<List<String>, Fitted> fitted = new HashMap<>();
    List<Column> ofModels = new ArrayList<>(columns);
    ofModels.add(col("selected"));
    run.read(Table.CLUSTER_MODELS)
        .where(wanted.and(col("reason").isNull()))
        .select(ofModels.toArray(Column[]::new))
        .toLocalIterator()
        .forEachRemaining(
            row -> {
              Fitted of = fitted(fitted, row, scope, own);
              ClusterModel model = model(row, scope);
              of.models.add(model);
              if (row.getBoolean(scope + 2)) {
                of.selected.put(model.method(), model.k());
              }
            });
    if (!own) {
      columns.addAll(List.of(col("values"), col("cluster")));
      Iterator<Row> labels =
          run.read(Table.CLUSTER_LABELS)
              .where(wanted)
              .select(columns.toArray(Column[]::new))
              .toLocalIterator();
      labels.forEachRemaining(
          row -> {
            List<Double> values = row.getList(scope + 2);
            fitted(fitted, row, scope, false)
                .table
                .add(
                    model(row, scope),
                    values.get(0),
                    values.size() > 1 ? values.get(1) : 0,
                    row.getInt(scope + 3));
          });
    }
    return fitted;
  }

  private static Fitted fitted(
      Map<List<String>, Fitted> all, Row row, int scope, boolean ofImages) {
    List<String> key = new ArrayList<>();
    for (int i = 0; i < scope; i++) {
      key.add(row.getString(i));
    }
    return all.computeIfAbsent(key, k -> new Fitted(ofImages ? null : new ClusterTable()));
  }

  private static ClusterModel model(Row row, int scope) {
    return new ClusterModel(row.getString(scope), row.getInt(scope + 1));
  }
}
