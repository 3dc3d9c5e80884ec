package org.cytolake.colocalization;

import org.cytolake.histogram.Pairs;

/**
 * Weight, means and sums of squared and mixed deviations of pairs; adding never cancels (Chan,
 * Golub, LeVeque 1979). Everything is kept relative to the first pair, so that small deviations
 * from a large mean keep their digits.
 */
final class Comoments {
  private double weight;
  private double xOrigin;
  private double yOrigin;
  private double xMean;
  private double yMean;
  private double xx;
  private double yy;
  private double xy;

  static Comoments of(Pairs channels) {
    Comoments moments = new Comoments();
    channels.each(moments::add);
    return moments;
  }

  /** Adds a pair so many times. */
  void add(double x, double y, long times) {
    if (weight == 0) {
      xOrigin = x;
      yOrigin = y;
    }
    double count = (double) times;
    weight += count;
    double dx = x - xOrigin - xMean;
    double dy = y - yOrigin - yMean;
    double share = count / weight;
    xMean += dx * share;
    yMean += dy * share;
    double rest = (weight - count) * share;
    xx += dx * dx * rest;
    yy += dy * dy * rest;
    xy += dx * dy * rest;
  }

  double weight() {
    return weight;
  }

  double xMean() {
    return xOrigin + xMean;
  }

  double yMean() {
    return yOrigin + yMean;
  }

  /** Sum of squared deviations of x. */
  double xx() {
    return xx;
  }

  /** Sum of squared deviations of y. */
  double yy() {
    return yy;
  }

  /** Sum of products of deviations. */
  double xy() {
    return xy;
  }

  /** Pearson's coefficient, -1 to 1; NaN where x or y is constant. */
  double pearson() {
    double r = xy / Math.sqrt(xx) / Math.sqrt(yy);
    return Double.isNaN(r) || Double.isInfinite(r) ? Double.NaN : Math.min(Math.max(r, -1), 1);
  }
}
