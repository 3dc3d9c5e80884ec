package org.cytolake.nuclei;

import ai.onnxruntime.OrtException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.network.ModelFile;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.Window;
import scala.jdk.javaapi.CollectionConverters;

/** Looks for nuclei tile by tile: the function of a {@code mapPartitions}. */
record PredictTiles(
    Broadcast<ModelFile> model,
    Broadcast<SerializableConfiguration> hadoop,
    Broadcast<List<FieldPlane>> planes,
    SegmentPlanes.Settings settings,
    LongAccumulator done)
    implements FlatMapFunction<Iterator<PredictTiles.Part>, PredictTiles.Found> {

  /**
   * A tile.
   *
   * @param plane index of its plane
   */
  record Part(int plane, PlaneTile tile) implements Serializable {}

  /**
   * What a tile has.
   *
   * @param failure why it could not be read or predicted, as JSON, or null
   */
  record Found(Part part, Candidates candidates, double seconds, String failure)
      implements Serializable {}

  @Override
  public Iterator<Found> call(Iterator<Part> parts) {
    PlaneReader reader = TaskReader.open(hadoop.value().value());
    Segmenter segmenter = settings.segmenter(model.value());
    List<Samples> samples =
        settings.segmented().stream()
            .map(c -> PlaneReader.newSamples(settings.types().get(c)))
            .toList();
    return CollectionConverters.asJava(
        CollectionConverters.asScala(parts).map(part -> find(part, reader, segmenter, samples)));
  }

  private Found find(Part part, PlaneReader reader, Segmenter segmenter, List<Samples> samples) {
    long start = System.nanoTime();
    FieldPlane plane = planes.value().get(part.plane());
    Candidates candidates = Candidates.of(List.of(), 0);
    String failure = null;
    try {
      Window window = part.tile().window();
      for (int i = 0; i < samples.size(); i++) {
        reader.read(
            plane.field(),
            settings.segmented().get(i),
            plane.z(),
            plane.t(),
            window.left(),
            window.top(),
            window.width(),
            window.height(),
            samples.get(i));
      }
      List<Segmenter.Channel> channels =
          samples.stream().<Segmenter.Channel>map(s -> s::floats).toList();
      candidates = segmenter.candidates(channels, part.tile(), plane.percentiles());
    } catch (ImageReadException | OrtException | RuntimeException e) {
      failure = PlaneRow.failure(plane.field(), e);
    }
    done.add(part.tile().corePixels());
    return new Found(part, candidates, (System.nanoTime() - start) / 1e9, failure);
  }
}
