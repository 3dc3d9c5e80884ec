package org.cytolake.measure;

import java.util.ArrayList;
import java.util.Arrays;
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

  /** The objects that have pixels, by ascending label; one pass over the image for all. */
  public static List<Shape> of(LabelImage image) {
    int n = image.maxLabel() + 1;
    int[] area = new int[n];
    int[] top = filled(n, Integer.MAX_VALUE);
    int[] left = filled(n, Integer.MAX_VALUE);
    int[] bottom = filled(n, -1);
    int[] right = filled(n, -1);
    double[] sumY = new double[n];
    double[] sumX = new double[n];
    for (int y = 0, i = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++, i++) {
        int label = image.at(i);
        if (label > 0) {
          area[label]++;
          top[label] = Math.min(top[label], y);
          left[label] = Math.min(left[label], x);
          bottom[label] = Math.max(bottom[label], y);
          right[label] = Math.max(right[label], x);
          sumY[label] += y;
          sumX[label] += x;
        }
      }
    }
    List<Shape> shapes = new ArrayList<>();
    for (int label = 1; label < n; label++) {
      if (area[label] > 0) {
        int[] box = {top[label], left[label], bottom[label], right[label]};
        double meanY = sumY[label] / area[label];
        double meanX = sumX[label] / area[label];
        shapes.add(
            new Shape(
                label,
                area[label],
                box[0],
                box[1],
                box[2] + 1,
                box[3] + 1,
                meanY,
                meanX,
                Perimeter.of(image, label, box[0], box[1], box[2], box[3]),
                moments(image, label, box, meanY, meanX, area[label]),
                area[label]
                    / (double) ConvexHull.pixels(image, label, box[0], box[1], box[2], box[3]),
                top[label] == 0
                    || left[label] == 0
                    || bottom[label] == image.height() - 1
                    || right[label] == image.width() - 1));
      }
    }
    return shapes;
  }

  private static int[] filled(int n, int value) {
    int[] array = new int[n];
    Arrays.fill(array, value);
    return array;
  }

  private static SecondMoments moments(
      LabelImage image, int label, int[] box, double meanY, double meanX, int area) {
    double yy = 0;
    double yx = 0;
    double xx = 0;
    for (int y = box[0]; y <= box[2]; y++) {
      for (int x = box[1]; x <= box[3]; x++) {
        if (image.at(y, x) == label) {
          yy += (y - meanY) * (y - meanY);
          yx += (y - meanY) * (x - meanX);
          xx += (x - meanX) * (x - meanX);
        }
      }
    }
    return new SecondMoments(yy / area, yx / area, xx / area);
  }
}
