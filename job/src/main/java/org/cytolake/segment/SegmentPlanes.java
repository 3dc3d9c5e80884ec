package org.cytolake.segment;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.source.Failure;
import org.cytolake.source.Field;
import org.cytolake.source.ImageReadException;
import org.cytolake.source.PlaneReader;
import org.cytolake.source.Samples;
import org.cytolake.stardist.StarThresholds;

/**
 * Segments planes and measures their nuclei: the function of a {@code mapPartitions}. One row a
 * plane: the key columns, {@code failure} (JSON, or NULL), {@code seconds}, and as arrays what the
 * tables {@code nuclei} and {@code colocalization} have behind their keys.
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
   */
  public record Settings(
      int channel,
      List<String> channels,
      List<DataType> types,
      StarThresholds thresholds,
      long maxPixels,
      int maxCandidates,
      int threads)
      implements java.io.Serializable {
    public Settings {
      channels = List.copyOf(channels);
      types = List.copyOf(types);
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
    Configuration configuration = hadoop.value().value();
    PlaneReader reader = new PlaneReader(configuration);
    TaskContext.get()
        .addTaskCompletionListener(
            context -> {
              try {
                reader.close();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
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
    Measured measured = new Measured(List.of(), List.of());
    String failure = null;
    try {
      measured = segment(plane, reader, segmenter, samples);
    } catch (ImageReadException e) {
      failure = e.failure().toJson();
    } catch (OrtException | RuntimeException e) {
      failure =
          failure(plane.field(), "SEGMENTATION_FAILED", "cannot be segmented: " + e.getMessage());
    }
    Field field = plane.field();
    List<Object> row = new ArrayList<>();
    row.add(field.image());
    row.addAll(field.groups());
    row.add(field.series());
    row.add(plane.z());
    row.add(plane.t());
    row.add(failure);
    row.add((System.nanoTime() - start) / 1e9);
    row.add(scala.jdk.javaapi.CollectionConverters.asScala(measured.nuclei).toSeq());
    row.add(scala.jdk.javaapi.CollectionConverters.asScala(measured.colocalization).toSeq());
    return RowFactory.create(row.toArray());
  }

  private record Measured(List<Row> nuclei, List<Row> colocalization) {}

  private Measured segment(
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
    Segmenter.Nuclei nuclei =
        segmenter.segment(
            samples.get(settings.channel())::at,
            field.sizeY(),
            field.sizeX(),
            plane.low(),
            plane.high());
    return new Measured(
        new NucleusRows(nucleus, field).of(nuclei, settings.channels(), samples),
        plane.colocalization().isEmpty()
            ? List.of()
            : new NucleusColocalization(nuclei.labels(), settings.channels(), samples)
                .rows(plane.colocalization()));
  }

  private static String failure(Field field, String code, String what) {
    String file = field.files().get(0).path();
    return new Failure(
            field.image(),
            field.groups(),
            file,
            "segment",
            code,
            "The image " + field.image() + " " + what + ".",
            "Raise the limit that is named, or keep the image out of the input.")
        .toJson();
  }
}
