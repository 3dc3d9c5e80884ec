package org.cytolake.nuclei;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Field;
import org.cytolake.stardist.Window;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Measures nuclei block by block: the function of a {@code mapPartitions}. One row a block, see
 * {@link PlaneRow}.
 *
 * @param nucleus columns of the table {@code nuclei} behind its keys
 */
record MeasureBlocks(
    Broadcast<SerializableConfiguration> hadoop,
    Broadcast<List<FieldPlane>> planes,
    SegmentPlanes.Settings settings,
    StructType nucleus)
    implements FlatMapFunction<Iterator<NucleiBlock>, Row> {

  @Override
  public Iterator<Row> call(Iterator<NucleiBlock> blocks) {
    PlaneReader reader = TaskReader.open(hadoop.value().value());
    List<Samples> samples = settings.types().stream().map(PlaneReader::newSamples).toList();
    return CollectionConverters.asJava(
        CollectionConverters.asScala(blocks).map(block -> row(block, reader, samples)));
  }

  private Row row(NucleiBlock block, PlaneReader reader, List<Samples> samples) {
    long start = System.nanoTime();
    FieldPlane plane = planes.value().get(block.plane());
    PlaneRow.Measured measured = PlaneRow.Measured.nothing(block.candidates());
    String failure = block.failure();
    if (block.window() != null) {
      try {
        measured = measure(block, plane, reader, samples);
      } catch (ImageReadException | RuntimeException e) {
        failure = PlaneRow.failure(plane.field(), e);
      }
    }
    double seconds = block.seconds() + (System.nanoTime() - start) / 1e9;
    return PlaneRow.of(plane, failure, seconds, measured);
  }

  private PlaneRow.Measured measure(
      NucleiBlock block, FieldPlane plane, PlaneReader reader, List<Samples> samples)
      throws ImageReadException {
    Field field = plane.field();
    Window window = block.window();
    for (int c = 0; c < samples.size(); c++) {
      reader.read(
          field,
          c,
          plane.z(),
          plane.t(),
          window.left(),
          window.top(),
          window.width(),
          window.height(),
          samples.get(c));
    }
    return PlaneRow.Measured.of(
        plane, PaintedNuclei.of(block, field.sizeY(), field.sizeX()), nucleus, settings, samples);
  }
}
