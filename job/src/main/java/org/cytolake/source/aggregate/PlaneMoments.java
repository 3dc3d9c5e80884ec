package org.cytolake.source.aggregate;

import org.cytolake.bioformats.Samples;

/**
 * Counts, means and sums of products of deviations of two channels: sum (x - mean x)^2, sum (y -
 * mean y)^2, sum (x - mean x)(y - mean y). A tile takes two passes, the second with the correction
 * for the rounding of the mean; tiles are merged (Chan, Golub and LeVeque, Algorithms for computing
 * the sample variance, 1983). A sample that is not finite makes all of its channel's NaN.
 */
final class PlaneMoments {
  private static final int CHUNK = 1 << 12;

  private final double[] xs = new double[CHUNK];
  private final double[] ys = new double[CHUNK];
  private long n;
  private double originX; // the first samples: means are from there, lest large ones lose digits
  private double originY;
  private double meanX;
  private double meanY;
  private double squaresX;
  private double squaresY;
  private double products;

  /** Adds the samples of a tile; both have {@code size} of them, at least one. */
  void add(Samples x, Samples y, int size) {
    if (n == 0) {
      originX = x.at(0);
      originY = y.at(0);
    }
    double sumX = 0;
    double sumY = 0;
    for (int from = 0; from < size; from += CHUNK) {
      int count = read(x, y, from, size);
      double partX = 0;
      double partY = 0;
      for (int i = 0; i < count; i++) {
        partX += xs[i] - originX;
        partY += ys[i] - originY;
      }
      sumX += partX;
      sumY += partY;
    }
    double ofX = sumX / size;
    double ofY = sumY / size;
    double offX = 0;
    double offY = 0;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int from = 0; from < size; from += CHUNK) {
      int count = read(x, y, from, size);
      double partXx = 0;
      double partYy = 0;
      double partXy = 0;
      for (int i = 0; i < count; i++) {
        double dx = xs[i] - originX - ofX;
        double dy = ys[i] - originY - ofY;
        offX += dx;
        offY += dy;
        partXx += dx * dx;
        partYy += dy * dy;
        partXy += dx * dy;
      }
      xx += partXx;
      yy += partYy;
      xy += partXy;
    }
    merge(
        size,
        ofX,
        ofY,
        Math.max(0, xx - offX * offX / size),
        Math.max(0, yy - offY * offY / size),
        xy - offX * offY / size);
  }

  private int read(Samples x, Samples y, int from, int size) {
    int count = Math.min(CHUNK, size - from);
    x.read(from, count, xs, 0);
    y.read(from, count, ys, 0);
    return count;
  }

  private void merge(long count, double ofX, double ofY, double xx, double yy, double xy) {
    long all = n + count;
    if (n == 0) {
      meanX = ofX;
      meanY = ofY;
    }
    double dx = ofX - meanX;
    double dy = ofY - meanY;
    double weight = (double) n * count / all;
    squaresX += xx + dx * dx * weight;
    squaresY += yy + dy * dy * weight;
    products += xy + dx * dy * weight;
    meanX += dx * count / all;
    meanY += dy * count / all;
    n = all;
  }

  long count() {
    return n;
  }

  double squaresX() {
    return squaresX;
  }

  double squaresY() {
    return squaresY;
  }

  double products() {
    return products;
  }
}
