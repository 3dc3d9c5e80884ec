package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.field.Field;
import org.cytolake.image.Plane;
import org.cytolake.measure.Shape;
import org.cytolake.stardist.OutlinedObject;
import org.cytolake.tables.RowByName;

/** Measures nuclei: rows of the table {@code nuclei}. */
final class NucleusRows {
  private static final String RING = "ring_";

  private final RowByName row;
  private final RowByName vertex;
  private final ObjectColumns columns;
  private final int segmented;

  /**
   * @param row of the table, in which the key is set
   * @param segmented index of the channel whose intensity the figures tell
   */
  NucleusRows(RowByName row, Field field, List<String> channels, int segmented) {
    this.row = row;
    this.vertex = row.struct("polygon");
    this.columns = new ObjectColumns(row, field, channels);
    this.segmented = segmented;
  }

  /**
   * Hands on one row for every nucleus to be measured that has pixels: one that more probable ones
   * cover has none.
   *
   * @param rings the rings around the nuclei
   * @param samples of every channel
   * @param figures receives what the nuclei say together
   */
  void add(
      PaintedNuclei nuclei,
      Optional<PaintedNuclei> rings,
      List<Plane> samples,
      Consumer<InternalRow> to,
      NucleiFigures.Gathered figures) {
    ObjectColumns.Intensity inside = columns.intensity("", nuclei.pixels(), samples);
    Optional<ObjectColumns.Intensity> around =
        rings.map(r -> columns.intensity(RING, r.pixels(), samples));
    for (Shape shape : Shape.of(nuclei.pixels())) {
      int label = shape.label();
      if (nuclei.isOwn(label)) {
        OutlinedObject star = nuclei.stars().get(label - 1);
        columns.shape(shape, nuclei);
        row.put("prob", (double) star.prob())
            .put("y", (double) star.y())
            .put("x", (double) star.x())
            .put("polygon", polygon(star));
        inside.put(label);
        if (around.isPresent()) {
          row.put(RING + "area_px", around.get().area(label));
          around.get().put(label);
        } else {
          row.putNull(RING + "area_px");
          columns.without(RING);
        }
        figures.add(
            shape.area(),
            nuclei.window().top() + shape.centroidY(),
            nuclei.window().left() + shape.centroidX(),
            star.prob(),
            inside.sum(segmented, label));
        to.accept(row.row());
      }
    }
  }

  private List<InternalRow> polygon(OutlinedObject star) {
    float[] ys = star.vertexRows();
    float[] xs = star.vertexColumns();
    List<InternalRow> vertices = new ArrayList<>(ys.length);
    for (int k = 0; k < ys.length; k++) {
      vertices.add(vertex.put("y", (double) ys[k]).put("x", (double) xs[k]).row());
    }
    return vertices;
  }
}
