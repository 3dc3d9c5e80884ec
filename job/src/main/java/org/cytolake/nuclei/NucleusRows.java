package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Field;
import org.cytolake.measure.Intensities;
import org.cytolake.measure.LabelledPixels;
import org.cytolake.measure.SecondMoments;
import org.cytolake.measure.Shape;
import org.cytolake.stardist.Star;

/** Measures nuclei: rows of the table {@code nuclei} behind its keys. */
final class NucleusRows {
  private final StructType schema;
  private final Double pixelHeightUm;
  private final Double pixelWidthUm; // both or none is null
  private final Map<String, Integer> places = new HashMap<>();

  NucleusRows(StructType schema, Field field) {
    this.schema = schema;
    boolean known = field.pixelSizeXUm() != null && field.pixelSizeYUm() != null;
    this.pixelHeightUm = known ? field.pixelSizeYUm() : null;
    this.pixelWidthUm = known ? field.pixelSizeXUm() : null;
    String[] names = schema.fieldNames();
    for (int i = 0; i < names.length; i++) {
      places.put(names[i], i);
    }
  }

  /**
   * One row for every nucleus to be measured that has pixels: one that more probable ones cover has
   * none.
   *
   * @param rings the rings around the nuclei, or null
   * @param channels names, in the order of the samples
   */
  List<Row> of(
      PaintedNuclei nuclei, PaintedNuclei rings, List<String> channels, List<Samples> samples) {
    Intensity inside = new Intensity("", nuclei, channels, samples);
    Intensity around = rings == null ? null : new Intensity("ring_", rings, channels, samples);
    List<Row> rows = new ArrayList<>(nuclei.stars().size());
    for (Shape shape : Shape.of(nuclei.pixels())) {
      if (nuclei.isOwn(shape.label())) {
        Object[] row = new Object[schema.length()];
        shape(row, shape, nuclei);
        inside.put(row, shape.label());
        if (around != null) {
          around.put(row, shape.label());
        }
        rows.add(RowFactory.create(row));
      }
    }
    return rows;
  }

  /** Intensities of nuclei, or of the rings around them, in every channel. */
  private final class Intensity {
    private final String prefix;
    private final int[][] columns; // by channel: of mean, sum, stddev, min and max
    private final List<Intensities> intensities;
    private final Map<String, double[]> pearson = new HashMap<>();

    Intensity(String prefix, PaintedNuclei nuclei, List<String> channels, List<Samples> samples) {
      this.prefix = prefix;
      this.columns =
          channels.stream()
              .map(
                  channel ->
                      Stream.of("mean_", "sum_", "stddev_", "min_", "max_")
                          .mapToInt(measure -> places.get(prefix + measure + channel))
                          .toArray())
              .toArray(int[][]::new);
      LabelledPixels pixels = nuclei.pixels();
      intensities = samples.stream().map(s -> Intensities.of(pixels, s)).toList();
      for (int a = 0; a < samples.size(); a++) {
        for (int b = a + 1; b < samples.size(); b++) {
          pearson.put(
              prefix + "pearson_" + channels.get(a) + "_" + channels.get(b),
              Intensities.pearson(
                  pixels, samples.get(a), intensities.get(a), samples.get(b), intensities.get(b)));
        }
      }
    }

    void put(Object[] row, int label) {
      long pixels = intensities.get(0).count(label);
      if (!prefix.isEmpty()) {
        NucleusRows.this.put(row, prefix + "area_px", pixels);
      }
      for (int c = 0; c < columns.length && pixels > 0; c++) {
        Intensities of = intensities.get(c);
        row[columns[c][0]] = of.mean(label);
        row[columns[c][1]] = of.sum(label);
        row[columns[c][2]] = of.stddev(label);
        row[columns[c][3]] = of.min(label);
        row[columns[c][4]] = of.max(label);
      }
      pearson.forEach(
          (name, values) -> {
            double value = values[label];
            NucleusRows.this.put(row, name, Double.isNaN(value) ? null : value);
          });
    }
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
    SecondMoments moments = shape.moments();
    put(row, "centroid_y", top + shape.centroidY());
    put(row, "centroid_x", left + shape.centroidX());
    put(row, "area_px", (long) shape.area());
    put(row, "perimeter_px", shape.perimeter());
    put(row, "eccentricity", moments.eccentricity());
    put(row, "solidity", shape.solidity());
    put(row, "major_axis_px", moments.majorAxis());
    put(row, "minor_axis_px", moments.minorAxis());
    put(row, "orientation_rad", moments.orientation());
    put(row, "equivalent_diameter_px", shape.equivalentDiameter());
    if (pixelHeightUm != null) {
      double area = shape.area() * pixelHeightUm * pixelWidthUm;
      SecondMoments inUm = moments.scaled(pixelHeightUm, pixelWidthUm);
      put(row, "area_um2", area);
      if (pixelHeightUm.equals(pixelWidthUm)) {
        put(row, "perimeter_um", shape.perimeter() * pixelHeightUm);
      }
      put(row, "major_axis_um", inUm.majorAxis());
      put(row, "minor_axis_um", inUm.minorAxis());
      put(row, "equivalent_diameter_um", Shape.diameter(area));
    }
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
