package org.cytolake.cells;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.IntPredicate;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.field.Field;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.measure.LabelOutline;
import org.cytolake.measure.Shape;
import org.cytolake.nuclei.ObjectColumns;
import org.cytolake.nuclei.PaintedNuclei;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/** Measures cells: rows of the tables {@code cells} and {@code cytoplasm}. */
final class CellRows {
  private final PlaneRows rows;
  private final Field field;
  private final List<String> channels;

  CellRows(PlaneRows rows, Field field, List<String> channels) {
    this.rows = rows;
    this.field = field;
    this.channels = channels;
  }

  /**
   * Adds the rows of the cells that are to be measured.
   *
   * @param isLeftOut of a cell, by its label
   * @param areas receives the cells' areas, pixels
   */
  void add(
      PaintedNuclei cells,
      PaintedNuclei cytoplasm,
      List<Plane> samples,
      IntPredicate isLeftOut,
      DoubleConsumer areas) {
    RowByName row = rows.of(Table.CELLS);
    RowByName vertex = row.struct("polygon");
    ObjectColumns columns = new ObjectColumns(row, field, channels);
    ObjectColumns.Intensity ofCell = columns.intensity("", cells.pixels(), samples);
    ObjectColumns outer = new ObjectColumns(rows.of(Table.CYTOPLASM), field, channels);
    ObjectColumns.Intensity ofCytoplasm = outer.intensity("", cytoplasm.pixels(), samples);
    for (Shape shape : Shape.of(cells.pixels())) {
      int label = shape.label();
      if (cells.isOwn(label) && !isLeftOut.test(label)) {
        columns.shape(shape, cells);
        row.put("polygon", polygon(vertex, cells, shape));
        ofCell.put(label);
        for (int c = 0; c < channels.size(); c++) {
          row.putUnlessNaN(
              "nucleus_to_cytoplasm_" + channels.get(c), ratio(ofCell, ofCytoplasm, c, label));
        }
        areas.accept(shape.area());
        rows.add(Table.CELLS, row.row());
      }
    }
    for (Shape shape : Shape.of(cytoplasm.pixels())) {
      int label = shape.label();
      if (cytoplasm.isOwn(label) && !isLeftOut.test(label)) {
        outer.shape(shape, cytoplasm);
        ofCytoplasm.put(label);
        rows.add(Table.CYTOPLASM, rows.of(Table.CYTOPLASM).row());
      }
    }
  }

  /** Mean of the nucleus over mean of the cytoplasm; NaN where there is none, or it is 0. */
  private static double ratio(
      ObjectColumns.Intensity cell, ObjectColumns.Intensity cytoplasm, int channel, int label) {
    long outside = cytoplasm.pixels(channel, label);
    long inside = cell.pixels(channel, label) - outside;
    double sum = cytoplasm.sum(channel, label);
    double nucleus = (cell.sum(channel, label) - sum) / inside;
    double ratio = nucleus / (sum / outside);
    return Double.isFinite(ratio) ? ratio : Double.NaN;
  }

  private static List<InternalRow> polygon(RowByName vertex, PaintedNuclei cells, Shape shape) {
    LabelImage labels = cells.pixels().image();
    LabelOutline outline =
        LabelOutline.of(labels, shape.label(), shape.y0(), shape.x0(), shape.y1(), shape.x1())
            .orElseThrow();
    List<InternalRow> vertices = new ArrayList<>(outline.ys().length);
    for (int k = 0; k < outline.ys().length; k++) {
      vertices.add(
          vertex
              .put("y", cells.window().top() + outline.ys()[k])
              .put("x", cells.window().left() + outline.xs()[k])
              .row());
    }
    return vertices;
  }

  /** Labels of cells that touch the border of the plane. */
  static BitSet atBorder(PaintedNuclei cells) {
    BitSet found = new BitSet();
    for (Shape shape : Shape.of(cells.pixels())) {
      if (ObjectColumns.touchesBorder(shape, cells)) {
        found.set(shape.label());
      }
    }
    return found;
  }
}
