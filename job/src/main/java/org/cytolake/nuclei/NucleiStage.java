package org.cytolake.nuclei;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.config.CytolakeConfig.Segmentation;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.ChannelFacts;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.PlaneKey;
import org.cytolake.network.ModelFile;
import org.cytolake.network.StarDistModel;
import org.cytolake.run.ImagesTable;
import org.cytolake.stardist.StarThresholds;
import org.cytolake.statistics.FieldExploration;
import org.cytolake.statistics.Statistics;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/** Finds and measures the nuclei of every field of view. */
public final class NucleiStage {
  private static final String NUCLEI = Table.NUCLEI.folder();

  private final SparkSession spark;
  private final Segmentation settings;
  private final ModelFile model; // null where segmentation is off
  private final StarThresholds thresholds;
  private final TiledPlanes.Tiling tiling;
  private final int modelChannels;
  private final Configuration hadoop;
  private final LongAccumulator done;
  private volatile long pixels;
  private Dataset<Row> segmented;
  private List<FieldPlane> planes = List.of();
  private Map<PlaneKey, ChannelFacts> facts = Map.of();
  private String channelName;
  private int groups;

  private NucleiStage(
      SparkSession spark,
      Segmentation settings,
      ModelFile model,
      StarThresholds thresholds,
      TiledPlanes.Tiling tiling,
      int modelChannels,
      Configuration hadoop) {
    this.spark = spark;
    this.settings = settings;
    this.model = model;
    this.thresholds = thresholds;
    this.tiling = tiling;
    this.modelChannels = modelChannels;
    this.hadoop = hadoop;
    this.done = spark.sparkContext().longAccumulator();
  }

  /** Loads the model, so that a bad one fails the run at the start. */
  public static NucleiStage of(SparkSession spark, Segmentation settings, Configuration hadoop) {
    if (!settings.enabled()) {
      return new NucleiStage(spark, settings, null, null, null, 0, hadoop);
    }
    ModelFile file =
        settings.model().isEmpty()
            ? ModelFile.builtIn(settings.precision())
            : ModelFile.read(settings.model(), hadoop);
    try (StarDistModel loaded = StarDistModel.load(file, 1)) {
      if (!settings.channels().isEmpty() && settings.channels().size() != loaded.channels()) {
        throw channels(file, loaded.channels(), "segmentation.channel", settings.channels());
      }
      StarThresholds stated = loaded.thresholds();
      StarThresholds thresholds =
          new StarThresholds(
              settings.probThreshold().orElse(stated.prob()),
              settings.nmsThreshold().orElse(stated.nms()));
      return new NucleiStage(
          spark, settings, file, thresholds, tiling(settings, loaded), loaded.channels(), hadoop);
    }
  }

  private static CytolakeException channels(
      ModelFile model, int taken, String what, List<String> given) {
    return new CytolakeException(
        Code.USAGE,
        "The model "
            + model.name()
            + " takes "
            + (taken == 1 ? "one channel" : taken + " channels")
            + ", but "
            + what
            + " names "
            + (given.size() == 1 ? "one" : given.size())
            + ": "
            + String.join(", ", given)
            + ".",
        taken == 1
            ? "Name the one channel that shows the nuclei with --channel."
            : "Name "
                + taken
                + " channels in the order of the model, such as --channel red,green,blue.");
  }

  private static TiledPlanes.Tiling tiling(Segmentation settings, StarDistModel model) {
    int least = 2 * model.halo() + model.multiple(); // else no core is left
    return new TiledPlanes.Tiling(model.multiple(), model.halo(), Math.max(settings.tile(), least));
  }

  public boolean enabled() {
    return model != null;
  }

