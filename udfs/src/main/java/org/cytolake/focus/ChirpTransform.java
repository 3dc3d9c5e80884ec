package org.cytolake.focus;

import java.util.Arrays;

/**
 * The transform of any length as a convolution with a chirp, by transforms of a power of two (L.
 * Bluestein 1970, "A linear filtering approach to the computation of discrete Fourier transform").
 */
final class ChirpTransform implements Fourier {
  private final int length;
  private final int batch;
  private final int size;
  private final Fourier powers;
  private final double[] chirpRe; // exp(-pi i k k / length)
  private final double[] chirpIm;
  private final double[] filterRe; // transform of the conjugate chirp, by size
  private final double[] filterIm;
  private final double[] re;
  private final double[] im;

  ChirpTransform(int length, int batch) {
    this.length = length;
    this.batch = batch;
    this.size = Integer.highestOneBit(2 * length - 1) << 1;
    this.powers = new MixedRadix(size, batch);
    this.chirpRe = new double[length];
    this.chirpIm = new double[length];
    this.filterRe = new double[size];
    this.filterIm = new double[size];
    for (int k = 0; k < length; k++) {
      double angle = Math.PI * ((long) k * k % (2L * length)) / length;
      chirpRe[k] = Math.cos(angle);
      chirpIm[k] = -Math.sin(angle);
      int mirrored = (size - k) % size;
      filterRe[k] = chirpRe[k] / size;
      filterIm[k] = -chirpIm[k] / size;
      filterRe[mirrored] = filterRe[k];
      filterIm[mirrored] = filterIm[k];
    }
    new MixedRadix(size, 1).forward(filterRe, filterIm);
    this.re = new double[size * batch];
    this.im = new double[size * batch];
  }

  @Override
  public void forward(double[] xr, double[] xi) {
    int used = length * batch;
    for (int i = 0; i < used; i++) {
      int k = i / batch;
      re[i] = xr[i] * chirpRe[k] - xi[i] * chirpIm[k];
      im[i] = xr[i] * chirpIm[k] + xi[i] * chirpRe[k];
    }
    Arrays.fill(re, used, re.length, 0);
    Arrays.fill(im, used, im.length, 0);
    powers.forward(re, im);
    for (int i = 0; i < re.length; i++) {
      int k = i / batch;
      double product = re[i] * filterRe[k] - im[i] * filterIm[k];
      im[i] = re[i] * filterIm[k] + im[i] * filterRe[k];
      re[i] = product;
    }
    powers.forward(im, re); // with the parts exchanged this is the way back
    for (int i = 0; i < used; i++) {
      int k = i / batch;
      xr[i] = re[i] * chirpRe[k] - im[i] * chirpIm[k];
      xi[i] = re[i] * chirpIm[k] + im[i] * chirpRe[k];
    }
  }
}
