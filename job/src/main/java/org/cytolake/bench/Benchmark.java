package org.cytolake.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import loci.common.services.ServiceException;
import loci.formats.FormatException;
import loci.formats.in.TiffReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Field;
import org.cytolake.source.MicroscopyTable;

/**
 * Compares the data source with what one would do without it, on the user's own images: the same
 * aggregation with and without push-down, and reading all pixels against Bio-Formats in a plain
 * loop. The contenders take turns, so that a busy machine slows both; medians are compared.
 */
public final class Benchmark {
  private final SparkSession spark;
  private final SourceOptions options;
  private final ImageCatalog catalog;
  private final int rounds;

  /**
   * One comparison.
   *
   * @param what was compared
   * @param ours median seconds of the data source
   * @param theirs median seconds of the other
   * @param pixels pixels times channels that both handled
   * @param equal whether both gave the same result
   */
  public record Comparison(
      String what, String other, double ours, double theirs, long pixels, boolean equal) {

    /** A line for people. */
    public String line() {
      return String.format(
          Locale.ROOT,
          "%s: %.1f ms, %.1f million pixels/s; %s: %.1f ms, %.1f million pixels/s; ratio %.2f; results %s",
          what,
          ours * 1e3,
          pixels / ours / 1e6,
          other,
          theirs * 1e3,
          pixels / theirs / 1e6,
          theirs / ours,
          equal ? "equal" : "DIFFERENT");
    }
  }

  public Benchmark(SparkSession spark, SourceOptions options, int rounds) {
    this.spark = spark;
    this.options = options;
    this.rounds = rounds;
    this.catalog =
        ImageCatalog.load(options, spark.sessionState().newHadoopConf(), spark).readable();
    if (catalog.fields().isEmpty()) {
      throw new CytolakeException(
          Code.FAILED, "None of the images can be read.", "Look at them with 'cytolake inspect'.");
    }
  }

  private long samples() {
    return catalog.fields().stream()
        .mapToLong(f -> f.planePixels() * f.sizeZ() * f.sizeT() * f.channels().size())
        .sum();
  }

  /** Pixels of every image and channel tuple, counted with and without push-down. */
  public Comparison pushDown() {
    double[] ours = new double[rounds];
    double[] theirs = new double[rounds];
    Row first = null;
    Row second = null;
    for (int round = -1; round < rounds; round++) { // one round to warm up
      long start = System.nanoTime();
      first = checksum(true);
      long middle = System.nanoTime();
      second = checksum(false);
      long end = System.nanoTime();
      if (round >= 0) {
        ours[round] = (middle - start) / 1e9;
        theirs[round] = (end - middle) / 1e9;
      }
    }
    return new Comparison(
        "tuples by image, pushed down",
        "by Spark",
        median(ours),
        median(theirs),
        samples(),
        first.equals(second));
  }

  /**
   * The same on copies of the images repeated down and across, in a temporary folder: what counts
   * then are pixels, not Spark's own time for a query.
   *
   * @param times repeats in each direction
   */
  public Comparison pushDownEnlarged(int times) {
    try (Enlarged copies = Enlarged.of(catalog.fields(), times)) {
      Benchmark enlarged = new Benchmark(spark, options.withPaths(List.of(copies.path())), rounds);
      Comparison result = enlarged.pushDown();
      return new Comparison(
          result.what() + ", images repeated " + times + " x " + times,
          result.other(),
          result.ours(),
          result.theirs(),
          result.pixels(),
          result.equal());
    } catch (IOException | FormatException | ServiceException e) {
      throw notPlain(e);
    }
  }

  private Row checksum(boolean pushDown) {
    Dataset<Row> pixels =
        new MicroscopyTable(spark, options.withPushDown(pushDown), catalog).pixels();
    List<Column> by = new ArrayList<>();
    by.add(functions.col("image"));
    catalog.channels().forEach(c -> by.add(functions.col("`" + c + "`")));
    return pixels
        .groupBy(by.toArray(Column[]::new))
        .count()
        .agg(functions.count("*"), functions.sum("count"), functions.expr("bit_xor(xxhash64(*))"))
        .first();
  }

  /**
   * All pixels of all files through the partition readers, on one thread, against {@link
   * TiffReader} in a plain loop. Ours are unpacked to integers, theirs stay bytes.
   */
  public Comparison reading() {
    double[] ours = new double[rounds];
    double[] theirs = new double[rounds];
    long mine = 0;
    long other = 0;
    for (int round = -1; round < rounds; round++) {
      try {
        long start = System.nanoTime();
        mine = readPartitions();
        long middle = System.nanoTime();
        other = readPlainly();
        long end = System.nanoTime();
        if (round >= 0) {
          ours[round] = (middle - start) / 1e9;
          theirs[round] = (end - middle) / 1e9;
        }
      } catch (IOException | FormatException e) {
        throw notPlain(e);
      }
    }
    return new Comparison(
        "all pixels by the data source, one thread",
        "by Bio-Formats' TiffReader",
        median(ours),
        median(theirs),
        samples(),
        mine * catalog.channels().size() == other);
  }

  private static CytolakeException notPlain(Exception e) {
    return new CytolakeException(
        Code.FAILED,
        "The images cannot be read in a plain loop: " + e.getMessage() + ".",
        "This comparison needs single-plane TIFF files on the local disk.",
        e);
  }

  private long readPartitions() throws IOException {
    Scan scan =
        new MicroscopyTable(spark, options, catalog)
            .newScanBuilder(CaseInsensitiveStringMap.empty())
            .build();
    Batch batch = scan.toBatch();
    PartitionReaderFactory factory = batch.createReaderFactory();
    long rows = 0;
    for (InputPartition partition : batch.planInputPartitions()) {
      try (PartitionReader<ColumnarBatch> reader = factory.createColumnarReader(partition)) {
        while (reader.next()) {
          ColumnarBatch pixels = reader.get();
          rows += pixels.numRows();
          for (String channel : catalog.channels()) {
            // samples are unpacked when the first is asked for
            pixels.column(scan.readSchema().fieldIndex(channel)).getInt(0);
          }
        }
      }
    }
    return rows;
  }

  private long readPlainly() throws IOException, FormatException {
    long samples = 0;
    for (Field field : catalog.fields()) {
      for (Field.Channel channel : field.channels()) {
        try (TiffReader reader = new TiffReader()) {
          reader.setId(Enlarged.localPath(channel));
          for (int plane = 0; plane < reader.getImageCount(); plane++) {
            reader.openBytes(plane);
            samples += (long) reader.getSizeX() * reader.getSizeY();
          }
        }
      }
    }
    return samples;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
