package org.cytolake.segment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.measure.Intensities;
import org.cytolake.measure.Shape;
import org.cytolake.source.Field;
import org.cytolake.source.Samples;
import org.cytolake.stardist.Star;

/** Measures nuclei: rows of the table {@code nuclei} behind its keys. */
final class NucleusRows {
  private final StructType schema;
  private final Double pixelAreaUm2;
  private final Map<String, Integer> places = new HashMap<>();

  NucleusRows(StructType schema, Field field) {
    this.schema = schema;
    this.pixelAreaUm2 =
        field.pixelSizeXUm() == null || field.pixelSizeYUm() == null
            ? null
            : field.pixelSizeXUm() * field.pixelSizeYUm();
    String[] names = schema.fieldNames();
    for (int i = 0; i < names.length; i++) {
      places.put(names[i], i);
    }
  }

  /**
   * One row for every nucleus to be measured that has pixels: one that more probable ones cover has
   * none.
   *
   * @param channels names, in the order of the samples
   */
  List<Row> of(PaintedNuclei nuclei, List<String> channels, List<Samples> samples) {
    LabelImage labels = nuclei.labels();
    List<Intensities> intensities =
        samples.stream().map(s -> Intensities.of(labels, s::at)).toList();
    Map<String, double[]> pearson = new HashMap<>();
    for (int a = 0; a < samples.size(); a++) {
      for (int b = a + 1; b < samples.size(); b++) {
        Plane first = samples.get(a)::at;
        Plane second = samples.get(b)::at;
        pearson.put(
            "pearson_" + channels.get(a) + "_" + channels.get(b),
            Intensities.pearson(labels, first, intensities.get(a), second, intensities.get(b)));
      }
    }
    List<Row> rows = new ArrayList<>(nuclei.stars().size());
    for (Shape shape : Shape.of(labels)) {
      if (!nuclei.isOwn(shape.label())) {
        continue;
      }
      Object[] row = new Object[schema.length()];
      shape(row, shape, nuclei);
      for (int c = 0; c < channels.size(); c++) {
        Intensities of = intensities.get(c);
        put(row, "mean_" + channels.get(c), of.mean(shape.label()));
        put(row, "sum_" + channels.get(c), of.sum(shape.label()));
        put(row, "stddev_" + channels.get(c), of.stddev(shape.label()));
        put(row, "min_" + channels.get(c), of.min(shape.label()));
        put(row, "max_" + channels.get(c), of.max(shape.label()));
      }
      pearson.forEach(
          (name, values) -> {
            double value = values[shape.label()];
            put(row, name, Double.isNaN(value) ? null : value);
          });
      rows.add(RowFactory.create(row));
    }
    return rows;
  }

  private void shape(Object[] row, Shape shape, PaintedNuclei nuclei) {
    Star star = nuclei.stars().get(shape.label() - 1);
    int top = nuclei.window().top();
    int left = nuclei.window().left();
    put(row, "nucleus", nuclei.number(shape.label()));
    put(row, "prob", (double) star.prob());
    put(row, "y", (double) star.y());
    put(row, "x", (double) star.x());
    put(row, "bbox_y0", top + shape.y0());
    put(row, "bbox_x0", left + shape.x0());
    put(row, "bbox_y1", top + shape.y1());
    put(row, "bbox_x1", left + shape.x1());
    put(row, "polygon", polygon(star));
    put(row, "area_px", (long) shape.area());
    put(row, "area_um2", pixelAreaUm2 == null ? null : shape.area() * pixelAreaUm2);
    put(row, "perimeter_px", shape.perimeter());
    put(row, "eccentricity", shape.eccentricity());
    put(row, "solidity", shape.solidity());
    put(row, "major_axis_px", shape.majorAxis());
    put(row, "minor_axis_px", shape.minorAxis());
    put(row, "orientation_rad", shape.orientation());
    put(row, "equivalent_diameter_px", shape.equivalentDiameter());
    put(
        row,
        "touches_border",
        top + shape.y0() == 0
            || left + shape.x0() == 0
            || top + shape.y1() == nuclei.planeHeight()
            || left + shape.x1() == nuclei.planeWidth());
  }

  private static Object polygon(Star star) {
    float[] ys = star.vertexRows();
    float[] xs = star.vertexColumns();
    List<Row> vertices = new ArrayList<>(ys.length);
    for (int k = 0; k < ys.length; k++) {
      vertices.add(RowFactory.create((double) ys[k], (double) xs[k]));
    }
    return scala.jdk.javaapi.CollectionConverters.asScala(vertices).toSeq();
  }

  private void put(Object[] row, String column, Object value) {
    row[places.get(column)] = value;
  }
}
