package org.cytolake.secondary;

/**
 * Which pixels a threshold makes foreground, as CellProfiler's Threshold does: those at or above
 * it, after smoothing.
 */
public final class Foreground {
  /** Standard deviations between which a normal distribution has half of its mass, one side. */
  private static final double HALF = 0.6744;

  private static final double EPSILON = Math.ulp(1.0);

  private Foreground() {}

  /**
   * Of an image.
   *
   * @param image row by row, {@code width} columns
   * @param threshold in the image's units
   * @param smoothing diameter, pixels, within which half of the weights lie; 0: none
   */
  public static boolean[] of(float[] image, int width, double threshold, double smoothing) {
    boolean[] foreground = new boolean[image.length];
    if (smoothing == 0) {
      for (int i = 0; i < image.length; i++) {
        foreground[i] = image[i] >= threshold;
      }
      return foreground;
    }
    double[] weights = weights(smoothing);
    int height = image.length / width;
    float[] blurred = alongRows(downColumns(image, width, weights), width, weights);
    double[] inRows = covered(height, weights);
    double[] inColumns = covered(width, weights);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        foreground[i] = blurred[i] / (inRows[y] * inColumns[x] + EPSILON) >= threshold;
      }
    }
    return foreground;
  }

  /** Pixels beyond a place on which smoothing depends. */
  public static int radius(double smoothing) {
    return smoothing == 0 ? 0 : (int) (4 * sigma(smoothing) + 0.5);
  }

  private static double sigma(double smoothing) {
    return smoothing / HALF / 2;
  }

  /** Those of {@code scipy.ndimage.gaussian_filter}, from the centre on. */
  private static double[] weights(double smoothing) {
    double sigma = sigma(smoothing);
    double[] weights = new double[radius(smoothing) + 1];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(-0.5 / (sigma * sigma) * i * i);
      sum += i == 0 ? weights[i] : 2 * weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /** Share of the weights that lie within a line, by place in it. */
  private static double[] covered(int length, double[] weights) {
    double[] covered = new double[length];
    for (int at = 0; at < length; at++) {
      for (int k = -weights.length + 1; k < weights.length; k++) {
        if (at + k >= 0 && at + k < length) {
          covered[at] += weights[Math.abs(k)];
        }
      }
    }
    return covered;
  }

  private static float[] downColumns(float[] image, int width, double[] weights) {
    int height = image.length / width;
    float[] result = new float[image.length];
    double[] sums = new double[width];
    for (int y = 0; y < height; y++) {
      add(image, y * width, weights[0], sums, true);
      for (int k = weights.length - 1; k > 0; k--) {
        if (y - k >= 0) {
          add(image, (y - k) * width, weights[k], sums, false);
        }
        if (y + k < height) {
          add(image, (y + k) * width, weights[k], sums, false);
        }
      }
      for (int x = 0; x < width; x++) {
        result[y * width + x] = (float) sums[x];
      }
    }
    return result;
  }

  private static void add(float[] image, int from, double weight, double[] sums, boolean anew) {
    for (int x = 0; x < sums.length; x++) {
      double part = image[from + x] * weight;
      sums[x] = anew ? part : sums[x] + part;
    }
  }

  private static float[] alongRows(float[] image, int width, double[] weights) {
    int margin = weights.length - 1;
    float[] result = new float[image.length];
    float[] row = new float[width + 2 * margin];
    double[] sums = new double[width];
    for (int first = 0; first < image.length; first += width) {
      System.arraycopy(image, first, row, margin, width);
      add(row, margin, weights[0], sums, true);
      for (int k = margin; k > 0; k--) {
        add(row, margin - k, weights[k], sums, false);
        add(row, margin + k, weights[k], sums, false);
      }
      for (int x = 0; x < width; x++) {
        result[first + x] = (float) sums[x];
      }
    }
    return result;
  }
}
