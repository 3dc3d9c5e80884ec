package org.cytolake.colocalization;

import java.io.Serializable;
import org.cytolake.histogram.Pairs;

/**
 * Manders' co-localisation coefficients (E. M. M. Manders, F. J. Verbeek, J. A. Aten 1993,
 * "Measurement of co-localization of objects in dual-colour confocal images"): how much of a
 * channel's intensity lies where the other channel is above its threshold.
 *
 * @param xThreshold in the unit of x; pixels strictly above it count
 * @param yThreshold in the unit of y; pixels strictly above it count
 * @param m1 the share of x, 0 to 1 for intensities that are not negative; NaN where there is none
 * @param m2 the share of y, likewise
 */
public record Manders(double xThreshold, double yThreshold, double m1, double m2)
    implements Serializable {

  /**
   * Of all intensity: {@code m1 = sum(x[y > yThreshold]) / sum(x)} and {@code m2 = sum(y[x >
   * xThreshold]) / sum(y)}, as {@code skimage.measure.manders_coloc_coeff}. NaN for a threshold
   * that is NaN.
   *
   * @param channels intensities of x and y
   */
  public static Manders ofAll(Pairs channels, double xThreshold, double yThreshold) {
    double[] colocalized = new double[2];
    double[] total = new double[2];
    channels.each(
        (x, y, count) -> {
          total[0] += x * count;
          total[1] += y * count;
          colocalized[0] += y > yThreshold ? x * count : 0;
          colocalized[1] += x > xThreshold ? y * count : 0;
        });
    return of(xThreshold, yThreshold, colocalized, total);
  }

  /**
   * Of the intensity above a channel's own threshold: {@code m1 = sum(x[both above]) / sum(x[x >
   * xThreshold])}, {@code m2} likewise, as CellProfiler's MeasureColocalization reports them. NaN
   * for a threshold that is NaN.
   *
   * @param channels intensities of x and y
   */
  public static Manders ofStained(Pairs channels, double xThreshold, double yThreshold) {
    double[] colocalized = new double[2];
    double[] total = new double[2];
    channels.each(
        (x, y, count) -> {
          boolean xAbove = x > xThreshold;
          boolean yAbove = y > yThreshold;
          total[0] += xAbove ? x * count : 0;
          total[1] += yAbove ? y * count : 0;
          colocalized[0] += xAbove && yAbove ? x * count : 0;
          colocalized[1] += xAbove && yAbove ? y * count : 0;
        });
    return of(xThreshold, yThreshold, colocalized, total);
  }

  private static Manders of(
      double xThreshold, double yThreshold, double[] colocalized, double[] total) {
    return Double.isNaN(xThreshold) || Double.isNaN(yThreshold)
        ? new Manders(xThreshold, yThreshold, Double.NaN, Double.NaN)
        : new Manders(xThreshold, yThreshold, colocalized[0] / total[0], colocalized[1] / total[1]);
  }
}
