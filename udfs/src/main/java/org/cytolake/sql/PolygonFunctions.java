package org.cytolake.sql;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Geometry of outlines, as generated code calls it. A polygon is an array of structs of two
 * doubles, y and x in pixels, y pointing down; it is not closed.
 */
public final class PolygonFunctions {
  private PolygonFunctions() {}

  /**
   * The absolute area by the shoelace formula, in square pixels.
   *
   * @param xFirst whether x comes before y in a vertex
   */
  public static double polygonArea(ArrayData polygon, boolean xFirst) {
    double[][] vertices = vertices("polygon_area", polygon, xFirst);
    double[] ys = vertices[0];
    double[] xs = vertices[1];
    double twice = 0;
    for (int k = 1; k + 1 < ys.length; k++) {
      // about the first vertex, so that a polygon far from the origin keeps its digits
      twice += (xs[k] - xs[0]) * (ys[k + 1] - ys[0]) - (xs[k + 1] - xs[0]) * (ys[k] - ys[0]);
    }
    return Math.abs(twice) / 2;
  }

  /**
   * Whether a point lies inside (even-odd), on an edge or on a vertex: the rule of {@code
   * skimage.draw.polygon} (K. Hormann, A. Agathos 2001), by which nuclei are painted into label
   * images.
   *
   * @param xFirst whether x comes before y in a vertex
   */
  public static boolean polygonContains(ArrayData polygon, boolean xFirst, double y, double x) {
    double[][] vertices = vertices("polygon_contains", polygon, xFirst);
    double[] ys = vertices[0];
    double[] xs = vertices[1];
    int rightCrossings = 0;
    int leftCrossings = 0;
    for (int k = 0, before = ys.length - 1; k < ys.length; before = k++) {
      double y0 = ys[before] - y;
      double y1 = ys[k] - y;
      double x0 = xs[before] - x;
      double x1 = xs[k] - x;
      if (y1 == 0 && x1 == 0) {
        return true;
      }
      // where the edge crosses the point's row, right of the point if positive
      double crossing = (x0 * y1 - x1 * y0) / (y1 - y0);
      if (y0 > 0 != y1 > 0 && crossing > 0) {
        rightCrossings++;
      }
      if (y0 < 0 != y1 < 0 && crossing < 0) {
        leftCrossings++;
      }
    }
    // the two sides disagree on an edge only
    return (rightCrossings & 1) == 1 || (leftCrossings & 1) == 1;
  }

  /**
   * Well-known text, {@code POLYGON ((x y, ...))}, closed.
   *
   * @param xFirst whether x comes before y in a vertex
   */
  public static UTF8String polygonWkt(ArrayData polygon, boolean xFirst) {
    double[][] vertices = vertices("polygon_wkt", polygon, xFirst);
    int n = vertices[0].length;
    if (n == 0) {
      return UTF8String.fromString("POLYGON EMPTY");
    }
    StringBuilder wkt = new StringBuilder("POLYGON ((");
    for (int k = 0; k <= n; k++) {
      wkt.append(k == 0 ? "" : ", ");
      number(wkt, vertices[1][k % n]).append(' ');
      number(wkt, vertices[0][k % n]);
    }
    return UTF8String.fromString(wkt.append("))").toString());
  }

  private static StringBuilder number(StringBuilder text, double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? text.append((long) value)
        : text.append(value);
  }

  /** Rows, then columns. */
  private static double[][] vertices(String function, ArrayData polygon, boolean xFirst) {
    int n = polygon.numElements();
    double[][] vertices = new double[2][n];
    for (int k = 0; k < n; k++) {
      InternalRow vertex = polygon.isNullAt(k) ? null : polygon.getStruct(k, 2);
      if (vertex == null || vertex.anyNull()) {
        throw new IllegalArgumentException(function + ": vertex " + k + " of the polygon is NULL");
      }
      vertices[0][k] = vertex.getDouble(xFirst ? 1 : 0);
      vertices[1][k] = vertex.getDouble(xFirst ? 0 : 1);
      if (!Double.isFinite(vertices[0][k]) || !Double.isFinite(vertices[1][k])) {
        throw new IllegalArgumentException(
            function + ": vertex " + k + " of the polygon is not finite");
      }
    }
    return vertices;
  }
}
