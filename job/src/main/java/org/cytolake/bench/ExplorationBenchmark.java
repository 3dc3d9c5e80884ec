package org.cytolake.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.density.KernelDensity;
import org.cytolake.field.Field;
import org.cytolake.histogram.Bins;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Composite;
import org.cytolake.intensity.Difference;
import org.cytolake.intensity.Equalization;
import org.cytolake.intensity.Histogram2d;
import org.cytolake.intensity.LookupTable;
import org.cytolake.intensity.Normalization;
import org.cytolake.source.MicroscopyTable;

/**
 * The steps of an exploration of two-channel fields of 8 bits, one thread, warm, beside what {@code
 * deploy/bench/peers.py} takes for the same steps with numpy, scikit-image, OpenCV, seaborn and
 * scikit-learn.
 */
public final class ExplorationBenchmark {
  private static final int BYTE_BITS = 8;

  private final SparkSession spark;
  private final SourceOptions options;
  private final ImageCatalog catalog;
  private final int rounds;
  private long start;

  public ExplorationBenchmark(SparkSession spark, SourceOptions options, int rounds) {
    this.spark = spark;
    this.options = options;
    this.rounds = rounds;
    this.catalog =
        ImageCatalog.load(options, spark.sessionState().newHadoopConf(), spark).readable();
    boolean bytes =
        catalog.fields().stream()
            .flatMap(f -> f.channels().stream())
            .allMatch(c -> c.pixelType().equals("uint8"));
    if (catalog.channels().size() != 2 || !bytes) {
      throw new CytolakeException(
          Code.USAGE,
          "The steps are compared on images of two channels of 8 bits.",
          "Leave --python out, or give other images.");
    }
  }

  /**
   * Both sides.
   *
   * @param python an interpreter with the packages of deploy/bench/requirements.txt
   * @param script deploy/bench/peers.py
   * @return a table for people
   */
  public String table(String python, String script) {
    Map<String, Double> theirs = peers(python, script);
    Map<String, Double> ours = ours();
    List<JointHistogram> values = read().stream().map(ExplorationBenchmark::clustered).toList();
    ours.putAll(ClusterBenchmark.seconds(values, 1));
    StringBuilder text =
        new StringBuilder(
            "milliseconds a field and core, warm           ours       Python   ratio\n");
    for (Map.Entry<String, Double> step : theirs.entrySet()) {
      double own = ours.get(step.getKey());
      text.append(
          String.format(
              Locale.ROOT,
              "  %-36s %12.3f %12.3f %7.1f%n",
              step.getKey(),
              own * 1e3,
              step.getValue() * 1e3,
              step.getValue() / own));
    }
    text.append("clusters at 1, 10 and 100 times the pixels, ms a field and core:");
    for (int times : new int[] {1, 10, 100}) {
      double sum =
          ClusterBenchmark.seconds(values, times).values().stream().mapToDouble(s -> s).sum();
      text.append(String.format(Locale.ROOT, " %.1f", sum * 1e3));
    }
    text.append(System.lineSeparator());
    return text.toString();
  }

  private Map<String, Double> peers(String python, String script) {
    List<String> command = new ArrayList<>(List.of(python, script));
    for (Field field : catalog.fields()) {
      for (Field.Channel channel : field.channels()) {
        command.add(Enlarged.localPath(channel));
      }
    }
    return Peers.seconds(command);
  }