  /** All that the rows of {@code nuclei} depend on; not on how planes are cut into tiles. */
  public String fingerprint() {
    return enabled()
        ? String.join(
            " ",
            String.join(",", settings.channels()),
            settings.normalizeTogether() ? "together" : "each",
            model.sha256(),
            thresholds.toString(),
            Long.toString(settings.maxPixels()),
            Integer.toString(settings.maxCandidates()),
            Integer.toString(settings.cytoplasmRing()),
            Boolean.toString(settings.geojson()))
        : "no segmentation";
  }

  /**
   * Names of the channels that the network is given, in its order.
   *
   * @throws CytolakeException (USAGE) where one is not there, or they are not as many as it takes
   */
  public List<String> channels(List<String> channels) {
    List<String> named = settings.channels();
    for (String name : named) {
      if (!channels.contains(name)) {
        throw new CytolakeException(
            Code.USAGE,
            "segmentation.channel is '"
                + name
                + "', but the channels are "
                + String.join(", ", channels)
                + ".",
            "Name one of them, or leave it empty for the first.");
      }
    }
    if (named.isEmpty() && modelChannels > 1 && channels.size() != modelChannels) {
      throw channels(model, modelChannels, "the input", channels);
    }
    return named.isEmpty() ? channels.subList(0, modelChannels) : named;
  }

  /** What share of the pixels {@link #segment} has given to the network, 0 to 1. */
  public double done() {
    return pixels == 0 ? 0 : (double) done.value() / pixels;
  }

  /** Segments; what was found is kept in the scratch folder. */
  public void segment(
      List<Field> fields, ImageCatalog catalog, Statistics tables, Layout layout, String scratch) {
    groups = catalog.groups().size();
    List<String> segmentedChannels = channels(catalog.channels());
    channelName = segmentedChannels.get(0);
    facts = segmentedChannels.size() == 1 ? tables.facts(channelName) : Map.of();
    planes =
        planes(
            fields,
            tables.percentiles(segmentedChannels, settings.normalizeTogether()),
            tables.thresholds());
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int cores = Math.max(1, context.defaultParallelism());
    List<FieldPlane> whole = new ArrayList<>();
    List<FieldPlane> large = new ArrayList<>();
    for (FieldPlane plane : planes) {
      boolean tooLarge = plane.field().planePixels() > settings.maxPixels(); // fails at once
      (tooLarge || tiling.isSmall(plane) ? whole : large).add(plane);
    }
    pixels = planes.stream().mapToLong(plane -> plane.field().planePixels()).sum();
    if (!large.isEmpty()) {
      requireHalo();
    }
    int tasks = TiledPlanes.tasks(whole.size(), cores);
    Broadcast<ModelFile> shippedModel = context.broadcast(model);
    Broadcast<SerializableConfiguration> shippedConf =
        context.broadcast(new SerializableConfiguration(hadoop));
    StructType nucleus = FieldExploration.behindKeys(Table.NUCLEI, layout);
    SegmentPlanes.Settings how =
        new SegmentPlanes.Settings(
            segmentedChannels.stream().map(catalog.channels()::indexOf).toList(),
            catalog.channels(),
            catalog.types(),
            thresholds,
            settings.maxPixels(),
            settings.maxCandidates(),
            1,
            settings.cytoplasmRing());
    JavaRDD<Row> rows =
        context
            .parallelize(whole, tasks)
            .mapPartitions(
                new SegmentPlanes(
                    shippedModel, shippedConf, how.forTasks(context.sc(), tasks), nucleus, done));
    String path = scratch + "/segmented";
    try (TiledPlanes tiles =
        new TiledPlanes(context, shippedModel, shippedConf, how, nucleus, tiling, done)) {
      spark
          .createDataFrame(
              large.isEmpty() ? rows : tiles.rows(large).union(rows), schema(layout, nucleus))
          .write()
          .mode("overwrite")
          .parquet(path);
    }
    segmented = spark.read().parquet(path);
  }

  private void requireHalo() {
    try (StarDistModel loaded = StarDistModel.load(model, 1)) {
      loaded.requireHalo(model.name());
    }
  }

