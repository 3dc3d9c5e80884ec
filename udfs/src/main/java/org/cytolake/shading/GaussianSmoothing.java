package org.cytolake.shading;

/**
 * Smoothing by a Gaussian that is cut off four deviations from its middle, row by row and column by
 * column, as {@code scipy.ndimage.gaussian_filter} does it; what lies beyond the plane has no
 * weight, as in {@code centrosome.smooth.smooth_with_function_and_mask}.
 */
final class GaussianSmoothing {
  private static final double WIDTH = 4; // deviations
  private static final double EPSILON = Math.ulp(1.0); // which the reference adds to weights

  private GaussianSmoothing() {}

  /**
   * Smooths a plane.
   *
   * @param sigma deviation, pixels, above 0
   */
  static double[] of(double[] plane, int height, int width, double sigma) {
    double[] weights = weights(sigma);
    double[] down = new double[plane.length];
    for (int y = 0; y < height; y++) {
      for (int d = first(weights, y); d <= last(weights, y, height); d++) {
        double weight = weights[d + weights.length / 2];
        int from = (y + d) * width;
        for (int x = 0; x < width; x++) {
          down[y * width + x] += weight * plane[from + x];
        }
      }
    }
    double[] ofRows = totals(weights, height);
    double[] ofColumns = totals(weights, width);
    double[] smooth = new double[plane.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int d = first(weights, x); d <= last(weights, x, width); d++) {
          sum += weights[d + weights.length / 2] * down[y * width + x + d];
        }
        smooth[y * width + x] = sum / (ofRows[y] * ofColumns[x] + EPSILON);
      }
    }
    return smooth;
  }

  private static double[] weights(double sigma) {
    int radius = (int) (WIDTH * sigma + 0.5);
    double[] weights = new double[2 * radius + 1];
    double sum = 0;
    for (int d = -radius; d <= radius; d++) {
      weights[d + radius] = Math.exp(-0.5 / (sigma * sigma) * d * d);
      sum += weights[d + radius];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  private static int first(double[] weights, int place) {
    return -Math.min(weights.length / 2, place);
  }

  private static int last(double[] weights, int place, int places) {
    return Math.min(weights.length / 2, places - 1 - place);
  }

  /** The weight that lies inside, by place. */
  private static double[] totals(double[] weights, int places) {
    double[] totals = new double[places];
    for (int place = 0; place < places; place++) {
      for (int d = first(weights, place); d <= last(weights, place, places); d++) {
        totals[place] += weights[d + weights.length / 2];
      }
    }
    return totals;
  }
}
