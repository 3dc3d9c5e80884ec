package org.cytolake.focus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Stockham's autosort transform (W. Cochran and others 1967, "What is the fast Fourier transform?")
 * for lengths of small prime factors: one pass over the numbers for each factor, from one pair of
 * arrays into another.
 */
final class MixedRadix implements Fourier {
  /** A pass takes time in proportion to its factor; above this one a chirp is faster. */
  private static final int LARGEST_FACTOR = 31;

  private static final double SIN_60 = Math.sqrt(0.75);

  private final int length;
  private final int batch;
  private final List<Integer> factors;
  private final double[] cos; // of -2 pi k / length
  private final double[] sin;
  private final double[] otherRe;
  private final double[] otherIm;

  MixedRadix(int length, int batch) {
    this.length = length;
    this.batch = batch;
    this.factors = factors(length);
    this.cos = new double[length];
    this.sin = new double[length];
    for (int k = 0; k < length; k++) {
      cos[k] = Math.cos(-2 * Math.PI * k / length);
      sin[k] = Math.sin(-2 * Math.PI * k / length);
    }
    this.otherRe = new double[length * batch];
    this.otherIm = new double[length * batch];
  }

  /** Whether this is the way for a length. */
  static boolean takes(int length) {
    return length == 1 || Collections.max(factors(length)) <= LARGEST_FACTOR;
  }

  private static List<Integer> factors(int length) {
    List<Integer> factors = new ArrayList<>();
    int rest = length;
    for (; rest % 4 == 0; rest /= 4) {
      factors.add(4);
    }
    for (int p = 2; rest > 1; p++) {
      for (; rest % p == 0; rest /= p) {
        factors.add(p);
      }
    }
    return factors;
  }

  /** Two arrays of complex numbers. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Numbers(double[] re, double[] im) {}

  @Override
  public void forward(double[] re, double[] im) {
    Numbers from = new Numbers(re, im);
    Numbers to = new Numbers(otherRe, otherIm);
    int rest = length;
    int stride = batch;
    for (int factor : factors) {
      rest /= factor;
      switch (factor) {
        case 2 -> two(from, to, rest, stride);
        case 3 -> three(from, to, rest, stride);
        case 4 -> four(from, to, rest, stride);
        default -> any(factor, from, to, rest, stride);
      }
      stride *= factor;
      Numbers last = from;
      from = to;
      to = last;
    }
    if (from.re != re) {
      System.arraycopy(from.re, 0, re, 0, stride);
      System.arraycopy(from.im, 0, im, 0, stride);
    }
  }

  /**
   * A pass: {@code rest} butterflies of {@code stride} neighbours each. The numbers of a butterfly
   * lie {@code rest * stride} apart and go next to each other.
   */
  private void two(Numbers from, Numbers to, int rest, int stride) {
    double[] xr = from.re;
    double[] xi = from.im;
    double[] yr = to.re;
    double[] yi = to.im;
    int turn = length / (2 * rest);
    int step = stride * rest;
    for (int q = 0; q < rest; q++) {
      int a = stride * q;
      int y = 2 * stride * q;
      double c = cos[q * turn];
      double s = sin[q * turn];
      for (int r = 0; r < stride; r++) {
        int i = a + r;
        int o = y + r;
        double lessR = xr[i] - xr[i + step];
        double lessI = xi[i] - xi[i + step];
        yr[o] = xr[i] + xr[i + step];
        yi[o] = xi[i] + xi[i + step];
        yr[o + stride] = lessR * c - lessI * s;
        yi[o + stride] = lessR * s + lessI * c;
      }
    }
  }

