package org.cytolake.segment;

import ai.onnxruntime.OrtException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.source.Field;
import org.cytolake.source.ImageReadException;
import org.cytolake.source.PlaneReader;
import org.cytolake.source.Samples;
import org.cytolake.stardist.StarThresholds;

/**
 * Segments planes and measures their nuclei: the function of a {@code mapPartitions}. One row a
 * plane: see {@link PlaneRow}.
 */
public final class SegmentPlanes implements FlatMapFunction<Iterator<FieldPlane>, Row> {
  private static final long serialVersionUID = 1L;

  /**
   * How to segment.
   *
   * @param channel index of the channel that shows the nuclei
   * @param channels names of all channels
   * @param types Spark type of every channel
   * @param thresholds on probability and overlap
   * @param threads for the network in one task
   * @param ring width of the rings around nuclei, pixels; 0: none
   */
  public record Settings(
      int channel,
      List<String> channels,
      List<DataType> types,
      StarThresholds thresholds,
      long maxPixels,
      int maxCandidates,
      int threads,
      int ring)
      implements java.io.Serializable {
    public Settings {
      channels = List.copyOf(channels);
      types = List.copyOf(types);
    }

    Settings withThreads(int newThreads) {
      return new Settings(
          channel, channels, types, thresholds, maxPixels, maxCandidates, newThreads, ring);
    }
  }

  private final Broadcast<ModelFile> model;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Settings settings;
  private final StructType nucleus;

  /**
   * @param nucleus columns of the table {@code nuclei} behind its keys
   */
  public SegmentPlanes(
      Broadcast<ModelFile> model,
      Broadcast<SerializableConfiguration> hadoop,
      Settings settings,
      StructType nucleus) {
    this.model = model;
    this.hadoop = hadoop;
    this.settings = settings;
    this.nucleus = nucleus;
  }

  @Override
  public Iterator<Row> call(Iterator<FieldPlane> planes) {
    PlaneReader reader = TaskReader.open(hadoop.value().value());
    Segmenter segmenter =
        new Segmenter(
            StarDistModel.shared(model.value(), settings.threads()),
            settings.thresholds(),
            settings.maxCandidates());
    List<Samples> samples = settings.types().stream().map(PlaneReader::newSamples).toList();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return planes.hasNext();
      }

      @Override
      public Row next() {
        if (!planes.hasNext()) {
          throw new NoSuchElementException();
        }
        return row(planes.next(), reader, segmenter, samples);
      }
    };
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
    PaintedNuclei nuclei =
        segmenter.segment(
            samples.get(settings.channel())::at,
            field.sizeY(),
            field.sizeX(),
            plane.low(),
            plane.high());
    return PlaneRow.Measured.of(plane, nuclei, nucleus, settings, samples);
  }
}