  private StructType schema(Layout layout, StructType nucleus) {
    List<StructField> columns = new ArrayList<>(new KeyColumns(layout.groups()).fields());
    columns.add(DataTypes.createStructField("failure", DataTypes.StringType, true));
    columns.add(DataTypes.createStructField("seconds", DataTypes.DoubleType, true));
    columns.add(DataTypes.createStructField(NUCLEI, new ArrayType(nucleus, false), true));
    columns.add(
        DataTypes.createStructField(
            Table.COLOCALIZATION.folder(),
            new ArrayType(FieldExploration.behindKeys(Table.COLOCALIZATION, layout), false),
            true));
    columns.add(DataTypes.createStructField("candidates", DataTypes.LongType, true));
    return new StructType(columns.toArray(StructField[]::new));
  }

  private static List<FieldPlane> planes(
      List<Field> fields,
      Map<PlaneKey, List<Percentiles>> percentiles,
      Map<PlaneKey, List<Colocalization.Thresholds>> thresholds) {
    List<FieldPlane> planes = new ArrayList<>();
    for (Field field : fields) {
      for (int t = 0; t < field.sizeT(); t++) {
        for (int z = field.firstZ(); z < field.firstZ() + field.sizeZ(); z++) {
          PlaneKey key = new PlaneKey(field.image(), field.series(), z, t);
          List<Percentiles> p = percentiles.get(key);
          if (p != null) { // a plane without a finite pixel has none
            planes.add(new FieldPlane(field, z, t, p, thresholds.getOrDefault(key, List.of())));
          }
        }
      }
    }
    return planes;
  }

  /** Images that could not be segmented. */
  public List<Failure> failures() {
    return segmented
        .where(col("failure").isNotNull())
        .dropDuplicates(new String[] {"image"})
        .collectAsList()
        .stream()
        .map(row -> Failure.of(row, groups, row.getAs("failure")))
        .toList();
  }

  /** What was found in every field that was segmented, and what is odd about it. */
  public Map<PlaneKey, ImagesTable.Segmented> perField() {
    Map<String, double[]> pixelSizes = new HashMap<>();
    for (FieldPlane plane : planes) {
      Field field = plane.field();
      if (field.pixelSizeXUm() != null && field.pixelSizeYUm() != null) {
        pixelSizes.put(field.image(), new double[] {field.pixelSizeYUm(), field.pixelSizeXUm()});
      }
    }
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Map<PlaneKey, NucleiFigures> figures =
        NucleiFigures.perField(
            segmented,
            new NucleiFigures.How(
                channelName,
                NucleiWarning.uncertainBelow(thresholds.prob()),
                context.broadcast(pixelSizes)));
    Map<PlaneKey, ImagesTable.Segmented> found = new HashMap<>();
    for (FieldPlane plane : planes) {
      Field field = plane.field();
      PlaneKey key = new PlaneKey(field.image(), field.series(), plane.z(), plane.t());
      NucleiFigures ofField = figures.get(key);
      double[] size = pixelSizes.get(field.image());
      found.put(
          key,
          new ImagesTable.Segmented(
              ofField,
              NucleiWarning.of(
                  new NucleiWarning.Seen(
                      channelName,
                      facts.get(key),
                      !isFloatingPoint(field),
                      field.planePixels(),
                      size == null ? Double.NaN : size[0] * size[1],
                      settings.maxCandidates(),
                      thresholds.prob(),
                      ofField))));
    }
    return found;
  }

  private static boolean isFloatingPoint(Field field) {
    return field.pixelType().equals("float") || field.pixelType().equals("double");
  }

  /** Rows of the table {@code nuclei}, or those of {@code colocalization} within nuclei. */
  public Dataset<Row> table(Table table, Layout layout, Collection<String> failed) {
    return segmented == null
        ? spark.createDataFrame(List.of(), table.schema(layout))
        : FieldExploration.table(
            Statistics.without(spark, segmented, failed), table, new KeyColumns(layout.groups()));
  }
}
