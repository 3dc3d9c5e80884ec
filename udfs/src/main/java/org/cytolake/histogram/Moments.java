package org.cytolake.histogram;

import java.util.NoSuchElementException;

/**
 * Count, mean and sum of squared deviations of a set of pixels. Two sets merge without their pixels
 * and without the cancellation of sums of squares (Chan, Golub, LeVeque 1979, "Updating formulae
 * and a pairwise algorithm for computing sample variances").
 *
 * @param count number of pixels, 0 or more
 * @param mean arithmetic mean; 0 where there are no pixels
 * @param m2 sum of squared deviations from the mean, 0 or more
 */
public record Moments(long count, double mean, double m2) {
  /** No pixels; the neutral element of {@link #plus}. */
  public static final Moments EMPTY = new Moments(0, 0, 0);

  public Moments {
    if (count < 0 || !(m2 >= 0) || !Double.isFinite(mean)) {
      throw new IllegalArgumentException(
          "not the moments of pixels: count " + count + ", mean " + mean + ", m2 " + m2);
    }
  }

  /** Of the pixels of both sets. */
  public Moments plus(Moments other) {
    if (count == 0) {
      return other;
    }
    if (other.count == 0) {
      return this;
    }
    long n = Math.addExact(count, other.count);
    double delta = other.mean - mean;
    double share = (double) other.count / n;
    return new Moments(n, mean + delta * share, m2 + other.m2 + delta * delta * count * share);
  }

  /**
   * The population variance.
   *
   * @throws NoSuchElementException if there are no pixels
   */
  public double variance() {
    if (count == 0) {
      throw new NoSuchElementException("no pixels have no variance");
    }
    return m2 / count;
  }

  /**
   * The population standard deviation.
   *
   * @throws NoSuchElementException if there are no pixels
   */
  public double stddev() {
    return Math.sqrt(variance());
  }
}
