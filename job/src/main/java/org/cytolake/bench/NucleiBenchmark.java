package org.cytolake.bench;


import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Field;
import org.cytolake.histogram.Histogram;
import org.cytolake.network.ModelFile;
import org.cytolake.network.StarDistModel;
import org.cytolake.nuclei.FieldPlane;
import org.cytolake.nuclei.Percentiles;
import org.cytolake.nuclei.SegmentPlanes;
import org.cytolake.nuclei.TiledPlanes;
import org.cytolake.stardist.StarThresholds;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Finding and measuring the nuclei of the first channel, in Spark tasks and warm, beside Python's
 * StarDist and ONNX Runtime alone ({@code deploy/bench/nuclei_peers.py}); and suppression alone.
 */
public final class NucleiBenchmark {
  /** A round takes every image so often: starting a Spark job is not what is measured. */
  private static final int REPEATS = 4;

  private final SparkSession spark;
  private final ImageCatalog catalog;
  private final int rounds;

  public NucleiBenchmark(SparkSession spark, SourceOptions options, int rounds) {
    this.spark = spark;
    this.rounds = rounds;
    this.catalog =
        ImageCatalog.load(options, spark.sessionState().newHadoopConf(), spark).readable();
  }

  /**
   * Both sides.
   *
   * @param python an interpreter with the packages of deploy/bench/requirements-nuclei.txt
   * @param script deploy/bench/nuclei_peers.py
   * @param models ONNX files of the built-in model: of fp32, and of int8 where there is one
   * @param stardist folder of the same network in Keras' format, or null
   * @return a table for people
   */
  public String table(String python, String script, List<String> models, String stardist) {
    List<String> command = new ArrayList<>(List.of(python, script));
    if (stardist != null) {
      command.addAll(List.of("--stardist", stardist));
    }
    command.addAll(models);
    command.add("--");
    catalog.fields().forEach(f -> command.add(Enlarged.localPath(f.channels().get(0))));
    Map<String, Double> seconds = new LinkedHashMap<>(Peers.seconds(command));
    Map<String, Double> own = new LinkedHashMap<>();
    List<FieldPlane> planes =
        Collections.nCopies(REPEATS, planes()).stream().flatMap(List::stream).toList();
    List<String> precisions = models.size() > 1 ? List.of("fp32", "int8") : List.of("fp32");
    for (String precision : precisions) {
      for (boolean measured : new boolean[] {false, true}) {
        own.put(
            "Cytolake " + precision + (measured ? ", measured in all channels" : ""),
            median(precision, planes, measured));
      }
    }
    // once more after our turn, so that what slows the machine down slows both sides
    Peers.seconds(command)
        .forEach((who, again) -> seconds.merge(who, again, (a, b) -> (a + b) / 2));
    seconds.putAll(own);
    StringBuilder text = new StringBuilder("nuclei, images a second, all cores\n");
    seconds.forEach(
        (who, s) -> text.append(String.format(Locale.ROOT, "  %-48s %8.2f%n", who, 1 / s)));
    return text + SuppressionBenchmark.table(rounds);
  }

  private double median(String precision, List<FieldPlane> planes, boolean measured) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = TiledPlanes.tasks(planes.size(), Math.max(1, context.defaultParallelism()));
    Layout layout = layout(measured);
    StructType all = Table.NUCLEI.schema(layout);
    StructType nucleus =
        new StructType(Arrays.copyOfRange(all.fields(), 4 + layout.groups().size(), all.length()));
    ModelFile model = ModelFile.builtIn(precision);
    StarThresholds thresholds;
    try (StarDistModel loaded = StarDistModel.load(model, 1)) {
      thresholds = loaded.thresholds();
    }
    SegmentPlanes.Settings settings =
        new SegmentPlanes.Settings(
                List.of(0),
                layout.channelNames(),
                layout.channels().stream().map(ChannelColumn::type).toList(),
                thresholds,
                1 << 24,
                1 << 20,
                1,
                measured ? 5 : 0)
            .forTasks(context.sc(), tasks);
    SegmentPlanes segment =
        new SegmentPlanes(
            context.broadcast(model),
            context.broadcast(new SerializableConfiguration(hadoop())),
            settings,
            nucleus,
            context.sc().longAccumulator());
    double[] seconds = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      long start = System.nanoTime();
      long rows = context.parallelize(planes, tasks).mapPartitions(segment).count();
      if (rows != planes.size()) {
        throw new IllegalStateException(rows + " of " + planes.size() + " planes were segmented");
      }
      if (round >= 0) {
        seconds[round] = (System.nanoTime() - start) / 1e9 / planes.size();
      }
    }
    Arrays.sort(seconds);
    return seconds[rounds / 2];
  }

  /** Of the first channel alone, or of all. */
  private Layout layout(boolean all) {
    List<ChannelColumn> channels = new ArrayList<>();
    for (int c = 0; c < (all ? catalog.channels().size() : 1); c++) {
      channels.add(new ChannelColumn(catalog.channels().get(c), catalog.types().get(c)));
    }
    return new Layout(catalog.groups(), channels);
  }

  private Configuration hadoop() {
    return spark.sessionState().newHadoopConf();
  }

  private List<FieldPlane> planes() {
    List<FieldPlane> planes = new ArrayList<>();
    try (PlaneReader reader = new PlaneReader(hadoop())) {
      Samples samples = PlaneReader.newSamples(catalog.types().get(0));
      for (Field field : catalog.fields()) {
        reader.read(field, 0, field.firstZ(), 0, 0, 0, field.sizeX(), field.sizeY(), samples);
        double[] values = new double[samples.size()];
        Arrays.setAll(values, samples::at);
        Histogram histogram = Histogram.ofSamples(values);
        planes.add(
            new FieldPlane(
                field,
                field.firstZ(),
                0,
                List.of(new Percentiles(histogram.percentile(1), histogram.percentile(99.8))),
                List.of()));
      }
      return planes;
    } catch (ImageReadException e) {
      throw new CytolakeException(Code.FAILED, e.failure().message(), e.failure().remedy(), e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
