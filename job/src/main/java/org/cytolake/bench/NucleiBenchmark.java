package org.cytolake.bench;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.bioformats.Samples;
import org.cytolake.bioformats.TaskReader;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.ConfigLoader;
import org.cytolake.field.Field;
import org.cytolake.histogram.Histogram;
import org.cytolake.network.ModelFile;
import org.cytolake.network.TaskThreads;
import org.cytolake.nuclei.NucleiFigures;
import org.cytolake.nuclei.NucleiFinder;
import org.cytolake.nuclei.NucleiMeasures;
import org.cytolake.nuclei.NucleiNetwork;
import org.cytolake.nuclei.NucleiSettings;
import org.cytolake.nuclei.Percentiles;
import org.cytolake.nuclei.StarDistFinder;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.PlaneRows;

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
    List<Plane> planes =
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

  private double median(String precision, List<Plane> planes, boolean measured) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = Math.min(planes.size(), 4 * Math.max(1, context.defaultParallelism()));
    Layout layout = layout(measured);
    Configuration hadoop = spark.sessionState().newHadoopConf();
    NucleiNetwork network =
        NucleiNetwork.of(
                ConfigLoader.load(
                        Optional.empty(),
                        Map.of(),
                        List.of(
                            "segmentation.precision=" + precision,
                            "segmentation.cytoplasm-ring=" + (measured ? 5 : 0)))
                    .segmentation(),
                hadoop)
            .orElseThrow();
    Segment segment =
        new Segment(
            layout,
            network.settings(layout.channelNames()),
            context.broadcast(network.file()),
            context.broadcast(new SerializableConfiguration(hadoop)),
            TaskThreads.of(context.sc(), tasks));
    double[] seconds = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      long start = System.nanoTime();
      long done = context.parallelize(planes, tasks).mapPartitions(segment).count();
      if (done != planes.size()) {
        throw new IllegalStateException(done + " of " + planes.size() + " planes were segmented");
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

  /** An image's first plane, and what its pixels are normalised by. */
  private record Plane(Field field, double low, double high) implements Serializable {}

  private List<Plane> planes() {
    List<Plane> planes = new ArrayList<>();
    try (PlaneReader reader = new PlaneReader(spark.sessionState().newHadoopConf())) {
      Samples samples = PlaneReader.newSamples(catalog.types().get(0));
      for (Field field : catalog.fields()) {
        reader.read(field, 0, field.firstZ(), 0, 0, 0, field.sizeX(), field.sizeY(), samples);
        double[] values = new double[samples.size()];
        Arrays.setAll(values, samples::at);
        Histogram histogram = Histogram.ofSamples(values);
        planes.add(new Plane(field, histogram.percentile(1), histogram.percentile(99.8)));
      }
      return planes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads, segments and measures; gives the number of nuclei of each plane. */
  private record Segment(
      Layout layout,
      NucleiSettings settings,
      Broadcast<ModelFile> model,
      Broadcast<SerializableConfiguration> hadoop,
      int threads)
      implements FlatMapFunction<Iterator<Plane>, Integer> {
    @Override
    public Iterator<Integer> call(Iterator<Plane> planes) throws ImageReadException {
      StarDistFinder finder = StarDistFinder.ofTask(model.value(), threads, settings);
      PlaneSource source =
          new PlaneSource(
              TaskReader.open(hadoop.value().value()),
              layout.channels().stream().map(ChannelColumn::type).toList(),
              Optional.empty());
      List<Integer> nuclei = new ArrayList<>();
      while (planes.hasNext()) {
        Plane plane = planes.next();
        Field field = plane.field();
        PlanePixels pixels = source.open(field, field.firstZ(), 0);
        NucleiFinder.Found found =
            finder.find(pixels, List.of(new Percentiles(plane.low(), plane.high())));
        PlaneRows rows =
            new PlaneRows(layout, field.image(), field.groups(), field.series(), field.firstZ(), 0);
        new NucleiMeasures(settings, field, pixels, found)
            .measure(List.of(), List.of(), rows, new NucleiFigures.Gathered(), Optional.empty());
        nuclei.add(found.stars().size());
      }
      return nuclei.iterator();
    }
  }
}
