package org.cytolake.nuclei;

import ai.onnxruntime.OrtException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Field;
import org.cytolake.network.ModelFile;
import org.cytolake.network.SharedModels;
import org.cytolake.network.TaskThreads;
import org.cytolake.stardist.StarThresholds;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Segments planes and measures their nuclei: the function of a {@code mapPartitions}. One row a
 * plane: see {@link PlaneRow}.
 */
public final class SegmentPlanes implements FlatMapFunction<Iterator<FieldPlane>, Row> {
  private static final long serialVersionUID = 1L;

  /**
   * How to segment.
   *
   * @param segmented indices of the channels that the network is given, in its order
   * @param channels names of all channels
   * @param types Spark type of every channel
   * @param thresholds on probability and overlap
   * @param threads for the network in one task
   * @param ring width of the rings around nuclei, pixels; 0: none
   */
  public record Settings(
      List<Integer> segmented,
      List<String> channels,
      List<DataType> types,
      StarThresholds thresholds,
      long maxPixels,
      int maxCandidates,
      int threads,
      int ring)
      implements java.io.Serializable {
    public Settings {
      segmented = List.copyOf(segmented);
      channels = List.copyOf(channels);
      types = List.copyOf(types);
    }

    /** For the running task. */
    Segmenter segmenter(ModelFile file) {
      SharedModels.Lease lease = SharedModels.ofTask(file, threads);
      return new Segmenter(lease.model(), lease.buffers(), thresholds, maxCandidates);
    }

    /** With the threads that each of so many tasks may use. */
    public Settings forTasks(SparkContext context, int tasks) {
      return withThreads(TaskThreads.of(context, tasks));
    }

    private Settings withThreads(int newThreads) {
      return new Settings(
          segmented, channels, types, thresholds, maxPixels, maxCandidates, newThreads, ring);
    }
  }

  private final Broadcast<ModelFile> model;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Settings settings;
  private final StructType nucleus;
  private final LongAccumulator done;

  /**
   * @param nucleus columns of the table {@code nuclei} behind its keys
   * @param done counts the pixels of planes that are done
   */
  public SegmentPlanes(
      Broadcast<ModelFile> model,
      Broadcast<SerializableConfiguration> hadoop,
      Settings settings,
      StructType nucleus,
      LongAccumulator done) {
    this.model = model;
    this.hadoop = hadoop;
    this.settings = settings;
    this.nucleus = nucleus;
    this.done = done;
  }

  @Override
  public Iterator<Row> call(Iterator<FieldPlane> planes) {
    PlaneReader reader = TaskReader.open(hadoop.value().value());
    Segmenter segmenter = settings.segmenter(model.value());
    List<Samples> samples = settings.types().stream().map(PlaneReader::newSamples).toList();
    return CollectionConverters.asJava(
        CollectionConverters.asScala(planes).map(plane -> row(plane, reader, segmenter, samples)));
  }

  private Row row(
      FieldPlane plane, PlaneReader reader, Segmenter segmenter, List<Samples> samples) {
    long start = System.nanoTime();
    PlaneRow.Measured measured = PlaneRow.Measured.nothing(0);
    String failure = null;
    try {
      measured = segment(plane, reader, segmenter, samples);
    } catch (ImageReadException | OrtException | RuntimeException e) {
      failure = PlaneRow.failure(plane.field(), e);
    }
    done.add(plane.field().planePixels());
    return PlaneRow.of(plane, failure, (System.nanoTime() - start) / 1e9, measured);
  }

  private PlaneRow.Measured segment(
      FieldPlane plane, PlaneReader reader, Segmenter segmenter, List<Samples> samples)
      throws ImageReadException, OrtException {
    Field field = plane.field();
    if (field.planePixels() > settings.maxPixels()) {
      throw new IllegalArgumentException(
          "it has "
              + field.planePixels()
              + " pixels, more than segmentation.max-pixels = "
              + settings.maxPixels());
    }
    for (int c = 0; c < samples.size(); c++) {
      reader.read(
          field, c, plane.z(), plane.t(), 0, 0, field.sizeX(), field.sizeY(), samples.get(c));
    }
    List<Segmenter.Channel> segmented =
        settings.segmented().stream().<Segmenter.Channel>map(c -> samples.get(c)::floats).toList();
    PaintedNuclei nuclei =
        segmenter.segment(segmented, field.sizeY(), field.sizeX(), plane.percentiles());
    return PlaneRow.Measured.of(plane, nuclei, nucleus, settings, samples);
  }
}
