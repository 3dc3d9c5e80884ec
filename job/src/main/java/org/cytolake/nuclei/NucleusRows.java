package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.field.Field;
import org.cytolake.image.Plane;
import org.cytolake.measure.Intensities;
import org.cytolake.measure.LabelledPixels;
import org.cytolake.measure.SecondMoments;
import org.cytolake.measure.Shape;
import org.cytolake.stardist.Star;
import org.cytolake.tables.ChannelPairs;
import org.cytolake.tables.RowByName;

/** Measures nuclei: rows of the table {@code nuclei}. */
final class NucleusRows {
  private final RowByName row;
  private final RowByName vertex;
  private final double pixelHeightUm; // both or none is NaN
  private final double pixelWidthUm;
  private final List<String> channels;
  private final int segmented;

  /**
   * @param row of the table, in which the key is set
   * @param segmented index of the channel whose intensity the figures tell
   */
  NucleusRows(RowByName row, Field field, List<String> channels, int segmented) {
    this.row = row;
    this.vertex = row.struct("polygon");
    boolean known = field.pixelSizeXUm() != null && field.pixelSizeYUm() != null;
    this.pixelHeightUm = known ? field.pixelSizeYUm() : Double.NaN;
    this.pixelWidthUm = known ? field.pixelSizeXUm() : Double.NaN;
    this.channels = channels;
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
    Intensity inside = new Intensity("", nuclei.pixels(), samples);
    Optional<Intensity> around = rings.map(r -> new Intensity("ring_", r.pixels(), samples));
    for (Shape shape : Shape.of(nuclei.pixels())) {
      int label = shape.label();
      if (nuclei.isOwn(label)) {
        shape(shape, nuclei);
        inside.put(label);
        around.ifPresentOrElse(ring -> ring.put(label), this::withoutRing);
        figures.add(
            shape.area(),
            nuclei.window().top() + shape.centroidY(),
            nuclei.window().left() + shape.centroidX(),
            nuclei.stars().get(label - 1).prob(),
            inside.sum(segmented, label));
        to.accept(row.row());
      }
    }
  }

  private void withoutRing() {
    row.putNull("ring_area_px");
    channels.forEach(channel -> nothing("ring_", channel));
    for (int[] pair : ChannelPairs.usual(channels.size())) {
      row.putNull(pearson("ring_", pair[0], pair[1]));
    }
  }

  private void nothing(String prefix, String channel) {
    for (String measure : List.of("pixels_", "mean_", "sum_", "stddev_", "min_", "max_")) {
      row.putNull(prefix + measure + channel);
    }
  }

  private String pearson(String prefix, int a, int b) {
    return prefix + "pearson_" + channels.get(a) + "_" + channels.get(b);
  }

  /** Intensities of nuclei, or of the rings around them, in every channel. */
  private final class Intensity {
    private final String prefix;
    private final LabelledPixels pixels;
    private final List<Intensities> intensities;
    private final Map<String, double[]> pearson = new HashMap<>();

    Intensity(String prefix, LabelledPixels pixels, List<Plane> samples) {
      this.prefix = prefix;
      this.pixels = pixels;
      intensities = samples.stream().map(s -> Intensities.of(pixels, s)).toList();
      for (int[] pair : ChannelPairs.usual(samples.size())) {
        int a = pair[0];
        int b = pair[1];
        pearson.put(
            pearson(prefix, a, b),
            Intensities.pearson(
                pixels, samples.get(a), intensities.get(a), samples.get(b), intensities.get(b)));
      }
    }

    double sum(int channel, int label) {
      Intensities of = intensities.get(channel);
      return of.count(label) == 0 ? 0 : of.sum(label);
    }

    void put(int label) {
      if (!prefix.isEmpty()) {
        row.put(prefix + "area_px", (long) pixels.count(label));
      }
      for (int c = 0; c < channels.size(); c++) {
        Intensities of = intensities.get(c);
        String channel = channels.get(c);
        if (of.count(label) == 0) {
          nothing(prefix, channel);
          row.put(prefix + "pixels_" + channel, 0L);
          continue;
        }
        row.put(prefix + "pixels_" + channel, of.count(label))
            .put(prefix + "mean_" + channel, of.mean(label))
            .put(prefix + "sum_" + channel, of.sum(label))
            .put(prefix + "stddev_" + channel, of.stddev(label))
            .put(prefix + "min_" + channel, of.min(label))
            .put(prefix + "max_" + channel, of.max(label));
      }
      pearson.forEach((name, values) -> row.putUnlessNaN(name, values[label]));
    }
  }

  private void shape(Shape shape, PaintedNuclei nuclei) {
    Star star = nuclei.stars().get(shape.label() - 1);
    int top = nuclei.window().top();
    int left = nuclei.window().left();
    SecondMoments moments = shape.moments();
    row.put("nucleus", nuclei.number(shape.label()))
        .put("prob", (double) star.prob())
        .put("y", (double) star.y())
        .put("x", (double) star.x())
        .put("bbox_y0", top + shape.y0())
        .put("bbox_x0", left + shape.x0())
        .put("bbox_y1", top + shape.y1())
        .put("bbox_x1", left + shape.x1())
        .put("polygon", polygon(star))
        .put("centroid_y", top + shape.centroidY())
        .put("centroid_x", left + shape.centroidX())
        .put("area_px", (long) shape.area())
        .put("perimeter_px", shape.perimeter())
        .put("eccentricity", moments.eccentricity())
        .put("solidity", shape.solidity())
        .put("major_axis_px", moments.majorAxis())
        .put("minor_axis_px", moments.minorAxis())
        .put("orientation_rad", moments.orientation())
        .put("equivalent_diameter_px", shape.equivalentDiameter())
        .put(
            "touches_border",
            top + shape.y0() == 0
                || left + shape.x0() == 0
                || top + shape.y1() == nuclei.planeHeight()
                || left + shape.x1() == nuclei.planeWidth());
    double area = shape.area() * pixelHeightUm * pixelWidthUm;
    boolean known = !Double.isNaN(area);
    SecondMoments inUm = known ? moments.scaled(pixelHeightUm, pixelWidthUm) : moments;
    row.putUnlessNaN("area_um2", area)
        .putUnlessNaN(
            "perimeter_um",
            pixelHeightUm == pixelWidthUm ? shape.perimeter() * pixelHeightUm : Double.NaN)
        .putUnlessNaN("major_axis_um", known ? inUm.majorAxis() : Double.NaN)
        .putUnlessNaN("minor_axis_um", known ? inUm.minorAxis() : Double.NaN)
        .putUnlessNaN("equivalent_diameter_um", known ? Shape.diameter(area) : Double.NaN);
  }

  private List<InternalRow> polygon(Star star) {
    float[] ys = star.vertexRows();
    float[] xs = star.vertexColumns();
    List<InternalRow> vertices = new ArrayList<>(ys.length);
    for (int k = 0; k < ys.length; k++) {
      vertices.add(vertex.put("y", (double) ys[k]).put("x", (double) xs[k]).row());
    }
    return vertices;
  }
}
