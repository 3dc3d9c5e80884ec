package org.cytolake.measure;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.image.LabelImage;

/**
 * Shape of a labelled object, as {@code skimage.measure.regionprops} gives it for the object's
 * pixels. Lengths in pixels.
 *
 * @param label its label, 1 or above
 * @param area number of pixels, 1 or more
 * @param y0 first row of the bounding box; {@code y1} is one beyond the last; likewise x
 * @param centroidY mean row of the pixels; likewise {@code centroidX}
 * @param perimeter length of the border through the centres of border pixels, 4-neighbourhood (K.
 *     Benkrid, D. Crookes 2000, "Design and FPGA implementation of a perimeter estimator")
 * @param moments second moments, of the ellipse's axes, eccentricity and orientation
 * @param solidity share of the convex hull that the object fills, above 0, at most 1
 * @param touchesBorder whether a pixel lies at the image's border
 */
public record Shape(
    int label,
    int area,
    int y0,
    int x0,
    int y1,
    int x1,
    double centroidY,
    double centroidX,
    double perimeter,
    SecondMoments moments,
    double solidity,
    boolean touchesBorder) {

  /** Diameter of a circle with the same area. */
  public double equivalentDiameter() {
    return diameter(area);
  }

  /** Diameter of a circle of that area. */
  public static double diameter(double area) {
    return Math.sqrt(4 * area / Math.PI);
  }

  /** The objects that have pixels, by ascending label. */
  public static List<Shape> of(LabelledPixels pixels) {
    List<Shape> shapes = new ArrayList<>();
    for (int label = 1; label <= pixels.largest(); label++) {
      if (pixels.count(label) > 0) {
        shapes.add(of(pixels, label));
      }
    }
    return shapes;
  }

  private static Shape of(LabelledPixels pixels, int label) {
    LabelImage image = pixels.image();
    int first = pixels.firstRun(label);
    int end = pixels.endOfRuns(label);
    int n = pixels.count(label);
    int left = image.width();
    int right = 0;
    long sumY = 0;
    double sumX = 0;
    for (int run = first; run < end; run++) {
      int from = pixels.column(run);
      int to = from + pixels.length(run) - 1;
      left = Math.min(left, from);
      right = Math.max(right, to);
      sumY += (long) pixels.row(run) * pixels.length(run);
      sumX += 0.5 * ((double) from + to) * pixels.length(run);
    }
    int top = pixels.row(first);
    int bottom = pixels.row(end - 1);
    double meanY = (double) sumY / n;
    double meanX = sumX / n;
    return new Shape(
        label,
        n,
        top,
        left,
        bottom + 1,
        right + 1,
        meanY,
        meanX,
        Perimeter.of(pixels, label, left, right),
        moments(pixels, label, meanY, meanX),
        n / (double) ConvexHull.pixels(pixels, label),
        top == 0 || left == 0 || bottom == image.height() - 1 || right == image.width() - 1);
  }

  private static SecondMoments moments(
      LabelledPixels pixels, int label, double meanY, double meanX) {
    double yy = 0;
    double yx = 0;
    double xx = 0;
    for (int run = pixels.firstRun(label); run < pixels.endOfRuns(label); run++) {
      double dy = pixels.row(run) - meanY;
      int from = pixels.column(run);
      for (int x = from; x < from + pixels.length(run); x++) {
        double dx = x - meanX;
        yy += dy * dy;
        yx += dy * dx;
        xx += dx * dx;
      }
    }
    int n = pixels.count(label);
    return new SecondMoments(yy / n, yx / n, xx / n);
  }
}
