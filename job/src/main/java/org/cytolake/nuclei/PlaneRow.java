package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.image.Region;

/**
 * The rows of segmentation: the key columns, {@code failure} (JSON, or NULL), {@code seconds}, and
 * as arrays what the tables {@code nuclei} and {@code colocalization} have behind their keys,
 * {@code candidates}. One for each plane, or for each block of one.
 */
final class PlaneRow {
  /**
   * Rows behind the keys.
   *
   * @param candidates see {@link PaintedNuclei#candidates}
   */
  record Measured(List<Row> nuclei, List<Row> colocalization, long candidates) {
    /** Where there are no nuclei. */
    static Measured nothing(long candidates) {
      return new Measured(List.of(), List.of(), candidates);
    }

    /**
     * Measures.
     *
     * @param samples of every channel, for each pixel of the label image
     */
    static Measured of(
        FieldPlane plane,
        PaintedNuclei nuclei,
        StructType nucleus,
        SegmentPlanes.Settings settings,
        List<Samples> samples) {
      List<String> channels = settings.channels();
      PaintedNuclei rings = settings.ring() == 0 ? null : nuclei.rings(settings.ring());
      List<Row> colocalization = new ArrayList<>();
      if (!plane.colocalization().isEmpty()) {
        colocalization.addAll(
            new NucleusColocalization(nuclei, channels, samples)
                .rows(Region.WHOLE, plane.colocalization()));
        if (rings != null) {
          colocalization.addAll(
              new NucleusColocalization(rings, channels, samples)
                  .rows(Region.RING, plane.colocalization()));
        }
      }
      return new Measured(
          new NucleusRows(nucleus, plane.field()).of(nuclei, rings, channels, samples),
          colocalization,
          nuclei.candidates());
    }
  }

  private PlaneRow() {}

  static Row of(FieldPlane plane, String failure, double seconds, Measured measured) {
    Field field = plane.field();
    List<Object> row = new ArrayList<>();
    row.add(field.image());
    row.addAll(field.groups());
    row.add(field.series());
    row.add(plane.z());
    row.add(plane.t());
    row.add(failure);
    row.add(seconds);
    row.add(scala.jdk.javaapi.CollectionConverters.asScala(measured.nuclei).toSeq());
    row.add(scala.jdk.javaapi.CollectionConverters.asScala(measured.colocalization).toSeq());
    row.add(measured.candidates);
    return RowFactory.create(row.toArray());
  }

  /** Why a plane failed, as JSON. */
  static String failure(Field field, Exception e) {
    if (e instanceof ImageReadException unreadable) {
      return unreadable.failure().toJson();
    }
    return new Failure(
            field.image(),
            field.groups(),
            field.files().get(0).path(),
            "segment",
            "SEGMENTATION_FAILED",
            "The image " + field.image() + " cannot be segmented: " + e.getMessage() + ".",
            "Raise the limit that is named, or keep the image out of the input.")
        .toJson();
  }
}
