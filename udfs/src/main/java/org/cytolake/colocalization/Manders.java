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

  /** What the coefficients are made of, from one pass over the intensities of x and y. */
  static final class Sums implements Pairs.Each {
    private final double xThreshold;
    private final double yThreshold;
    private double x;
    private double y;
    private double xWhereY; // where y is above its threshold; likewise the others
    private double yWhereX;
    private double xWhereX;
    private double yWhereY;
    private double xWhereBoth;
    private double yWhereBoth;

    Sums(double xThreshold, double yThreshold) {
      this.xThreshold = xThreshold;
      this.yThreshold = yThreshold;
    }

    @Override
    public void pair(double ofX, double ofY, long count) {
      double xs = ofX * count;
      double ys = ofY * count;
      x += xs;
      y += ys;
      boolean xAbove = ofX > xThreshold;
      boolean yAbove = ofY > yThreshold;
      xWhereX += xAbove ? xs : 0;
      yWhereX += xAbove ? ys : 0;
      xWhereY += yAbove ? xs : 0;
      yWhereY += yAbove ? ys : 0;
      xWhereBoth += xAbove && yAbove ? xs : 0;
      yWhereBoth += xAbove && yAbove ? ys : 0;
    }

    /**
     * Of all intensity: {@code m1 = sum(x[y > yThreshold]) / sum(x)} and {@code m2 = sum(y[x >
     * xThreshold]) / sum(y)}, as {@code skimage.measure.manders_coloc_coeff}. NaN for a threshold
     * that is NaN.
     */
    Manders ofAll() {
      return of(xWhereY / x, yWhereX / y);
    }

    /**
     * Of the intensity above a channel's own threshold: {@code m1 = sum(x[both above]) / sum(x[x >
     * xThreshold])}, {@code m2} likewise, as CellProfiler's MeasureColocalization reports them. NaN
     * for a threshold that is NaN.
     */
    Manders ofStained() {
      return of(xWhereBoth / xWhereX, yWhereBoth / yWhereY);
    }

    private Manders of(double m1, double m2) {
      boolean known = !Double.isNaN(xThreshold) && !Double.isNaN(yThreshold);
      return new Manders(xThreshold, yThreshold, known ? m1 : Double.NaN, known ? m2 : Double.NaN);
    }
  }
}