  private Map<String, Double> ours() {
    Map<String, double[]> times = new LinkedHashMap<>();
    int warmUp = 2 * rounds;
    for (int round = -warmUp; round < rounds; round++) {
      int at = round;
      Map<String, Double> seconds = once();
      seconds.forEach(
          (step, value) -> {
            double[] all = times.computeIfAbsent(step, s -> new double[rounds]);
            if (at >= 0) {
              all[at] = value / catalog.fields().size();
            }
          });
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    times.forEach(
        (step, all) -> {
          Arrays.sort(all);
          medians.put(step, all[all.length / 2]);
        });
    return medians;
  }

  private void lap(Map<String, Double> seconds, String step) {
    long now = System.nanoTime();
    seconds.merge(step, (now - start) / 1e9, Double::sum);
    start = System.nanoTime();
  }

  /** All fields, seconds a step. */
  private Map<String, Double> once() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    start = System.nanoTime();
    List<JointHistogram> fields = read();
    lap(seconds, "read");
    for (JointHistogram field : fields) {
      start = System.nanoTime();
      Histogram[] channels = {field.marginal(0), field.marginal(1)};
      for (Histogram channel : channels) {
        Bins.of(channel, 100);
      }
      lap(seconds, "histograms");
      Composite composite = Composite.of(channels);
      LookupTable equalized = Equalization.composite(composite);
      for (Histogram channel : channels) {
        Bins.of(equalized.apply(channel), 100, SampleKind.DOUBLE);
      }
      lap(seconds, "equalise");
      List<JointHistogram> normalized = new ArrayList<>();
      for (Histogram reference : channels) {
        normalized.add(Normalization.toReference(composite, reference, 1, BYTE_BITS).apply(field));
      }
      lap(seconds, "normalise");
      for (JointHistogram n : normalized) {
        Bins.of(n.marginal(0), 30);
        Bins.of(n.marginal(1), 30);
        Bins.of(Difference.of(n, 0, 1), 30);
      }
      lap(seconds, "histograms of normalised");
      for (JointHistogram n : normalized) {
        Histogram2d.of(n, 50);
      }
      lap(seconds, "2-D histogram");
      KernelDensity.of(normalized.get(0)).levels();
      lap(seconds, "density");
    }
    return seconds;
  }

  /** The normalised values of the pixels that are above 0 in both channels. */
  private static JointHistogram clustered(JointHistogram field) {
    Histogram[] channels = {field.marginal(0), field.marginal(1)};
    LookupTable normalized =
        Normalization.toReference(Composite.of(channels), channels[0], 1, BYTE_BITS);
    double[][] values = new double[2][field.size()];
    long[] counts = new long[field.size()];
    for (int i = 0; i < counts.length; i++) {
      values[0][i] = field.value(0, i);
      values[1][i] = field.value(1, i);
      counts[i] = values[0][i] > 0 && values[1][i] > 0 ? field.count(i) : 0;
    }
    return normalized.apply(JointHistogram.of(values, counts));
  }

  /** Through the partition readers, which count tuples. */
  private List<JointHistogram> read() {
    ScanBuilder builder =
        new MicroscopyTable(spark, options, catalog)
            .newScanBuilder(CaseInsensitiveStringMap.empty());
    Expression[] by = {
      Expressions.column("image"),
      Expressions.column(catalog.channels().get(0)),
      Expressions.column(catalog.channels().get(1))
    };
    ((SupportsPushDownAggregates) builder)
        .pushAggregation(new Aggregation(new AggregateFunc[] {new CountStar()}, by));
    var batch = builder.build().toBatch();
    PartitionReaderFactory factory = batch.createReaderFactory();
    Map<String, JointHistogram> fields = new LinkedHashMap<>();
    try {
      for (InputPartition partition : batch.planInputPartitions()) {
        try (PartitionReader<ColumnarBatch> reader = factory.createColumnarReader(partition)) {
          while (reader.next()) {
            ColumnarBatch counted = reader.get();
            if (counted.numRows() > 0) {
              fields.merge(
                  counted.column(0).getUTF8String(0).toString(),
                  joint(counted),
                  JointHistogram::plus);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new CytolakeException(
          Code.FAILED, "The images cannot be read: " + e.getMessage() + ".", "Replace them.", e);
    }
    return List.copyOf(fields.values());
  }

  /** A batch is of one tile. */
  private static JointHistogram joint(ColumnarBatch batch) {
    int n = batch.numRows();
    double[][] values = new double[2][n];
    long[] counts = new long[n];
    for (int i = 0; i < n; i++) {
      values[0][i] = batch.column(1).getInt(i);
      values[1][i] = batch.column(2).getInt(i);
      counts[i] = batch.column(3).getLong(i);
    }
    return JointHistogram.of(values, counts);
  }
}
