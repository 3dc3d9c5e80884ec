package org.cytolake.intensity;

import java.util.Arrays;

/**
 * The Gaussian filter of {@code scipy.ndimage.gaussian_filter} of single precision: a kernel cut
 * off at four standard deviations, columns first, then rows, the image mirrored at its borders with
 * the border pixel repeated.
 */
public final class GaussianBlur {
  private static final double TRUNCATE = 4;

  private GaussianBlur() {}

  /**
   * The filtered image.
   *
   * @param image row by row
   * @param width columns of it, at least 1
   * @param sigma standard deviation of the kernel, pixels, above 0
   */
  public static float[] of(float[] image, int width, double sigma) {
    double[] kernel = kernel(sigma);
    int height = image.length / width;
    float[] down = new float[image.length];
    double[] sums = new double[width];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, 0);
      for (int k = 0; k < kernel.length; k++) {
        int from = mirrored(y + k - kernel.length / 2, height) * width;
        for (int x = 0; x < width; x++) {
          sums[x] += kernel[k] * image[from + x];
        }
      }
      for (int x = 0; x < width; x++) {
        down[y * width + x] = (float) sums[x];
      }
    }
    float[] both = new float[image.length];
    int radius = kernel.length / 2;
    double[] line = new double[width + 2 * radius];
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < line.length; i++) {
        line[i] = down[y * width + mirrored(i - radius, width)];
      }
      Arrays.fill(sums, 0);
      for (int k = 0; k < kernel.length; k++) {
        for (int x = 0; x < width; x++) {
          sums[x] += kernel[k] * line[x + k];
        }
      }
      for (int x = 0; x < width; x++) {
        both[y * width + x] = (float) sums[x];
      }
    }
    return both;
  }

  private static double[] kernel(double sigma) {
    int radius = (int) (TRUNCATE * sigma + 0.5);
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int k = 0; k < kernel.length; k++) {
      double away = k - radius;
      kernel[k] = StrictMath.exp(-0.5 / (sigma * sigma) * away * away);
      sum += kernel[k];
    }
    for (int k = 0; k < kernel.length; k++) {
      kernel[k] /= sum;
    }
    return kernel;
  }

  /** An index in the image for one that may lie beyond its borders, however far. */
  private static int mirrored(int at, int size) {
    int period = Math.floorMod(at, 2 * size);
    return period < size ? period : 2 * size - 1 - period;
  }
}
