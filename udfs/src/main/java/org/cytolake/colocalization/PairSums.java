package org.cytolake.colocalization;

import org.cytolake.histogram.Pairs;

/** Sums over pairs of intensities. */
final class PairSums implements Pairs.Each {
  private final Comoments moments = new Comoments();
  private long count;
  private double x;
  private double y;
  private double xx;
  private double yy;
  private double xy;
  private double xMin = Double.POSITIVE_INFINITY;
  private double xMax = Double.NEGATIVE_INFINITY;
  private double yMin = Double.POSITIVE_INFINITY;
  private double yMax = Double.NEGATIVE_INFINITY;

  @Override
  public void pair(double ofX, double ofY, long pixels) {
    moments.add(ofX, ofY, pixels);
    count += pixels;
    x += ofX * pixels;
    y += ofY * pixels;
    xx += ofX * ofX * pixels;
    yy += ofY * ofY * pixels;
    xy += ofX * ofY * pixels;
    xMin = Math.min(xMin, ofX);
    xMax = Math.max(xMax, ofX);
    yMin = Math.min(yMin, ofY);
    yMax = Math.max(yMax, ofY);
  }

  long count() {
    return count;
  }

  Comoments moments() {
    return moments;
  }

  double xMean() {
    return x / count;
  }

  double yMean() {
    return y / count;
  }

  /** Sum of squares of x; likewise the others. */
  double xx() {
    return xx;
  }

  double yy() {
    return yy;
  }

  double xy() {
    return xy;
  }

  /** Whether both channels vary. */
  boolean vary() {
    return xMin < xMax && yMin < yMax;
  }
}
