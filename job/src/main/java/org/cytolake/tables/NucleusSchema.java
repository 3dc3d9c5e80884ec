package org.cytolake.tables;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of the table {@code nuclei}, many of which other objects have, too. */
final class NucleusSchema {
  private static final String UNKNOWN = "; NULL where the pixel size is unknown";

  private NucleusSchema() {}

  static Schemas nuclei(Schemas keys, Schemas.Names names) {
    Schemas columns = lengths(place(keys));
    columns = intensities(columns, names, "", "its pixels", "");
    columns =
        columns.with(
            "ring_area_px",
            LongType,
            "Pixels of the ring around it (segmentation.cytoplasm-ring), 0 or more; NULL without"
                + " rings");
    return intensities(columns, names, "ring_", "its ring's pixels", "; NULL without a ring");
  }

  private static Schemas place(Schemas keys) {
    return box(keys.with(
                "nucleus", IntegerType, "The nucleus's label in the label image, 1 or more")
            .with(
                "prob",
                DoubleType,
                "The network's probability that it is a nucleus, 0 to 1; of a Cellpose network the"
                    + " mean over its pixels")
            .with("y", DoubleType, "Row of the centre in pixels, from 0 at the top")
            .with("x", DoubleType, "Column of the centre in pixels, from 0 at the left"))
        .with(
            "polygon",
            createArrayType(vertex()),
            "Outline, one vertex per ray (of a Cellpose network per pixel along the border), not"
                + " closed");
  }

  static StructType vertex() {
    return new StructType(
        new StructField[] {
          Schemas.field("y", DoubleType, "Row of the vertex in pixels"),
          Schemas.field("x", DoubleType, "Column of the vertex in pixels")
        });
  }

  /** Where an object's pixels are. */
  static Schemas box(Schemas columns) {
    return columns
        .with("centroid_y", DoubleType, "Mean row of its pixels, in pixels")
        .with("centroid_x", DoubleType, "Mean column of its pixels, in pixels")
        .with("bbox_y0", IntegerType, "First row of the bounding box, in pixels, from 0")
        .with("bbox_x0", IntegerType, "First column of the bounding box, in pixels, from 0")
        .with("bbox_y1", IntegerType, "Row after the bounding box's last, in pixels")
        .with("bbox_x1", IntegerType, "Column after the bounding box's last, in pixels");
  }

  static Schemas lengths(Schemas columns) {
    return columns
        .with("area_px", LongType, "Area in pixels, 1 or more")
        .with("area_um2", DoubleType, "Area in µm²" + UNKNOWN)
        .with("perimeter_px", DoubleType, "Perimeter in pixels, 0 or more")
        .with("perimeter_um", DoubleType, "Perimeter in µm" + UNKNOWN + " or pixels are not square")
        .with("eccentricity", DoubleType, "Of the ellipse of equal moments, 0 (circle) to 1")
        .with("solidity", DoubleType, "Area divided by that of the convex hull, 0 to 1")
        .with("major_axis_px", DoubleType, "Long axis of that ellipse in pixels, 0 or more")
        .with("major_axis_um", DoubleType, "Long axis of that ellipse in µm" + UNKNOWN)
        .with("minor_axis_px", DoubleType, "Short axis of that ellipse in pixels, 0 or more")
        .with("minor_axis_um", DoubleType, "Short axis of that ellipse in µm" + UNKNOWN)
        .with(
            "orientation_rad",
            DoubleType,
            "Angle between the rows' axis and the long axis in radians, -π/2 to π/2")
        .with(
            "equivalent_diameter_px",
            DoubleType,
            "Diameter of the circle of equal area in pixels, above 0")
        .with(
            "equivalent_diameter_um",
            DoubleType,
            "Diameter of the circle of equal area in µm" + UNKNOWN)
        .with("touches_border", BooleanType, "Whether it touches the border of the image");
  }

  static Schemas intensities(
      Schemas before, Schemas.Names names, String prefix, String pixels, String missing) {
    Schemas columns = before;
    for (String c : names.channels()) {
      String of = " intensity of " + pixels + " in " + c + ", in the channel's own units";
      columns =
          columns
              .with(
                  prefix + "pixels_" + c,
                  LongType,
                  "How many of "
                      + pixels
                      + " are finite in "
                      + c
                      + ", 0 or more; the measures in "
                      + c
                      + " are of these, and NULL without"
                      + missing)
              .with(prefix + "mean_" + c, DoubleType, "Mean" + of + missing)
              .with(prefix + "sum_" + c, DoubleType, "Summed" + of + missing)
              .with(
                  prefix + "stddev_" + c,
                  DoubleType,
                  "Population standard deviation of the" + of + ", 0 or more" + missing)
              .with(prefix + "min_" + c, DoubleType, "Smallest" + of + missing)
              .with(prefix + "max_" + c, DoubleType, "Largest" + of + missing);
    }
    for (String pair : names.pairs()) {
      columns =
          columns.with(
              prefix + "pearson_" + pair,
              DoubleType,
              "Pearson's correlation of the two channels over "
                  + pixels
                  + " that are finite in both, -1 to 1; NULL where a channel is constant"
                  + missing.replace("; NULL", " or"));
    }
    return columns;
  }
}
