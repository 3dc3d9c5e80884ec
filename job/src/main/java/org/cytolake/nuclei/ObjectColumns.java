package org.cytolake.nuclei;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cytolake.field.Field;
import org.cytolake.image.Plane;
import org.cytolake.measure.Intensities;
import org.cytolake.measure.LabelledPixels;
import org.cytolake.measure.SecondMoments;
import org.cytolake.measure.Shape;
import org.cytolake.tables.ChannelPairs;
import org.cytolake.tables.RowByName;

/** Columns that the tables of nuclei, cells and cytoplasm share: shapes, and intensities. */
public final class ObjectColumns {
  private final RowByName row;
  private final double pixelHeightUm; // both or none is NaN
  private final double pixelWidthUm;
  private final List<String> channels;

  /**
   * @param row of the table, in which the key is set
   * @param channels names of all channels
   */
  public ObjectColumns(RowByName row, Field field, List<String> channels) {
    this.row = row;
    boolean known = field.pixelSizeXUm() != null && field.pixelSizeYUm() != null;
    this.pixelHeightUm = known ? field.pixelSizeYUm() : Double.NaN;
    this.pixelWidthUm = known ? field.pixelSizeXUm() : Double.NaN;
    this.channels = channels;
  }

  /** Whether an object touches the border of the plane in which the nuclei were painted. */
  public static boolean touchesBorder(Shape shape, PaintedNuclei painted) {
    int top = painted.window().top();
    int left = painted.window().left();
    return top + shape.y0() == 0
        || left + shape.x0() == 0
        || top + shape.y1() == painted.planeHeight()
        || left + shape.x1() == painted.planeWidth();
  }

  /** Gives the number of an object, where it lies, and its shape. */
  public void shape(Shape shape, PaintedNuclei painted) {
    int top = painted.window().top();
    int left = painted.window().left();
    SecondMoments moments = shape.moments();
    row.put("nucleus", painted.number(shape.label()))
        .put("bbox_y0", top + shape.y0())
        .put("bbox_x0", left + shape.x0())
        .put("bbox_y1", top + shape.y1())
        .put("bbox_x1", left + shape.x1())
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
        .put("touches_border", touchesBorder(shape, painted));
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

  /** The intensities of objects in every channel. */
  public Intensity intensity(String prefix, LabelledPixels pixels, List<Plane> samples) {
    return new Intensity(prefix, pixels, samples);
  }

  /** Says that there are no intensities. */
  void without(String prefix) {
    channels.forEach(channel -> nothing(prefix, channel));
    for (int[] pair : ChannelPairs.usual(channels.size())) {
      row.putNull(pearson(prefix, pair[0], pair[1]));
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

  /** Intensities of objects in every channel. */
  public final class Intensity {
    private final String prefix;
    private final LabelledPixels pixels;
    private final List<Intensities> intensities;
    private final Map<String, double[]> pearson = new HashMap<>();

    private Intensity(String prefix, LabelledPixels pixels, List<Plane> samples) {
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

    /** An object's pixels. */
    long area(int label) {
      return pixels.count(label);
    }

    /** An object's pixels that are finite in a channel. */
    public long pixels(int channel, int label) {
      return intensities.get(channel).count(label);
    }

    /** The sum over those; 0 without. */
    public double sum(int channel, int label) {
      return pixels(channel, label) == 0 ? 0 : intensities.get(channel).sum(label);
    }

    /** Gives the columns of an object. */
    public void put(int label) {
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
}
