package org.cytolake.colocalization;

import org.cytolake.histogram.Pairs;

/**
 * The intensities of two channels in the pixels of one object, which are few: a joint histogram of
 * them would take longer to make than all that is computed from it.
 */
public final class ObjectPairs implements Pairs {
  private final double[] x;
  private final double[] y;

  /**
   * @param x finite intensities of the first channel, which stay as they are
   * @param y likewise of the second, in the same pixels
   * @throws IllegalArgumentException if their numbers differ, or one is not finite
   */
  public ObjectPairs(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " values of x for " + y.length + " of y");
    }
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) {
        throw new IllegalArgumentException("pairs are finite, not " + x[i] + ", " + y[i]);
      }
    }
    this.x = x;
    this.y = y;
  }

  /** Number of pixels. */
  public int size() {
    return x.length;
  }

  @Override
  public void each(Each to) {
    for (int i = 0; i < x.length; i++) {
      to.pair(x[i], y[i], 1);
    }
  }

  /** Spearman's coefficient; NaN where a channel is constant. */
  double spearman() {
    Ranks ofX = Ranks.of(x);
    Ranks ofY = Ranks.of(y);
    Comoments moments = new Comoments();
    for (int i = 0; i < x.length; i++) {
      moments.add(ofX.of(x[i]), ofY.of(y[i]), 1);
    }
    return moments.pearson();
  }
}