  private void three(Numbers from, Numbers to, int rest, int stride) {
    double[] xr = from.re;
    double[] xi = from.im;
    double[] yr = to.re;
    double[] yi = to.im;
    int turn = length / (3 * rest);
    int step = stride * rest;
    for (int q = 0; q < rest; q++) {
      int a = stride * q;
      int y = 3 * stride * q;
      double c1 = cos[q * turn];
      double s1 = sin[q * turn];
      double c2 = cos[2 * q * turn];
      double s2 = sin[2 * q * turn];
      for (int r = 0; r < stride; r++) {
        int i = a + r;
        int o = y + r;
        double sumR = xr[i + step] + xr[i + 2 * step];
        double sumI = xi[i + step] + xi[i + 2 * step];
        double midR = xr[i] - 0.5 * sumR;
        double midI = xi[i] - 0.5 * sumI;
        double turnedR = SIN_60 * (xi[i + step] - xi[i + 2 * step]);
        double turnedI = -SIN_60 * (xr[i + step] - xr[i + 2 * step]);
        yr[o] = xr[i] + sumR;
        yi[o] = xi[i] + sumI;
        double oneR = midR + turnedR;
        double oneI = midI + turnedI;
        yr[o + stride] = oneR * c1 - oneI * s1;
        yi[o + stride] = oneR * s1 + oneI * c1;
        double twoR = midR - turnedR;
        double twoI = midI - turnedI;
        yr[o + 2 * stride] = twoR * c2 - twoI * s2;
        yi[o + 2 * stride] = twoR * s2 + twoI * c2;
      }
    }
  }

  private void four(Numbers from, Numbers to, int rest, int stride) {
    double[] xr = from.re;
    double[] xi = from.im;
    double[] yr = to.re;
    double[] yi = to.im;
    int turn = length / (4 * rest);
    int step = stride * rest;
    for (int q = 0; q < rest; q++) {
      int a = stride * q;
      int y = 4 * stride * q;
      double c1 = cos[q * turn];
      double s1 = sin[q * turn];
      double c2 = cos[2 * q * turn];
      double s2 = sin[2 * q * turn];
      double c3 = cos[3 * q * turn];
      double s3 = sin[3 * q * turn];
      for (int r = 0; r < stride; r++) {
        int i = a + r;
        int o = y + r;
        double evenR = xr[i] + xr[i + 2 * step];
        double evenI = xi[i] + xi[i + 2 * step];
        double lessR = xr[i] - xr[i + 2 * step];
        double lessI = xi[i] - xi[i + 2 * step];
        double oddR = xr[i + step] + xr[i + 3 * step];
        double oddI = xi[i + step] + xi[i + 3 * step];
        double turnedR = xi[i + step] - xi[i + 3 * step];
        double turnedI = xr[i + 3 * step] - xr[i + step];
        yr[o] = evenR + oddR;
        yi[o] = evenI + oddI;
        yr[o + stride] = (lessR + turnedR) * c1 - (lessI + turnedI) * s1;
        yi[o + stride] = (lessR + turnedR) * s1 + (lessI + turnedI) * c1;
        yr[o + 2 * stride] = (evenR - oddR) * c2 - (evenI - oddI) * s2;
        yi[o + 2 * stride] = (evenR - oddR) * s2 + (evenI - oddI) * c2;
        yr[o + 3 * stride] = (lessR - turnedR) * c3 - (lessI - turnedI) * s3;
        yi[o + 3 * stride] = (lessR - turnedR) * s3 + (lessI - turnedI) * c3;
      }
    }
  }

  /** By the definition: each result is a sum over the factor's numbers. */
  private void any(int factor, Numbers from, Numbers to, int rest, int stride) {
    int turn = length / (factor * rest);
    for (int q = 0; q < rest; q++) {
      for (int result = 0; result < factor; result++) {
        int y = stride * (factor * q + result);
        Arrays.fill(to.re, y, y + stride, 0);
        Arrays.fill(to.im, y, y + stride, 0);
        for (int k = 0; k < factor; k++) {
          int angle = (k * result % factor) * (length / factor) + q * result * turn;
          angle = angle < length ? angle : angle - length;
          addTurned(from, stride * (q + k * rest), to, y, stride, cos[angle], sin[angle]);
        }
      }
    }
  }

  private static void addTurned(Numbers from, int x, Numbers to, int y, int n, double c, double s) {
    double[] xr = from.re;
    double[] xi = from.im;
    double[] yr = to.re;
    double[] yi = to.im;
    for (int r = 0; r < n; r++) {
      yr[y + r] += xr[x + r] * c - xi[x + r] * s;
      yi[y + r] += xr[x + r] * s + xi[x + r] * c;
    }
  }
}
